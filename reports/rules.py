"""How a comparison is put together. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from hubs.terms import ActivityKind
from kernel import prose
from kernel.sheets import harmless
from reports.terms import AgeBand, Measure

MOST_MONTHS = 36
MOST_LINES = 8


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is compared: months from the first to the last, of these activities, ages and hubs."""

    first: date
    last: date
    """The first days of the first and of the last month."""
    kind: ActivityKind | None = None
    band: AgeBand | None = None
    hub_ids: frozenset[UUID] | None = None
    """None: all hubs."""

    @property
    def months(self) -> list[date]:
        """Return the first day of each month."""
        return months_between(self.first, self.last)

    @property
    def end(self) -> date:
        """Return the first day that is no longer counted."""
        return next_month(self.last)


@dataclass
class Counts:
    """What was counted for a hub and month, or for a total of them."""

    visits: int = 0
    heads: int = 0
    children: int = 0
    families: int = 0
    booked: int = 0
    absent: int = 0
    held: int = 0
    called_off: int = 0
    places: int = 0
    used: int = 0

    def of(self, measure: Measure) -> float | None:
        """Return a measure: a count, or a percentage; None where there is nothing to divide by."""
        match measure:
            case Measure.VISITS:
                return self.visits + self.heads
            case Measure.FILL:
                return percentage(self.used, self.places)
            case Measure.NO_SHOWS:
                return percentage(self.absent, self.booked)
        return int(getattr(self, measure.value))


Spot = tuple[UUID | None, date | None]
"""A hub and a month; None for all of them."""


@dataclass(frozen=True)
class Comparison:
    """What was counted, by hub and month, with totals of each and of all."""

    wanted: Wanted
    hubs: Sequence[tuple[UUID, str]]
    counts: Mapping[Spot, Counts] = field(default_factory=dict)

    def at(self, hub: UUID | None, month: date | None) -> Counts:
        """Return what was counted there; nothing is counted as nothing."""
        return self.counts.get((hub, month), Counts())

    def value(self, measure: Measure, hub: UUID | None, month: date | None) -> float | None:
        """Return a measure of a hub (None: all) in a month (None: all)."""
        return self.at(hub, month).of(measure)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all was counted."""
        total = self.at(None, None)
        return not (total.visits or total.heads or total.held or total.called_off)

    def lines(self, measure: Measure) -> list[tuple[str, list[float | None]]]:
        """Return a line of the chart for each hub, those with the most attendances first, at most eight."""
        busiest = sorted(
            self.hubs, key=lambda hub: (-(self.value(Measure.VISITS, hub[0], None) or 0), hub[1])
        )
        return [
            (name, [self.value(measure, hub, month) for month in self.wanted.months])
            for hub, name in busiest[:MOST_LINES]
        ]


def percentage(part: int, whole: int) -> float | None:
    """Return how many of a hundred, with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def written(measure: Measure, value: float | None) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return "–"
    return f"{value:.0f}%" if measure.is_rate else f"{value:,.0f}"


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of the months from one to another, both included."""
    months, month = [], month_of(first)
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months


def short_month(month: date) -> str:
    """Return ``Mar 2026``."""
    name, _, year = prose.month(month).partition(" ")
    return f"{name[:3]} {year}"


def sheet(comparison: Comparison) -> Iterable[list[str]]:
    """Return the lines of the file: a heading, one for each hub and month, and the totals, which cannot be summed."""
    yield ["Hub", "Month", *(measure.label + (" (%)" if measure.is_rate else "") for measure in Measure)]
    for hub, name in [*comparison.hubs, (None, "All hubs")]:
        for month in [*comparison.wanted.months, None]:
            values = (comparison.value(measure, hub, month) for measure in Measure)
            shown = prose.month(month) if month else "All months"
            yield [harmless(name), shown, *("" if value is None else f"{value:g}" for value in values)]
