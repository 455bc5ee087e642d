"""The timetable and the sessions that are laid out from it: what can be done, and what it would do first.

Every ``preview_…`` changes nothing and returns the plan that its sister carries out. What has begun is never touched.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

from hubs import rules
from hubs.errors import RoomTaken
from hubs.events import TimetableChanged
from hubs.models import Session, TimetableEntry
from hubs.rules import Does, PlainIntent
from hubs.service import one_session
from hubs.service.drafts import counts_bookings, settled
from hubs.service.laying import carry_out
from hubs.service.one_session import add_session, call_off, change_places, find_place
from hubs.service.outlook import INTENT, changed_intent, entries_to_come, laid, locked, outlook
from hubs.service.plans import LeftOut, Line, Plan
from hubs.terms import Scope, Weekday
from kernel.clock import now, today
from kernel.db import db, find
from kernel.errors import Unacceptable
from kernel.journal import record

__all__ = [
    "LeftOut",
    "Line",
    "Plan",
    "add_entry",
    "add_session",
    "apply_calendar",
    "apply_change",
    "call_off",
    "change_places",
    "counts_bookings",
    "end_entry",
    "lay_out",
    "preview_calendar",
    "preview_change",
    "preview_end",
    "preview_lay_out",
    "preview_new",
]


def preview_new(
    *, hub_id: UUID, activity_id: UUID, room_id: UUID | None = None, weekday: Weekday, starts: time, ends: time,
    first_date: date, every_weeks: int = 1, last_date: date | None = None, term_time_only: bool = False,
    not_on_bank_holidays: bool = True,
) -> Plan:  # fmt: skip
    """Return what a new entry would add, and the days that it would leave out."""
    hub, activity, _ = find_place(hub_id, activity_id, room_id)
    intent = PlainIntent(
        weekday=weekday, starts=starts, ends=ends, every_weeks=every_weeks, first_date=first_date,
        last_date=last_date, term_time_only=term_time_only, not_on_bank_holidays=not_on_bank_holidays,
    )  # fmt: skip
    return settled([outlook().new(hub, activity, room_id, intent, entry_id=None)])


def add_entry(
    *, hub_id: UUID, activity_id: UUID, room_id: UUID | None = None, weekday: Weekday, starts: time, ends: time,
    first_date: date, every_weeks: int = 1, last_date: date | None = None, term_time_only: bool = False,
    not_on_bank_holidays: bool = True, import_key: str = "",
) -> TimetableEntry:  # fmt: skip
    """Add an entry and lay its sessions out. A day on which the room is taken is left out; RoomTaken when all are."""
    hub, activity, _ = find_place(hub_id, activity_id, room_id)
    entry = TimetableEntry(
        hub_id=hub_id, activity_id=activity_id, room_id=room_id, weekday=weekday, starts=starts, ends=ends,
        every_weeks=every_weeks, first_date=first_date, last_date=last_date, term_time_only=term_time_only,
        not_on_bank_holidays=not_on_bank_holidays, import_key=import_key,
    )  # fmt: skip
    rules.ensure_possible(entry)

    db.add(entry)
    db.flush()
    plan = carry_out([outlook().new(hub, activity, room_id, entry, entry_id=entry.id)])
    if not plan.add and plan.room_taken:
        raise RoomTaken(f"{plan.room_taken[0].reason} Choose another room or another time.")
    _record(plan, entry.id)
    return entry


def preview_change(of: TimetableEntry | Session, scope: Scope, changes: Mapping[str, Any]) -> Plan:
    """Return what a change would do.

    For one session: ``on_date``, ``starts``, ``ends``, ``room_id``. For those that follow or all: ``weekday``,
    ``starts``, ``ends``, ``room_id``, ``every_weeks``, ``first_date``, ``last_date``, ``term_time_only``,
    ``not_on_bank_holidays``. What is not named stays. Of an entry, those that follow are those from today on.
    """
    if scope == Scope.THIS_ONE:
        return one_session.preview_move(_session(of), changes)
    entry = _entry(of)
    from_day = _from_day(of, entry, scope)
    return settled([outlook().changed(entry, laid(entry.id), changes, from_day=from_day)])


def apply_change(
    of: TimetableEntry | Session, scope: Scope, changes: Mapping[str, Any], *, because: str = ""
) -> Plan:
    """Change one session, it and those that follow (under a new entry), or the whole entry; return what was done.

    ``because`` is told to the families of sessions that are called off. RoomTaken when a move does not fit.
    """
    if scope == Scope.THIS_ONE:
        return one_session.move(_session(of), changes)
    entry = find(TimetableEntry, _entry(of).id, lock=True)
    from_day = _from_day(of, entry, scope)
    sessions = locked(entry.id)
    # the plan is made of the entry as it was, which the next lines change
    draft = outlook().changed(entry, sessions, changes, from_day=from_day)
    kept = _split(entry, sessions, changes, from_day) if from_day else _rewrite(entry, changes)

    plan = carry_out([replace(draft, entry_id=kept.id)], because=because)
    _record(plan, kept.id)
    return plan


def preview_end(entry: TimetableEntry, last_date: date) -> Plan:
    """Return what ending an entry after this day would do."""
    return settled([outlook().ended(entry, laid(entry.id), last_date)])


def end_entry(entry: TimetableEntry, last_date: date, *, because: str = "") -> Plan:
    """End an entry after this day: later sessions are removed, those with bookings called off."""
    entry = find(TimetableEntry, entry.id, lock=True)
    draft = outlook().ended(entry, locked(entry.id), last_date)

    entry.last_date, entry.ended_at = last_date, now()
    plan = carry_out([draft], because=because)
    _record(plan, entry.id)
    return plan


def preview_calendar() -> Plan:
    """Return what the school terms and holidays, as they are entered now, would change in the whole timetable."""
    entries = entries_to_come()
    return settled(outlook().as_they_say(entries, laid(*_ids(entries))))


def apply_calendar(*, because: str = "") -> Plan:
    """Bring the whole timetable into line with the school terms and holidays as they are entered now."""
    entries = entries_to_come()
    plan = carry_out(outlook().as_they_say(entries, locked(*_ids(entries))), because=because)
    _record(plan)
    return plan


def lay_out(entry: TimetableEntry | None = None) -> Plan:
    """Lay out what is missing of one entry, or of all, up to the council's number of weeks ahead. Only adds."""
    return lay_out_entries([entry] if entry else entries_to_come())


def lay_out_entries(entries: Sequence[TimetableEntry]) -> Plan:
    """Lay out what is missing of some entries, up to the council's number of weeks ahead. Only adds."""
    plan = carry_out(outlook().missing(entries, laid(*_ids(entries))))
    _record(plan)
    return plan


def preview_lay_out(entry: TimetableEntry | None = None) -> Plan:
    """Return what laying out would add, and the days that stay out because a room is taken."""
    entries = [entry] if entry else entries_to_come()
    return settled(outlook().missing(entries, laid(*_ids(entries))))


def _ids(entries: Iterable[TimetableEntry]) -> list[UUID]:
    return [entry.id for entry in entries]


def _session(of: TimetableEntry | Session) -> Session:
    if isinstance(of, Session):
        return of
    raise Unacceptable("Choose which session to change.")


def _entry(of: TimetableEntry | Session) -> TimetableEntry:
    if isinstance(of, TimetableEntry):
        return of
    one_session.ensure_to_come(of)
    if of.entry_id is None:
        raise Unacceptable("This session is not part of the weekly timetable, so no others follow it.")
    return find(TimetableEntry, of.entry_id)


def _from_day(of: TimetableEntry | Session, entry: TimetableEntry, scope: Scope) -> date | None:
    """Return the day from which an entry is replaced; none when it is changed as a whole."""
    if scope == Scope.ALL:
        return None
    meant = of.entry_date if isinstance(of, Session) else None
    day = max(meant or today(), today())
    return day if day > entry.first_date else None


def _rewrite(entry: TimetableEntry, changes: Mapping[str, Any]) -> TimetableEntry:
    for part, value in changes.items():
        setattr(entry, part, value)
    if entry.last_date is None or entry.last_date > today():
        entry.ended_at = None
    db.flush()
    return entry


def _split(
    entry: TimetableEntry, sessions: Sequence[Session], changes: Mapping[str, Any], from_day: date
) -> TimetableEntry:
    """End the entry the day before, and hand its sessions from that day on to a new one."""
    after = changed_intent(entry, changes, from_day=from_day)
    ended, _ = rules.split(entry, after, from_day=from_day)
    new = TimetableEntry(
        hub_id=entry.hub_id,
        activity_id=entry.activity_id,
        room_id=changes.get("room_id", entry.room_id),
        import_key=entry.import_key,
        **{part: getattr(after, part) for part in INTENT},
    )
    db.add(new)
    db.flush()

    entry.last_date, entry.ended_at, entry.replaced_by_id = ended.last_date, now(), new.id
    for session in rules.following(sessions, from_day=from_day):
        session.entry_id = new.id
    db.flush()
    return new


def _record(plan: Plan, *always: UUID) -> None:
    """Write down, for each entry, what was done to its sessions."""
    done = Counter((line.entry_id, line.does) for line in plan.lines)
    changed = {line.entry_id for line in plan.lines if line.entry_id and line.does != Does.KEEP}
    for entry_id in sorted(changed | set(always)):
        record(
            TimetableChanged(
                subject=entry_id,
                added=done[entry_id, Does.ADD],
                moved=done[entry_id, Does.MOVE],
                removed=done[entry_id, Does.REMOVE],
                called_off=done[entry_id, Does.CALL_OFF],
            )
        )
