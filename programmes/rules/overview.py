"""Programmes and hubs beside each other: every measure of each, and of all of them, as far as it is shown. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from programmes.rules.hiding import Hidden, hidden
from programmes.rules.measures import (
    COUNTED,
    COURSE_MEASURES,
    Figures,
    Journey,
    Measure,
    figures,
    in_file,
    rounded,
    written,
)

Spot = tuple[UUID | None, UUID | None]
"""A hub and a programme; None for all of them."""
Named = Sequence[tuple[UUID, str]]
Shown = Fraction | Hidden | None


@dataclass(frozen=True)
class Overview:
    """What was counted, by hub and programme, with totals of each and of all; and what of it is not shown."""

    hubs: Named
    programmes: Named
    figures: Mapping[Spot, Figures]
    hidden: Mapping[str, Mapping[Spot, Hidden]]

    def at(self, code: str, hub: UUID | None = None, programme: UUID | None = None) -> Shown:
        """Return a measure as far as it is shown; None where there is nothing to divide by."""
        one = next(measure for measure in COURSE_MEASURES if measure.code == code)
        for count in one.of or (code,):
            if why := self.hidden.get(count, {}).get((hub, programme)):
                return why
        return self.figures.get((hub, programme), Figures()).of(code)

    def percent(self, code: str, hub: UUID | None = None, programme: UUID | None = None) -> float | None:
        """Return a share of a hundred, for a chart; None where it is not shown."""
        value = self.at(code, hub, programme)
        return float(rounded(value * 100)) if isinstance(value, Fraction) else None

    @property
    def is_empty(self) -> bool:
        """Say whether nobody was offered a place."""
        return not self.figures.get((None, None), Figures()).offered

    @property
    def hides(self) -> bool:
        """Say whether anything is not shown."""
        return any(self.hidden.values())


def overview(hubs: Named, programmes: Named, journeys: Iterable[Journey]) -> Overview:
    """Return the measures of these ways through programmes."""
    grouped: dict[Spot, list[Journey]] = defaultdict(list)
    for journey in journeys:
        for hub in (journey.hub_id, None):
            for programme in (journey.programme_id, None):
                grouped[hub, programme].append(journey)
    rows, columns = [hub for hub, _ in hubs], [programme for programme, _ in programmes]
    spots: list[Spot] = [(hub, programme) for hub in (*rows, None) for programme in (*columns, None)]
    counted = {spot: figures(grouped.get(spot, [])) for spot in spots}
    nobody = [spot for spot, one in counted.items() if not one.offered]
    found = {}
    for count in COUNTED:
        cells = {spot: getattr(one, count) for spot, one in counted.items()}
        least = 1 if count == "offered" else 0
        found[count] = hidden(cells, rows, columns, nobody=nobody, least=least)
    return Overview(hubs, programmes, counted, found)


def cell(value: Shown, measure: Measure) -> str:
    """Return a figure as a table shows it."""
    return value.label if isinstance(value, Hidden) else written(value, measure.kind)


def sheet(found: Overview, hub: UUID | None = None, programme: UUID | None = None) -> Iterable[list[object]]:
    """Return the lines of the file: a heading, then each hub and programme, with the totals that are not sums."""
    yield [
        "Hub",
        "Programme",
        *(one.name + (" (%)" if one.kind == "share" else "") for one in COURSE_MEASURES),
    ]
    for hub_id, hub_name in [*found.hubs, (None, "All hubs")]:
        for programme_id, name in [*found.programmes, (None, "All programmes")]:
            if hub not in (None, hub_id) or programme not in (None, programme_id):
                continue
            values = ((found.at(one.code, hub_id, programme_id), one) for one in COURSE_MEASURES)
            yield [hub_name, name, *(_in_file(value, one) for value, one in values)]


def _in_file(value: Shown, measure: Measure) -> object:
    return value.label if isinstance(value, Hidden) else in_file(value, measure.kind)
