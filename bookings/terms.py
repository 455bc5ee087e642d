"""The words of booking."""

from kernel.words import Word


class Standing(Word):
    """Where a booking stands.

    ``held → confirmed``, ``waiting → offered → confirmed``, any live one ``→ cancelled``, a hold or an offer that
    is not taken up ``→ expired``.
    """

    HELD = "held", "Held for you"
    CONFIRMED = "confirmed", "Booked"
    WAITING = "waiting", "Waiting list"
    OFFERED = "offered", "Place offered"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Lapsed"


TAKES_ROOM = (Standing.HELD, Standing.CONFIRMED, Standing.OFFERED)
LIVE = (*TAKES_ROOM, Standing.WAITING)


class Channel(Word):
    """How a booking was made."""

    WEB = "web", "Online"
    STAFF = "staff", "By staff"
    API = "api", "By another system"


class Turn(Word):
    """What was decided about a party that waits."""

    JOINED = "joined"
    OFFERED = "offered"
    SKIPPED = "skipped"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    LEFT = "left"
