"""What somebody takes home from a course: their own scores, and what they attended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from families.models import Person
from kernel.db import db
from kernel.errors import NotFound
from outcomes.models import Asking, Score
from outcomes.terms import AskingStanding, Occasion
from programmes.models import CourseContact, Dose, Participation
from programmes.queries.results import chain_of
from programmes.rules.measures import Key
from programmes.terms import COUNTS


@dataclass(frozen=True)
class Attended:
    """How much of a course somebody had."""

    contacts: int
    of: int
    minutes: int


def find_own(participation_id: UUID, person: Person | None) -> Participation:
    """Return somebody's own part in a course, alone or with a partner, or raise NotFound."""
    found = db.scalar(select(Participation).where(Participation.id == participation_id))
    if found is None or found.course_id is None or person is None or person.id not in takers(found):
        raise NotFound("participation")
    return found


def takers(participation: Any) -> list[UUID]:
    """Return who takes part at one place, the participation or a row of it: one parent, or two."""
    return [participation.person_id, *([participation.partner_id] if participation.partner_id else [])]


def attended(participation: Participation) -> Attended:
    """Return how many contacts somebody attended or made up, of how many, and how long they took together."""
    chain = chain_of(Participation.id == participation.id)
    had = (
        select(CourseContact.number)
        .join(Dose, Dose.contact_id == CourseContact.id)
        .join(chain, chain.c.id == Dose.participation_id)
        .where(Dose.presence.in_(COUNTS))
    )
    of = select(
        func.count(CourseContact.id),
        func.count(CourseContact.id).filter(CourseContact.number.in_(had)),
        func.coalesce(func.sum(CourseContact.minutes).filter(CourseContact.number.in_(had)), 0),
    ).where(CourseContact.course_id == participation.course_id)
    row = db.execute(of).one()
    return Attended(contacts=row[1], of=row[0], minutes=int(row[2]))


def own_scores(participation: Participation, person_id: UUID) -> Mapping[Key, Mapping[Occasion, Decimal]]:
    """Return what one person's own answers came to, by scale and occasion; never a child's, nor a partner's."""
    chain = chain_of(Participation.id == participation.id)
    answered = (
        select(Asking.instrument, Asking.respondent, Asking.occasion, Score.scale, Score.value)
        .join(chain, chain.c.id == Asking.about_id)
        .join(Score, Score.asking_id == Asking.id)
        .where(
            Asking.standing == AskingStanding.ANSWERED,
            Asking.respondent_id == person_id,
            Score.value.is_not(None),
        )
        .order_by(Asking.answered_at, Asking.id, Score.scale)
        .limit(1000)
    )
    found: dict[Key, dict[Occasion, Decimal]] = {}
    for row in db.execute(answered):
        told = found.setdefault(Key(row.instrument, row.scale, row.respondent), {})
        if row.occasion != Occasion.BEFORE or row.occasion not in told:
            told[row.occasion] = row.value
    return found


def participants(course_id: UUID) -> Sequence[Any]:
    """Return those who have, or had, a place on a course, by the name of the first: id, person_id, partner_id."""
    return db.execute(
        select(Participation.id, Participation.person_id, Participation.partner_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.course_id == course_id)
        .order_by(Person.family_name_key, Person.name_key, Participation.id)
        .limit(500)
    ).all()


def contacts_of(course_id: UUID) -> int:
    """Return how many contacts a course has."""
    return db.scalar(select(func.count(CourseContact.id)).where(CourseContact.course_id == course_id)) or 0
