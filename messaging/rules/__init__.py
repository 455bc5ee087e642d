"""How a letter looks, and what it attaches for somebody's calendar. Pure."""

from messaging.rules.calendar import Appointment, calendar_file
from messaging.rules.letter import Sender, email, html, message_id, plain_text

__all__ = ["Appointment", "Sender", "calendar_file", "email", "html", "message_id", "plain_text"]
