"""When a timetable entry takes place: stored intent in local time, made into moments."""
# ruff: noqa: D102 - what a protocol asks for says itself

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from hubs.errors import CannotRepeat
from hubs.terms import Weekday
from kernel import prose
from kernel.london import at_wall_time
from tenants.terms import TermTime

WEEK = timedelta(weeks=1)


class Calendar(Protocol):
    """What the timetable asks of a council's calendar; ``tenants.rules.SchoolCalendar`` is one."""

    def term_time(self, day: date) -> TermTime: ...
    def term_reason(self, day: date) -> str: ...
    def bank_holiday(self, day: date) -> str | None: ...


class Intent(Protocol):
    """What an entry of the timetable says; a row of it is one."""

    @property
    def weekday(self) -> Weekday: ...
    @property
    def starts(self) -> time: ...
    @property
    def ends(self) -> time: ...
    @property
    def every_weeks(self) -> int: ...
    @property
    def first_date(self) -> date: ...
    @property
    def last_date(self) -> date | None: ...
    @property
    def term_time_only(self) -> bool: ...
    @property
    def not_on_bank_holidays(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class PlainIntent:
    """An entry that is not stored yet: of a form, an import, or a change that is only looked at."""

    weekday: Weekday
    starts: time
    ends: time
    first_date: date
    every_weeks: int = 1
    last_date: date | None = None
    term_time_only: bool = False
    not_on_bank_holidays: bool = True


@dataclass(frozen=True)
class Window:
    """A stretch of days, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Say whether the day is within."""
        return self.first <= day <= self.last


@dataclass(frozen=True, order=True)
class Occurrence:
    """One time that an entry takes place: its day in England, and its moments in UTC."""

    day: date
    starts_at: datetime
    ends_at: datetime


class WhySkipped(StrEnum):
    """Why an entry does not take place on one of its days."""

    HOLIDAY = "school_holiday"
    UNKNOWN_TERM = "unknown_term"
    BANK_HOLIDAY = "bank_holiday"
    TAKEN_OUT = "taken_out"


@dataclass(frozen=True)
class Skip:
    """A day on which an entry would have taken place, and why it does not."""

    day: date
    why: WhySkipped
    reason: str


@dataclass(frozen=True)
class Series:
    """The days of an entry within a window: those on which it takes place, and those that it leaves out."""

    occurrences: tuple[Occurrence, ...]
    skipped: tuple[Skip, ...]


def series(intent: Intent, window: Window, calendar: Calendar, *, except_on: Collection[date] = ()) -> Series:
    """Return when an entry takes place within the window, and which days it leaves out and why."""
    ensure_possible(intent)

    held: list[Occurrence] = []
    skipped: list[Skip] = []
    for day in _days(intent, window):
        if skip := _skip(intent, day, calendar, except_on):
            skipped.append(skip)
        else:
            held.append(occurrence(day, intent.starts, intent.ends))
    return Series(tuple(held), tuple(skipped))


def occurrences(intent: Intent, window: Window, calendar: Calendar) -> tuple[Occurrence, ...]:
    """Return when an entry takes place within the window, in order."""
    return series(intent, window, calendar).occurrences


def horizon(today: date, *, weeks: int) -> Window:
    """Return the window to lay out: from today to the Sunday so many weeks on, for weeks are never cut in two."""
    return Window(today, week_of(today) + weeks * WEEK + timedelta(days=6))


def occurrence(day: date, starts: time, ends: time) -> Occurrence:
    """Return one time between two wall times of a day."""
    starts_at, ends_at = at_wall_time(day, starts), at_wall_time(day, ends)
    if ends_at <= starts_at:  # the start fell into the hour that the clocks skip, and was moved past the end
        ends_at = starts_at + (datetime.combine(day, ends) - datetime.combine(day, starts))
    return Occurrence(day, starts_at, ends_at)


def ensure_possible(intent: Intent) -> None:
    """Refuse an entry that can never take place, or not as it says."""
    if intent.ends <= intent.starts:
        raise CannotRepeat("The end time must be after the start time.")
    if intent.every_weeks not in (1, 2):
        raise CannotRepeat("A session can repeat every week or every 2 weeks.")
    if intent.last_date and intent.last_date < intent.first_date:
        raise CannotRepeat("The last date must be on or after the first date.")


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _days(intent: Intent, window: Window) -> Iterator[date]:
    """Count whole weeks from that of the first date: clocks and year ends cannot shift a fortnight."""
    first = max(window.first, intent.first_date)
    last = min(window.last, intent.last_date or window.last)
    weeks = (week_of(first) - week_of(intent.first_date)) // WEEK
    weeks += -weeks % intent.every_weeks
    day = week_of(intent.first_date) + weeks * WEEK + timedelta(days=intent.weekday.number)
    while day <= last:
        if day >= first:
            yield day
        day += intent.every_weeks * WEEK


def _skip(intent: Intent, day: date, calendar: Calendar, except_on: Collection[date]) -> Skip | None:
    said = prose.day(day)
    if day in except_on:
        return Skip(day, WhySkipped.TAKEN_OUT, f"{said} was taken out of the timetable.")
    if intent.not_on_bank_holidays and (name := calendar.bank_holiday(day)):
        return Skip(day, WhySkipped.BANK_HOLIDAY, f"{said} is a bank holiday ({name}).")
    if not intent.term_time_only:
        return None
    match calendar.term_time(day):
        case TermTime.YES:
            return None
        case TermTime.NO:
            return Skip(
                day, WhySkipped.HOLIDAY, f"{said} is in the school holidays ({calendar.term_reason(day)})."
            )
        case _:
            reason = (
                f"{said} is outside the school terms that have been entered, so it cannot be planned yet."
            )
            return Skip(day, WhySkipped.UNKNOWN_TERM, reason)
