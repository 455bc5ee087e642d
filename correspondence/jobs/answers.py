"""What a family texts in answer to an announcement."""

from uuid import UUID

from sqlalchemy import select

from correspondence.models import Announcement
from correspondence.service.announcements import KIND
from kernel.db import db
from messaging import service as messaging
from messaging.models import Message


@messaging.inbox_of
def hub_of(message: Message) -> UUID | None:
    """Return the hub that an announcement was for: its staff read what is texted back; none where it was for all."""
    if message.kind != KIND:
        return None
    return db.scalar(select(Announcement.hub_id).where(Announcement.id == message.about))
