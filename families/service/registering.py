"""A family becomes known."""

import secrets
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from families import rules
from families.events import FamilyRegistered
from families.models import Household
from families.service.changing import add_carer, add_child, add_contact, answer_consent, meet
from families.service.linking import link_account
from families.service.reaching import set_own_contact_rules
from families.service.wanted import DoorChild, NewCarer, NewChild, NewFamily
from families.terms import Because, Entered, PersonKind
from kernel.clock import now
from kernel.db import db
from kernel.journal import record
from kernel.outbox import promise

_random = secrets.SystemRandom()


def register(
    family: NewFamily, *, entered: Entered, account_id: UUID | None = None, hub_id: UUID | None = None
) -> Household:
    """Make a family known. With an account its carer signs in with that; online without one, she is sent a link."""
    household = _open(family.postcode, family.address, entered=entered)
    household.completed_at = now()
    carer = add_carer(household.id, family.carer)
    set_own_contact_rules(carer, family.carer.never)
    for child in family.children:
        add_child(household.id, child, told_by=carer.id)
    for contact in family.contacts:
        add_contact(household.id, contact)
    for kind, agreed in family.consents.items():
        answer_consent(household.id, kind, agreed)

    if account_id:
        link_account(carer, account_id)
    elif entered == Entered.ONLINE and carer.email:
        # What follows depends on whether the address is known. It happens later, so that nobody can tell.
        promise("families.welcome", key=f"families.welcome:{carer.id}", carer_id=carer.id)
    if hub_id:
        meet(household.id, hub_id, Because.REGISTERED)
    return household


def register_at_the_door(
    carer_name: str, postcode: str, children: Iterable[DoorChild], *, hub_id: UUID | None = None
) -> Household:
    """Make a family known by a name and a postcode; the rest is told later. The carer comes first in ``people``."""
    household = _open(postcode, "", entered=Entered.AT_THE_DOOR)
    given, family = _two_names(carer_name)
    carer = add_carer(household.id, NewCarer(given_name=given, family_name=family))
    for child in children:
        first, last = _two_names(child.name)
        wanted = NewChild(
            given_name=first, family_name=last or family, date_of_birth=child.born, due_date=child.due
        )
        add_child(household.id, wanted, told_by=carer.id)
    if hub_id:
        meet(household.id, hub_id, Because.REGISTERED)
    household.people.sort(key=lambda person: (person.kind != PersonKind.CARER, person.id))
    return household


def _open(postcode: str, address: str, *, entered: Entered) -> Household:
    household = Household(
        reference=_free_reference(),
        address=address,
        postcode=postcode,
        postcode_key=rules.postcode_key(postcode),
        entered=entered,
    )
    db.add(household)
    db.flush()
    record(FamilyRegistered(subject=household.id, entered=entered))
    return household


def _free_reference() -> str:
    while True:
        reference = rules.new_reference(_random)
        if not db.scalar(select(Household.id).where(Household.reference == reference)):
            return reference


def _two_names(name: str) -> tuple[str, str]:
    given, _, family = " ".join(name.split()).partition(" ")
    return given, family
