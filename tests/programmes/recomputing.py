"""Every published figure once more, by plain loops over all rows and formulas of its own.

Nothing here asks ``programmes.rules``, ``programmes.queries`` or ``outcomes.rules`` for a figure: rows are read whole,
Student's t is integrated, and instruments are read for their range, direction, rule of change and bands alone.
Stand in a unit of work of the council: ``facts = recomputing.read()``.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import exp, lgamma, log, pi, sqrt
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hubs.models import Hub
from kernel.clock import today
from kernel.db import db
from kernel.london import LONDON
from outcomes.models import Asking, Score
from programmes.models import Course, CourseContact, Dose, Participation, Programme, Step

TABLE = {4: 2.7764451, 9: 2.2621572, 29: 2.0452296, 60: 2.0002978, 120: 1.9799304}
"""Student's t, 97.5%, by degrees of freedom, from printed tables: what ``t_of`` is held against."""


@dataclass
class Facts:
    """All rows that say anything of programmes."""

    hubs: dict[UUID, str]
    programmes: dict[UUID, str]
    courses: dict[UUID, Any]
    contacts: dict[UUID, Any]
    participations: dict[UUID, Any]
    steps: dict[UUID, list[str]]
    doses: list[Any]
    askings: dict[UUID, Any]
    scores: list[Any]
    remembered: dict[UUID, Any] = field(default_factory=dict)
    """What somebody answered, so that it is looked for but once."""


def read() -> Facts:
    """Return every row of the council."""
    steps: dict[UUID, list[str]] = {}
    for step in sorted(db.scalars(select(Step)), key=lambda step: (step.taken_at, step.id)):
        steps.setdefault(step.participation_id, []).append(step.standing.value)
    return Facts(
        hubs={hub.id: hub.name for hub in db.scalars(select(Hub))},
        programmes={one.id: one.name for one in db.scalars(select(Programme))},
        courses={one.id: one for one in db.scalars(select(Course))},
        contacts={one.id: one for one in db.scalars(select(CourseContact))},
        participations={one.id: one for one in db.scalars(select(Participation))},
        steps=steps,
        doses=list(db.scalars(select(Dose))),
        askings={one.id: one for one in db.scalars(select(Asking))},
        scores=list(db.scalars(select(Score))),
    )


def counted(
    facts: Facts, first: date, end: date, *, hub: UUID | None = None, programme: UUID | None = None
) -> list[Any]:
    """Return the participations that count: those that end on a course that was over in these days."""
    found = []
    for one in facts.participations.values():
        if one.course_id is None or (one.standing.value == "transferred" and one.transferred_to_id):
            continue
        course = facts.courses[one.course_id]
        if course.standing.value not in ("open", "ended"):
            continue
        if not (first <= course.last_date < end and course.last_date <= today()):
            continue
        if hub in (None, course.hub_id) and programme in (None, course.programme_id):
            found.append(one)
    return found


def before_it(facts: Facts, participation: Any) -> list[Any]:
    """Return a participation and all from which somebody moved to it."""
    way = [participation]
    for one in way:
        way += [other for other in facts.participations.values() if other.transferred_to_id == one.id]
    return way


def measures(facts: Facts, people: list[Any]) -> dict[str, Fraction | None]:
    """Return every count, share and mean of these participations."""
    offered = booked = started = completed = pairs = answered = doses = 0
    waits = []
    for one in people:
        way = before_it(facts, one)
        reached = [_reached(facts.steps.get(part.id, []), part.standing.value) for part in way]
        if not any("offered" in part for part in reached):
            continue
        offered += 1
        booked += any("booked" in part for part in reached)
        has_pair = _has_pair(facts, way)
        pairs += has_pair
        if not any("started" in part for part in reached):
            continue
        started += 1
        ids = {part.id for part in way}
        doses += len({
            facts.contacts[dose.contact_id].number
            for dose in facts.doses
            if dose.participation_id in ids and dose.presence.value in ("attended", "made_up")
        })  # fmt: skip
        begun = [part.started_at for part in way if part.started_at]
        if begun:
            first_asked = min(part.referred_at for part in way)
            waits.append((min(begun).astimezone(LONDON).date() - first_asked.astimezone(LONDON).date()).days)
        if one.standing.value == "completed":
            completed += 1
            answered += has_pair
    return {
        "offered": Fraction(offered),
        "booked": Fraction(booked),
        "started": Fraction(started),
        "completed": Fraction(completed),
        "pairs": Fraction(pairs),
        "answered": Fraction(answered),
        "uptake": _over(started, offered),
        "retention": _over(completed, started),
        "completion": _over(completed, booked),
        "response": _over(answered, completed),
        "dose": _over(doses, started),
        "waiting": _middle(waits),
    }


def _reached(steps: list[str], now: str) -> set[str]:
    stood: set[str] = set()
    for where in [*steps, now]:
        if where == "offered":
            stood.add("offered")
        if where == "booked":
            stood.discard("started")
            stood |= {"offered", "booked"}
        if where in ("started", "completed", "dropped_out"):
            stood |= {"offered", "booked", "started"}
    return stood


def _over(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _middle(values: list[int]) -> Fraction | None:
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(values) % 2:
        return Fraction(ordered[half])
    return Fraction(ordered[half - 1] + ordered[half], 2)


def pairs(
    facts: Facts, people: list[Any], instrument: str, scale: str, respondent: str, occasion: str
) -> list[tuple[Decimal, Decimal]]:
    """Return the matched pairs of a scale: the same person, the same version, both occasions.

    Of a couple who shares a place each brings their own.
    """
    found = []
    for one in people:
        told = _told(facts, before_it(facts, one))
        for (code, of, who, _, _), values in told.items():
            if (
                (code, of, who) == (instrument, scale, respondent)
                and "before" in values
                and occasion in values
            ):
                found.append((values["before"], values[occasion]))
    return found


def _told(facts: Facts, way: list[Any]) -> dict[tuple[Any, ...], dict[str, Decimal]]:
    if way[0].id in facts.remembered:
        return facts.remembered[way[0].id]
    ids = {part.id for part in way}
    rows = []
    for score in facts.scores:
        asking = facts.askings[score.asking_id]
        if asking.about_id in ids and asking.standing.value == "answered" and score.value is not None:
            rows.append((asking.answered_at, asking, score))
    told: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    for _, asking, score in sorted(rows, key=lambda row: (row[0], row[1].id, row[2].scale)):
        who = asking.respondent.value
        key = (asking.instrument, score.scale, who, asking.respondent_id, asking.version)
        values = told.setdefault(key, {})
        if not (asking.occasion.value == "before" and "before" in values):
            values[asking.occasion.value] = score.value
    facts.remembered[way[0].id] = told
    return told


def _has_pair(facts: Facts, way: list[Any]) -> bool:
    return any("before" in values and "after" in values for values in _told(facts, way).values())


def change(
    found: list[tuple[Decimal, Decimal]], *, higher_is_better: bool, least: Decimal | None = None,
    clinical: tuple[tuple[Decimal, Decimal], ...] = (),
) -> dict[str, Any]:  # fmt: skip
    """Return what became of matched pairs. ``clinical``: stretches of the scale, both ends included."""
    n = len(found)
    differences = [float(after) - float(before) for before, after in found]
    mean = sum(differences) / n
    spread = sqrt(sum((one - mean) ** 2 for one in differences) / (n - 1))
    margin = t_of(n - 1) * spread / sqrt(n)
    better = [one if higher_is_better else -one for one in differences]
    improved = sum(1 for one in better if least is not None and one >= float(least))
    worse = sum(1 for one in better if least is not None and one <= -float(least))
    inside = [(before, after) for before, after in found if _inside(clinical, before)]
    left = sum(1 for _, after in inside if not _inside(clinical, after))
    return {
        "n": n,
        "before": sum(float(before) for before, _ in found) / n,
        "after": sum(float(after) for _, after in found) / n,
        "change": mean,
        "low": mean - margin,
        "high": mean + margin,
        "improved": 100 * improved / n if least is not None else None,
        "unchanged": 100 * (n - improved - worse) / n if least is not None else None,
        "worse": 100 * worse / n if least is not None else None,
        "left_clinical": 100 * left / len(inside) if len(inside) >= 5 else None,
    }


def _inside(stretches: tuple[tuple[Decimal, Decimal], ...], value: Decimal) -> bool:
    return any(low <= value <= high for low, high in stretches)


@lru_cache
def t_of(freedom: int) -> float:
    """Return Student's t, 97.5%, by adding up its density (Simpson's rule) until 47.5% lie between nought and it."""
    front = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - log(freedom * pi) / 2)
    low, high = 0.0, 16.0
    for _ in range(60):
        middle = (low + high) / 2
        step, total = middle / 2000, 0.0
        for index in range(2001):
            weight = 1 if index in (0, 2000) else 4 if index % 2 else 2
            total += weight * (1 + (index * step) ** 2 / freedom) ** (-(freedom + 1) / 2)
        low, high = (middle, high) if front * total * step / 3 < 0.475 else (low, middle)
    return low


def as_shown(value: Any, places: int = 0) -> Decimal:
    """Return a figure with so many places, halves away from zero."""
    exact = (
        Decimal(value.numerator) / value.denominator
        if isinstance(value, Fraction)
        else Decimal(f"{value:.9f}")
    )
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
