"""Programmes and hubs beside each other: every measure of each, and of all of them, as far as it is shown. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any
from uuid import UUID

from programmes.rules.hiding import Hidden, Silence, closed
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
Run = tuple[str, UUID, UUID]
"""A term, a hub, and a programme that ran there."""
Named = Sequence[tuple[UUID, str]]
Shown = Fraction | Hidden | None


@dataclass(frozen=True)
class Overview:
    """What was counted, by hub and programme, with totals of each and of all; and what of it is not shown."""

    hubs: Named
    programmes: Named
    figures: Mapping[Spot, Figures]
    closed: Mapping[str, Mapping[str | None, Mapping[Spot, Hidden]]]
    """What is not shown, by count and term; None for the term or year that is told of."""
    ran: Collection[tuple[str | None, UUID | None, UUID | None]]
    """In which term and at which hub a programme ran; None for any."""

    def at(self, code: str, hub: UUID | None = None, programme: UUID | None = None) -> Shown:
        """Return a measure as far as it is shown; None where there is nothing to divide by."""
        one = next(measure for measure in COURSE_MEASURES if measure.code == code)
        for count in one.of or (code,):
            if why := self.hidden(count).get((hub, programme)):
                return why
        return self.figures.get((hub, programme), Figures()).of(code)

    def percent(self, code: str, hub: UUID | None = None, programme: UUID | None = None) -> float | None:
        """Return a share of a hundred, for a chart; None where it is not shown."""
        value = self.at(code, hub, programme)
        return float(rounded(value * 100)) if isinstance(value, Fraction) else None

    def hidden(self, count: str) -> Mapping[Spot, Hidden]:
        """Return what is not shown of a count."""
        return self.closed.get(count, {}).get(None, {})

    def ran_at(self, hub: UUID | None = None, programme: UUID | None = None) -> bool:
        """Say whether a programme ran at a hub; None: any."""
        return (None, hub, programme) in self.ran

    def not_run_at(self, programme: UUID) -> list[str]:
        """Return the names of the hubs at which other programmes ran and this one did not."""
        return [name for hub, name in self.hubs if not self.ran_at(hub, programme)]

    def silence(self, programme: UUID) -> Silence:
        """Return at which hubs nothing is said of the matched pairs of a programme: nor is it of their scores."""
        terms, hubs = {term for term, _, _ in self.ran}, [*(hub for hub, _ in self.hubs), None]
        every = {(term, hub, programme) for term in terms for hub in hubs}
        pairs = self.closed.get("pairs", {})
        return Silence(
            nobody={(term, hub, None) for term, hub, _ in every - {*self.ran}},
            covered={(term, hub, None) for term, hub, _ in every if (hub, programme) in pairs.get(term, {})},
        )


def overview(
    hubs: Named, programmes: Named, journeys: Sequence[Journey], runs: Iterable[Run] = ()
) -> Overview:
    """Return the measures of these ways through programmes, which lie in one term or in one school year.

    ``runs``: where programmes ran, also without anybody.
    """
    held = {*runs, *((one.term, one.hub_id, one.programme_id) for one in journeys)}
    terms = sorted({term for term, _, _ in held})
    rows, columns = [hub for hub, _ in hubs], [programme for programme, _ in programmes]
    spots: list[Spot] = [(hub, programme) for hub in (*rows, None) for programme in (*columns, None)]
    counted: dict[str | None, dict[Spot, Figures]] = {None: _counted(spots, journeys)}
    counted |= {term: _counted(spots, [one for one in journeys if one.term == term]) for term in terms}
    ran: set[Any] = {
        (term, *spot) for one in held for term, *spot in product(*({part, None} for part in one))
    }
    nobody = {(term, *spot) for term in counted for spot in spots if (term, *spot) not in ran}
    shut: dict[str, dict[str | None, Mapping[Spot, Hidden]]] = {}
    for count in COUNTED:
        cells = {
            term: {spot: getattr(one, count) for spot, one in of.items()} for term, of in counted.items()
        }
        shut[count] = closed(cells, rows, columns, Silence(nobody))
    return Overview(hubs, programmes, counted[None], shut, ran)


def _counted(spots: Iterable[Spot], journeys: Iterable[Journey]) -> dict[Spot, Figures]:
    grouped: dict[Spot, list[Journey]] = defaultdict(list)
    for journey in journeys:
        for spot in product((journey.hub_id, None), (journey.programme_id, None)):
            grouped[spot].append(journey)
    return {spot: figures(grouped.get(spot, [])) for spot in spots}


def cell(value: Shown, measure: Measure) -> str:
    """Return a figure as a table shows it."""
    return value.label if isinstance(value, Hidden) else written(value, measure.kind)


def sheet(found: Overview, hub: UUID | None = None, programme: UUID | None = None) -> Iterable[list[object]]:
    """Return the lines of the file: a heading, then each programme at each hub where it ran, and the totals."""
    yield [
        "Hub",
        "Programme",
        *(one.name + (" (%)" if one.kind == "share" else "") for one in COURSE_MEASURES),
    ]
    for hub_id, hub_name in [*found.hubs, (None, "All hubs")]:
        for programme_id, name in [*found.programmes, (None, "All programmes")]:
            chosen = hub in (None, hub_id) and programme in (None, programme_id)
            if not chosen or not found.ran_at(hub_id, programme_id):
                continue
            values = ((found.at(one.code, hub_id, programme_id), one) for one in COURSE_MEASURES)
            yield [hub_name, name, *(_in_file(value, one) for value, one in values)]


def _in_file(value: Shown, measure: Measure) -> object:
    return value.label if isinstance(value, Hidden) else in_file(value, measure.kind)
