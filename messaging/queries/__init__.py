"""Questions about messages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from kernel.db import db
from messaging import rules
from messaging.models import Message
from messaging.queries.house import house, house_by, settings
from messaging.queries.suppressed import suppressed_among, suppressed_of
from messaging.queries.wishes import wishes_of

__all__ = [
    "house",
    "house_by",
    "kind_name",
    "sent_about",
    "settings",
    "suppressed_among",
    "suppressed_of",
    "wishes_of",
]


def sent_about(about: UUID, limit: int = 50) -> Sequence[Message]:
    """Return the messages about a booking, an account or a session, the newest first."""
    return db.scalars(
        select(Message)
        .where(Message.about == about)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    ).all()


def kind_name(code: str) -> str:
    """Return what a kind of message is called by people."""
    kind = rules.kinds().get(code)
    return kind.name if kind else "A message of an earlier kind"
