"""Which column of a council's file is which: the row of headings, what each was taken for, what is missing."""
# ruff: noqa: E501 - a pattern is read in one piece

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hubs.rules.days import find_weekdays
from hubs.rules.reading import text_of
from hubs.rules.times import find_times
from kernel import prose
from kernel.spreadsheets import MOST_COLUMNS, Cell, Line
from kernel.words import Word

ROWS_LOOKED_AT = 25


class Column(Word):
    """What a column of a timetable can hold."""

    VENUE = "venue", "Place"
    ROOM = "room", "Room"
    ACTIVITY = "activity", "Activity"
    WHEN = "when", "Day"
    STARTS = "starts", "Time or start"
    ENDS = "ends", "End"
    LASTS = "lasts", "Length"
    EVERY = "every", "How often"
    FIRST_DATE = "first_date", "First date"
    LAST_DATE = "last_date", "Last date"
    TERM_TIME = "term_time", "Term time only"
    ALL_YEAR = "all_year", "In the school holidays too"
    AGES = "ages", "Ages"
    AGE_FROM = "age_from", "Youngest age"
    AGE_TO = "age_to", "Oldest age"
    AUDIENCE = "audience", "Who it is for"
    BOOKING = "booking", "Booking"
    DROP_IN = "drop_in", "Drop in"
    COST = "cost", "Cost"
    CAPACITY = "capacity", "Places"
    DESCRIPTION = "description", "Description"


class HubColumn(Word):
    """What a column of a list of places can hold."""

    NAME = "name", "Name"
    KIND = "kind", "Kind"
    AREA = "area", "Area"
    ALSO_KNOWN_AS = "also_known_as", "Also known as"
    ADDRESS = "address", "Address"
    POSTCODE = "postcode", "Postcode"
    PHONE = "phone", "Telephone"
    EMAIL = "email", "Email"
    ACCESSIBILITY = "accessibility", "Accessibility"
    OPENING = "opening", "Opening times"


_TIMETABLE: Mapping[Word, str] = {
    # the order decides: what is narrower stands before what is wider
    Column.ROOM: r"room( (or |and )?space| name| used)?|space|which room",
    Column.TERM_TIME: r"term time( only)?( y n)?|tto|term( dates)?|term only|school term( only| time)?|during term( time)?|"
    r"term time or all year|term or holiday|runs in term time|holidays",
    Column.ALL_YEAR: r"all year( round)?|year round|(in |during |runs in )?(the )?school holidays( too)?|runs in holidays",
    Column.AGE_FROM: r"(min(imum)?|youngest|lowest|lower) age.*|age (from|min|minimum|start|lower).*|from age.*|ages from.*",
    Column.AGE_TO: r"(max(imum)?|oldest|highest|upper) age.*|age (to|max|maximum|end|until|upper).*|to age.*|ages to.*",
    Column.AGES: r"ages?|age (range|group|band|groups|bracket|s)|ages? .*|.*\bages?$|children s ages?|age appropriate",
    Column.DROP_IN: r"drop in( y n| or not)?|is it drop in|drop ins?",
    Column.BOOKING: r"booking.*|book|bookable|how to book|need to book|.*\bbooking( required| needed| info| details)?|"
    r"book or drop in|drop in or book(ed|ing)?|drop in book.*|bookings?|to book|do i need to book|access|how to access",
    Column.COST: r"cost.*|price.*|charge.*|fee.*|how much|£|free|free or paid|.*\bcost$",
    Column.FIRST_DATE: r"(first|start(ing)?|begin(ning|s)?|commencing|commences) (date|on|from|week|session)|date from|"
    r"from date|first|date (of )?(first|start)( session)?|starting|start week|w c|week commencing|date|dates|"
    r"valid from|date starts?|session date",
    Column.LAST_DATE: r"(last|end(ing)?|finish(es)?|until) (date|on|week|session)|date (to|until|ends?)|to date|last|"
    r"valid (to|until)|final date|until date",
    Column.EVERY: r"every|how often|frequency|repeats?|recurrence|recurs|occurs|weekly( or)?( fortnightly)?|pattern|week|regularity",
    Column.WHEN: r"week ?days?|days?|day s|when|day (of|in)( the)? week|days? (and|&) times?|day time|which day|"
    r"day date|(session|group|class) days?|dow|days? running|(day|date) and time|date time|when is it( on)?|schedule",
    Column.ENDS: r"ends?|end times?|finish(es)?( time)?|to|until|till|time (to|end|ends|until|finish|finishes|out)|"
    r"closes?|(session )?(end|finish) time|time off|ends at|finish at|closing( time)?|stop",
    Column.LASTS: r"duration.*|length.*|lasts|how long.*|(number of )?(hours|minutes|mins)",
    Column.STARTS: r"starts?|start times?|begins?|from|times?|time (from|start|starts|begins|of session|slot|in|s)|session times?|"
    r"times? of (the )?(session|group)s?|hours|opens|opening( time)?|(session )?start time|starts at|what time|time of day|"
    r"clock times?|at|group times?|start finish|start end|time range",
    Column.CAPACITY: r"capacity|places|max(imum)?( places| capacity| number| numbers| families| children)?|spaces( available)?|limit|"
    r"number of places|group size",
    Column.DESCRIPTION: r"description|details|about|notes?|information|info|more info(rmation)?|summary|further (details|info.*)|"
    r"what (to expect|happens|is it about)|comments?|blurb|additional info.*|session (details|description)",
    Column.AUDIENCE: r"audience|who .*\b(for|come|attend)|who|who is it for|who for|for whom|for|who can (come|attend)|target( group| audience)?|suitable for|"
    r"aimed at|who should (come|attend)|who is this for|attendees|eligibility",
    Column.VENUE: r"venues?( name)?|locations?( name)?|sites?( name)?|where|where is it( on)?|place|centre( name)?|"
    r"(family )?hubs?( name)?|(children s|childrens|family) centre( name)?|setting( name)?|building|held at|"
    r"(hub|centre) (or|and) (venue|site)|delivery (site|location|venue)|base|(session|group|activity) (venue|location)|site venue|"
    r"venue location|cc|children centre|town|library",
    Column.ACTIVITY: r"activit(y|ies)( name| title)?|sessions?( name| title)?|groups?( name| title)?|what|what s on|whats on|"
    r"titles?|name|event( name| title)?s?|class(es)?( name)?|service( name)?s?|programmes?|course( name| title)?|"
    r"name of (the )?(activity|group|session|class|event|course)|activity session|session activity|offer|provision|subject|"
    r"group activity|activity group|club( name)?|(type of )?(session|activity)|what is it|what is on",
}

_HUBS: Mapping[Word, str] = {
    HubColumn.ALSO_KNOWN_AS: r"also known as|aka|a k a|other names?|alternative names?|known as|formerly|previous names?|old name|aliases?",
    HubColumn.POSTCODE: r"post ?code|zip|.*\bpost ?code",
    HubColumn.ADDRESS: r"address.*|street.*|full address|.*\baddress|location address",
    HubColumn.EMAIL: r"e ?mail.*|.*\be ?mail( address)?",
    HubColumn.PHONE: r"(tele)?phone.*|tel.*|contact (number|tel.*|phone)|number|call|landline|mobile",
    HubColumn.ACCESSIBILITY: r"accessib.*|access|disabled access|wheelchair.*|step free",
    HubColumn.OPENING: r"open(ing)?.*|hours|times|when open",
    HubColumn.KIND: r"kind|type|category|(hub|venue|site|centre|building) (type|kind|category)|type of (hub|venue|site|centre|place)|hub or (spoke|venue|outreach)",
    HubColumn.AREA: r"area|ward|district|locality|neighbourhood|town|city|parish|region|cluster|quadrant|patch|community|reach area|"
    r"(local )?area( team)?|area name",
    HubColumn.NAME: r"name|venues?|(family )?hubs?|hub name|sites?|site name|(children s|childrens|family)? ?centres?( name)?|"
    r"venue name|name of .*|setting( name)?|buildings?( name)?|place|title|location( name)?|organisation|outreach venue|where",
}

NEEDED: Mapping[type[Word], tuple[tuple[Word, ...], ...]] = {
    Column: ((Column.VENUE,), (Column.ACTIVITY,), (Column.WHEN,), (Column.STARTS,)),
    HubColumn: ((HubColumn.NAME,),),
}


@dataclass(frozen=True)
class Matching:
    """How a file's columns were understood."""

    header: Line | None
    taken: Mapping[Word, int]
    names: Mapping[int, str]
    unused: tuple[str, ...] = ()
    missing: tuple[Word, ...] = ()
    notes: tuple[str, ...] = ()
    width: int = MOST_COLUMNS
    """How many cells a row should have at most."""

    def cell(self, line: Line, column: Word) -> Cell:
        """Return what a row says in that column."""
        index = self.taken.get(column, len(line.cells))
        return line.cells[index] if index < len(line.cells) else None

    def name(self, column: Word) -> str:
        """Return what the file calls that column."""
        return self.names.get(self.taken.get(column, -1), "")

    def sentences(self) -> tuple[str, ...]:
        """Say which column was taken for what, which are not used, and which are missing."""
        said = [
            f"‘{self.names[index]}’ was taken as: {column.label}."
            for column, index in sorted(self.taken.items(), key=lambda pair: pair[1])
            if index in self.names
        ]
        if self.unused:
            said.append(f"Not used: {prose.listing([f'‘{name}’' for name in self.unused])}.")
        if self.missing:
            said.append(f"Missing: {prose.listing([column.label for column in self.missing])}.")
        return (*said, *self.notes)


def match_timetable(lines: Sequence[Line], *, choices: Mapping[str, str] | None = None) -> Matching:
    """Find the headings of a timetable, and say what each column was taken for.

    ``choices`` maps a heading of the file to a column, or to nothing when it is to be left out.
    """
    found = _match(lines, _TIMETABLE, Column, choices or {})
    return _by_content(lines, found)


def match_hubs(lines: Sequence[Line], *, choices: Mapping[str, str] | None = None) -> Matching:
    """Find the headings of a list of places, and say what each column was taken for."""
    return _match(lines, _HUBS, HubColumn, choices or {})


def _match(
    lines: Sequence[Line], words: Mapping[Word, str], kind: type[Word], choices: Mapping[str, str]
) -> Matching:
    candidates = [(line, _taken(line, words, kind, choices)) for line in lines[:ROWS_LOOKED_AT]]
    header, taken = max(candidates, key=lambda one: len(one[1]), default=(None, {}))
    least = 1 if kind is HubColumn else 2
    if header is None or len(taken) < least:
        return Matching(None, {}, {}, missing=_missing({}, kind))
    names = {index: text_of(cell) for index, cell in enumerate(header.cells) if text_of(cell)}
    unused = tuple(name for index, name in names.items() if index not in taken.values())
    notes = (
        ()
        if header is lines[0]
        else (f"The headings are on line {header.number}; what stands above was not used.",)
    )
    return Matching(header, taken, names, unused, _missing(taken, kind), notes)


def _taken(
    line: Line, words: Mapping[Word, str], kind: type[Word], choices: Mapping[str, str]
) -> dict[Word, int]:
    """Return which column each heading of a row names; the first that names it wins."""
    taken: dict[Word, int] = {}
    for index, cell in enumerate(line.cells):
        if not isinstance(cell, str) or len(cell) > 80:
            continue
        if text_of(cell) in choices:
            chosen = choices[text_of(cell)]
            if chosen:
                taken[kind(chosen)] = index
            continue
        column = _named(cell, words)
        if column and (column not in taken or _is_plainer(cell, _of(line, taken[column]), column)):
            taken[column] = index
    return dict(sorted(taken.items(), key=lambda pair: pair[1]))


def is_heading(cell: Cell) -> bool:
    """Say whether a cell could be the heading of a timetable's column."""
    return isinstance(cell, str) and _named(cell, _TIMETABLE) is not None


def _is_plainer(heading: str, other: str, column: Word) -> bool:
    """Say whether a heading names its column outright, as ``Venue`` does, and the one before it did not."""
    return column.value in _plain(heading) and column.value not in _plain(other)


def _of(line: Line, index: int) -> str:
    return text_of(line.cells[index])


def _named(cell: str, words: Mapping[Word, str]) -> Word | None:
    heading = _plain(cell)
    exact = next((column for column, names in words.items() if re.fullmatch(names, heading)), None)
    if exact or not heading:
        return exact
    shorter = _plain(re.sub(r"\(.*?\)|[:*?].*$", " ", cell))
    return next((column for column, names in words.items() if shorter and re.fullmatch(names, shorter)), None)


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9£]+", " ", text_of(heading).lower().replace("&", " and ")).split())


def _missing(taken: Mapping[Word, int], kind: type[Word]) -> tuple[Word, ...]:
    return tuple(either[0] for either in NEEDED[kind] if not any(column in taken for column in either))


def _by_content(lines: Sequence[Line], found: Matching) -> Matching:
    """Take a column whose cells hold days or times for what is missing, whatever its heading."""
    if found.header is None or not found.missing:
        return found
    rows = [line for line in lines if line.number > found.header.number]
    taken, notes = dict(found.taken), list(found.notes)
    if Column.WHEN in found.missing and _share(_cells(rows, taken.get(Column.FIRST_DATE)), _is_day) >= 0.5:
        taken[Column.WHEN] = taken.pop(Column.FIRST_DATE)
    if Column.WHEN in _missing(taken, Column) and (index := _holding_days(rows, taken)) is not None:
        taken[Column.WHEN] = index
        notes.append(f"{_called(found, index)} was taken as the day, for its cells hold days.")
    if Column.STARTS in found.missing and (index := _holding_times(rows, taken)) is not None:
        taken[Column.STARTS] = index
        notes.append(f"{_called(found, index)} was taken as the time, for its cells hold times.")
    missing = tuple(
        column for column in _missing(taken, Column) if not _is_said_elsewhere(column, rows, taken)
    )
    unused = tuple(name for index, name in found.names.items() if index not in taken.values())
    return Matching(found.header, taken, found.names, unused, missing, tuple(notes))


def _is_said_elsewhere(missing: Word, rows: Sequence[Line], taken: Mapping[Word, int]) -> bool:
    """Say whether days stand beside the times in one cell, or the other way round."""
    if missing == Column.STARTS:
        return _share(_cells(rows, taken.get(Column.WHEN)), _is_time) >= 0.5
    if missing != Column.WHEN:
        return False
    return Column.FIRST_DATE in taken or any(
        _share(_cells(rows, taken.get(column)), _is_day) >= 0.5 for column in (Column.STARTS, Column.EVERY)
    )


def _called(found: Matching, index: int) -> str:
    return f"‘{found.names[index]}’" if index in found.names else f"Column {index + 1}"


def _cells(rows: Sequence[Line], index: int | None) -> list[Cell]:
    if index is None:
        return []
    return [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index] is not None]


def _free(rows: Sequence[Line], taken: Mapping[Word, int]) -> Iterable[int]:
    return (
        index
        for index in range(max((len(row.cells) for row in rows), default=0))
        if index not in taken.values()
    )


def _holding_days(rows: Sequence[Line], taken: Mapping[Word, int]) -> int | None:
    return next((index for index in _free(rows, taken) if _share(_cells(rows, index), _is_day) >= 0.7), None)


def _holding_times(rows: Sequence[Line], taken: Mapping[Word, int]) -> int | None:
    return next((index for index in _free(rows, taken) if _share(_cells(rows, index), _is_time) >= 0.7), None)


def _share(cells: Sequence[Cell], holds: Callable[[Cell], bool]) -> float:
    return sum(holds(cell) for cell in cells) / len(cells) if cells else 0.0


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(find_weekdays(cell)[0].value) and len(cell) < 60


def _is_time(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(find_times(cell)[0].value)
