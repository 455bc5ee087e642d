"""Promises of correspondence, and who keeps them."""
