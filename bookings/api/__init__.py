"""Bookings for machines: the same verbs as the pages."""

from bookings.api import places, reminders
from bookings.api.door import blueprint

__all__ = ["blueprint", "places", "reminders"]
