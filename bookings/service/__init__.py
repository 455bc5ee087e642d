"""What can be done with bookings. The only code that changes them.

Every verb goes through a session's door: it locks the session, lets dead holds and offers lapse, hands freed places to
those who wait, and only then decides.
"""

from bookings.service.changing import cancel, change_party
from bookings.service.placing import accept, book, book_several, confirm, decline, hold, join
from bookings.service.tidying import lapse_due

__all__ = ["accept", "book", "book_several", "cancel", "change_party", "confirm", "decline", "hold", "join", "lapse_due"]
