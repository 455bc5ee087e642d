"""People who might be one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from families import rules
from families.models import Household, NotTheSame, Person
from families.rules import Likeness, Looks
from families.terms import PersonKind
from kernel.db import db
from kernel.errors import NotFound

CANDIDATES = 1000
"""How many pairs are looked at for one page of possible duplicates."""


@dataclass(frozen=True)
class Pair:
    """Two people who look alike, and why."""

    one: Looks
    other: Looks
    likeness: Likeness


def possible_duplicates(*, limit: int = 50) -> list[Pair]:
    """Return pairs of people who might be one, the most alike first. One statement."""
    one, other = aliased(Person), aliased(Person)
    home, other_home = aliased(Household), aliased(Household)
    told_apart = select(NotTheSame.id).where(NotTheSame.one_id == one.id, NotTheSame.other_id == other.id)
    rows = db.execute(
        select(*_looks(one, home), *_looks(other, other_home))
        .join(other, and_(other.kind == one.kind, other.id > one.id, _worth_a_look(one, other)))
        .join(home, home.id == one.household_id)
        .join(other_home, other_home.id == other.household_id)
        .where(one.left_at.is_(None), other.left_at.is_(None), ~told_apart.exists())
        .order_by(other.id.desc(), one.id)
        .limit(CANDIDATES)
    ).all()
    width = len(Looks._fields)
    pairs = [_pair(Looks(*row[:width]), Looks(*row[width:])) for row in rows]
    alike = [pair for pair in pairs if pair.likeness.alike]
    return sorted(alike, key=lambda pair: (-pair.likeness.score, pair.one.id, pair.other.id))[:limit]


def looks_of(person_id: UUID) -> Looks:
    """Return what is compared of one person, or raise NotFound."""
    row = db.execute(
        select(*_looks(Person, Household))
        .join(Household, Household.id == Person.household_id)
        .where(Person.id == person_id, Person.left_at.is_(None))
    ).first()
    if not row:
        raise NotFound("person")
    return Looks(*row)


def said_not_the_same(one_id: UUID, other_id: UUID) -> bool:
    """Say whether somebody has told these two apart; the smaller id comes first."""
    told = select(NotTheSame.id).where(NotTheSame.one_id == one_id, NotTheSame.other_id == other_id)
    return db.scalar(told) is not None


def _pair(one: Looks, other: Looks) -> Pair:
    return Pair(one, other, rules.likeness(one, other))


def _looks(person: Any, household: Any) -> tuple[Any, ...]:
    return (
        person.id, person.household_id, person.kind, person.given_name, person.family_name, person.known_as,
        person.date_of_birth, person.due_date, household.postcode, person.phone, person.email,
    )  # fmt: skip


def _worth_a_look(one: Any, other: Any) -> ColumnElement[bool]:
    """Return a wide net that indexes can cast: what it brings in is looked at by the rules."""
    a_birth_apart = timedelta(weeks=16)
    return or_(
        and_(
            other.date_of_birth == one.date_of_birth,
            or_(
                func.left(other.name_key, 1) == func.left(one.name_key, 1),
                other.family_name_key == one.family_name_key,
            ),
            other.kind == PersonKind.CHILD,
        ),
        and_(other.name_key == one.name_key, other.name_key != ""),
        and_(
            one.kind == PersonKind.CARER, other.email != "", func.lower(other.email) == func.lower(one.email)
        ),
        and_(other.family_name_key == one.family_name_key, _near(one, other, a_birth_apart)),
        and_(other.family_name_key == one.family_name_key, _near(other, one, a_birth_apart)),
    )


def _near(awaited: Any, born: Any, apart: timedelta) -> ColumnElement[bool]:
    return and_(
        awaited.due_date.is_not(None),
        born.date_of_birth >= awaited.due_date - apart,
        born.date_of_birth <= awaited.due_date + apart,
    )
