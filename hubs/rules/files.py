"""The rows of a council's timetable or list of places, each with what was understood and what was not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from hubs.rules.ages import AgeRange, read_age_limits, read_ages
from hubs.rules.columns import Column, HubColumn, Matching, match_hubs
from hubs.rules.days import ONCE, find_frequency, find_weekdays, read_frequency, read_weekdays
from hubs.rules.layout import laid_out, match
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
from hubs.rules.recurrence import PlainIntent
from hubs.rules.times import TimeRange, find_times, read_times
from hubs.terms import BookingMode, HubKind, Weekday
from kernel import prose
from kernel.british import find_date, read_dates
from kernel.spreadsheets import Cell, Line, Sheet

T = TypeVar("T")


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
    def key(self) -> str:
        """Return what makes it the same session in the next file."""
        return natural_key(self.venue, self.activity, self.weekday, self.starts)

    def sentence(self) -> str:
        """Say the session in one sentence."""
        if not (self.weekday and self.starts and self.ends):
            return " at ".join(filter(None, [self.activity, self.venue])) or "This row"
        when = f"every {'other ' if self.every_weeks == 2 else ''}{self.weekday.label}"
        if self.first_date and self.first_date == self.last_date:
            when = f"on {prose.day(self.first_date)}"
        return f"{self.activity} at {self.venue}, {when}, {prose.times(self.starts, self.ends)}"


def natural_key(venue: str, activity: str, weekday: Weekday | None, starts: time | None) -> str:
    """Return what makes an entry of the timetable the same from one file to the next."""
    start = f"{starts:%H:%M}" if starts else ""
    return " | ".join((name_key(venue), name_key(activity), weekday.value if weekday else "", start))


def intent_of(row: TimetableRow, *, today: date) -> PlainIntent:
    """Return the timetable entry that a readable row asks for, with our defaults where the file is silent."""
    assert row.weekday
    assert row.starts
    assert row.ends
    return PlainIntent(
        weekday=row.weekday,
        starts=row.starts,
        ends=row.ends,
        first_date=row.first_date or next_day(row.weekday, today),
        every_weeks=row.every_weeks or 1,
        last_date=row.last_date,
        term_time_only=bool(row.term_time_only),
    )


def next_day(weekday: Weekday, today: date) -> date:
    """Return the first such weekday from today on."""
    return today + timedelta(days=(weekday.number - today.weekday()) % 7)


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
    """A timetable file as understood: its columns and its rows, or why it cannot be used."""

    columns: Matching
    rows: tuple[TimetableRow, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class HubsRead:
    """A file of places as understood: its columns and its rows, or why it cannot be used."""

    columns: Matching
    rows: tuple[HubRow, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


def read_timetable(
    sheet: Sheet, *, venue: str = "", choices: Mapping[str, str] | None = None
) -> TimetableRead:
    """Return what a timetable file says, row by row; ``venue`` is the place of rows that name none."""
    lines, columns = match(sheet.lines, dict(choices or {}))
    if columns.header is None:
        return TimetableRead(columns, notes=sheet.notes, problem=_NO_HEADINGS)
    layout = laid_out(lines, columns)
    missing = [c.label for c in layout.columns.missing if not (c == Column.VENUE and venue)]
    notes = (*sheet.notes, *layout.columns.sentences(), *layout.notes)
    if missing:
        problem = f"We cannot find a column for: {prose.listing(missing)}. Say which it is, or add it."
        return TimetableRead(layout.columns, notes=notes, problem=problem)
    rows = tuple(row for line in layout.rows for row in _rows(line, layout.columns, venue))
    return TimetableRead(layout.columns, rows, notes, "" if rows else "There are no rows below the headings.")


_NO_HEADINGS = "We cannot find the row of headings. The file needs columns for place, activity, day and time."
_TOO_MANY_CELLS = (
    "It has more cells than the other rows. "
    "If a cell has a comma or semicolon in it, put quotation marks round the cell."
)


class _Said:
    """What is gathered while a row is read."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self.problems: list[str] = []

    def take(self, read: Understood[T]) -> T | None:
        """Keep how something was understood, and return its value."""
        for kept, sentence in (
            (self.notes, read.how),
            (self.warnings, read.warning),
            (self.problems, read.problem),
        ):
            if sentence and sentence not in kept:
                kept.append(sentence)
        return read.value


@dataclass
class _When:
    """What the cells about day and time say together."""

    weekdays: tuple[Weekday, ...] = ()
    times: TimeRange | None = None
    every: int | None = None
    term: bool | None = None
    first: date | None = None
    last: date | None = None
    said: _Said = field(default_factory=_Said)


def _rows(line: Line, columns: Matching, venue: str) -> Iterator[TimetableRow]:
    """Return one row for each session of the week that a line of the file names."""
    if columns.header and len(line.cells) > columns.width:
        yield TimetableRow(line=line.number, activity=text_of(line.cells[0]), problems=(_TOO_MANY_CELLS,))
        return
    base, said = _what(line, columns, venue)
    for parts in _segments(line, columns):
        when = _when(parts, columns)
        row = replace(
            base,
            starts=when.times.starts if when.times else None,
            ends=when.times.ends if when.times else None,
            every_weeks=when.every,
            first_date=when.first,
            last_date=when.last,
            term_time_only=when.term if when.term is not None else base.term_time_only,
            notes=(*when.said.notes, *said.notes),
            warnings=(*when.said.warnings, *said.warnings),
            problems=(*said.problems, *when.said.problems),
        )
        yield from (replace(row, weekday=weekday) for weekday in when.weekdays or (None,))


def _what(line: Line, columns: Matching, venue: str) -> tuple[TimetableRow, _Said]:
    """Read the cells that say where, what and for whom."""

    def cell(column: Column) -> Cell:
        return columns.cell(line, column)

    said = _Said()
    place, activity = text_of(cell(Column.VENUE)) or venue, text_of(cell(Column.ACTIVITY))
    if not place:
        said.problems.append("It does not say where.")
    if not activity:
        said.problems.append("It does not say which activity.")
    audience, description = text_of(cell(Column.AUDIENCE)), str(cell(Column.DESCRIPTION) or "")
    row = TimetableRow(
        line=line.number,
        venue=place,
        room=text_of(cell(Column.ROOM)),
        activity=activity,
        ages=_ages(line, columns, audience, said),
        audience=audience,
        booking=_booking(line, columns, activity, said),
        cost=_cost(cell(Column.COST), said),
        capacity=_capacity(cell(Column.CAPACITY), said),
        description=description,
        term_time_only=_term_in_words(f"{activity} {audience} {description}", said),
    )
    return row, said


def _cost(cell: Cell, said: _Said) -> Cost | None:
    cost = said.take(read_cost(cell))
    if cost and cost.pence and cost.per in ("child", "adult"):
        said.warnings.append(
            f"Prices here are for each family, so {cost} was taken as the price for a family."
        )
    return cost


def _term_in_words(words: str, said: _Said) -> bool | None:
    found, _ = find_term_time(words)
    return said.take(found) if found.value else None


def _ages(line: Line, columns: Matching, audience: str, said: _Said) -> AgeRange | None:
    whole = columns.cell(line, Column.AGES)
    if whole is not None:
        return said.take(read_ages(whole, unit=_unit(columns.name(Column.AGES))))
    first, last = columns.cell(line, Column.AGE_FROM), columns.cell(line, Column.AGE_TO)
    if first is not None or last is not None:
        unit = _unit(columns.name(Column.AGE_FROM) or columns.name(Column.AGE_TO))
        return said.take(read_age_limits(first, last, unit=unit))
    found = read_ages(audience)
    return said.take(found) if re.search(r"\d", audience) else None


def _unit(heading: str) -> str:
    found = re.search(r"month|mth|week", heading, re.IGNORECASE)
    return {"m": "months", "w": "weeks"}[found[0][0].lower()] if found else ""


def _booking(line: Line, columns: Matching, activity: str, said: _Said) -> BookingMode | None:
    booking, drop_in = columns.cell(line, Column.BOOKING), columns.cell(line, Column.DROP_IN)
    yes = read_yes(drop_in)
    if booking is None and yes is not None:
        return said.take(read_booking("no" if yes else "yes"))
    if booking is not None or drop_in is not None:
        return said.take(read_booking(booking if booking is not None else drop_in))
    if re.search(r"drop[\s-]?in", activity, re.IGNORECASE):
        return said.take(Understood(BookingMode.DROP_IN, "Drop in, by its name."))
    return None


def _capacity(cell: Cell, said: _Said) -> int | None:
    text = text_of(cell)
    found = re.search(r"\d{1,4}", text)
    if text and not found and not re.fullmatch(r"n/?a|-|unlimited|no limit|none", text, re.IGNORECASE):
        said.warnings.append(f"We cannot read how many places there are from ‘{text}’.")
    return int(found[0]) if found and int(found[0]) > 0 else None


def _segments(line: Line, columns: Matching) -> list[Line]:
    """Split a line whose cell says ``Mon 10-11; Wed 1-2.30pm`` into one for each."""
    for column in (Column.WHEN, Column.STARTS):
        cell = columns.cell(line, column)
        parts = (
            [part for part in re.split(r"[;\n]|,(?=\s*[A-Za-z]{3})", cell) if part.strip()]
            if isinstance(cell, str)
            else []
        )
        if len(parts) > 1 and all(find_weekdays(p)[0].value and find_times(p)[0].value for p in parts):
            index = columns.taken[column]
            return [
                Line(line.number, (*line.cells[:index], part, *line.cells[index + 1 :])) for part in parts
            ]
    return [line]


def _when(line: Line, columns: Matching) -> _When:
    """Read the cells that say when: each may say more than its heading promises."""

    def cell(column: Column) -> Cell:
        return columns.cell(line, column)

    when = _When()
    take = when.said.take
    when.first = take(read_day(_date_part(cell(Column.FIRST_DATE)), of="From"))
    when.last = take(read_day(cell(Column.LAST_DATE), of="Until"))
    when.term = take(read_term_time(cell(Column.TERM_TIME)))
    if when.term is None and (all_year := read_yes(cell(Column.ALL_YEAR))) is not None:
        when.term = take(read_term_time("no" if all_year else "yes"))

    every = cell(Column.EVERY)
    left_every = _frequency(every, when) if every is not None else ""
    left_day = _day(cell(Column.WHEN), when)
    left_time = _times(cell(Column.STARTS), cell(Column.ENDS), cell(Column.LASTS), when)
    if not when.weekdays and left_every:
        when.weekdays = take(find_weekdays(left_every)[0]) or ()
    _settle(when, _unused(left_day, left_time))
    return when


def _date_part(cell: Cell) -> Cell:
    """Return the first day of a column that may hold a stretch of dates."""
    if isinstance(cell, str):
        try:
            return read_dates(cell)[0]
        except ValueError:
            return cell
    return cell


def _frequency(cell: Cell, when: _When) -> str:
    text = text_of(cell)
    found, rest = find_term_time(text)
    if found.value is not None and when.term is None:
        when.term = when.said.take(found)
        if not rest.strip(" ,()-"):
            return ""
        text = rest.strip(" ,()-")
    when.every = when.said.take(read_frequency(text))
    return find_frequency(text)[1]


def _day(cell: Cell, when: _When) -> str:
    """Read a cell of days, which may hold times, dates, how often and term time as well; return what is left."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        when.weekdays = when.said.take(read_weekdays(cell)) or ()
        when.first = when.first or (cell.date() if isinstance(cell, datetime) else cell)
        return ""
    return _phrase(text_of(cell), when)


def _phrase(text: str, when: _When) -> str:
    if (found := find_date(text)) and not when.first:
        when.first, (begins, ends) = found
        when.said.notes.append(f"From {prose.day(when.first)}.")
        text = (
            re.sub(r"\b(?:from|starting|starts|beginning|commencing|since)\s*$", "", text[:begins])
            + text[ends:]
        )
    times, text = find_times(text)
    when.times = when.said.take(times) or when.times
    term, text = find_term_time(text)
    when.term = when.said.take(term) if when.term is None else when.term
    every, text = find_frequency(text)
    if when.every is None or every.problem:
        when.every = when.said.take(every)
    days, text = find_weekdays(text)
    when.weekdays = when.said.take(days) or when.weekdays
    return text


def _times(starts: Cell, ends: Cell, lasts: Cell, when: _When) -> str:
    if starts is None and ends is None:
        return ""
    if isinstance(starts, str) and not text_of(ends):
        left = _phrase(text_of(starts), when)
        if when.times:
            return left
        if not when.said.problems:
            when.times = when.said.take(read_times(left.strip(" ,"), lasts=lasts))
        return ""
    when.times = when.said.take(read_times(starts, ends, lasts=lasts))
    return ""


def _settle(when: _When, unused: str) -> None:
    """Bring what was read about days and dates together, and say what is missing or was assumed."""
    if unused:
        when.said.warnings.append(f"We did not use the words ‘{unused}’.")
    once = when.every == ONCE
    if not when.weekdays and when.first and not when.said.problems:
        when.weekdays = (Weekday.of(when.first),)
        once = once or (when.every is None and when.last is None)
    if once:
        _settle_once(when)
    if when.every == 2 and len(when.weekdays) > 1:
        when.said.warnings.append("Taken as every 2 weeks on each of these days.")
    if when.first and len(when.weekdays) == 1 and Weekday.of(when.first) != when.weekdays[0]:
        _settle_first_date(when, when.first, when.weekdays[0])
    when.said.problems += _what_is_missing(when)


def _settle_once(when: _When) -> None:
    if when.first is None:
        when.said.problems.append("It takes place once, but there is no date.")
        return
    when.every, when.last = 1, when.first
    when.said.warnings.append(f"Taken as one session, on {prose.day(when.first)} only.")


def _settle_first_date(when: _When, first: date, weekday: Weekday) -> None:
    if when.last == first:
        when.said.problems.append(f"{prose.day(first)} is not a {weekday.label}.")
        return
    when.first = next_day(weekday, first)
    when.said.warnings.append(
        f"{prose.day(first)} is not a {weekday.label}: it starts on {prose.day(when.first)}."
    )


def _what_is_missing(when: _When) -> list[str]:
    """Say what is missing, unless something worse was said already."""
    if when.said.problems:
        return []
    missing = []
    if not when.weekdays:
        missing.append("It does not say on which day of the week.")
    if not when.times:
        missing.append("It does not say at what time.")
    if when.first and when.last and when.last < when.first:
        missing.append("Its last date is before its first date.")
    return missing


_EMPTY_WORDS = re.compile(
    r"\b(?:and|on|from|at|in|the|a|an|of|each|every|only|sessions?|time|times|am|pm|to|only|group|is|are)\b|[^\w]+",
    re.IGNORECASE,
)


def _unused(*texts: str) -> str:
    left = [text.strip(" ,;:-()&/.") for text in texts if _EMPTY_WORDS.sub("", text)]
    return "; ".join(left)


def read_hubs(sheet: Sheet, *, choices: Mapping[str, str] | None = None) -> HubsRead:
    """Return what a list of places says, row by row."""
    columns = match_hubs(sheet.lines, choices=choices)
    if columns.header is None or columns.missing:
        problem = (
            "We cannot find a column with the names of the places. Say which column it is, or add headings."
        )
        return HubsRead(columns, notes=sheet.notes, problem=problem)
    below = [line for line in sheet.lines if line.number > columns.header.number]
    rows = tuple(_hub(line, columns) for line in below if line.cells != columns.header.cells)
    notes = (*sheet.notes, *columns.sentences())
    return HubsRead(columns, rows, notes, "" if rows else "There are no rows below the headings.")


def _hub(line: Line, columns: Matching) -> HubRow:
    def text(column: HubColumn) -> str:
        return text_of(columns.cell(line, column))

    said, name = _Said(), text(HubColumn.NAME)
    if not name:
        said.problems.append("It has no name.")
    kind = said.take(read_hub_kind(columns.cell(line, HubColumn.KIND), name=name))
    postcode, address = (
        _postcode(text(HubColumn.POSTCODE) or text(HubColumn.ADDRESS)),
        text(HubColumn.ADDRESS),
    )
    if text(HubColumn.POSTCODE) and not postcode:
        said.warnings.append(f"‘{text(HubColumn.POSTCODE)}’ is not a UK postcode, so it was left empty.")
    email = text(HubColumn.EMAIL)
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        said.warnings.append(f"‘{email}’ is not an email address, so it was left empty.")
        email = ""
    return HubRow(
        line=line.number,
        name=name,
        kind=kind,
        kind_is_said=bool(text(HubColumn.KIND)),
        area=text(HubColumn.AREA),
        also_known_as=text(HubColumn.ALSO_KNOWN_AS),
        address=address,
        postcode=postcode,
        phone=text(HubColumn.PHONE),
        email=email,
        accessibility=text(HubColumn.ACCESSIBILITY),
        opening=str(columns.cell(line, HubColumn.OPENING) or ""),
        notes=tuple(said.notes),
        warnings=tuple(said.warnings),
        problems=tuple(said.problems),
    )


_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE)


def _postcode(text: str) -> str:
    found = _POSTCODE.search(text)
    return f"{found[1]} {found[2]}".upper() if found else ""
