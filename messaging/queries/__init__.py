"""Questions about messages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from kernel.db import db
from messaging import rules
from messaging.models import Message
from messaging.queries.house import house, house_by, settings
from messaging.queries.suppressed import (
    reached_at,
    suppressed_among,
    suppressed_of,
    suppression_keys,
    takes_texts,
)
from messaging.queries.wishes import asked_of, choosable, record_now, wishes_of

__all__ = [
    "asked_of",
    "choosable",
    "house",
    "house_by",
    "kind_name",
    "reached_at",
    "record_now",
    "sent_about",
    "settings",
    "suppressed_among",
    "suppressed_of",
    "suppression_keys",
    "takes_texts",
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
