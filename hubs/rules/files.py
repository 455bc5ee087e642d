"""The rows of a council's timetable or list of places, each with what was understood and what was not."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from hubs.rules.ages import AgeRange, read_age_limits, read_ages
from hubs.rules.columns import Column, HubColumn, Matching, match_hubs, match_timetable
from hubs.rules.days import ONCE, find_frequency, find_weekdays, read_frequency, read_weekdays
from hubs.rules.reading import (
    Cost,
    Understood,
    find_term_time,
    name_key,
    read_booking,
    read_cost,
    read_day,
    read_hub_kind,
    read_term_time,
    read_yes,
    text_of,
)
from hubs.rules.times import TimeRange, find_times, read_times
from hubs.terms import BookingMode, HubKind, Weekday
from kernel import prose
from kernel.british import find_date
from kernel.spreadsheets import Cell, Line, Sheet


@dataclass(frozen=True, kw_only=True)
class TimetableRow:
    """One session of the week as a row of a file says it; nothing where the file is silent.

    A row with ``problems`` cannot be imported; ``warnings`` are assumptions for a person to check; ``notes`` say how
    it was understood.
    """

    line: int
    venue: str = ""
    room: str = ""
    activity: str = ""
    weekday: Weekday | None = None
    starts: time | None = None
    ends: time | None = None
    every_weeks: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    term_time_only: bool | None = None
    ages: AgeRange | None = None
    audience: str = ""
    booking: BookingMode | None = None
    cost: Cost | None = None
    capacity: int | None = None
    description: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what makes it the same session in the next file: place, activity, weekday and start."""
        return natural_key(self.venue, self.activity, self.weekday, self.starts)

    def sentence(self) -> str:
        """Say the session in one sentence."""
        if not self.weekday or not self.starts or not self.ends:
            return " ".join(filter(None, [self.activity, self.venue and f"at {self.venue}"])) or "This row"
        often = "every other " if self.every_weeks == 2 else "on " if self.first_date == self.last_date != None else "every "  # noqa: E711
        return f"{self.activity} at {self.venue}, {often}{self.weekday.label}, {prose.times(self.starts, self.ends)}"


def natural_key(venue: str, activity: str, weekday: Weekday | None, starts: time | None) -> tuple[str, str, str, str]:
    """Return what makes an entry of the timetable the same from one file to the next."""
    return name_key(venue), name_key(activity), weekday.value if weekday else "", f"{starts:%H:%M}" if starts else ""


@dataclass(frozen=True, kw_only=True)
class HubRow:
    """A place as a row of a file says it."""

    line: int
    name: str = ""
    kind: HubKind | None = None
    kind_is_said: bool = False
    area: str = ""
    also_known_as: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    accessibility: str = ""
    opening: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what makes it the same place in the next file."""
        return name_key(self.name)


@dataclass(frozen=True)
class TimetableRead:
    """A timetable file as understood: its columns, and its rows."""

    columns: Matching
    rows: tuple[TimetableRow, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class HubsRead:
    """A file of places as understood: its columns, and its rows."""

    columns: Matching
    rows: tuple[HubRow, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass
class _Said:
    """What is gathered while a row is read."""

    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def take[T](self, read: Understood[T]) -> T | None: ...
