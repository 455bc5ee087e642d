"""A mother of the demonstration who is in danger when somebody else reads where she goes."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from bookings.models import Booking, FamilyAtHub
from bookings.terms import LIVE
from families.models import Person
from families.service import set_contact_rules
from families.terms import PersonKind
from kernel.db import db
from messaging.models import Suppression, Wish
from messaging.terms import Never

NEVER = [Never.TEXT, Never.VOICEMAIL, Never.PLACE]
WHY = "Ring on Tuesdays and Thursdays before noon. Ask for her by name, and say nothing to anybody else."


def keep_safe(hub_id: UUID) -> None:
    """Let one carer who is known at a hub, lives with another and has a place, be contacted with care."""
    other = aliased(Person)
    known = select(FamilyAtHub.household_id).where(FamilyAtHub.hub_id == hub_id)
    at_home = exists(
        select(other.id).where(
            other.household_id == Person.household_id, other.id != Person.id, other.kind == PersonKind.CARER,
            other.left_at.is_(None),
        )
    )  # fmt: skip
    booked = exists(select(Booking.id).where(Booking.carer_id == Person.id, Booking.standing.in_(LIVE)))
    taken = select(Wish.person_id).union(
        select(Suppression.person_id).where(Suppression.person_id.is_not(None))
    )
    wanted = (
        select(Person)
        .where(
            Person.household_id.in_(known), Person.kind == PersonKind.CARER, Person.left_at.is_(None),
            Person.account_id.is_(None), Person.phone.startswith("07"), Person.id.not_in(taken),
        )
        .order_by(booked.desc(), at_home.desc(), Person.name_key, Person.id)
        .limit(1)
    )  # fmt: skip
    if carer := db.scalar(wanted):
        set_contact_rules(carer, NEVER, why=WHY)
