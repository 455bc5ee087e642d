"""What a parent texts in answer to a message about a course."""

from uuid import UUID

from sqlalchemy import func, select

from kernel.db import db
from messaging import service as messaging
from messaging.models import Message
from programmes.models import Course, Participation


@messaging.inbox_of
def hub_of(message: Message) -> UUID | None:
    """Return the hub of the course that a message is about, or where somebody without one would like to come."""
    wanted = (
        select(func.coalesce(Course.hub_id, Participation.hub_id))
        .select_from(Participation)
        .outerjoin(Course, Course.id == Participation.course_id)
        .where(Participation.id == message.about)
    )
    return db.scalar(wanted)
