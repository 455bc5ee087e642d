"""Questions about bookings."""

from bookings.queries.deciding import may_book
from bookings.queries.finding import Found, Wanted, find_sessions
from bookings.queries.room import list_closed, room_left, taken
from bookings.queries.standing import (
    bookings_of,
    decisions,
    find_own,
    for_session,
    people_of,
    position,
    positions,
    seen_at_hubs,
)

__all__ = [
    "Found", "Wanted", "bookings_of", "decisions", "find_own", "find_sessions", "for_session", "list_closed",
    "may_book", "people_of", "position", "positions", "room_left", "seen_at_hubs", "taken",
]  # fmt: skip
