"""Questions about families."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from accounts.models import Account
from accounts.queries import Person as SignedIn
from families import rules
from families.models import (
    CareRecord,
    Caring,
    Consent,
    EmergencyContact,
    Household,
    NotTheSame,
    Person,
    RecordOpening,
    Registration,
    SafeguardingNote,
)
from families.rules import Likeness, Looks
from families.terms import ConsentKind, PersonKind
from kernel.db import db, find
from kernel.errors import NotFound

SHORTEST_SEARCH = 2
CANDIDATES = 1000
"""How many pairs are looked at for one page of possible duplicates."""

Sight = Callable[[SignedIn, UUID], bool]
Workplaces = Callable[[SignedIn], Sequence[tuple[UUID, str]]]
_sights: list[Sight] = []
_workplaces: list[Workplaces] = []


# Who may open what


def sight(sees: Sight) -> Sight:
    """Make a function of an upper context one that says whether somebody of staff may open a household."""
    if sees not in _sights:
        _sights.append(sees)
    return sees


def workplaces(names: Workplaces) -> Workplaces:
    """Make a function of an upper context one that names the hubs at which somebody of staff can meet a family."""
    if names not in _workplaces:
        _workplaces.append(names)
    return names


def hubs_of(person: SignedIn) -> list[tuple[UUID, str]]:
    """Return the ids and names of the hubs at which somebody of staff can meet a family."""
    return list(dict.fromkeys(hub for names in _workplaces for hub in names(person)))


def may_open(person: SignedIn, household_id: UUID) -> bool:
    """Say whether the household is known at a hub where the person works."""
    return any(sees(person, household_id) for sees in _sights)


def ensure_may_open(person: SignedIn, household_id: UUID) -> None:
    """Raise NotFound unless the household is known at a hub where the person works."""
    if not may_open(person, household_id):
        raise NotFound("household")


def carer_of(account_id: UUID) -> Person | None:
    """Return the carer who signs in with this account."""
    return db.scalar(select(Person).where(Person.account_id == account_id, Person.left_at.is_(None)))


def party_choices(carer: Person) -> Sequence[Person]:
    """Return those for whom a carer may book: the carers of her household, then her children wherever they live."""
    children = select(Caring.child_id).where(Caring.carer_id == carer.id)
    wanted = (
        select(Person)
        .where(
            Person.left_at.is_(None),
            ((Person.household_id == carer.household_id) & (Person.kind == PersonKind.CARER))
            | Person.id.in_(children),
        )
        .order_by(Person.kind, Person.date_of_birth, Person.id)
        .limit(50)
    )
    return db.scalars(wanted).all()


def find_own(carer: Person, person_id: UUID) -> Person:
    """Return one of the carer's own family, or raise NotFound: her household, and her children wherever they live."""
    person = find(Person, person_id)
    if person.left_at or not (person.household_id == carer.household_id or _looks_after(carer, person)):
        raise NotFound("person")
    return person


def _looks_after(carer: Person, child: Person) -> bool:
    caring = select(Caring.id).where(Caring.carer_id == carer.id, Caring.child_id == child.id)
    return db.scalar(caring) is not None


def own_family(carer: Person) -> Sequence[Person]:
    """Return the carer's household and her children wherever they live, carers first, the eldest child first."""
    children = select(Caring.child_id).where(Caring.carer_id == carer.id)
    wanted = (
        select(Person)
        .where(
            Person.left_at.is_(None), (Person.household_id == carer.household_id) | Person.id.in_(children)
        )
        .order_by(Person.kind, Person.date_of_birth, Person.id)
        .limit(50)
    )
    return db.scalars(wanted).all()


# Finding a family


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


# One family


def people_in(household_id: UUID) -> Sequence[Person]:
    """Return the people of a household, carers first, the eldest child first."""
    return db.scalars(
        select(Person)
        .where(Person.household_id == household_id, Person.left_at.is_(None))
        .order_by(Person.kind, Person.date_of_birth, Person.id)
        .limit(50)
    ).all()


def carer_ids_in(household_id: UUID) -> Select[Any]:
    """Return the statement for the ids of the carers who live in a household."""
    return select(Person.id).where(
        Person.household_id == household_id, Person.kind == PersonKind.CARER, Person.left_at.is_(None)
    )


def carers_of(child_ids: Collection[UUID]) -> Sequence[Any]:
    """Return who looks after these children, wherever they live.

    Columns: child_id, carer_id, relationship, responsibility, given_name, family_name, household_id.
    """
    return db.execute(
        select(
            Caring.child_id, Caring.carer_id, Caring.relationship, Caring.responsibility,
            Person.given_name, Person.family_name, Person.household_id,
        )
        .join(Person, Person.id == Caring.carer_id)
        .where(Caring.child_id.in_(child_ids), Person.left_at.is_(None))
        .order_by(Caring.child_id, Person.name_key, Person.id)
        .limit(200)
    ).all()  # fmt: skip


def children_elsewhere(household_id: UUID) -> Sequence[Person]:
    """Return the children who live in another household and are looked after by a carer of this one."""
    mine = select(Caring.child_id).where(Caring.carer_id.in_(carer_ids_in(household_id)))
    return db.scalars(
        select(Person)
        .where(Person.id.in_(mine), Person.household_id != household_id, Person.left_at.is_(None))
        .order_by(Person.date_of_birth, Person.id)
        .limit(50)
    ).all()


def contacts_of(household_id: UUID) -> Sequence[EmergencyContact]:
    """Return whom to ring in an emergency."""
    return db.scalars(
        select(EmergencyContact)
        .where(EmergencyContact.household_id == household_id)
        .order_by(EmergencyContact.id)
        .limit(20)
    ).all()


def consents_now(household_id: UUID) -> dict[ConsentKind, bool]:
    """Return what a household has agreed to, or not: the newest answer of each kind."""
    return {consent.kind: consent.agreed for consent in reversed(consent_history(household_id))}


def consent_history(household_id: UUID) -> Sequence[Consent]:
    """Return all answers of a household, the newest first."""
    return db.scalars(
        select(Consent)
        .where(Consent.household_id == household_id)
        .order_by(Consent.answered_at.desc(), Consent.id.desc())
        .limit(200)
    ).all()


def care_of(person_id: UUID) -> CareRecord | None:
    """Return what those who look after a person must know. Whoever shows it logs the opening."""
    return db.scalar(select(CareRecord).where(CareRecord.person_id == person_id))


def care_of_all(person_ids: Collection[UUID]) -> dict[UUID, CareRecord]:
    """Return what must be known about several people, by person. Whoever shows it logs the openings."""
    wanted = select(CareRecord).where(CareRecord.person_id.in_(person_ids))
    return {care.person_id: care for care in db.scalars(wanted)}


def may_open_person(signed_in: SignedIn, person: Person) -> bool:
    """Say whether staff may open a person's record: the household is known to them, or that of a child's carer."""
    if may_open(signed_in, person.household_id):
        return True
    homes = {carer.household_id for carer in carers_of([person.id])}
    return any(may_open(signed_in, home) for home in sorted(homes))


def safeguarding_notes_of(person_id: UUID) -> Sequence[Any]:
    """Return the notes about a person, the newest first, with who wrote them. Whoever shows them logs the opening."""
    return db.execute(
        select(
            SafeguardingNote.id, SafeguardingNote.words, SafeguardingNote.written_at, Account.name.label("by")
        )
        .join(Account, Account.id == SafeguardingNote.written_by)
        .where(SafeguardingNote.person_id == person_id)
        .order_by(SafeguardingNote.written_at.desc(), SafeguardingNote.id.desc())
        .limit(200)
    ).all()


def openings_of(household_id: UUID, *, limit: int = 50) -> Sequence[Any]:
    """Return who opened the records of a household's people, the newest first: opened_at, what, by, given_name."""
    return db.execute(
        select(RecordOpening.opened_at, RecordOpening.what, Account.name.label("by"), Person.given_name)
        .join(Person, Person.id == RecordOpening.person_id)
        .outerjoin(Account, Account.id == RecordOpening.account_id)
        .where(Person.household_id == household_id)
        .order_by(RecordOpening.opened_at.desc(), RecordOpening.id.desc())
        .limit(limit)
    ).all()


def registration(registration_id: UUID, *, now: datetime) -> Registration | None:
    """Return the answers of somebody who is registering, unless they are a day old."""
    return db.scalar(
        select(Registration).where(Registration.id == registration_id, Registration.expires_at > now)
    )


# People who might be one


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
