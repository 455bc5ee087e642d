"""What became of the scores of those who answered before and after, by scale and hub, as far as it is shown. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import NamedTuple
from uuid import UUID

from outcomes.rules import Band, Instrument, Scale, Summary, change_of, left_clinical, summary
from outcomes.terms import Changed, Direction, Occasion, Respondent
from programmes.rules.hiding import FEWEST, Hidden, Silence, closed
from programmes.rules.measures import SCALE_MEASURES, Journey, Key, in_file, rounded

LATER = (Occasion.AFTER, Occasion.FOLLOW_UP)
Outcome = Summary | Hidden
Pair = tuple[UUID, tuple[Decimal, Decimal]]
"""Somebody, and their scores before and later."""
Spots = Mapping[tuple[str, UUID], list[Pair]]
"""Matched pairs by term and hub."""


class Line(NamedTuple):
    """What became of the matched pairs of one hub, or of all."""

    name: str
    hub_id: UUID | None
    outcome: Outcome
    clinical: Hidden | None = None
    """Why it is not shown how many were in a clinical band."""

    @property
    def summary(self) -> Summary | None:
        """Return the figures, where they are shown."""
        return self.outcome if isinstance(self.outcome, Summary) else None

    @property
    def words(self) -> str:
        """Return how many pairs there are, or why that is not shown."""
        return self.outcome.label if isinstance(self.outcome, Hidden) else f"{self.outcome.n:,}"


@dataclass(frozen=True)
class Change:
    """A scale, compared between before and a later occasion."""

    key: Key
    occasion: Occasion
    instrument: Instrument
    scale: Scale
    bands: Sequence[Band]
    total: Line
    lines: Sequence[Line]
    """One for each hub; empty when there is but one."""

    @property
    def name(self) -> str:
        """Return what people call it: the questionnaire, the scale when there are several, and who answered."""
        parts = [self.instrument.name]
        if len(self.instrument.scales) > 1:
            parts.append(self.scale.name)
        if self.key.respondent != Respondent.PARENT:
            parts.append(f"answered by the {self.key.respondent.label.lower()}")
        return ", ".join(parts) + (": some months later" if self.occasion == Occasion.FOLLOW_UP else "")

    @property
    def better(self) -> str:
        """Return which way is better, in words."""
        return (
            "Higher scores are better."
            if self.scale.direction == Direction.HIGHER
            else "Lower scores are better."
        )

    @property
    def shown(self) -> list[Line]:
        """Return all of it first, and then each hub."""
        return [self.total, *self.lines]

    @property
    def few(self) -> bool:
        """Say whether any figure that is shown rests on fewer than thirty pairs."""
        return any(line.summary.few for line in self.shown if line.summary)


def changes(
    journeys: Sequence[Journey],
    hubs: Sequence[tuple[UUID, str]],
    bands: Mapping[Key, Sequence[Band]],
    instruments: Mapping[str, Instrument],
    *,
    hub_id: UUID | None = None,
    silence: Silence = Silence(),
    everyone: bool = False,
) -> list[Change]:
    """Return every scale that anybody answered twice, in the order of instruments and scales.

    With ``hub_id`` that hub's figures stand for the total, and are hidden as they are in the table of all hubs.
    ``silence``: of which hubs the overview says nothing.
    ``everyone``: for those who see each participant anyway, so that no figure hides another.
    """
    found = []
    for key, instrument, scale in _known(
        {key for journey in journeys for key in journey.scores}, instruments
    ):
        for occasion in LATER:
            pairs: dict[tuple[str, UUID], list[Pair]] = defaultdict(list)
            for journey in journeys:
                pairs[journey.term, journey.hub_id] += journey.pairs_by_person(key, occasion)
            if any(pairs.values()):
                hide = partial(_hidden, hubs=hubs, silence=silence, everyone=everyone)
                named = [(None, "This course" if everyone else "All hubs"), *hubs]
                lines = _lines(pairs, named, scale, bands.get(key, ()), hide)
                total = next(line for line in lines if line.hub_id == hub_id)
                others = [line for line in lines if line.hub_id] if hub_id is None and len(hubs) > 1 else []
                found.append(Change(key, occasion, instrument, scale, bands.get(key, ()), total, others))
    return found


def became(scale: Scale, before: Decimal | None, after: Decimal | None) -> Changed | None:
    """Return what became of one person; None without both scores, or without a rule."""
    return change_of(scale, before, after) if before is not None and after is not None else None


def _known(
    keys: Iterable[Key], instruments: Mapping[str, Instrument]
) -> Iterable[tuple[Key, Instrument, Scale]]:
    """Return the keys of scales that the product knows, a questionnaire's scales in its own order."""
    held = set(keys)
    for code, respondent in sorted({(key.instrument, key.respondent) for key in held}):
        if instrument := instruments.get(code):
            for scale in instrument.scales:
                key = Key(code, scale.code, respondent)
                if key in held:
                    yield key, instrument, scale


def _lines(
    pairs: Spots,
    named: Sequence[tuple[UUID | None, str]],
    scale: Scale,
    bands: Sequence[Band],
    hide: Callable[[Spots], Mapping[UUID | None, Hidden]],
) -> list[Line]:
    """Return the line of all hubs and of each, those hidden that must be."""
    ill = {
        spot: [one for one in some if left_clinical(bands, *one[1]) is not None]
        for spot, some in pairs.items()
    }
    why, why_clinical = hide(pairs), hide(ill)
    lines = []
    for hub, name in named:
        mine = [pair for (_, at), some in pairs.items() if hub in (None, at) for _, pair in some]
        outcome = why.get(hub) or summary(mine, scale, bands)
        if isinstance(outcome, Summary) and why_clinical.get(hub):
            outcome = replace(outcome, clinical_before=None, left_clinical=None)
        lines.append(Line(name, hub, outcome, why_clinical.get(hub)))
    return lines


def _hidden(
    pairs: Spots, *, hubs: Sequence[tuple[UUID, str]], silence: Silence, everyone: bool
) -> dict[UUID | None, Hidden]:
    """Return which lines are not shown; those who see ``everyone`` are told of all but the few."""
    terms, rows = sorted({term for term, _ in pairs}), [hub for hub, _ in hubs]
    counts = {
        term: {(hub, None): _people(pairs, term, hub) for hub in (*rows, None)} for term in (*terms, None)
    }
    found = closed(counts, rows, (), silence)[None]
    return {hub: why for (hub, _), why in found.items() if why is Hidden.FEW or not everyone}


def _people(pairs: Spots, term: str | None, hub: UUID | None) -> int:
    """Return how much counts for what is hidden: pairs, or people where fewer than five of them brought those.

    Nearly always each person brings one pair. Who took part twice brings two, and is still one person.
    """
    parts = [some for (when, at), some in pairs.items() if term in (None, when) and hub in (None, at)]
    people = [len({person_id for person_id, _ in some}) for some in parts]
    together = len({person_id for some in parts for person_id, _ in some})
    counted = (n if n < FEWEST else len(some) for n, some in zip(people, parts, strict=True))
    return together if together < FEWEST else sum(counted)


def sheet(found: Iterable[Change]) -> Iterable[list[object]]:
    """Return the lines of the file: a heading, then each scale with all hubs and each."""
    share = {"improved", "unchanged", "worse", "left_clinical"}
    names = [
        one.name + (" (%)" if one.code in share else "")
        for one in SCALE_MEASURES
        if one.code not in ("interval", "clinical")
    ]
    yield [
        "Questionnaire",
        "Occasion",
        "Hub",
        *names,
        "95% interval from",
        "95% interval to",
        "Read with care",
        "Rule of change",
    ]
    for change in found:
        method = change.scale.change.method if change.scale.change else "None"
        for line in change.shown:
            start: list[object] = [change.name, change.occasion.label, line.name]
            if isinstance(line.outcome, Hidden):
                yield [*start, line.outcome.label, *([None] * 10), method]
                continue
            care = "Fewer than 30 pairs" if line.outcome.few else None
            yield [*start, line.outcome.n, *_figures(line.outcome), care, method]


def _figures(one: Summary) -> list[object]:
    points = [in_file(value, "points") for value in (one.mean_before, one.mean_after, one.mean_change)]
    shares = [
        in_file(share(part, whole), "share")
        for part, whole in (
            (one.improved, one.n),
            (one.unchanged, one.n),
            (one.worse, one.n),
            (one.left_clinical, one.clinical_before),
        )
    ]
    return [*points, *shares, in_file(one.low, "points"), in_file(one.high, "points")]


def share(part: int | None, whole: int | None) -> Fraction | None:
    """Return a share of 1, exact; None where it is not known."""
    return Fraction(part, whole) if part is not None and whole else None


def signed(value: Decimal | None) -> str:
    """Return a change as people read it: ``+2.3``, ``−1.0``."""
    if value is None:
        return "–"
    shown = rounded(value, 1)
    return f"{shown:+}".replace("-", "−") if shown else "0.0"
