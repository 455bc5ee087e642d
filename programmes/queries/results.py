"""What became of those who took part: the rows out of which every figure is made. Always four statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from hubs.models import Hub
from kernel.clock import today, wall
from kernel.db import db
from outcomes.models import Asking, CouncilBands, Score
from outcomes.rules import Band, Instrument, Scale, shipped
from outcomes.rules.reading import bands as read_bands
from outcomes.terms import AskingStanding, Occasion
from programmes.models import Course, CourseContact, Dose, Participation, Programme, Step
from programmes.rules.measures import Journey, Key, Scores, path_of
from programmes.rules.periods import Period, periods, term_of
from programmes.terms import COUNTS, CourseStanding, Standing

MOST = 50_000
HELD = (CourseStanding.OPEN, CourseStanding.ENDED)
BandsByScale = Mapping[Key, Sequence[Band]]


class Place(NamedTuple):
    """A course that is counted: where it was, and of which programme."""

    course_id: UUID
    hub_id: UUID
    hub: str
    programme_id: UUID
    programme: str
    last_date: date


@dataclass(frozen=True)
class Results:
    """What was found: the courses, and everybody's way through them."""

    places: Sequence[Place]
    journeys: Sequence[Journey]

    @property
    def runs(self) -> set[tuple[str, UUID, UUID]]:
        """Return in which term and at which hub which programme ran."""
        return {(term_of(place.last_date).code, place.hub_id, place.programme_id) for place in self.places}

    @property
    def hubs(self) -> list[tuple[UUID, str]]:
        """Return the hubs of the courses, by name."""
        return _by_name((place.hub_id, place.hub) for place in self.places)

    @property
    def programmes(self) -> list[tuple[UUID, str]]:
        """Return the programmes of the courses, by name."""
        return _by_name((place.programme_id, place.programme) for place in self.places)


def over(period: Period, *, hub_ids: frozenset[UUID] | None = None) -> Results:
    """Return what became of the courses whose last day lies in a period; ``hub_ids`` None: at every hub."""
    chosen = and_(
        Course.standing.in_(HELD),
        Course.last_date >= period.first,
        Course.last_date < period.end,
        Course.last_date <= today(),
    )
    if hub_ids is not None:
        chosen = and_(chosen, Course.hub_id.in_(hub_ids))
    return Results(_places(chosen), journeys(chosen))


def of_course(course_id: UUID) -> Results:
    """Return what became of those on one course, up to now."""
    chosen = Course.id == course_id
    return Results(_places(chosen), journeys(chosen))


def journeys(chosen: ColumnElement[bool]) -> list[Journey]:
    """Return everybody's way through the courses that are chosen, in three statements, in the order of referral.

    Somebody who moved to another course is found on that one, with all that went before.
    """
    chain = chain_of(chosen)
    parts = defaultdict(list)
    for row in db.execute(_participations(chain)):
        parts[row.last].append(row)
    contacts = _contacts(chain)
    scores = _scores(chain)
    return [
        _journey(last, rows, contacts.get(last, frozenset()), scores.get(last, []))
        for last, rows in parts.items()
    ]


def bands() -> BandsByScale:
    """Return the bands of every scale: the council's, or else those that are shipped. One statement."""
    held = select(CouncilBands).where(CouncilBands.withdrawn_at.is_(None))
    own = {
        Key(row.instrument, row.scale, row.respondent): read_bands(row.bands)
        for row in db.scalars(held.order_by(CouncilBands.id).limit(2000))
    }
    known = {
        Key(instrument.code, scale.code, respondent): scale.bands.get(respondent, ())
        for instrument in shipped().values()
        for scale in instrument.scales
        for respondent in instrument.respondents
    }
    return {**known, **own}


def find_scale(key: Key, instruments: Mapping[str, Instrument]) -> tuple[Instrument, Scale] | None:
    """Return the instrument and scale of a key, unless the product does not know them any more."""
    instrument = instruments.get(key.instrument)
    scale = next((s for s in instrument.scales if s.code == key.scale), None) if instrument else None
    return (instrument, scale) if instrument and scale else None


def told_of() -> Sequence[Period]:
    """Return the terms and school years that are over since the first course was, the newest first. One statement."""
    first = db.scalar(select(func.min(Course.last_date)).where(Course.standing.in_(HELD)))
    return periods(first or today(), today())


def all_programmes() -> Sequence[tuple[UUID, str]]:
    """Return the ids and names of every programme that there ever was, by name."""
    named = select(Programme.id, Programme.name).order_by(Programme.name, Programme.id).limit(500)
    return [(row.id, row.name) for row in db.execute(named)]


def _places(chosen: ColumnElement[bool]) -> list[Place]:
    found = (
        select(Course.id, Hub.id, Hub.name, Programme.id, Programme.name, Course.last_date)
        .join(Hub, Hub.id == Course.hub_id)
        .join(Programme, Programme.id == Course.programme_id)
        .where(chosen)
    )
    return [Place(*row) for row in db.execute(found.order_by(Course.first_date, Course.id).limit(MOST))]


def chain_of(chosen: ColumnElement[bool]) -> Any:
    """Return, for each participation at the end of a way, itself and all those from which somebody moved to it."""
    stayed = or_(Participation.standing != Standing.TRANSFERRED, Participation.transferred_to_id.is_(None))
    chain = (
        select(Participation.id.label("last"), Participation.id.label("id"))
        .join(Course, Course.id == Participation.course_id)
        .where(chosen, stayed)
        .cte("chain", recursive=True)
    )
    earlier = aliased(Participation)
    return chain.union_all(
        select(chain.c.last, earlier.id).join(earlier, earlier.transferred_to_id == chain.c.id)
    )


def _participations(chain: Any) -> Select[Any]:
    steps = (
        select(func.array_agg(aggregate_order_by(cast(Step.standing, Text), Step.taken_at, Step.id)))
        .where(Step.participation_id == Participation.id)
        .correlate(Participation)
        .scalar_subquery()
    )
    return (
        select(
            chain.c.last,
            Participation.id,
            Participation.person_id,
            Participation.programme_id,
            Participation.course_id,
            Participation.standing,
            Participation.referred_at,
            Participation.started_at,
            Course.hub_id,
            Course.last_date,
            steps.label("steps"),
        )
        .join(Participation, Participation.id == chain.c.id)
        .outerjoin(Course, Course.id == Participation.course_id)
        .order_by(Participation.referred_at, Participation.id)
        .limit(MOST)
    )


def _contacts(chain: Any) -> dict[UUID, frozenset[int]]:
    had = (
        select(chain.c.last, func.array_agg(CourseContact.number.distinct()).label("numbers"))
        .join(Dose, Dose.participation_id == chain.c.id)
        .join(CourseContact, CourseContact.id == Dose.contact_id)
        .where(Dose.presence.in_(COUNTS))
        .group_by(chain.c.last)
        .order_by(chain.c.last)
        .limit(MOST)
    )
    return {row.last: frozenset(row.numbers) for row in db.execute(had)}


def _scores(chain: Any) -> dict[UUID, list[tuple[Key, UUID, Scores]]]:
    """Return the scores of everybody who answered, each person's apart: the first before, and the last later."""
    answered = (
        select(
            chain.c.last,
            Asking.instrument,
            Asking.version,
            Asking.respondent,
            Asking.respondent_id,
            Asking.occasion,
            Score.scale,
            Score.value,
        )
        .join(Asking, Asking.about_id == chain.c.id)
        .join(Score, Score.asking_id == Asking.id)
        .where(Asking.standing == AskingStanding.ANSWERED, Score.value.is_not(None))
        .order_by(Asking.answered_at, Asking.id, Score.scale)
        .limit(MOST * 10)
    )
    by_person: dict[UUID, dict[tuple[Key, UUID, str], dict[Occasion, Any]]] = defaultdict(dict)
    for row in db.execute(answered):
        key = Key(row.instrument, row.scale, row.respondent)
        told = by_person[row.last].setdefault((key, row.respondent_id, row.version), {})
        if row.occasion != Occasion.BEFORE or row.occasion not in told:
            told[row.occasion] = row.value
    return {
        last: [(key, person_id, told) for (key, person_id, _), told in told_by.items()]
        for last, told_by in by_person.items()
    }


def _journey(
    last: UUID, rows: Sequence[Any], contacts: frozenset[int], answered: Sequence[tuple[Key, UUID, Scores]]
) -> Journey:
    scores: dict[Key, list[Scores]] = defaultdict(list)
    who: dict[Key, list[UUID]] = defaultdict(list)
    for key, person_id, told in answered:
        scores[key].append(told)
        who[key].append(person_id)
    final = next(row for row in rows if row.id == last)
    stood = [path_of([Standing(step) for step in row.steps or ()] + [row.standing]) for row in rows]
    offered, booked, started = (any(one) for one in zip(*stood, strict=True))
    starts = [row.started_at for row in rows if row.started_at]
    return Journey(
        id=last,
        person_id=final.person_id,
        programme_id=final.programme_id,
        hub_id=final.hub_id,
        course_id=final.course_id,
        standing=final.standing,
        offered=offered,
        booked=booked,
        started=started,
        referred_on=wall(min(row.referred_at for row in rows)).date(),
        ended_on=final.last_date,
        started_on=wall(min(starts)).date() if starts else None,
        contacts=contacts,
        scores=dict(scores),
        who=dict(who),
    )


def _by_name(pairs: Iterable[tuple[UUID, str]]) -> list[tuple[UUID, str]]:
    return sorted(set(pairs), key=lambda pair: (pair[1].casefold(), pair[0]))
