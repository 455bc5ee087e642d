"""What a council is told of its programmes: each measure, what it counts, and how it comes out of plain rows. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median
from typing import Literal, NamedTuple
from uuid import UUID

from outcomes.terms import Occasion, Respondent
from programmes.rules.periods import term_of
from programmes.terms import Standing

FEW_PAIRS = 30
"""Under so many matched pairs a plain warning stands beside a mean."""


class Measure(NamedTuple):
    """Something that is measured: its code, its name for people, and what it counts."""

    code: str
    name: str
    definition: str
    kind: Literal["count", "share", "number", "days", "points"]
    of: tuple[str, ...] = ()
    """The counts out of which it can be worked out: where one of them is not shown, neither is it."""


COURSE_MEASURES = (
    Measure(
        "offered", "Offered",
        "People who were offered a place on a course, or booked one themselves. A couple or a family that shares "
        "one place counts once. Somebody who moved to another course counts once, on the course to which they moved.",
        "count",
    ),
    Measure("booked", "Booked", "People who took a place up, whatever became of it afterwards.", "count"),
    Measure("started", "Started", "People who came to at least one session, call or visit of the course.", "count"),
    Measure(
        "completed", "Completed",
        "People who came to as many sessions, calls and visits as the programme asks for, and to all that it says "
        "must not be missed. What was made up in another group counts.",
        "count",
    ),
    Measure(
        "uptake", "Uptake",
        "Of those who were offered a place, the share who started.",
        "share", ("started", "offered"),
    ),
    Measure(
        "retention", "Completed, of those who started",
        "Of those who started, the share who completed. Also called retention.",
        "share", ("completed", "started"),
    ),
    Measure(
        "completion", "Completed, of those who booked",
        "Of those who booked, the share who completed. It is never higher than the share of those who started.",
        "share", ("completed", "booked"),
    ),
    Measure(
        "dose", "Mean dose",
        "How many sessions, calls and visits those who started came to, on average. What was made up in another "
        "group counts.",
        "number", ("started",),
    ),
    Measure(
        "waiting", "Days waited",
        "Days from the referral, or from booking without one, to the first session. The median: half waited less, "
        "half waited more. Only those who started.",
        "days", ("started",),
    ),
    Measure(
        "pairs", "Answered before and after",
        "People with at least one matched pair: the same questionnaire, answered by the same person before and after "
        "the course. Whether they completed it does not matter. Two parents who share a place count once here, when "
        "either of them has a pair; one’s answer before and the other’s afterwards are no pair.",
        "count",
    ),
    Measure(
        "response", "Response rate",
        "Of those who completed, the share with at least one matched pair; two parents who share a place count once.",
        "share", ("completed", "answered"),
    ),
)  # fmt: skip
SCALE_MEASURES = (
    Measure(
        "matched", "Matched pairs",
        "How often the same questionnaire was answered by the same person on both occasions, with enough answers for "
        "a score. Only matched pairs count towards any change: never those who answered once. Two parents who share a "
        "place are each asked, and bring a pair each: their scores are never put together. Nothing is shown of the "
        "pairs of fewer than five people.",
        "count",
    ),
    Measure("before", "Mean before", "The mean score before the course, of the matched pairs.", "points", ("matched",)),
    Measure("after", "Mean after", "The mean score afterwards, of the same matched pairs.", "points", ("matched",)),
    Measure(
        "change", "Mean change",
        "The mean of each person’s score afterwards less their score before.",
        "points", ("matched",),
    ),
    Measure(
        "interval", "95% interval",
        "The stretch in which the true mean change probably lies, by Student’s t distribution. A stretch that "
        "contains 0 means that there may be no change at all. A change may have other causes than the course.",
        "points", ("matched",),
    ),
    Measure(
        "improved", "Reliably improved",
        "The share of matched pairs whose score got better by at least as much as two scores of one person may "
        "differ by chance alone: 2.77 times the standard error of measurement, or the scale’s own rule, which is named "
        "beside it.",
        "share", ("matched",),
    ),
    Measure(
        "unchanged", "No reliable change",
        "The share of matched pairs whose scores differ by less than that.",
        "share", ("matched",),
    ),
    Measure(
        "worse", "Reliably worse",
        "The share of matched pairs whose score got worse by at least as much as that.",
        "share", ("matched",),
    ),
    Measure(
        "clinical", "In a clinical band before",
        "The matched pairs whose score before lay in a band that usually needs help: by bands that are shipped with "
        "their source, or that the council entered.",
        "count", ("matched",),
    ),
    Measure(
        "left_clinical", "Out of the clinical band",
        "Of those whose score before lay in a band that usually needs help, the share whose score afterwards did not.",
        "share", ("matched",),
    ),
)  # fmt: skip
MEASURES: tuple[Measure, ...] = COURSE_MEASURES + SCALE_MEASURES
COUNTED = ("offered", "booked", "started", "completed", "pairs", "answered")
"""Counts of people, each of which is hidden by itself. ``answered``: those of the completed who have a pair."""
RATES = {
    "uptake": ("started", "offered"),
    "retention": ("completed", "started"),
    "completion": ("completed", "booked"),
    "response": ("answered", "completed"),
}


def measure(code: str) -> Measure:
    """Return the measure of this code."""
    return next(one for one in MEASURES if one.code == code)


class Key(NamedTuple):
    """What can be compared: a scale of an instrument, as one kind of respondent answers it."""

    instrument: str
    scale: str
    respondent: Respondent


Scores = Mapping[Occasion, Decimal]


@dataclass(frozen=True, kw_only=True)
class Journey:
    """Somebody's way through a programme, from the referral to the end, across courses if they moved."""

    id: UUID
    person_id: UUID
    programme_id: UUID
    hub_id: UUID
    course_id: UUID
    standing: Standing
    offered: bool
    booked: bool
    started: bool
    referred_on: date
    ended_on: date
    """The last day of the course."""
    started_on: date | None = None
    contacts: frozenset[int] = frozenset()
    """The numbers of the contacts that count as a dose."""
    scores: Mapping[Key, Sequence[Scores]] = field(default_factory=dict)
    """The scores of each person who answered: a couple has those of two, side by side and never put together."""
    who: Mapping[Key, Sequence[UUID]] = field(default_factory=dict)
    """Who that was, in the same order; left out where it was whoever took part."""

    @property
    def term(self) -> str:
        """Return the code of the term in which it is counted."""
        return term_of(self.ended_on).code

    @property
    def completed(self) -> bool:
        """Say whether they completed it."""
        return self.standing == Standing.COMPLETED

    @property
    def waited(self) -> int | None:
        """Return the days from the referral to the start; None when they did not start."""
        return (self.started_on - self.referred_on).days if self.started and self.started_on else None

    def pairs(self, key: Key, occasion: Occasion = Occasion.AFTER) -> list[tuple[Decimal, Decimal]]:
        """Return the scores before and on an occasion of each person who has both."""
        return [pair for _, pair in self.pairs_by_person(key, occasion)]

    def pairs_by_person(self, key: Key, occasion: Occasion) -> list[tuple[UUID, tuple[Decimal, Decimal]]]:
        """Return the matched pairs, each with the person whose answers both are."""
        return [
            (person_id, (scores[Occasion.BEFORE], scores[occasion]))
            for person_id, scores in self.told_by(key)
            if Occasion.BEFORE in scores and occasion in scores
        ]

    def told_by(self, key: Key) -> list[tuple[UUID, Scores]]:
        """Return the scores of each person who answered, with who that was."""
        told = self.scores.get(key, ())
        return list(zip(self.who.get(key) or [self.person_id] * len(told), told, strict=True))

    @property
    def has_pair(self) -> bool:
        """Say whether anything was answered both before and after."""
        return any(self.pairs(key) for key in self.scores)


def path_of(steps: Sequence[Standing]) -> tuple[bool, bool, bool]:
    """Return whether somebody was offered a place, booked and started, by where they stood, in order.

    Back from started to booked, because a mark was a mistake, is not to have started.
    """
    offered = booked = started = False
    for standing in steps:
        if standing == Standing.OFFERED:
            offered = True
        elif standing == Standing.BOOKED:
            offered, booked, started = True, True, False
        elif standing in (Standing.STARTED, Standing.COMPLETED, Standing.DROPPED_OUT):
            offered = booked = started = True
    return offered, booked, started


@dataclass(frozen=True)
class Figures:
    """What was counted of some people's ways through programmes."""

    offered: int = 0
    booked: int = 0
    started: int = 0
    completed: int = 0
    pairs: int = 0
    answered: int = 0
    """Those of the completed who have a pair."""
    doses: int = 0
    waits: tuple[int, ...] = ()

    def of(self, code: str) -> Fraction | None:
        """Return a measure, exact: a count, a share of 1, or a mean; None where there is nothing to divide by."""
        if code in COUNTED:
            return Fraction(getattr(self, code))
        if code in RATES:
            part, whole = (getattr(self, count) for count in RATES[code])
            return Fraction(part, whole) if whole else None
        if code == "dose":
            return Fraction(self.doses, self.started) if self.started else None
        return Fraction(median(Fraction(days) for days in self.waits)) if self.waits else None


def figures(journeys: Iterable[Journey]) -> Figures:
    """Return what is counted of these."""
    offered = [journey for journey in journeys if journey.offered]
    started = [journey for journey in offered if journey.started]
    completed = [journey for journey in started if journey.completed]
    return Figures(
        offered=len(offered),
        booked=sum(journey.booked for journey in offered),
        started=len(started),
        completed=len(completed),
        pairs=sum(journey.has_pair for journey in offered),
        answered=sum(journey.has_pair for journey in completed),
        doses=sum(len(journey.contacts) for journey in started),
        waits=tuple(sorted(days for journey in started if (days := journey.waited) is not None)),
    )


def rounded(value: Fraction | Decimal, places: int = 0) -> Decimal:
    """Return a figure with so many places, halves away from zero."""
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def written(value: Fraction | Decimal | None, kind: str) -> str:
    """Return a figure as a table shows it."""
    if value is None:
        return "–"
    if kind == "share":
        return f"{rounded(value * 100)}%"
    if kind == "count":
        return f"{int(value):,}"
    if kind == "days" and value == int(value):
        return f"{int(value):,}"
    return f"{rounded(value, 1):,}".replace("-", "−")


def in_file(value: Fraction | Decimal | None, kind: str) -> Decimal | int | None:
    """Return a figure as a file for spreadsheets has it: shares of a hundred, with one place."""
    if value is None:
        return None
    if kind == "share":
        return rounded(value * 100, 1)
    return int(value) if kind == "count" else rounded(value, 2)
