"""Instruments, and what answers come to. Pure."""
