"""The words of booking."""

from hubs.terms import CountedIn
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
OF_SESSION, OF_COURSE = REMINDERS = ("reminder", "course-reminder")
"""The kinds of message that remind of a session: one booked by itself, and one of a course."""


class Channel(Word):
    """How a booking was made."""

    WEB = "web", "Online"
    STAFF = "staff", "By staff"
    API = "api", "By another system"
    COURSE = "course", "As part of a course"


class Turn(Word):
    """What was decided about a party that waits."""

    JOINED = "joined"
    OFFERED = "offered"
    SKIPPED = "skipped"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    LEFT = "left"


def room_words(*, told: int | None, full: bool, waiting: int, counted_in: CountedIn) -> str:
    """Return what is left of a session, as families are told: ``Room for 3 more children``."""
    if waiting:
        return f"Waiting list: {waiting} {'family' if waiting == 1 else 'families'}"
    if full or told == 0:
        return "Full: you can join the waiting list"
    if told is None:
        return "There is room"
    one, many = {
        CountedIn.FAMILIES: ("family", "families"),
        CountedIn.CHILDREN: ("child", "children"),
        CountedIn.ADULTS: ("adult", "adults"),
    }[counted_in]
    return f"Room for {told} more {one if told == 1 else many}"


def party_words(adults: int, children: int) -> str:
    """Return the size of a party: ``1 adult and 2 children``."""
    told = [
        f"{number} {one if number == 1 else many}"
        for number, one, many in ((adults, "adult", "adults"), (children, "child", "children"))
        if number
    ]
    return " and ".join(told)
