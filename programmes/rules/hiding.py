"""Which counts are not shown, so that nothing is known of fewer than five people. Pure.

A term is decided by itself, once; a school year is the sum of its terms, and gives way to them. A reader may hold every
report beside every other: what is not shown is not to be had by adding and taking away either.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple, TypeVar

from kernel.words import Word

FEWEST = 5
"""Nothing is shown of fewer people than these."""
MANY = 10**9
PRIME = 2**31 - 1

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Cell = tuple[Row | None, Column | None]
"""A row and a column of a table; None for the total of them."""
Counts = Mapping[Cell[Row, Column], int]
Spot = tuple[Hashable, Hashable, Hashable]
"""A term, a row and a column; None for the total of them."""
Line = tuple[Spot, Sequence[Spot]]
"""A total, and the spots of which it is the sum."""


class Hidden(Word):
    """Why a figure is not shown."""

    FEW = "few", "fewer than 5"
    COVERED = "covered", "not shown"


class Silence(NamedTuple):
    """What is known of a table beforehand: where nothing went on, and what is not shown for another reason."""

    nobody: Collection[Spot] = frozenset()
    covered: Collection[Spot] = frozenset()


Shut = Mapping[Cell[Row, Column], Hidden]


def closed(
    counts: Mapping[str | None, Counts[Row, Column]],
    rows: Sequence[Row],
    columns: Sequence[Column] = (),
    silence: Silence = Silence(),
) -> dict[str | None, Shut[Row, Column]]:
    """Return the cells that are not shown, of each term and, under None, of what they come to.

    They are those below five, and those by which such a one would be known. A year that is the sum of several terms
    does not say which: that alone can tell how many came in a term.
    """
    terms: dict[str | None, Shut[Row, Column]] = {
        term: _Table({term: cells}, rows, columns, silence).shut(term)
        for term, cells in counts.items()
        if term is not None
    }
    if len(terms) == 1:
        return {None: next(iter(terms.values())), **terms}
    year = _Table(counts, rows, columns, silence, decided=terms)
    return {None: dict.fromkeys(year.shut(None), Hidden.COVERED), **terms}


class _Table:
    """Counts by term, row and column with all their totals, and what of them is not shown so far."""

    def __init__(
        self,
        counts: Mapping[str | None, Counts[Any, Any]],
        rows: Sequence[Hashable],
        columns: Sequence[Hashable],
        silence: Silence,
        *,
        decided: Mapping[str | None, Shut[Any, Any]] | None = None,
    ) -> None:
        self.of_year = decided is not None
        decided = decided or {}
        self.counts: dict[Spot, int] = {
            (term, *cell): n for term, cells in counts.items() for cell, n in cells.items()
        }
        self.fixed = {spot for spot in self.counts if spot[0] in decided} | set(silence.nobody)
        self.found: dict[Spot, Hidden] = {
            (term, *cell): why for term, cells in decided.items() for cell, why in cells.items()
        }
        for spot in self.counts.keys() - self.fixed:
            if self.counts[spot] < FEWEST:
                self.found[spot] = Hidden.FEW
            elif spot in silence.covered:
                self.found[spot] = Hidden.COVERED
        self.lines = _lines(list(counts), rows, columns)
        self.open = [(total, parts) for total, parts in self.lines if not {total, *parts} <= self.fixed]
        self.through: dict[Spot, list[Line]] = {}
        for line in self.lines:
            for spot in (line[0], *line[1]):
                self.through.setdefault(spot, []).append(line)

    def shut(self, term: str | None) -> dict[Any, Hidden]:
        """Return the cells of a term that are not shown."""
        self._settle()
        return {(row, column): why for (when, row, column), why in self.found.items() if when == term}

    def _settle(self) -> None:
        """Hide more until nothing below five can be known."""
        while self._mend_sums() or self._mend_differences() or self._mend_chains():
            pass

    def _mend_sums(self) -> bool:
        """Hide another part of each sum that gives one away."""
        mended = False
        for line in self.open:
            while self._gives_away(line) and self._hide_one([line]):
                mended = True
        return mended

    def _mend_differences(self) -> bool:
        """Hide a figure that differs by one to four from another in which its people are counted too."""
        mended = False
        for spot, n in self.counts.items():
            for whole in _around(spot):
                close = 0 < self.counts.get(whole, 0) - n < FEWEST
                if close and spot not in self.found and whole not in self.found:
                    hideable = [one for one in (spot, whole) if one not in self.fixed]
                    self.found.update(dict.fromkeys(hideable[:1], Hidden.COVERED))
                    mended = mended or bool(hideable)
        return mended

    def _mend_chains(self) -> bool:
        """Hide another figure where sums beside each other give one below five."""
        known = self._pinned() or self._worked_out()
        return bool(known) and (self._hide_one(self.through[known[0]]) or self._hide_one(self.lines))

    def _pinned(self) -> list[Spot]:
        """Return what below five is left one value, when every sum narrows what the others leave."""
        spans = {spot: (n, n) for spot, n in self.counts.items()}
        spans |= {spot: self._span(spot) for spot in self.found}
        narrower = True
        while narrower:
            narrower = False
            for total, parts in self.lines:
                least = sum(spans[one][0] for one in parts) - spans[total][1]
                most = sum(spans[one][1] for one in parts) - spans[total][0]
                for spot in (total, *parts):
                    low, high = spans[spot]
                    if low == high:
                        continue
                    if spot == total:
                        new = max(low, least + high), min(high, most + low)
                    else:
                        new = max(low, high - most), min(high, low - least)
                    if new != (low, high):
                        spans[spot], narrower = new, True
                        break
        return [spot for spot, why in self.found.items() if why is Hidden.FEW and len({*spans[spot]}) == 1]

    def _worked_out(self) -> list[Spot]:
        """Return what below five comes out when sums are added to and taken from each other."""
        places = {spot: place for place, spot in enumerate(self.found)}
        sums = [
            {places[spot]: PRIME - 1 if spot == total else 1 for spot in (total, *parts) if spot in places}
            for total, parts in self.lines
        ]
        spots, known = list(self.found), _alone(one for one in sums if one)
        return [spots[place] for place in known if self.found[spots[place]] is Hidden.FEW]

    def _span(self, spot: Spot) -> tuple[int, int]:
        """Return between what a hidden figure lies, as its words say: of a year they say nothing."""
        if spot[0] is None and self.of_year:
            return 0, MANY
        return (0, FEWEST - 1) if self.found[spot] is Hidden.FEW else (FEWEST, MANY)

    def _hide_one(self, lines: Iterable[Line]) -> bool:
        """Hide the smallest figure of these sums that is still shown, rather a part than a total."""
        shown = [
            (spot == total, self.counts[spot], spot)
            for total, parts in lines
            for spot in (*parts, total)
            if spot in self.counts and spot not in self.found and spot not in self.fixed
        ]
        if not shown:
            return False
        self.found[min(shown, key=lambda one: one[:2])[2]] = Hidden.COVERED
        return True

    def _gives_away(self, line: Line) -> bool:
        """Say whether what is shown of a sum leaves a hidden part one value alone, or all of them fewer than five."""
        total, parts = line
        unknown = [spot for spot in (total, *parts) if spot in self.found]
        rest = sum(self.counts.get(spot, 0) for spot in parts if spot not in self.found)
        if total not in self.found:
            rest -= self.counts.get(total, 0)
            if unknown and -rest < FEWEST:
                return True
        # sum(hidden parts) + rest = hidden total: each lies between what the others leave it.
        spans = {spot: self._span(spot) for spot in unknown}
        if total in spans:
            spans[total] = -spans[total][1], -spans[total][0]
        lowest, highest = (sum(span[end] for span in spans.values()) for end in (0, 1))
        for low, high in spans.values():
            if max(low, -rest - (highest - high)) >= min(high, -rest - (lowest - low)):
                return True
        return False


def _around(spot: Spot) -> Iterable[Spot]:
    """Return the spots in which its people are counted too, and itself."""
    term, row, column = spot
    return product({term, None}, {row, None}, {column, None})


def _lines(terms: Sequence[str | None], rows: Sequence[Hashable], columns: Sequence[Hashable]) -> list[Line]:
    """Return every total with the spots of which it is the sum."""
    found: list[Line] = []
    for term in terms:
        if columns:
            found += [((term, row, None), [(term, row, one) for one in columns]) for row in (*rows, None)]
        found += [((term, None, one), [(term, row, one) for row in rows]) for one in (*columns, None)]
    parts = [term for term in terms if term is not None]
    if None in terms:
        cells = product((*rows, None), (*columns, None))
        found += [((None, *cell), [(term, *cell) for term in parts]) for cell in cells]
    return found


def _alone(sums: Iterable[dict[int, int]]) -> list[int]:
    """Return the unknowns that these sums make known: each says how often it counts which.

    Sums are taken from each other until each leads with an unknown that no other has; one that holds no more is known.
    Remainders of a large prime stand for fractions.
    """
    leading: dict[int, dict[int, int]] = {}
    for one in sums:
        rest = dict(one)
        for place in leading.keys() & one.keys():
            _take(rest, leading[place], rest[place])
        if not rest:
            continue
        first = min(rest)
        turned = pow(rest[first], -1, PRIME)
        rest = {place: n * turned % PRIME for place, n in rest.items()}
        for other in leading.values():
            if first in other:
                _take(other, rest, other[first])
        leading[first] = rest
    return [place for place, rest in leading.items() if len(rest) == 1]


def _take(one: dict[int, int], other: dict[int, int], times: int) -> None:
    for place, n in other.items():
        left = (one.get(place, 0) - n * times) % PRIME
        if left:
            one[place] = left
        else:
            one.pop(place, None)
