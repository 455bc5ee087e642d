"""Bookings, in the background."""

from bookings.jobs import expiry, messages

__all__ = ["expiry", "messages"]
