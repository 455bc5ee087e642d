"""Every published figure of programmes, worked out once more from plain rows, as simply as can be.

It shares nothing with ``programmes.rules`` and ``outcomes.rules``: only the tables.
"""

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from statistics import mean, median, stdev
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from kernel.db import db
from kernel.tables import TenantTable
from outcomes.models import Asking, Score
from programmes.models import Course, CourseContact, Dose, Participation, Step

RELIABLE = {"core10": 6}
"""Barkham et al. 2013. BPSES has no published rule."""
CLINICAL_FROM = {"core10": 11}
BETTER_IS_LESS = {"core10"}
REVERSED = {"core10": {2: 4, 3: 4}}
"""Items that count backwards, and from what."""


@dataclass
class Somebody:
    """The whole way through a programme of whoever has a place, one or two, across courses if they moved."""

    course_id: UUID
    hub_id: UUID
    programme_id: UUID
    standing: str
    over_on: date
    """The last day of the course."""
    stood: set[str] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    referred: date = date.max
    started: date = date.max
    scores: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """By questionnaire and who answered, then by occasion."""

    @property
    def came_so_far(self) -> str:
        if self.stood & {"started", "completed", "dropped_out"}:
            return "started"
        return "booked" if "booked" in self.stood else "offered" if "offered" in self.stood else ""

    def pairs(self, instrument: str, occasion: str = "after") -> list[tuple[int, int]]:
        """Return a pair for each person who answered both times: two where a couple shares the place."""
        return [
            (told["before"], told[occasion])
            for (code, _), told in self.scores.items()
            if code == instrument and {"before", occasion} <= told.keys()
        ]

    @property
    def has_pair(self) -> bool:
        return any({"before", "after"} <= told.keys() for told in self.scores.values())


def everybody(until: date) -> list[Somebody]:  # noqa: C901 - one table after another
    """Return everybody on courses that were over on a day."""
    participations = {row["id"]: row for row in rows(Participation)}
    courses = {row["id"]: row for row in rows(Course)}
    numbers = {row["id"]: row["number"] for row in rows(CourseContact)}
    found = {}
    for one in participations.values():
        course = courses.get(one["course_id"])
        counted = course and course["last_date"] <= until and course["standing"] in ("open", "ended")
        if course and counted and one["standing"] != "transferred":
            found[one["id"]] = Somebody(
                course["id"],
                course["hub_id"],
                course["programme_id"],
                one["standing"].value,
                course["last_date"],
            )

    def last(one_id: UUID) -> UUID:
        while onward := participations[one_id]["transferred_to_id"]:
            one_id = onward
        return one_id

    for one in participations.values():
        if who := found.get(last(one["id"])):
            who.referred = min(who.referred, _day(one["referred_at"]))
            if one["started_at"]:
                who.started = min(who.started, _day(one["started_at"]))
    for step in rows(Step):
        if who := found.get(last(step["participation_id"])):
            who.stood.add(step["standing"].value)
    for dose in rows(Dose):
        if dose["presence"].value in ("attended", "made_up") and (
            who := found.get(last(dose["participation_id"]))
        ):
            who.contacts.add(numbers[dose["contact_id"]])
    for asked in rows(Asking):
        if asked["standing"].value == "answered" and (who := found.get(last(asked["about_id"]))):
            told = who.scores[asked["instrument"], str(asked["respondent_id"])]
            told[asked["occasion"].value] = total(asked["instrument"], asked["answers"])
    return list(found.values())


def total(instrument: str, answers: str) -> int:
    """Return what answers come to: a sum, some items backwards."""
    backwards = REVERSED.get(instrument, {})
    told = {int(number): value for number, value in json.loads(answers).items()}
    return sum(backwards[n] - value if n in backwards else value for n, value in told.items())


def scores() -> dict[UUID, tuple[Decimal | None, bool | None]]:
    """Return the scores that are kept, by what was asked: the value, and whether it lies in a clinical band."""
    return {row["asking_id"]: (row["value"], row["clinical"]) for row in rows(Score)}


def counts(people: list[Somebody]) -> dict[str, Any]:
    """Return the measures of programmes by the names of their columns; None where there is nothing to divide by."""
    offered = [one for one in people if one.came_so_far]
    booked = [one for one in offered if one.came_so_far != "offered"]
    started = [one for one in booked if one.came_so_far == "started"]
    completed = [one for one in started if one.standing == "completed"]
    waited = [(one.started - one.referred).days for one in started]
    return {
        "Offered": len(offered),
        "Booked": len(booked),
        "Started": len(started),
        "Completed": len(completed),
        "Uptake (%)": share(len(started), len(offered)),
        "Completed, of those who started (%)": share(len(completed), len(started)),
        "Completed, of those who booked (%)": share(len(completed), len(booked)),
        "Mean dose": mean(Fraction(len(one.contacts)) for one in started) if started else None,
        "Days waited": median(waited) if waited else None,
        "Answered before and after": sum(one.has_pair for one in offered),
        "Response rate (%)": share(sum(one.has_pair for one in completed), len(completed)),
    }


def change(instrument: str, pairs: list[tuple[int, int]]) -> dict[str, Any]:
    """Return what became of matched pairs by the names of the columns."""
    gained = [after - before for before, after in pairs]
    middle, apart = mean(gained), stdev(gained)
    margin = student(len(pairs) - 1) * apart / math.sqrt(len(pairs))
    told = {
        "Matched pairs": len(pairs),
        "Mean before": mean(before for before, _ in pairs),
        "Mean after": mean(after for _, after in pairs),
        "Mean change": middle,
        "95% interval from": middle - margin,
        "95% interval to": middle + margin,
    }
    if rule := RELIABLE.get(instrument):
        better = [-one if instrument in BETTER_IS_LESS else one for one in gained]
        told["Reliably improved (%)"] = share(sum(one >= rule for one in better), len(pairs))
        told["Reliably worse (%)"] = share(sum(one <= -rule for one in better), len(pairs))
        told["No reliable change (%)"] = share(sum(abs(one) < rule for one in better), len(pairs))
    if line := CLINICAL_FROM.get(instrument):
        ill = [pair for pair in pairs if pair[0] >= line]
        told["Out of the clinical band (%)"] = share(sum(after < line for _, after in ill), len(ill))
    return told


def share(part: int, whole: int) -> Fraction | None:
    """Return a share of a hundred."""
    return Fraction(100 * part, whole) if whole else None


def student(freedom: int) -> float:
    """Return the 97.5% point of Student's t distribution, by adding up its density and halving the stretch."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def area(until: float, steps: int = 2000) -> float:
        width = until / steps
        heights = [(1 + (n * width) ** 2 / freedom) ** (-(freedom + 1) / 2) for n in range(steps + 1)]
        return (
            scale
            * width
            / 3
            * (heights[0] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2]) + heights[-1])
        )

    low, high = 1.0, 20.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if area(middle) < 0.475 else (low, middle)
    return low


def rows(table: type[TenantTable]) -> list[dict[str, Any]]:
    """Return all rows of a table, in the order in which they were made."""
    columns = table.__table__.columns
    return [dict(row._mapping) for row in db.execute(select(*columns).order_by(columns.id))]


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/London")).date()
