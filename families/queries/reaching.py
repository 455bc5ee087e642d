"""How people are reached at this moment: the one way from a person to where a message goes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select

from accounts.models import Account
from families import rules
from families.models import Caring, ContactRules, Person
from families.terms import PersonKind
from kernel import outbox
from kernel.db import db, kept
from messaging.terms import Never, Recipient

AHEAD = "families.recipients"
_DIGITS = 9
"""So many of its last digits tell a number apart, however it was written."""


def recipient(person_id: UUID) -> Recipient:
    """Return how somebody is reached, and what must not be done; nowhere when they have left their family.

    A child is reached only at an address and a number of their own, never at one that a carer of theirs reads. So is a
    carer who goes unseen: what another carer of the household or the children reads, too, is not safe.
    """
    ahead: Mapping[UUID, Recipient] = outbox.memory().get(AHEAD, {})
    if person_id in ahead:
        return ahead[person_id]
    row = db.execute(_REACHED, {"person": person_id}).first()
    return _safe([row])[person_id] if row else Recipient(id=person_id)


def read_ahead(person_ids: Collection[UUID]) -> Mapping[UUID, Recipient]:
    """Read at once how people are reached to whom a few promises in a row have something to tell."""
    found = recipients(person_ids)
    outbox.memory()[AHEAD] = found
    return found


def recipients(person_ids: Collection[UUID]) -> Mapping[UUID, Recipient]:
    """Return how people are reached; see ``recipient``."""
    return _safe(_reached(Person.id.in_(person_ids), len(person_ids)))


def rules_of(person_id: UUID) -> ContactRules | None:
    """Return what must not be done when somebody is reached, or None."""
    return db.scalar(
        select(ContactRules).where(ContactRules.person_id == person_id, ContactRules.replaced_at.is_(None))
    )


def rules_of_staff(person: Person) -> list[str] | None:
    """Return what staff said last that must not be done, whatever the person has said since."""
    return db.scalar(
        select(ContactRules.never)
        .where(ContactRules.person_id == person.id, ContactRules.set_by.is_distinct_from(person.account_id))
        .order_by(ContactRules.set_at.desc(), ContactRules.id.desc())
        .limit(1)
    )


def never_of(person_ids: Collection[UUID]) -> dict[UUID, frozenset[Never]]:
    """Return what must not be done when these people are reached, those alone of whom there is something."""
    if not person_ids:
        return {}
    wanted = select(ContactRules.person_id, ContactRules.never).where(
        ContactRules.person_id.in_(person_ids), ContactRules.replaced_at.is_(None)
    )
    return {
        person_id: frozenset(Never(word) for word in never)
        for person_id, never in db.execute(wanted)
        if never
    }


def never_at(address: str) -> frozenset[Never]:
    """Return what must not be done at an address or a number that people of families have, whoever asks for it.

    Nobody who goes unseen is signed in from a mailbox that another carer of theirs reads.
    """
    key = rules.email_key(address)
    signs_in = Account.email_key == key
    is_theirs = (func.lower(Person.email) == key) | signs_in if "@" in address else has_number(address)
    rows = _reached(is_theirs & ContactRules.never.is_not(None), 20)
    safe = _safe(rows)
    known = [
        safe[row.Person.id] if rules.email_key(row.account_email or "") == key else _recipient(row)
        for row in rows
    ]
    return frozenset().union(*(one.never for one in known))


def has_number(number: str) -> ColumnElement[bool]:
    """Return the condition that somebody has a telephone number on their record, however it was written."""
    return func.right(func.regexp_replace(Person.phone, r"\D", "", "g"), _DIGITS) == number[-_DIGITS:]


def goes_unseen(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that no other carer may see where or when somebody goes."""
    return (
        select(ContactRules.id)
        .where(
            ContactRules.person_id == person_id,
            ContactRules.replaced_at.is_(None),
            ContactRules.never.contains([Never.PLACE.value]),
        )
        .exists()
    )


def others_unseen(carer: Person) -> set[UUID]:
    """Return the other carers who are not to be seen, and the children they share with a carer: what nobody shows her.

    What staff opened and when tells where somebody was.
    """
    unseen = select(ContactRules.person_id).where(
        ContactRules.person_id != carer.id,
        ContactRules.replaced_at.is_(None),
        ContactRules.never.contains([Never.PLACE.value]),
    )
    mine = select(Caring.child_id).where(Caring.carer_id == carer.id)
    theirs = select(Caring.child_id).where(Caring.carer_id.in_(unseen))
    wanted = select(Person.id).where(
        ((Person.household_id == carer.household_id) | Person.id.in_(mine)),
        Person.id.in_(unseen) | Person.id.in_(theirs),
    )
    return set(db.scalars(wanted.limit(100)))


def _reached(which: ColumnElement[bool], limit: int) -> Sequence[Any]:
    return db.execute(_wanted(which).limit(limit)).all()


def _wanted(which: ColumnElement[bool]) -> Any:
    return (
        select(Person, Account.email.label("account_email"), ContactRules.never)
        .outerjoin(Account, (Account.id == Person.account_id) & Account.disabled_at.is_(None))
        .outerjoin(ContactRules, (ContactRules.person_id == Person.id) & ContactRules.replaced_at.is_(None))
        .where(which, Person.left_at.is_(None))
    )


_REACHED = kept(_wanted(Person.id == bindparam("person")).limit(1))


def _recipient(row: Any) -> Recipient:
    person, account_email, never = row
    return Recipient(
        id=person.id,
        email=person.email or account_email or "",
        phone=person.phone,
        language=person.language or "en",
        never=frozenset(Never(word) for word in never or ()),
    )


def _safe(rows: Sequence[Any]) -> dict[UUID, Recipient]:
    """Return how people are reached. Two statements more, however many they are, where some must be reached alone."""
    reached = {row.Person.id: _recipient(row) for row in rows}
    alone = [
        row.Person
        for row in rows
        if row.Person.kind == PersonKind.CHILD or Never.PLACE in reached[row.Person.id].never
    ]
    if alone:
        others = _other_carers(alone)
        reached |= {person.id: _alone(person, reached[person.id], others[person.id]) for person in alone}
    return reached


def _alone(person: Person, found: Recipient, others: Sequence[Recipient]) -> Recipient:
    """Return how somebody is reached where none of these others reads it."""
    email, phone = rules.email_key(found.email), rules.phone_key(found.phone)
    reads_email = email != "" and email in {rules.email_key(one.email) for one in others}
    reads_phone = phone != "" and phone in {rules.phone_key(one.phone) for one in others}
    if person.kind == PersonKind.CHILD:
        return replace(
            found, email="" if reads_email else found.email, phone="" if reads_phone else found.phone
        )
    shared = {Never.EMAIL: reads_email, Never.TEXT: reads_phone}
    return replace(found, never=found.never.union(word for word, is_shared in shared.items() if is_shared))


def _other_carers(people: Sequence[Person]) -> Mapping[UUID, list[Recipient]]:
    """Return how the carers of a child are reached, and the other carers of somebody's home or children."""
    ids = [person.id for person in people]
    theirs = select(Caring.child_id).where(Caring.carer_id.in_(ids))
    caring = select(Caring.child_id, Caring.carer_id).where(
        Caring.child_id.in_(ids) | Caring.child_id.in_(theirs)
    )
    carers: dict[UUID, set[UUID]] = defaultdict(set)
    for child_id, carer_id in db.execute(caring):
        carers[child_id].add(carer_id)
    at_home = Person.household_id.in_({person.household_id for person in people}) & (
        Person.kind == PersonKind.CARER
    )
    rows = _reached(at_home | Person.id.in_(set().union(*carers.values())), 40 * len(people))

    def is_other(person: Person, other: Person) -> bool:
        if person.kind == PersonKind.CHILD:
            return other.household_id == person.household_id or other.id in carers[person.id]
        near = other.household_id == person.household_id or any(
            {person.id, other.id} <= known for known in carers.values()
        )
        # Two records of one person bear one name until they are put together.
        return near and other.name_key != person.name_key

    return {person.id: [_recipient(row) for row in rows if is_other(person, row.Person)] for person in people}
