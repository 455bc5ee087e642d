"""What can be done with bookings. The only code that changes them.

Every verb goes through a session's door: it locks the session, lets dead holds and offers lapse, hands freed places to
those who wait, and only then decides.
"""

from bookings.service import following
from bookings.service.changing import cancel, change_party, say_coming
from bookings.service.following import free_places_of
from bookings.service.placing import accept, book, book_several, confirm, decline, hold, join, know_at_hub
from bookings.service.reminding import remind_some_anew, set_reminders
from bookings.service.telling import reminder_key, tell_by_text
from bookings.service.tidying import lapse_due, tidy

__all__ = [
    "accept", "book", "book_several", "cancel", "change_party", "confirm", "decline", "following",
    "free_places_of", "hold", "join", "know_at_hub", "lapse_due", "remind_some_anew", "reminder_key", "say_coming",
    "set_reminders", "tell_by_text", "tidy",
]  # fmt: skip
