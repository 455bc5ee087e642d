"""The days of a course: its contacts laid over the weeks in which something can take place. Pure."""
# ruff: noqa: D102 - what a protocol asks for says itself

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from kernel import prose
from programmes.errors import NoDaysLeft
from programmes.terms import TOGETHER, ContactKind

WEEK = timedelta(weeks=1)
FARTHEST = 52
"""A contact that finds no day within so many weeks is not laid."""


class Contact(Protocol):
    """A contact of an edition; a row of ``edition_contacts`` is one."""

    @property
    def kind(self) -> ContactKind: ...
    @property
    def weeks_after(self) -> int: ...


@dataclass(frozen=True)
class LeftOut:
    """A day on which a course would have had a contact, and why it does not."""

    day: date
    why: str


@dataclass(frozen=True)
class Layout:
    """The day of each contact in order, the Monday of its week for an appointment; and the days that are left out."""

    days: tuple[date, ...]
    left_out: tuple[LeftOut, ...]


def lay_out(contacts: Sequence[Contact], *, first_date: date, why_not: Callable[[date], str]) -> Layout:
    """Return the days of a course that begins in the week of ``first_date`` and meets on its day of the week.

    ``why_not`` says why nothing takes place on a day, or nothing when something can. A week of appointments is left
    out when none of its working days can be used. NoDaysLeft when there is no day for a contact within a year.
    """
    weekday = timedelta(days=first_date.weekday())
    week = _monday(first_date)
    last_group: date | None = None
    days: list[date] = []
    left_out: dict[date, LeftOut] = {}
    for number, contact in enumerate(contacts):
        week += contact.weeks_after * WEEK if number else timedelta()
        together = contact.kind in TOGETHER
        if together and last_group is not None:
            week = max(week, last_group + WEEK)
        for _ in range(FARTHEST):
            day = week + weekday if together else week
            why = why_not(day) if together else _why_not_in(week, why_not)
            if not why:
                break
            left_out.setdefault(day, LeftOut(day, why))
            week += WEEK
        else:
            raise NoDaysLeft
        if together:
            last_group = week
        days.append(day)
    return Layout(tuple(days), tuple(left_out[day] for day in sorted(left_out)))


def weeks_needed(contacts: Sequence[Contact]) -> int:
    """Return how many weeks a course takes when none is left out."""
    return sum(max(contact.weeks_after, 1) for contact in contacts)


def last_day(kind: ContactKind, day: date) -> date:
    """Return the last day of a contact: the Friday of a week of appointments."""
    return day if kind in TOGETHER else day + timedelta(days=4)


def _why_not_in(week: date, why_not: Callable[[date], str]) -> str:
    reasons = [why_not(week + timedelta(days=n)) for n in range(5)]
    return f"Nothing in the week of {prose.day(week)}: {reasons[2]}" if all(reasons) else ""


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
