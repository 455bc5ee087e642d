"""The rules of councils: what is term time, and which colours can be read."""
# ruff: noqa: D102 - what a protocol asks for says itself

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Protocol

import holidays

from kernel import prose
from kernel.british import read_date, read_dates
from kernel.spreadsheets import Cell, Line
from tenants.terms import DatesKind, TermTime

LONGEST_BREAK = timedelta(days=56)
"""Between two known stretches further apart than this, dates are missing rather than on holiday."""
LEAST_CONTRAST = 4.5
GOV_UK_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}
"""Bank holidays that the library calls otherwise."""


class Dates(Protocol):
    """A term or a holiday, both days included; a row of ``term_dates`` is one."""

    @property
    def kind(self) -> DatesKind: ...
    @property
    def name(self) -> str: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...


def in_term(day: date, dates: Iterable[Dates]) -> TermTime:
    """Say whether a day is in term; a holiday (or training day) within a term wins."""
    return SchoolCalendar(tuple(dates)).term_time(day)


@dataclass(frozen=True)
class SchoolCalendar:
    """A council's terms, school holidays and bank holidays, as the timetable asks for them."""

    dates: Sequence[Dates]

    def term_time(self, day: date) -> TermTime:
        """Say whether a day is in term."""
        return self._answer(day)[0]

    def term_reason(self, day: date) -> str:
        """Name the term or the break that a day falls in."""
        return self._answer(day)[1]

    def bank_holiday(self, day: date) -> str | None:
        """Return the name of England's bank holiday on that day, if it is one."""
        return bank_holidays(day.year).get(day)

    def _answer(self, day: date) -> tuple[TermTime, str]:
        if holiday := self._at(day, DatesKind.HOLIDAY) or self._weekend_after_holiday(day):
            return TermTime.NO, holiday.name
        if term := self._at(day, DatesKind.TERM):
            return TermTime.YES, term.name
        before = max((d for d in self.dates if d.last_day < day), key=lambda d: d.last_day, default=None)
        after = min((d for d in self.dates if d.first_day > day), key=lambda d: d.first_day, default=None)
        if before and after and after.first_day - before.last_day <= LONGEST_BREAK:
            return TermTime.NO, f"the break between {before.name} and {after.name}"
        return TermTime.UNKNOWN, "a date for which no school terms have been entered"

    def _at(self, day: date, kind: DatesKind) -> Dates | None:
        return next((d for d in self.dates if d.kind == kind and d.first_day <= day <= d.last_day), None)

    def _weekend_after_holiday(self, day: date) -> Dates | None:
        """Calendars end a holiday on its Friday: the weekend that follows it is part of it."""
        if day.weekday() < 5:
            return None
        holiday = self._at(day - timedelta(days=day.weekday() - 4), DatesKind.HOLIDAY)
        return holiday if holiday and holiday.last_day - holiday.first_day >= timedelta(days=3) else None


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> Mapping[date, str]:
    """Return England's bank holidays of a year, and what GOV.UK calls each."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return MappingProxyType({day: _as_gov_uk_says(found[day]) for day in sorted(found)})


def _as_gov_uk_says(name: str) -> str:
    return GOV_UK_NAMES.get(name, name).replace("(observed)", "(substitute day)")


@dataclass(frozen=True, kw_only=True)
class DatesRead:
    """A row of a term-dates file as understood, or why it cannot be."""

    line: int
    kind: DatesKind = DatesKind.TERM
    name: str = ""
    first_day: date = date.min
    last_day: date = date.min
    problem: str = ""
    note: str = ""


@dataclass(frozen=True)
class CalendarRead:
    """What a term-dates file says: its rows, and one sentence when it cannot be used at all."""

    rows: tuple[DatesRead, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = field(default=())


_COLUMNS = {
    "kind": {"kind", "type", "category"},
    "name": {
        "name", "term", "period", "description", "event", "title", "holiday", "term name", "what", "term holiday",
        "term or holiday",
    },
    "first_day": {
        "first day", "start", "starts", "from", "start date", "first date", "begins", "opens", "date from", "first",
        "term starts", "starts on", "beginning", "term start", "begin", "date start",
    },
    "last_day": {
        "last day", "end", "ends", "to", "end date", "last date", "finishes", "finish", "closes", "date to", "last",
        "term ends", "ends on", "until", "term end", "finish date", "date end",
    },
    "dates": {"dates", "date", "when"},
}  # fmt: skip
_BREAK = re.compile(
    r"half[\s-]?term|holiday|break|easter|christmas|inset|training|closed|closure|vacation|pd day|bank",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\bterm\b|\bautumn\b|\bspring\b|\bsummer\b|\bwinter\b|\blent\b|\bmichaelmas\b", re.IGNORECASE
)


def read_term_dates(lines: Sequence[Line]) -> CalendarRead:
    """Return the terms and holidays that a council's file lists, row by row."""
    for position, line in enumerate(lines[:20]):
        columns = _columns_of(line)
        if "name" in columns and ("dates" in columns or {"first_day", "last_day"} <= columns.keys()):
            rows = tuple(_read_dates_row(row, columns) for row in lines[position + 1 :])
            return CalendarRead(_without_repeats(rows))
    return CalendarRead(
        problem="We cannot find the columns of this file. It needs a name, a first day and a last day for each term "
        "and holiday."
    )


def _columns_of(line: Line) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(line.cells):
        header = " ".join(re.sub(r"[^a-z]+", " ", str(cell or "").lower()).split())
        for column, names in _COLUMNS.items():
            if header in names:
                columns.setdefault(column, index)
    return columns


def _read_dates_row(line: Line, columns: Mapping[str, int]) -> DatesRead:
    def cell(column: str) -> Cell:
        index = columns.get(column, len(line.cells))
        return line.cells[index] if index < len(line.cells) else None

    name, note = str(cell("name") or "").strip(), ""
    kind = _kind(str(cell("kind") or "")) or _kind(name)
    try:
        first, last = _first_and_last(cell("first_day"), cell("last_day"), cell("dates"))
    except ValueError as error:
        return DatesRead(line=line.number, name=name, problem=str(error))
    if kind is None:
        return DatesRead(
            line=line.number, name=name, problem="It does not say whether this is a term or a holiday."
        )
    if last < first:
        return DatesRead(
            line=line.number, name=name, problem=f"It ends ({prose.day(last)}) before it starts."
        )
    if (last - first).days > 200:
        return DatesRead(line=line.number, name=name, problem="It is longer than 200 days. Check both dates.")
    if not cell("kind"):
        note = f"Taken as a {kind}, by its name."
    return DatesRead(
        line=line.number, kind=kind, name=name or kind.capitalize(), first_day=first, last_day=last, note=note
    )


def _first_and_last(first: Cell, last: Cell, both: Cell) -> tuple[date, date]:
    if first is None and last is None and both is None:
        raise ValueError("It has no dates.")
    if first is None and last is None:
        return read_dates(both)
    if first is None:
        raise ValueError("It has no first day.")
    begins = read_date(first)
    return begins, begins if last is None else read_date(last)


def _kind(text: str) -> DatesKind | None:
    if _BREAK.search(text):
        return DatesKind.HOLIDAY
    return DatesKind.TERM if _TERM.search(text) else None


def _without_repeats(rows: Iterable[DatesRead]) -> tuple[DatesRead, ...]:
    seen: dict[tuple[DatesKind, date], int] = {}
    return tuple(
        row if row.problem else _once(row, seen.setdefault((row.kind, row.first_day), row.line))
        for row in rows
    )


def _once(row: DatesRead, line: int) -> DatesRead:
    if line == row.line:
        return row
    return DatesRead(line=row.line, name=row.name, problem=f"It starts on the same day as line {line}.")


def overlap_problem(dates: Sequence[Dates]) -> str | None:
    """Say which two terms, or which two holidays, share a day; nothing when none do."""
    for kind in DatesKind:
        ordered = sorted((d for d in dates if d.kind == kind), key=lambda d: (d.first_day, d.last_day))
        for one, next_one in pairwise(ordered):
            if next_one.first_day <= one.last_day:
                return f"{one.name} and {next_one.name} overlap. Check their dates."
    return None


def school_year(day: date) -> int:
    """Return the year in which the school year of a day begins, in September."""
    return day.year if day.month >= 9 else day.year - 1


def _counted(unit: str) -> Callable[[Any], str]:
    return lambda number: prose.count(number, unit)


SETTINGS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "name": ("Name", str),
    "contact_email": ("Email address", str),
    "contact_phone": ("Telephone number", str),
    "website": ("Website", str),
    "brand_colour": ("Colour", str),
    "waking_from": ("Messages are sent from", prose.clock),
    "waking_until": ("Messages are sent until", prose.clock),
    "age_limit": ("Oldest age", _counted("year")),
    "age_limit_send": (
        "Oldest age with special educational needs or disabilities",
        _counted("year"),
    ),
    "reminder_hours": ("Reminder before a session", _counted("hour")),
    "offer_hours": ("Time to accept a place from the waiting list", _counted("hour")),
    "hold_minutes": ("Time to finish a booking", _counted("minute")),
    "weeks_ahead": ("Timetable planned ahead", _counted("week")),
}
"""What a council can set: what people call it, and how its value is said."""


def changes_between(before: object | None, after: object) -> list[str]:
    """Return what changed between two settings of a council, a sentence each."""
    if before is None:
        return ["The council joined"]
    return [
        f"{words}: {_said(before, name)} became {_said(after, name)}"
        for name, (words, _) in SETTINGS.items()
        if getattr(before, name) != getattr(after, name)
    ]


def _said(settings: object, name: str) -> str:
    value = getattr(settings, name)
    return "nothing" if value == "" else SETTINGS[name][1](value)


def brand_colour_problem(colour: str) -> str | None:
    """Say why a colour cannot stand behind white letters, or nothing when it can."""
    if not re.fullmatch(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})", colour):
        return "Enter the colour as # and six letters or figures, like #1d70b8."
    if (ratio := contrast(colour, "#ffffff")) >= LEAST_CONTRAST:
        return None
    return (
        f"White text cannot be read on this colour (contrast {ratio:.1f} to 1, it must be at least 4.5 to 1). "
        "Choose a darker colour."
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG measures it, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    figures = colour.lstrip("#")
    if len(figures) == 3:
        figures = "".join(figure * 2 for figure in figures)
    red, green, blue = (_linear(int(figures[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
