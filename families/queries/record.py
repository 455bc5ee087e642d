"""What is known about one family."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from accounts.models import Account
from families import rules
from families.models import (
    CareRecord,
    Caring,
    Consent,
    EmergencyContact,
    Person,
    RecordOpening,
    Registration,
    SafeguardingNote,
)
from families.terms import ConsentKind, PersonKind
from kernel.db import db


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


def interpreter_for(person: Person) -> str:
    """Return the language in which somebody needs an interpreter, by their record; nothing when they need none."""
    if not person.needs_interpreter:
        return ""
    return rules.language_label(person.language) or "Ask which language"


def care_of(person_id: UUID) -> CareRecord | None:
    """Return what those who look after a person must know. Whoever shows it logs the opening."""
    return db.scalar(select(CareRecord).where(CareRecord.person_id == person_id))


def care_of_all(person_ids: Collection[UUID]) -> dict[UUID, CareRecord]:
    """Return what must be known about several people, by person. Whoever shows it logs the openings."""
    wanted = select(CareRecord).where(CareRecord.person_id.in_(person_ids))
    return {care.person_id: care for care in db.scalars(wanted)}


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


def openings_of(household_id: UUID, *, limit: int = 50, without: Collection[UUID] = ()) -> Sequence[Any]:
    """Return who opened the records of a household's people, the newest first: opened_at, what, by, given_name.

    ``without``: people whose openings are not shown.
    """
    return db.execute(
        select(RecordOpening.opened_at, RecordOpening.what, Account.name.label("by"), Person.given_name)
        .join(Person, Person.id == RecordOpening.person_id)
        .outerjoin(Account, Account.id == RecordOpening.account_id)
        .where(Person.household_id == household_id, Person.id.not_in(without))
        .order_by(RecordOpening.opened_at.desc(), RecordOpening.id.desc())
        .limit(limit)
    ).all()


def registration(registration_id: UUID, *, now: datetime) -> Registration | None:
    """Return the answers of somebody who is registering, unless they are a day old."""
    return db.scalar(
        select(Registration).where(Registration.id == registration_id, Registration.expires_at > now)
    )
