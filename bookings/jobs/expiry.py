"""Holds and offers that die."""
