"""Finding a family, and showing no more of it than is needed to know it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from families import rules
from families.models import Household, Person
from families.terms import PersonKind
from kernel.db import db

SHORTEST_SEARCH = 2


@dataclass(frozen=True)
class Found:
    """What anybody who may see families is shown of one that they look for: enough to know it, and no more."""

    id: UUID
    reference: str
    area: str
    """The first half of the postcode."""
    finished: bool
    carers: tuple[str, ...]
    children: tuple[tuple[str, date | None, date | None], ...]
    """First names, with the date of birth or the due date from which an age is said."""


def search(text: str, *, limit: int = 20) -> list[Found]:
    """Return families by a name, a child's name, postcode, reference, telephone number or e-mail. Two statements."""
    wanted = _matching(text)
    if wanted is None:
        return []
    ids = db.scalars(
        families_matching(wanted).order_by(func.min(Person.name_key), Person.household_id).limit(limit)
    ).all()
    return found(ids)


def families_matching(wanted: ColumnElement[bool] | None = None) -> Select[Any]:
    """Return the statement for the ids of households in which somebody, or something, is as wanted."""
    statement = (
        select(Person.household_id)
        .join(Household, Household.id == Person.household_id)
        .where(Person.left_at.is_(None))
        .group_by(Person.household_id)
    )
    return statement if wanted is None else statement.where(wanted)


def listed(text: str = "") -> Select[Any]:
    """Return the statement for the ids of families that match a text, or of all, in the order of their names."""
    statement = families_matching(_matching(text) if text.strip() else None)
    return statement.order_by(func.min(Person.name_key), Person.household_id)


def found(ids: Collection[UUID]) -> list[Found]:
    """Return what is shown of these households in a list, in the same order. One statement."""
    rows = db.execute(
        select(
            Person.household_id, Person.kind, Person.given_name, Person.family_name, Person.known_as,
            Person.date_of_birth, Person.due_date, Household.reference, Household.postcode, Household.completed_at,
        )
        .join(Household, Household.id == Person.household_id)
        .where(Person.household_id.in_(ids), Person.left_at.is_(None))
        .order_by(Person.household_id, Person.kind, Person.date_of_birth, Person.id)
    ).all()  # fmt: skip
    by_household = defaultdict(list)
    for row in rows:
        by_household[row.household_id].append(row)
    return [_found(by_household[household]) for household in ids if household in by_household]


def _found(rows: list[Any]) -> Found:
    first = rows[0]
    return Found(
        id=first.household_id,
        reference=first.reference,
        area=rules.outward(first.postcode),
        finished=first.completed_at is not None,
        carers=tuple(f"{r.given_name} {r.family_name}".strip() for r in rows if r.kind == PersonKind.CARER),
        children=tuple(
            (r.known_as or r.given_name, r.date_of_birth, r.due_date)
            for r in rows
            if r.kind == PersonKind.CHILD
        ),
    )


def _matching(text: str) -> ColumnElement[bool] | None:
    """Return the condition that a text stands for, or None when it is too short to look for."""
    text = text.strip()[:100]
    if "@" in text:
        return func.lower(Person.email).startswith(text.lower(), autoescape=True)
    ways: list[ColumnElement[bool]] = []
    if reference := rules.reference_key(text):
        ways.append(Household.reference == reference)
    place = rules.postcode_key(text)
    if any(c.isdigit() for c in place) and any(c.isalpha() for c in place) and len(place) <= 7:
        ways.append(Household.postcode_key.startswith(place, autoescape=True))
    digits = rules.phone_key(text)
    if len(digits) >= 6 and not any(c.isalpha() for c in text):
        ways.append(func.regexp_replace(Person.phone, "[^0-9]", "", "g").endswith(digits.lstrip("0")))
    words = rules.name_key(text).split()
    if (words and len("".join(words)) >= SHORTEST_SEARCH) or any(ord(c) > 0x2E80 for c in text):
        ways.append(and_(*(_some_name_begins(word) for word in words[:5])))
    return or_(*ways) if ways else None


def _some_name_begins(word: str) -> ColumnElement[bool]:
    return or_(
        Person.name_key.startswith(word, autoescape=True),
        Person.name_key.contains(f" {word}", autoescape=True),
    )
