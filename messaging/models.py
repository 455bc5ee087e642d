"""What was sent and what became of it, what is said, how a council sends, and what people have asked of it.

People and sessions are another context's business: their ids are kept here without a key.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.tables import TenantTable, one_of
from kernel.vault import SealedText
from messaging.terms import Channel, Group, MessageStanding, NotSent, ReplyStanding, Way, as_written


class Message(TenantTable):
    """A message to one person by one channel, and what became of it. Its words are not kept."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key", "channel"),
        Index(None, "tenant_id", "about", "sent_at"),
        Index(None, "tenant_id", "person_id", "sent_at", postgresql_where=text("person_id IS NOT NULL")),
        Index(None, "tenant_id", "session_id", "sent_at", postgresql_where=text("session_id IS NOT NULL")),
        Index(None, "tenant_id", "address", "sent_at"),
        Index(None, "tenant_id", "reference", postgresql_where=text("reference <> ''")),
        Index(None, "tenant_id", "standing", "sent_at"),
    )

    kind: Mapped[str]
    about: Mapped[UUID]
    """The booking, account, course or announcement that the message is about."""
    person_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    channel: Mapped[Channel] = one_of(Channel, default=Channel.EMAIL)
    address: Mapped[str]
    """Where it went; empty when there was nowhere."""
    standing: Mapped[MessageStanding] = one_of(MessageStanding, default=MessageStanding.SENT)
    because: Mapped[NotSent | None] = one_of(NotSent)
    """Why it was not sent."""
    key: Mapped[str]
    """Under one key one message goes by each channel, once."""
    promise_id: Mapped[UUID | None]
    """What was promised, to be kept again by another way when it did not arrive."""
    reference: Mapped[str] = mapped_column(default="")
    """What whoever carries it calls it."""
    asks: Mapped[bool] = mapped_column(default=False)
    """Whether YES and NO are answers to it."""
    parts: Mapped[int] = mapped_column(default=0)
    """Of how many texts a text message is made."""
    sent_at: Mapped[datetime]
    """When it was handed over, or when it was decided that it does not go."""
    late_seconds: Mapped[int] = mapped_column(default=0)
    """How long after its hour."""
    settled_at: Mapped[datetime | None]
    """When we heard that it arrived, or that it could not be delivered."""
    opened_at: Mapped[datetime | None]
    """When a link in it was first opened."""
    answered_at: Mapped[datetime | None]
    """When it was answered by text."""


class MessageWording(TenantTable):
    """What a council says in a kind of message and a language. A change is a new row; the others are the history."""

    __tablename__ = "message_wordings"
    __may__ = ("SELECT", "INSERT")
    __table_args__ = (Index(None, "tenant_id", "kind", "language", "made_at"),)

    kind: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    text: Mapped[str]
    back_to_shipped: Mapped[bool] = mapped_column(default=False)
    """That the council has gone back to the words that come with the product."""
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]


class MessageSettings(TenantTable):
    """How a council sends: one row, or none while everything is as it comes."""

    __tablename__ = "message_settings"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    notify_key: Mapped[str | None] = mapped_column(SealedText)
    """The council's key to GOV.UK Notify."""
    key_entered_at: Mapped[datetime | None]
    text_template: Mapped[str] = mapped_column(default="")
    email_template: Mapped[str] = mapped_column(default="")
    reply_to_id: Mapped[str] = mapped_column(default="")
    """Notify's ids of the council's templates and of the address to which emails are answered."""
    texts: Mapped[bool] = mapped_column(default=False)
    """Whether text messages are sent."""
    email_by_notify: Mapped[bool] = mapped_column(default=False)
    falls_back: Mapped[bool] = mapped_column(default=True)
    pence_each: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    """What one text costs the council."""
    ways: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """``{"reminder": "both"}``: how a kind goes, where the council has said so."""
    approve_above: Mapped[int] = mapped_column(default=200)
    """An announcement to more people than these needs a second person's word."""
    callback_hash: Mapped[str] = mapped_column(default="")
    """The word by which Notify is known when it calls, hashed."""


class Wish(TenantTable):
    """How somebody would like to get one group of messages."""

    __tablename__ = "message_wishes"
    __table_args__ = (Index(None, "tenant_id", "person_id", "group", unique=True),)

    person_id: Mapped[UUID]
    group: Mapped[Group] = one_of(Group)
    way: Mapped[Way] = one_of(Way)


class Suppression(TenantTable):
    """An address or number at which messages do not arrive, so that none is sent there."""

    __tablename__ = "message_suppressions"
    __table_args__ = (
        Index(None, "tenant_id", "address", unique=True, postgresql_where=text("lifted_at IS NULL")),
    )

    address: Mapped[str]
    channel: Mapped[Channel] = one_of(Channel)
    since: Mapped[datetime]
    because: Mapped[str]
    """What the far side said, in a word of ours."""
    person_id: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]

    @property
    def written(self) -> str:
        """The address, or the number as people here write it."""
        return as_written(self.address)


class TextReply(TenantTable):
    """A text message that somebody sent us. Its words are encrypted."""

    __tablename__ = "text_replies"
    __table_args__ = (
        UniqueConstraint("tenant_id", "reference"),
        Index(None, "tenant_id", "standing", "received_at"),
        Index(None, "tenant_id", "person_id", "received_at", postgresql_where=text("person_id IS NOT NULL")),
    )

    number: Mapped[str]
    words: Mapped[str] = mapped_column(SealedText)
    reference: Mapped[str]
    """What whoever carried it calls it: it is taken once."""
    received_at: Mapped[datetime]
    message_id: Mapped[UUID | None]
    """The message that it answers."""
    person_id: Mapped[UUID | None]
    hub_id: Mapped[UUID | None]
    """Whose inbox it is in; the council's when none."""
    standing: Mapped[ReplyStanding] = one_of(ReplyStanding)
    outcome: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
