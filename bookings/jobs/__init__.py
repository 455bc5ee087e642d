"""Bookings, in the background."""

from bookings.jobs import expiry

__all__ = ["expiry"]
