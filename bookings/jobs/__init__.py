"""Bookings, in the background."""

from bookings.jobs import answers, expiry, messages, reminding

__all__ = ["answers", "expiry", "messages", "reminding"]
