"""Two records that are one, and two people who only look alike."""

from uuid import UUID

from sqlalchemy import select, update

from families import queries, rules
from families.errors import CannotBeOne
from families.events import HouseholdsMerged, PeopleMerged, SaidNotTheSame
from families.models import (
    CareRecord,
    Caring,
    Consent,
    EmergencyContact,
    Household,
    NotTheSame,
    Person,
    SafeguardingNote,
)
from families.service.changing import _write_keys
from families.service.reaching import join_contact_rules
from families.terms import PersonKind, Relationship, Responsibility, SendStatus
from kernel.clock import now
from kernel.db import actor, db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from messaging.terms import Never

STAY_APART = (
    "These families stay apart: a carer of one must not be found by a carer of the other. Choose that the carers of "
    "the child live apart, or take the old record of a carer out of its family"
)
FILLED_IN = ("family_name", "known_as", "email", "phone", "language", "ethnicity")


def not_the_same(one_id: UUID, other_id: UUID) -> None:
    """Keep that two people who look alike are two; they are not shown together again."""
    first, second = sorted((one_id, other_id))
    if queries.said_not_the_same(first, second):
        return
    db.add(NotTheSame(one_id=first, other_id=second, said_by=actor()))
    db.flush()
    record(SaidNotTheSame(subject=first, other=second))


def merge_people(kept: Person, gone: Person) -> None:
    """Make two records of one person one. The households stay: a child of carers who live apart has one record."""
    if kept.id == gone.id or kept.kind != gone.kind or kept.left_at or gone.left_at:
        raise CannotBeOne
    _fill_in(kept, gone)
    _move_caring(kept, gone)
    _move_care(kept, gone)
    join_contact_rules(kept, gone)
    db.execute(
        update(SafeguardingNote).where(SafeguardingNote.person_id == gone.id).values(person_id=kept.id)
    )
    gone.left_at = now()
    db.flush()
    record(PeopleMerged(subject=kept.id, gone=gone.id))


def merge_families(kept: Person, gone: Person) -> None:
    """Make two records of one person one, and their households, unless a carer of them must not be found by another."""
    homes = [find(Household, one.household_id) for one in (kept, gone)]
    _ensure_may_live_together(*homes)
    merge_people(kept, gone)
    merge_households(*homes)


def merge_households(kept: Household, gone: Household) -> None:
    """Make two records of one household one: who is in both is one person, everybody else moves over."""
    if kept.id == gone.id:
        raise CannotBeOne
    _ensure_may_live_together(kept, gone)
    here, others = queries.people_in(kept.id), queries.people_in(gone.id)
    for person in others:
        if twin := next((p for p in here if not p.left_at and _is_same(p, person)), None):
            merge_people(twin, person)
        else:
            person.household_id = kept.id
    db.flush()
    _move_contacts(kept, gone)
    _move_consents(kept, gone)
    if not kept.postcode:
        kept.address, kept.postcode, kept.postcode_key = gone.address, gone.postcode, gone.postcode_key
    kept.completed_at = kept.completed_at or gone.completed_at
    db.flush()
    record(HouseholdsMerged(subject=kept.id, gone=gone.id))


def _ensure_may_live_together(one: Household, other: Household) -> None:
    """Refuse to put somebody who must not be found into one household with a carer from whom they live apart."""
    homes = [
        [person for person in queries.people_in(home.id) if person.kind == PersonKind.CARER]
        for home in (one, other)
    ]
    everybody = [person for home in homes for person in home]
    flagged = queries.never_of([person.id for person in everybody])
    unseen = [person for person in everybody if Never.PLACE in flagged.get(person.id, ())]
    for home, elsewhere in (homes, reversed(homes)):
        hiding = [person for person in home if any(_is_same(person, flag) for flag in unseen)]
        strangers = [person for person in elsewhere if not any(_is_same(person, one) for one in home)]
        if hiding and strangers:
            raise Unacceptable(answer=STAY_APART)


def _is_same(one: Person, other: Person) -> bool:
    # Stricter than a likeness: nobody looks at each pair here.
    births = {born for born in (one.date_of_birth, other.date_of_birth) if born}
    return (
        one.kind == other.kind and len(births) < 2 and rules.name_key(one.name) == rules.name_key(other.name)
    )


def _fill_in(kept: Person, gone: Person) -> None:
    for name in FILLED_IN:
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    if not kept.date_of_birth:
        kept.date_of_birth = gone.date_of_birth
        kept.due_date = None if kept.date_of_birth else kept.due_date or gone.due_date
    kept.needs_interpreter = kept.needs_interpreter or gone.needs_interpreter
    if kept.send == SendStatus.NONE:
        kept.send = gone.send
    account_id, gone.account_id = gone.account_id, None
    db.flush()
    kept.account_id = kept.account_id or account_id
    _write_keys(kept)
    db.flush()


def _move_caring(kept: Person, gone: Person) -> None:
    carer_side = kept.kind == PersonKind.CARER
    mine, theirs = ("carer_id", "child_id") if carer_side else ("child_id", "carer_id")
    known = {
        getattr(caring, theirs): caring
        for caring in db.scalars(select(Caring).where(getattr(Caring, mine) == kept.id))
    }
    for caring in db.scalars(select(Caring).where(getattr(Caring, mine) == gone.id)).all():
        if same := known.get(getattr(caring, theirs)):
            if same.relationship == Relationship.OTHER:
                same.relationship = caring.relationship
            if same.responsibility == Responsibility.NOT_KNOWN:
                same.responsibility = caring.responsibility
            db.delete(caring)
        else:
            setattr(caring, mine, kept.id)
    db.flush()


def _move_care(kept: Person, gone: Person) -> None:
    ours, theirs = queries.care_of(kept.id), queries.care_of(gone.id)
    if not theirs:
        return
    if not ours:
        theirs.person_id = kept.id
        db.flush()
        return
    for name in ("allergies", "medical", "needs"):
        setattr(ours, name, _both(getattr(ours, name), getattr(theirs, name)))
    db.delete(db.get_one(CareRecord, (theirs.tenant_id, theirs.id)))
    db.flush()


def _both(one: str | None, other: str | None) -> str | None:
    return "\n".join(dict.fromkeys(words for words in (one, other) if words)) or None


def _move_contacts(kept: Household, gone: Household) -> None:
    known = set(db.scalars(select(EmergencyContact.phone).where(EmergencyContact.household_id == kept.id)))
    theirs = select(EmergencyContact).where(EmergencyContact.household_id == gone.id)
    for contact in db.scalars(theirs).all():
        if contact.phone in known:
            db.delete(contact)
        else:
            contact.household_id = kept.id
    db.flush()


def _move_consents(kept: Household, gone: Household) -> None:
    ours = {consent.kind: consent for consent in reversed(queries.consent_history(kept.id))}
    theirs = {consent.kind: consent for consent in reversed(queries.consent_history(gone.id))}
    for kind, consent in theirs.items():
        if kind not in ours or ours[kind].answered_at < consent.answered_at:
            db.add(
                Consent(
                    household_id=kept.id,
                    kind=kind,
                    agreed=consent.agreed,
                    answered_at=consent.answered_at,
                    answered_by=consent.answered_by,
                )
            )
