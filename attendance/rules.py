"""Decisions about registers: what a press means, who counts, when a register can be changed. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from attendance.errors import CalledOff, IsClosed, NotACount, NotYet, StillRunning
from attendance.terms import CAME, Mark, Tap
from families.terms import PersonKind
from hubs.terms import SessionStanding

LATE_AFTER = timedelta(minutes=10)
UNDO_WITHIN = timedelta(minutes=2)
MOST_HEADS = 1000
NAMED = {Tap.HERE: Mark.HERE, Tap.LATE: Mark.LATE, Tap.APOLOGIES: Mark.APOLOGIES, Tap.ABSENT: Mark.ABSENT}


class Said(NamedTuple):
    """What the register says of somebody."""

    mark: Mark
    arrived_at: datetime | None = None
    left_at: datetime | None = None


def after_tap(said: Said | None, tap: Tap, *, now: datetime, ends_at: datetime) -> Said | None:
    """Return what the register says of somebody after a press: None says nothing.

    Who comes back has not left. To undo goes one step back. When a session is over, the time of the press tells
    nothing about when somebody came or went.
    """
    at = now if now < ends_at else None
    came = said if said and said.mark in CAME else None
    if tap == Tap.UNDO:
        return came._replace(left_at=None) if came and came.left_at else None
    if tap == Tap.LEFT:
        return (came or Said(Mark.HERE))._replace(left_at=at or ends_at)
    if tap in (Tap.HERE, Tap.LATE):
        return Said(NAMED[tap], came.arrived_at if came else at)
    return Said(NAMED[tap])


def is_late(*, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Say whether somebody who arrives now is late."""
    return starts_at + LATE_AFTER < now < ends_at


def ensure_open(
    *, on_date: date, today: date, standing: SessionStanding, closed_at: datetime | None = None
) -> None:
    """Refuse to change a register whose day has not come, that is closed, or whose session was called off."""
    if standing == SessionStanding.CALLED_OFF:
        raise CalledOff
    if today < on_date:
        raise NotYet
    if closed_at:
        raise IsClosed


def ensure_over(*, ends_at: datetime, now: datetime) -> None:
    """Refuse to close the register of a session that goes on."""
    if now < ends_at:
        raise StillRunning


def ensure_heads(**counts: int) -> None:
    """Refuse a number of heads, or of more or fewer heads, that nobody can have counted."""
    if wrong := {who: NotACount.message for who, number in counts.items() if abs(number) > MOST_HEADS}:
        raise NotACount(**wrong)


def age_months(kind: PersonKind, born: date | None, *, on: date) -> int | None:
    """Return a child's age on a day, in whole months; None for carers, the unborn and when it is not known."""
    if kind != PersonKind.CHILD or born is None or born > on:
        return None
    months = (on.year - born.year) * 12 + on.month - born.month
    last_of_month = (on + timedelta(days=1)).month != on.month
    return months - (on.day < born.day and not last_of_month)


class Summary(NamedTuple):
    """How many people there are. ``adults`` and ``children`` are in the room now, by name."""

    adults: int
    children: int
    to_come: int
    left: int
    apologies: int
    absent: int
    came: int

    @property
    def here(self) -> int:
        """Return how many people are in the room now, by name."""
        return self.adults + self.children


def summary(lines: Iterable[Any]) -> Summary:
    """Count the lines of a register: each has kind, mark and left_at."""
    lines = list(lines)
    came = [line for line in lines if line.mark in CAME]
    here = [line.kind for line in came if not line.left_at]
    marks = [line.mark for line in lines]
    return Summary(
        adults=here.count(PersonKind.CARER),
        children=here.count(PersonKind.CHILD),
        to_come=marks.count(None),
        left=len(came) - len(here),
        apologies=marks.count(Mark.APOLOGIES),
        absent=marks.count(Mark.ABSENT),
        came=len(came),
    )


class Family(NamedTuple):
    """A family on a register: the carers first, then the children, the eldest first."""

    household_id: UUID
    reference: str
    name: str
    """The family name, or the first name of somebody who has none."""
    people: Sequence[Any]

    @property
    def to_come(self) -> int:
        """Return of how many nothing has been said yet."""
        return sum(line.mark is None for line in self.people)


def families(lines: Iterable[Any]) -> list[Family]:
    """Group the lines of a register by family, in the order of the families' names."""
    by_household = groupby(sorted(lines, key=_within), key=lambda line: line.household_id)
    found = [_family(list(people)) for _, people in by_household]
    return sorted(found, key=lambda family: (family.name.casefold(), family.household_id))


def _within(line: Any) -> tuple[Any, ...]:
    carer = line.kind == PersonKind.CARER
    return line.household_id, not carer, line.date_of_birth or date.max, line.name_key, line.person_id


def _family(people: Sequence[Any]) -> Family:
    first = people[0]
    name = first.family_name or first.given_name
    return Family(first.household_id, first.reference, name, people)


class Lately(NamedTuple):
    """What somebody said of several people at one moment, and can take back."""

    moment: datetime
    people: int
    left: bool


def lately(lines: Iterable[Any], *, by: UUID, now: datetime) -> Lately | None:
    """Return what somebody said last, within two minutes, when it was said of several people at once."""
    mine = [
        line for line in lines if line.mark and line.marked_by == by and now - line.marked_at < UNDO_WITHIN
    ]
    if not mine:
        return None
    moment = max(line.marked_at for line in mine)
    those = [line for line in mine if line.marked_at == moment]
    return Lately(moment, len(those), any(line.left_at for line in those)) if len(those) > 1 else None


def version(register: Any, lines: Iterable[Any]) -> str:
    """Return a mark of how the register stands, which changes with everything that another worker would see."""
    told: list[tuple[Any, ...]] = [
        (register.closed_at, register.adults_counted, register.children_counted, register.notes)
    ]
    told += sorted(
        (str(o.person_id), o.mark, o.arrived_at, o.left_at, o.booking_id, o.coming_said_at) for o in lines
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:20]
