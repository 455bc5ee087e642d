"""Files that are laid out for the eye: grids of weekdays, headings between the rows, cells left blank as above."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import multimode

from hubs.rules.columns import ROWS_LOOKED_AT, Column, Matching, is_heading, match_timetable
from hubs.rules.days import read_weekdays
from hubs.rules.reading import text_of
from hubs.rules.times import find_times
from kernel.spreadsheets import Cell, Line
from kernel.words import Word

_NOTHING_ON = re.compile(r"-+|closed|n/?a|none|no sessions?|x", re.IGNORECASE)


def unfolded(lines: Sequence[Line]) -> tuple[tuple[Line, ...], bool]:
    """Return a week's grid, with a column for each weekday, as one row for each session; and whether it was one."""
    for position, line in enumerate(lines[:ROWS_LOOKED_AT]):
        days = [index for index, cell in enumerate(line.cells) if _is_weekday(cell)]
        if len(days) >= 3:
            others = [index for index in range(days[0]) if index not in days]
            header = Line(
                line.number, (*_headings(line, lines[position + 1 :], others), "Day", "Time", "Activity")
            )
            rows = [row for below in lines[position + 1 :] for row in _sessions(below, line, days, others)]
            return (*lines[:position], header, *rows), True
    return tuple(lines), False


def _is_weekday(cell: Cell) -> bool:
    found = read_weekdays(cell).value if isinstance(cell, str) and len(cell) < 20 else None
    return found is not None and len(found) == 1


def _headings(line: Line, below: Sequence[Line], others: Sequence[int]) -> list[Cell]:
    """Name the columns before the weekdays: by their headings, or by what their cells hold."""
    named: list[Cell] = []
    for index in others:
        cells = [row.cells[index] for row in below if index < len(row.cells) and row.cells[index] is not None]
        times = sum(bool(find_times(text_of(cell))[0].value) for cell in cells)
        named.append(
            "Session time"
            if cells and times * 2 > len(cells)
            else line.cells[index]
            if is_heading(line.cells[index])
            else "Venue"
        )
    return named


def _sessions(row: Line, header: Line, days: Sequence[int], others: Sequence[int]) -> list[Line]:
    cells = dict(enumerate(row.cells))
    before = [cells.get(index) for index in others]
    if all(cells.get(index) is None for index in days):
        return [Line(row.number, (*before, None, None, None))] if any(c is not None for c in before) else []
    return [
        Line(row.number, (*before, header.cells[index], *_time_and_activity(part)))
        for index in days
        for part in _parts(cells.get(index))
    ]


def _parts(cell: Cell) -> list[str]:
    """Split a cell that lists several sessions, each with its time on a line of its own."""
    text = str(cell or "").strip()
    if not text or _NOTHING_ON.fullmatch(text):
        return []
    parts = [part for part in re.split(r"\n|;", text) if part.strip()]
    return parts if len(parts) > 1 and all(find_times(part)[0].value for part in parts) else [text]


def _time_and_activity(text: str) -> tuple[Cell, Cell]:
    plain = text_of(text)
    found, rest = find_times(plain)
    if not found.value:
        return None, plain
    return f"{found.value.starts:%H:%M}-{found.value.ends:%H:%M}", rest.strip(" -:,()") or None


@dataclass(frozen=True)
class Laidout:
    """A timetable's rows, each complete in itself."""

    columns: Matching
    rows: tuple[Line, ...]
    notes: tuple[str, ...]


def laid_out(lines: Sequence[Line], columns: Matching) -> Laidout:
    """Return the rows below the headings, with what a heading between them or a cell above says filled in."""
    assert columns.header is not None
    rows: Sequence[Line] = [row for row in lines if lines.index(row) > lines.index(columns.header)]
    rows = [row for row in rows if row.cells != columns.header.cells]
    usual = multimode(len(row.cells) for row in rows)
    columns, rows, notes = _with_sections(rows, columns, max(len(columns.header.cells), *usual, 0))
    for column in (Column.VENUE, Column.WHEN, Column.ACTIVITY):
        rows, filled = _filled(rows, columns, column)
        if filled:
            name = columns.name(column) or column.label
            notes.append(f"Blank cells of ‘{name}’ were read as the same as above, in {filled} rows.")
    return Laidout(columns, tuple(rows), tuple(notes))


def _with_sections(
    rows: Sequence[Line], columns: Matching, usual: int
) -> tuple[Matching, list[Line], list[str]]:
    """Take a line of one cell for the place (or the day) of the rows below it, when no column says that."""
    notes: list[str] = []
    wanted = [c for c in (Column.VENUE, Column.WHEN) if c not in columns.taken]
    width = usual
    extra = {column: width + n for n, column in enumerate(wanted)}
    said: dict[Column, str] = {}
    kept = []
    for row in rows:
        cells = [cell for cell in row.cells if cell is not None]
        if len(row.cells) > usual:
            kept.append(Line(row.number, (*row.cells, *(None for _ in wanted), None)))
        elif len(cells) > 1 or not isinstance(cells[0], str):
            tail = tuple(said.get(column) for column in wanted)
            kept.append(Line(row.number, row.cells + (None,) * (width - len(row.cells)) + tail))
        elif (heading := _heading(text_of(cells[0]))) and heading in wanted:
            said[heading] = text_of(cells[0]).rstrip(":")
        else:
            notes.append(f"Line {row.number} was not used: ‘{text_of(cells[0])[:80]}’.")
    used = {column: extra[column] for column in wanted if column in said}
    if not used:
        return replace(columns, width=width + len(wanted)), kept, notes
    missing = tuple(column for column in columns.missing if column not in used)
    taken: dict[Word, int] = {**columns.taken}
    for column, index in used.items():
        taken[column] = index
    notes += [f"{column.label}: taken from the headings between the rows." for column in used]
    return replace(columns, taken=taken, missing=missing, width=width + len(wanted)), kept, notes


def _heading(text: str) -> Column | None:
    """Say whether a line of its own names a day or a place."""
    if len(text) >= 80:
        return None
    return Column.WHEN if _is_weekday(text) else Column.VENUE


def _filled(rows: Sequence[Line], columns: Matching, column: Column) -> tuple[list[Line], int]:
    """Fill blank cells from above, only where the column is plainly grouped: many blanks, no value twice running."""
    index = columns.taken.get(column)
    cells = [columns.cell(row, column) for row in rows]
    blanks = sum(cell is None for cell in cells)
    repeats = any(one is not None and one == other for one, other in pairwise(cells))
    enough = len(cells) / (2 if column == Column.ACTIVITY else 4)
    if index is None or not enough <= blanks < len(cells) or not blanks or cells[0] is None or repeats:
        return list(rows), 0
    filled, above = [], cells[0]
    for row, cell in zip(rows, cells, strict=True):
        above = cell if cell is not None else above
        padded = row.cells + (None,) * (index + 1 - len(row.cells))
        filled.append(Line(row.number, (*padded[:index], above, *padded[index + 1 :])))
    return filled, blanks


def match(lines: Sequence[Line], choices: dict[str, str] | None = None) -> tuple[tuple[Line, ...], Matching]:
    """Return the lines of a timetable, unfolded when they are a grid, and what its columns were taken for."""
    straight, _ = unfolded(lines)
    return straight, match_timetable(straight, choices=choices)
