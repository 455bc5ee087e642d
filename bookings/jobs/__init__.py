"""Bookings, in the background."""

from bookings.jobs import answers, expiry, messages, reminders

__all__ = ["answers", "expiry", "messages", "reminders"]
