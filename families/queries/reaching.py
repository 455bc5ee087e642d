"""How people are reached at this moment: the one way from a person to where a message goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from accounts.models import Account
from families.models import ContactRules, Person
from families.terms import PersonKind
from kernel.db import db
from messaging.terms import Never, Recipient


def recipient(person_id: UUID) -> Recipient:
    """Return how somebody is reached, and what must not be done; nowhere when they have left their family.

    A child is reached only at an address and a number of their own, never at one that a carer of the family reads.
    """
    return recipients([person_id]).get(person_id, Recipient(id=person_id))


def recipients(person_ids: Collection[UUID]) -> Mapping[UUID, Recipient]:
    """Return how people are reached; see ``recipient``."""
    found = _reached(Person.id.in_(person_ids), len(person_ids))
    children = [row for row in found if row.Person.kind == PersonKind.CHILD]
    theirs = _carers_addresses({row.Person.household_id for row in children}) if children else frozenset()
    return {
        row.Person.id: _apart_from(theirs, _recipient(row)) if row in children else _recipient(row)
        for row in found
    }


def rules_of(person_id: UUID) -> ContactRules | None:
    """Return what must not be done when somebody is reached, or None."""
    return db.scalar(
        select(ContactRules).where(ContactRules.person_id == person_id, ContactRules.replaced_at.is_(None))
    )


def _reached(which: ColumnElement[bool], limit: int) -> Sequence[Any]:
    wanted = (
        select(Person, Account.email.label("account_email"), ContactRules.never)
        .outerjoin(Account, (Account.id == Person.account_id) & Account.disabled_at.is_(None))
        .outerjoin(ContactRules, (ContactRules.person_id == Person.id) & ContactRules.replaced_at.is_(None))
        .where(which, Person.left_at.is_(None))
        .limit(limit)
    )
    return db.execute(wanted).all()


def _recipient(row: Any) -> Recipient:
    person, account_email, never = row
    return Recipient(
        id=person.id,
        household_id=person.household_id,
        email=person.email or account_email or "",
        phone=person.phone,
        language=person.language or "en",
        never=frozenset(Never(word) for word in never or ()),
    )


def _carers_addresses(households: Collection[UUID]) -> frozenset[str]:
    carers = _reached(
        Person.household_id.in_(households) & (Person.kind == PersonKind.CARER), 20 * len(households)
    )
    own = [_recipient(row) for row in carers]
    return frozenset(_key(at) for one in own for at in (one.email, one.phone) if at)


def _apart_from(theirs: frozenset[str], child: Recipient) -> Recipient:
    return replace(
        child,
        email="" if _key(child.email) in theirs else child.email,
        phone="" if _key(child.phone) in theirs else child.phone,
    )


def _key(address: str) -> str:
    return address.strip().casefold()
