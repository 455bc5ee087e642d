"""What people answered: drawn from the stated truth, scored by the house's own rules, as rows."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from app.demo.parenting.story import ANSWERING, ANSWERS_AFTER, ANSWERS_BEFORE, ANSWERS_LATER
from app.demo.past import Past
from outcomes import rules
from outcomes.models import Asking, Score
from outcomes.rules import Instrument, Scale
from outcomes.terms import AskingStanding, Occasion, Respondent, Way
from programmes.service.asking import Window

CHANCE = {
    Occasion.BEFORE: ANSWERS_BEFORE,
    Occasion.AFTER: ANSWERS_AFTER,
    Occasion.FOLLOW_UP: ANSWERS_LATER,
}
WAYS = (Way.LINK, Way.LINK, Way.LINK, Way.TABLET, Way.TABLET, Way.PAPER)


class Whose(NamedTuple):
    """Whose answers they are, and what they know the course by."""

    participation_id: UUID
    person_id: UUID
    title: str


class Answers:
    """The answers of one council's participants."""

    def __init__(self, past: Past, dice: Random, now: datetime) -> None:
        self.past, self.dice, self.now = past, dice, now
        self.instruments = {code: one for code, one in rules.shipped().items() if code in ANSWERING}

    def of(
        self, whose: Whose, measures: list[dict[str, Any]], effects: Mapping[str, float],
        occasions: Mapping[Occasion, Window],
    ) -> None:  # fmt: skip
        """Note what one participant was asked, and answered or not, on the occasions whose time is over."""
        for measure in measures:
            instrument = self.instruments.get(measure["instrument"])
            if instrument is None or measure["respondent"] != Respondent.PARENT:
                continue
            says = Person(instrument, effects[instrument.code], self.dice)
            for occasion, window in occasions.items():
                if occasion.value in measure["when"] and window.closes_at <= self.now:
                    self._ask(whose, says, occasion, window)

    def _ask(self, whose: Whose, says: "Person", occasion: Occasion, window: Window) -> None:
        instrument = says.instrument
        answered = self.dice.random() < CHANCE[occasion]
        moment = window.opens_at + (window.closes_at - window.opens_at) * self.dice.uniform(0.05, 0.6)
        answers = says.answers(occasion)
        asking_id = self.past.add(
            Asking,
            instrument=instrument.code,
            version=instrument.version,
            occasion=occasion,
            respondent=Respondent.PARENT,
            respondent_id=whose.person_id,
            subject_id=whose.person_id,
            about_id=whose.participation_id,
            title=whose.title,
            language="en",
            large_print=False,
            token_hash=None,
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            standing=AskingStanding.ANSWERED if answered else AskingStanding.LAPSED,
            answers=json.dumps(answers) if answered else None,
            way=self.dice.choice(WAYS) if answered else None,
            started_at=moment - timedelta(minutes=4) if answered else None,
            answered_at=moment if answered else None,
            entered_by=None,
        )
        if not answered:
            return
        scores = rules.score(instrument, answers)
        for scale in instrument.scales:
            value = scores[scale.code]
            band = rules.band_of(scale.bands.get(Respondent.PARENT, ()), value) if value is not None else None
            self.past.add(
                Score,
                asking_id=asking_id,
                about_id=whose.participation_id,
                scale=scale.code,
                value=value,
                band=band.name if band else "",
                clinical=band.clinical if band else None,
            )


class Person:
    """Somebody who answers an instrument: how they are before, and what truly changes."""

    def __init__(self, instrument: Instrument, effect: float, dice: Random) -> None:
        self.instrument, self.effect, self.dice = instrument, effect, dice
        self.how = ANSWERING[instrument.code]
        self.scale = instrument.scales[0]
        self.usual = dice.gauss(self.how.before, self.how.apart)

    def answers(self, occasion: Occasion) -> dict[int, int | None]:
        """Return the answer to each item on an occasion; later, what changed mostly stays."""
        low, high = float(self.scale.lowest), float(self.scale.highest)
        changed = {Occasion.BEFORE: 0.0, Occasion.AFTER: 1.0, Occasion.FOLLOW_UP: 0.8}[occasion]
        share = self.usual + self.dice.gauss(0.0, self.how.moods)
        wanted = low + share * (high - low) + changed * self.effect
        return spread(self.instrument, self.scale, round(min(max(wanted, low), high)), self.dice)


def spread(instrument: Instrument, scale: Scale, total: int, dice: Random) -> dict[int, int | None]:
    """Return answers that come to a total on a scale that is a sum; items about despair stay lowest."""
    points: dict[int, int] = {}
    room: dict[int, int] = {}
    for item in instrument.items:
        values = [response.counts for response in instrument.responses[item.responses]]
        points[item.number] = min(values)
        room[item.number] = 0 if item.despair_from is not None else max(values) - min(values)
    left = total - sum(points.values())
    while left > 0 and (open_ones := [n for n, more in room.items() if more]):
        number = dice.choice(open_ones)
        points[number] += 1
        room[number] -= 1
        left -= 1
    return {item.number: _code(instrument, item.number, points[item.number]) for item in instrument.items}


def _code(instrument: Instrument, number: int, points: int) -> int:
    """Return the code of the answer that counts so many points, which a reversed item counts backwards."""
    item = instrument.item(number)
    responses = instrument.responses[item.responses]
    if item.reverse:
        values = [response.counts for response in responses]
        points = max(values) + min(values) - points
    return next(response.value for response in responses if response.counts == points)
