"""What people have asked about the messages that they get."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from kernel.db import db
from messaging.models import Wish
from messaging.terms import Group, Way


def wishes_of(person_id: UUID) -> Mapping[Group, Way]:
    """Return what somebody has asked for, by group; what is not named goes as it usually does."""
    return {wish.group: wish.way for wish in db.scalars(select(Wish).where(Wish.person_id == person_id))}
