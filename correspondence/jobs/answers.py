"""What a family texts in answer to an announcement."""

from uuid import UUID

from sqlalchemy import select

from bookings.models import FamilyAtHub
from correspondence.models import Announcement
from correspondence.service.announcements import KIND
from families.models import Person
from hubs.models import Hub
from kernel.db import db
from messaging import service as messaging
from messaging.models import Message


@messaging.inbox_of
def hub_of(message: Message) -> UUID | None:
    """Return the hub that an announcement was for, whose staff read what is texted back.

    Where it was for every hub, that is the open one that came to know the family last, if any did.
    """
    if message.kind != KIND:
        return None
    hub_id = db.scalar(select(Announcement.hub_id).where(Announcement.id == message.about))
    return hub_id or db.scalar(
        select(FamilyAtHub.hub_id)
        .join(Person, Person.household_id == FamilyAtHub.household_id)
        .join(Hub, Hub.id == FamilyAtHub.hub_id)
        .where(Person.id == message.person_id, Hub.closed_at.is_(None))
        .order_by(FamilyAtHub.created_at.desc(), FamilyAtHub.id.desc())
        .limit(1)
    )
