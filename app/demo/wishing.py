"""What families of the demonstration have asked of messages, and two addresses that do not work."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from bookings.models import FamilyAtHub
from families.models import Person
from families.terms import PersonKind
from kernel.clock import now
from kernel.db import db
from messaging import rules
from messaging.models import Suppression, Wish
from messaging.service.answering import STOPPED
from messaging.terms import Channel, Group, Way

WISHES = [(Group.REMINDERS, Way.BOTH), (Group.NEWS, Way.NEITHER), (Group.REMINDERS, Way.EMAIL)]


def wish(hub_id: UUID) -> None:
    """Let some carers who are known at a hub have wishes; of two others the email or the number does not work."""
    known = select(FamilyAtHub.household_id).where(FamilyAtHub.hub_id == hub_id)
    wanted = (
        select(Person)
        .where(
            Person.household_id.in_(known), Person.kind == PersonKind.CARER, Person.left_at.is_(None),
            Person.account_id.is_(None), Person.email != "", Person.phone.startswith("07"),
        )
        .order_by(Person.name_key, Person.id)
        .limit(len(WISHES) + 2)
    )  # fmt: skip
    found = db.scalars(wanted).all()
    if len(found) < len(WISHES) + 2:
        return  # a hub at which few are known has nothing to show
    *wishers, bounced, stopped = found
    for carer, (group, way) in zip(wishers, WISHES, strict=False):
        db.add(Wish(person_id=carer.id, group=group, way=way))
    for carer, channel, address, because, days in (
        (bounced, Channel.EMAIL, bounced.email, "the mail server knows no such address", 6),
        (stopped, Channel.TEXT, rules.mobile(stopped.phone), STOPPED, 2),
    ):
        since = now() - timedelta(days=days)
        key = rules.suppression_key(address)
        db.add(Suppression(address=key, channel=channel, since=since, because=because, person_id=carer.id))
    db.flush()
