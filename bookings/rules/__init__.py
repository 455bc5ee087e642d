"""The rules of booking: who may book, who is next, and until when. Pure."""

from bookings.rules.admission import (
    FULL,
    UNSEEN,
    Comer,
    Decision,
    may_cancel,
    may_come,
    may_take,
    may_wait,
    party_of,
)
from bookings.rules.fitting import (
    MOST_SKIPS,
    Limits,
    Move,
    Party,
    RoomLeft,
    Taken,
    Waiter,
    fit,
    next_turns,
    passed_by_newcomer,
    room_left,
)
from bookings.rules.reminders import (
    MOST_DAYS,
    MOST_HOURS,
    MOST_REMINDERS,
    Before,
    Reminder,
    goes_until,
    read_before,
    reminder,
    reminders,
)
from bookings.rules.times import closes_at, hold_expiry, offer_expiry, opens_at

__all__ = [
    "FULL", "MOST_DAYS", "MOST_HOURS", "MOST_REMINDERS", "MOST_SKIPS", "UNSEEN", "Before", "Comer", "Decision",
    "Limits", "Move", "Party", "Reminder", "RoomLeft", "Taken", "Waiter", "closes_at", "fit", "goes_until",
    "hold_expiry", "may_cancel", "may_come", "may_take", "may_wait", "next_turns", "offer_expiry", "opens_at",
    "party_of", "passed_by_newcomer", "read_before", "reminder", "reminders", "room_left",
]  # fmt: skip
