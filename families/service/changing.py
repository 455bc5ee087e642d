"""What changes in a family."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from families import queries, rules
from families.errors import AlreadyBorn, NeedsACarer
from families.events import (
    BabyBorn,
    CarerMovedOut,
    CaringChanged,
    CaringEnded,
    ConsentAnswered,
    ContactsChanged,
    FamilyMet,
    FamilyRegistered,
    HouseholdMoved,
    PersonAdded,
    PersonChanged,
    PersonLeft,
    RegistrationFinished,
)
from families.models import Caring, Consent, EmergencyContact, Household, Person
from families.service.care import set_care
from families.service.reaching import forget_contact_rules
from families.service.wanted import UNNAMED, NewCarer, NewChild, NewContact
from families.terms import Because, ConsentKind, PersonKind, Relationship, Responsibility, SendStatus
from kernel import standing
from kernel.clock import now, today
from kernel.db import actor, db, find
from kernel.errors import NotFound, Unacceptable, ensure_known
from kernel.journal import record
from tenants import queries as tenants

FOR_EVERYBODY = ("given_name", "family_name", "known_as", "language", "ethnicity")
FOR_CARERS = (*FOR_EVERYBODY, "email", "phone", "needs_interpreter")
FOR_CHILDREN = (*FOR_EVERYBODY, "date_of_birth", "due_date", "send")


def add_carer(household_id: UUID, wanted: NewCarer) -> Person:
    """Add a carer to a household. What they are to the children is told with ``set_caring``."""
    carer = Person(
        household_id=household_id,
        kind=PersonKind.CARER,
        given_name=wanted.given_name,
        family_name=wanted.family_name,
        known_as=wanted.known_as,
        email=wanted.email,
        phone=wanted.phone,
        language=wanted.language,
        needs_interpreter=wanted.needs_interpreter,
        ethnicity=wanted.ethnicity,
        send=SendStatus.NONE,
    )
    return _add(carer)


def add_child(household_id: UUID, wanted: NewChild, *, told_by: UUID | None = None) -> Person:
    """Add a child to a household. All carers who live there look after it; who tells, says what they are to it."""
    _check_birth(wanted.date_of_birth, wanted.due_date, wanted.send)
    child = _add(
        Person(
            household_id=household_id,
            kind=PersonKind.CHILD,
            given_name=wanted.given_name or UNNAMED,
            family_name=wanted.family_name,
            known_as=wanted.known_as,
            date_of_birth=wanted.date_of_birth,
            due_date=wanted.due_date,
            language=wanted.language,
            ethnicity=wanted.ethnicity,
            send=wanted.send,
        )
    )
    if wanted.allergies or wanted.medical or wanted.needs:
        set_care(child, allergies=wanted.allergies, medical=wanted.medical, needs=wanted.needs)

    carers = set(db.scalars(queries.carer_ids_in(household_id)))
    if told_by:
        carers.add(told_by)
    for carer_id in sorted(carers):
        told = carer_id == told_by
        db.add(
            Caring(
                carer_id=carer_id,
                child_id=child.id,
                relationship=wanted.relationship if told else Relationship.OTHER,
                responsibility=wanted.responsibility if told else Responsibility.NOT_KNOWN,
            )
        )
    db.flush()
    return child


def _add(person: Person) -> Person:
    _write_keys(person)
    db.add(person)
    db.flush()
    record(PersonAdded(subject=person.id, household=person.household_id, kind=person.kind))
    return person


def change_person(person: Person, **changes: Any) -> None:
    """Change what is known about a person; what is not named stays."""
    ensure_known(changes, FOR_CARERS if person.kind == PersonKind.CARER else FOR_CHILDREN)
    changed = sorted(name for name, value in changes.items() if getattr(person, name) != value)
    if not changed:
        return
    if {"date_of_birth", "due_date", "send"} & set(changed):
        after = {
            name: changes.get(name, getattr(person, name)) for name in ("date_of_birth", "due_date", "send")
        }
        _check_birth(after["date_of_birth"], after["due_date"], after["send"])

    for name in changed:
        setattr(person, name, changes[name])
    _write_keys(person)
    db.flush()
    standing.read_anew(person.id)
    record(PersonChanged(subject=person.id, changed=", ".join(changed)))


def baby_born(child: Person, born: date, *, given_name: str = "") -> None:
    """Give a child who was awaited a date of birth and, when told, a name."""
    if child.date_of_birth:
        raise AlreadyBorn
    _check_birth(born, None, child.send)

    child.date_of_birth, child.due_date = born, None
    if given_name:
        child.given_name = given_name
    _write_keys(child)
    db.flush()
    record(BabyBorn(subject=child.id))


def _check_birth(born: date | None, due: date | None, send: SendStatus) -> None:
    council = tenants.settings()
    problem = rules.problem_with_birth(
        born,
        due,
        on=today(),
        limit=council.age_limit if council else 19,
        limit_send=council.age_limit_send if council else 25,
        send=send != SendStatus.NONE,
    )
    if problem and born:
        raise Unacceptable(date_of_birth=problem)
    if problem:
        raise Unacceptable(due_date=problem)


def _write_keys(person: Person) -> None:
    person.name_key = rules.name_key(f"{person.given_name} {person.family_name} {person.known_as or ''}")
    person.family_name_key = rules.name_key(person.family_name)


def leave(person: Person) -> None:
    """Take a person out of the household, say a carer who does not look after the children any more."""
    if person.left_at:
        return
    if person.kind == PersonKind.CARER:
        carers = set(db.scalars(queries.carer_ids_in(person.household_id)))
        if carers == {person.id}:
            raise NeedsACarer

    person.left_at = now()
    person.account_id = None
    forget_contact_rules(person)
    db.flush()
    standing.read_anew(person.id)
    record(PersonLeft(subject=person.id, household=person.household_id))


def move_household(household: Household, *, address: str, postcode: str) -> None:
    """Give a household another address."""
    if (household.address, household.postcode) == (address, postcode):
        return
    household.address, household.postcode = address, postcode
    household.postcode_key = rules.postcode_key(postcode)
    record(HouseholdMoved(subject=household.id))


def move_out(carer: Person, *, address: str = "", postcode: str = "") -> Household:
    """Let a carer live apart, in a household of their own; they look after the same children as before."""
    before = find(Household, carer.household_id)
    if set(db.scalars(queries.carer_ids_in(before.id))) == {carer.id}:
        raise NeedsACarer
    from families.service.registering import _free_reference  # registering calls this module

    household = Household(
        reference=_free_reference(),
        address=address,
        postcode=postcode,
        postcode_key=rules.postcode_key(postcode),
        entered=before.entered,
        completed_at=before.completed_at,
    )
    db.add(household)
    db.flush()
    carer.household_id = household.id
    db.flush()
    record(FamilyRegistered(subject=household.id, entered=household.entered))
    record(CarerMovedOut(subject=carer.id, household=household.id, before=before.id))
    return household


def set_caring(
    carer_id: UUID, child_id: UUID, *, relationship: Relationship, responsibility: Responsibility
) -> None:
    """Say what a carer is to a child, wherever either lives."""
    if find(Person, carer_id).kind != PersonKind.CARER or find(Person, child_id).kind != PersonKind.CHILD:
        raise NotFound("caring")
    caring = db.scalar(select(Caring).where(Caring.carer_id == carer_id, Caring.child_id == child_id))
    if not caring:
        caring = Caring(carer_id=carer_id, child_id=child_id)
        db.add(caring)
    caring.relationship, caring.responsibility = relationship, responsibility
    db.flush()
    record(CaringChanged(subject=child_id, carer=carer_id))


def end_caring(carer_id: UUID, child_id: UUID) -> None:
    """Say that a carer does not look after a child any more; somebody else must."""
    carers = set(db.scalars(select(Caring.carer_id).where(Caring.child_id == child_id)))
    if carer_id not in carers:
        raise NotFound("caring")
    if carers == {carer_id}:
        raise NeedsACarer
    db.execute(delete(Caring).where(Caring.carer_id == carer_id, Caring.child_id == child_id))
    record(CaringEnded(subject=child_id, carer=carer_id))


def answer_consent(household_id: UUID, kind: ConsentKind, agreed: bool) -> None:
    """Keep what a household answers now; the answers before stay as history."""
    if queries.consents_now(household_id).get(kind) is agreed:
        return
    db.add(
        Consent(household_id=household_id, kind=kind, agreed=agreed, answered_at=now(), answered_by=actor())
    )
    db.flush()
    record(ConsentAnswered(subject=household_id, what=kind, agreed=agreed))


def add_contact(household_id: UUID, wanted: NewContact) -> EmergencyContact:
    """Add somebody to ring in an emergency."""
    contact = EmergencyContact(
        household_id=household_id, name=wanted.name, phone=wanted.phone, relationship=wanted.relationship
    )
    db.add(contact)
    db.flush()
    record(ContactsChanged(subject=household_id))
    return contact


def remove_contact(contact: EmergencyContact) -> None:
    """Ring this person no more."""
    db.delete(contact)
    db.flush()
    record(ContactsChanged(subject=contact.household_id))


def complete(household: Household) -> None:
    """Say that registration is finished."""
    if household.completed_at is None:
        household.completed_at = now()
        record(RegistrationFinished(subject=household.id))


def meet(household_id: UUID, hub_id: UUID, because: Because) -> None:
    """Say that a family is in touch with a hub, whose staff may open the record from now on."""
    find(Household, household_id)
    record(FamilyMet(subject=household_id, hub=hub_id, because=because))
