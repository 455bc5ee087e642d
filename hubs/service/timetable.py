"""The timetable and the sessions that are laid out from it: what can be done, and what it would do first.

Every ``preview_…`` changes nothing and returns the plan that its sister carries out. What has begun is never touched.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from hubs.models import Session, TimetableEntry
from hubs.service.plans import Plan
from hubs.terms import Scope, Weekday

Counting = Callable[[Collection[UUID]], Mapping[UUID, int]]
"""Takes ids of sessions, returns how many live bookings (waiting ones too) each has; one without may be absent."""


def counts_bookings(counting: Counting) -> Counting:
    """Make a function of an upper context tell the timetable how many live bookings sessions have."""
    raise NotImplementedError


def preview_new(
    *, hub_id: UUID, activity_id: UUID, room_id: UUID | None = None, weekday: Weekday, starts: time, ends: time,
    first_date: date, every_weeks: int = 1, last_date: date | None = None, term_time_only: bool = False,
    not_on_bank_holidays: bool = True,
) -> Plan:  # fmt: skip
    """Return what a new entry would add, and the days that it would leave out."""
    raise NotImplementedError


def add_entry(
    *, hub_id: UUID, activity_id: UUID, room_id: UUID | None = None, weekday: Weekday, starts: time, ends: time,
    first_date: date, every_weeks: int = 1, last_date: date | None = None, term_time_only: bool = False,
    not_on_bank_holidays: bool = True, import_key: str = "",
) -> TimetableEntry:  # fmt: skip
    """Add an entry and lay its sessions out. A day on which the room is taken is left out; RoomTaken when all are."""
    raise NotImplementedError


def preview_change(of: TimetableEntry | Session, scope: Scope, changes: Mapping[str, Any]) -> Plan:
    """Return what a change would do.

    For one session: ``on_date``, ``starts``, ``ends``, ``room_id``. For those that follow or all: ``weekday``,
    ``starts``, ``ends``, ``room_id``, ``every_weeks``, ``first_date``, ``last_date``, ``term_time_only``,
    ``not_on_bank_holidays``. What is not named stays. Of an entry, those that follow are those from today on.
    """
    raise NotImplementedError


def apply_change(
    of: TimetableEntry | Session, scope: Scope, changes: Mapping[str, Any], *, because: str = ""
) -> Plan:
    """Change one session, it and those that follow (under a new entry), or the whole entry; return what was done.

    ``because`` is told to the families of sessions that are called off. RoomTaken when a move does not fit.
    """
    raise NotImplementedError


def preview_end(entry: TimetableEntry, last_date: date) -> Plan:
    """Return what ending an entry after this day would do."""
    raise NotImplementedError


def end_entry(entry: TimetableEntry, last_date: date, *, because: str = "") -> Plan:
    """End an entry after this day: later sessions are removed, those with bookings called off."""
    raise NotImplementedError


def preview_calendar() -> Plan:
    """Return what the school terms and holidays, as they are entered now, would change in the whole timetable."""
    raise NotImplementedError


def apply_calendar(*, because: str = "") -> Plan:
    """Bring the whole timetable into line with the school terms and holidays as they are entered now."""
    raise NotImplementedError


def lay_out(entry: TimetableEntry | None = None) -> Plan:
    """Lay out what is missing of one entry, or of all, up to the council's number of weeks ahead. Only adds."""
    raise NotImplementedError


def preview_lay_out(entry: TimetableEntry | None = None) -> Plan:
    """Return what laying out would add, and the days that stay out because a room is taken."""
    raise NotImplementedError


def add_session(
    *, hub_id: UUID, activity_id: UUID, room_id: UUID | None = None, on_date: date, starts: time, ends: time,
    **places: int | None,
) -> Session:  # fmt: skip
    """Add a session of its own, from today on; places (``most_families``…) as the activity has them unless given."""
    raise NotImplementedError


def change_places(session: Session, **places: int | None) -> None:
    """Give one session other limits: ``most_families``, ``most_children``, ``most_adults``; None is no limit."""
    raise NotImplementedError


def call_off(session: Session, because: str) -> None:
    """Call a session off that has not begun; ``because`` is told to its families. It is never deleted."""
    raise NotImplementedError
