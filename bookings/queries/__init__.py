"""Questions about bookings."""

from bookings.queries.deciding import council, may_book
from bookings.queries.finding import Found, Wanted, find_sessions
from bookings.queries.room import list_closed, room_left, taken
from bookings.queries.standing import (
    coming,
    decisions,
    for_session,
    in_its_place,
    last_ones,
    over,
    people_of,
    position,
    positions,
    same_session,
    seen_at_hubs,
)

__all__ = [
    "Found", "Wanted", "coming", "council", "decisions", "find_sessions", "for_session", "in_its_place",
    "last_ones", "list_closed", "may_book", "over", "people_of", "position", "positions", "room_left", "same_session",
    "seen_at_hubs", "taken",
]  # fmt: skip
