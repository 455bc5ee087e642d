"""Parenting programmes and their courses."""
