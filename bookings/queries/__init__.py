"""Questions about bookings."""

from bookings.queries.deciding import council, may_book
from bookings.queries.finding import Found, Wanted, find_sessions
from bookings.queries.room import list_closed, room_left, taken
from bookings.queries.standing import (
    coming,
    decisions,
    find_own,
    for_session,
    last_ones,
    over,
    people_of,
    position,
    positions,
    seen_at_hubs,
)

__all__ = [
    "Found", "Wanted", "coming", "council", "decisions", "find_own", "find_sessions", "for_session", "last_ones",
    "list_closed", "may_book", "over", "people_of", "position", "positions", "room_left", "seen_at_hubs", "taken",
]  # fmt: skip
