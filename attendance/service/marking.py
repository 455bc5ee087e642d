"""Marks. Each person's is a row of its own, so that of two workers who press at once nobody loses anything.

Of one person the last press counts; the journal keeps both.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from attendance import queries, rules
from attendance.events import PersonMarked, RegisterOpened
from attendance.models import Attendance, Register
from attendance.rules import Said
from attendance.terms import CAME, Mark, Tap
from hubs.terms import BookingMode
from kernel.clock import now, today
from kernel.db import actor, db, here
from kernel.ids import new_id
from kernel.journal import record

ONE_A_PERSON = ["tenant_id", "session_id", "person_id"]
SAYS = ("household_id", "booking_id", "mark", "arrived_at", "left_at", "marked_at", "marked_by")


def mark(spot: Any, tap: Tap) -> Said | None:
    """Say of a person what was pressed, and return what the register says of them now."""
    begin(spot)
    said = rules.after_tap(_said(spot), tap, now=now(), ends_at=spot.ends_at)
    _keep(spot, {spot: said})
    _tell(spot, spot.person_id, tap)
    return said


def mark_all_here(register: Any, *, household_id: UUID | None = None) -> int:
    """Say that everybody, or a family, is here of whom nothing is said yet, and return how many those were."""
    begin(register)
    return len(say_unless_said(register, silent(register, household_id), Tap.HERE))


def all_left(register: Any) -> int:
    """Say that everybody who is here has left, and return how many those were."""
    here_now = [o for o in queries.lines_of(register.session_id) if o.mark in CAME and not o.left_at]
    return _press(register, [(line, Tap.LEFT) for line in here_now])


def undo_all(register: Any, moment: datetime) -> int:
    """Take back what whoever asks said of many people at one moment, and return how many those were."""
    lines = queries.lines_of(register.session_id)
    mine = [line for line in lines if line.marked_at == moment and line.marked_by == actor()]
    return _press(register, [(line, Tap.UNDO) for line in mine])


def re_key(register: Any, taps: Mapping[UUID, Tap]) -> int:
    """Say of many people what a paper register says, and return of how many that was something new."""
    lines = queries.lines_of(register.session_id)
    return _press(register, [(line, taps[line.person_id]) for line in lines if line.person_id in taps])


def is_of_course(register: Any) -> bool:
    """Say whether a register is that of a session of a course."""
    return bool(register.mode == BookingMode.COURSE)


def silent(register: Any, household_id: UUID | None = None) -> list[Any]:
    """Return the lines of those who have a place, in all families or in one, and of whom nothing is said."""
    lines = queries.lines_of(register.session_id)
    return [o for o in lines if o.mark is None and household_id in (None, o.household_id)]


def say_unless_said(register: Any, lines: Iterable[Any], tap: Tap) -> list[UUID]:
    """Say it of those of whom nobody else says something in the meantime; return of whom."""
    said = rules.after_tap(None, tap, now=now(), ends_at=register.ends_at)
    rows = [_row(register, line, said) for line in _in_order(lines) if said]
    if not rows:
        return []
    fresh = insert(Attendance).values(rows)
    # Apologies for a place that was given up stand in nobody's way who comes after all.
    given_up = (Attendance.mark == Mark.APOLOGIES) & Attendance.booking_id.is_distinct_from(
        fresh.excluded.booking_id
    )
    told = {name: fresh.excluded[name] for name in SAYS}
    unless_said = fresh.on_conflict_do_update(index_elements=ONE_A_PERSON, set_=told, where=given_up)
    marked = list(db.scalars(unless_said.returning(Attendance.person_id)))
    for person_id in marked:
        _tell(register, person_id, tap)
    return marked


def begin(register: Any) -> None:
    """Refuse where the register cannot be changed now, and make it when nobody has."""
    ensure_open(register)
    if not register.opened:
        make(register.session_id)


def ensure_open(register: Any) -> None:
    """Refuse where the register cannot be changed now."""
    rules.ensure_open(
        on_date=register.on_date, today=today(), standing=register.standing, closed_at=register.closed_at
    )


def make(session_id: UUID) -> None:
    """Make the register of a session when nobody has; of two workers who open it at once one makes it."""
    fresh = insert(Register).values(tenant_id=here(), id=new_id(), session_id=session_id)
    if db.scalar(fresh.on_conflict_do_nothing(index_elements=ONE_A_PERSON[:2]).returning(Register.id)):
        record(RegisterOpened(subject=session_id))


def _press(register: Any, taps: Iterable[tuple[Any, Tap]]) -> int:
    begin(register)
    changed = {}
    for line, tap in taps:
        said = rules.after_tap(_said(line), tap, now=now(), ends_at=register.ends_at)
        if said != _said(line):
            changed[line] = (tap, said)
    _keep(register, {line: said for line, (_, said) in changed.items()})
    for line, (tap, _) in changed.items():  # told once it is kept: whoever listens may look
        _tell(register, line.person_id, tap)
    return len(changed)


def _tell(register: Any, person_id: UUID, tap: Tap) -> None:
    of_course = is_of_course(register)
    record(PersonMarked(subject=register.session_id, person=person_id, said=tap, of_course=of_course))


def _said(line: Any) -> Said | None:
    return Said(line.mark, line.arrived_at, line.left_at) if line.mark else None


def _keep(register: Any, changed: Mapping[Any, Said | None]) -> None:
    """Keep what is said of these lines, in at most two statements."""
    lines = _in_order(changed)
    rows = [_row(register, line, said) for line in lines if (said := changed[line])]
    if rows:
        fresh = insert(Attendance).values(rows)
        told = {name: fresh.excluded[name] for name in SAYS}
        db.execute(fresh.on_conflict_do_update(index_elements=ONE_A_PERSON, set_=told))
    if gone := [line.person_id for line in lines if not changed[line]]:
        here_said = Attendance.session_id == register.session_id
        db.execute(delete(Attendance).where(here_said, Attendance.person_id.in_(gone)))


def _in_order(lines: Iterable[Any]) -> list[Any]:
    # Rows are always locked in the same order: two who mark everybody at once wait, and do not block each other.
    return sorted(lines, key=lambda line: line.person_id)


def _row(register: Any, line: Any, said: Said) -> dict[str, Any]:
    return {
        "tenant_id": here(),
        "id": new_id(),
        "session_id": register.session_id,
        "hub_id": register.hub_id,
        "on_date": register.on_date,
        "person_id": line.person_id,
        "household_id": line.household_id,
        "kind": line.kind,
        "age_months": rules.age_months(line.kind, line.date_of_birth, on=register.on_date),
        "booking_id": line.booking_id,
        "mark": said.mark,
        "arrived_at": said.arrived_at,
        "left_at": said.left_at,
        "marked_at": now(),
        "marked_by": actor(),
    }
