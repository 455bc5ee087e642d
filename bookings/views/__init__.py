"""The pages of bookings."""

from bookings.views import booking, letterlinks, mine, reminders, sessions, staff
from bookings.views.doors import blueprint
from bookings.views.sessions import front

__all__ = ["blueprint", "booking", "front", "letterlinks", "mine", "reminders", "sessions", "staff"]
