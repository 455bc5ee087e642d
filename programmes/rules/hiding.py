"""Which counts of a table are not shown, so that nothing is known of fewer than five people. Pure."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from kernel.words import Word

FEWEST = 5
"""Nothing is shown of fewer people than these."""

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Cell = tuple[Row | None, Column | None]
"""A row and a column of a table; None for the total of them."""


class Hidden(Word):
    """Why a figure is not shown."""

    FEW = "few", "fewer than 5"
    COVERED = "covered", "not shown"


def hidden(
    counts: Mapping[Cell[Row, Column], int],
    rows: Sequence[Row],
    columns: Sequence[Column] = (),
    *,
    nobody: Iterable[Cell[Row, Column]] = (),
    least: int = 0,
) -> dict[Cell[Row, Column], Hidden]:
    """Return the cells that are not shown: those below five, and as many others as keep these from being worked out.

    ``nobody``: cells in which there is nobody at all, so that there is nothing to hide. ``least``: what everybody knows
    that few are at least: 1 where nought is always shown.
    """
    empty = set(nobody)
    found = {cell: Hidden.FEW for cell, n in counts.items() if n < FEWEST and cell not in empty}
    lines = _lines(rows, columns)
    settled = False
    while not settled:
        settled = True
        for total, parts in lines:
            line = [*parts, total]
            if not _can_be_worked_out(counts, found, parts, total, least):
                continue
            shown = [cell for cell in line if cell not in found and counts.get(cell, 0) >= FEWEST]
            if shown:
                found[min(shown, key=lambda cell: (cell == total, counts[cell]))] = Hidden.COVERED
                settled = False
    return found


def _lines(
    rows: Sequence[Row], columns: Sequence[Column]
) -> list[tuple[Cell[Row, Column], list[Cell[Row, Column]]]]:
    """Return every total with the cells of which it is the sum."""
    if not columns:
        return [((None, None), [(row, None) for row in rows])]
    across: list[tuple[Cell[Row, Column], list[Cell[Row, Column]]]] = [
        ((row, None), [(row, column) for column in columns]) for row in (*rows, None)
    ]
    return across + [((None, column), [(row, column) for row in rows]) for column in (*columns, None)]


def _can_be_worked_out(
    counts: Mapping[Cell[Row, Column], int],
    found: Mapping[Cell[Row, Column], Hidden],
    parts: Sequence[Cell[Row, Column]],
    total: Cell[Row, Column],
    few: int,
) -> bool:
    """Say whether what is shown of a sum leaves a hidden part of it, or the hidden total, one value alone."""
    unknown = [cell for cell in (*parts, total) if cell in found]
    rest = sum(counts.get(cell, 0) for cell in parts if cell not in found)
    if total not in found:
        rest -= counts.get(total, 0)
    for one in unknown:
        # sum(hidden parts) + rest = hidden total: each lies between what the others leave it.
        lowest, highest = -rest, -rest
        sign = 1 if one != total else -1
        for other in unknown:
            if other == one:
                continue
            least, most = _bounds(found[other], few)
            lowest -= most if other != total else -least
            highest -= least if other != total else -most
        if sign < 0:
            lowest, highest = -highest, -lowest
        least, most = _bounds(found[one], few)
        if max(lowest, least) >= min(highest, most):
            return True
    return False


MANY = 10**9


def _bounds(why: Hidden, few: int) -> tuple[int, int]:
    return (few, FEWEST - 1) if why is Hidden.FEW else (FEWEST, MANY)
