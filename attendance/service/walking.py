"""Families that come without a place."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from attendance import queries
from attendance.errors import NobodyChosen
from attendance.events import WalkedIn
from attendance.service.marking import begin, say_unless_said
from attendance.terms import Mark, Tap
from families import service as families
from families.models import Household
from families.service import DoorChild
from families.terms import Because
from kernel.db import db, find
from kernel.errors import NotFound
from kernel.journal import record


def walk_in(register: Any, household_id: UUID, person_ids: Collection[UUID]) -> int:
    """Say that people of a family have come, who is known at the hub from now on; return how many are new here."""
    begin(register)
    if not person_ids:
        raise NobodyChosen
    find(Household, household_id)
    family = {row.person_id for row in queries.people_of_families([household_id])}
    if not family.issuperset(person_ids):
        raise NotFound("person")

    families.meet(household_id, register.hub_id, Because.HERE)
    return _welcome(register, household_id, person_ids)


def walk_in_new(
    register: Any, carer_name: str, postcode: str, children: Iterable[DoorChild] = ()
) -> Household:
    """Register a family at the door, with a name and a postcode, and say that all of it has come."""
    begin(register)
    household = families.register_at_the_door(carer_name, postcode, children, hub_id=register.hub_id)
    db.flush()
    _welcome(register, household.id, [person.id for person in household.people])
    return household


def _welcome(register: Any, household_id: UUID, person_ids: Collection[UUID]) -> int:
    spots = queries.spots(register.session_id, person_ids, with_family=household_id)
    coming = say_unless_said(register, [spot for spot in spots if _is_new(spot)], Tap.HERE)
    if coming:
        record(WalkedIn(subject=register.session_id, household=household_id))
    return len(coming)


def _is_new(spot: Any) -> bool:
    """Say whether nothing is said of somebody but that they gave their place up: they have come after all."""
    return not spot.mark or (spot.mark == Mark.APOLOGIES and spot.booking_id is None)
