"""What we hear of messages after they went."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from kernel import standing
from kernel.clock import now
from kernel.db import db
from kernel.journal import record
from messaging.events import MessageFailed
from messaging.models import Message, TextReply
from messaging.service.suppressing import suppress
from messaging.terms import MessageStanding


def delivered(reference: str) -> bool:
    """Note that a message arrived. Say whether it is one of ours; hearing it twice changes nothing."""
    messages = _known(reference)
    for message in messages:
        if message.standing == MessageStanding.SENT:
            message.standing, message.settled_at = MessageStanding.DELIVERED, now()
    return bool(messages)


def failed(reference: str, why: str, *, address_is_bad: bool) -> bool:
    """Note that a message did not arrive, and whether anything else would. Say whether it is one of ours.

    Where the address is bad and it went by no other way, what was promised is kept again: by another way, if the
    council says so.
    """
    messages = _known(reference)
    for message in _settled(messages):
        if address_is_bad:
            suppress(message.address, message.channel, why, person_id=message.person_id)
            _keep_again(message)
    return bool(messages)


def lost(reference: str) -> bool:
    """Note that whoever took a message could not pass it on: it goes by another way, as in ``failed``.

    Nothing is wrong with the address. Say whether it is one of ours.
    """
    messages = _known(reference)
    for message in _settled(messages):
        _keep_again(message)
    return bool(messages)


def opened(about: UUID, *kinds: str, by: UUID | None = None) -> None:
    """Note that a link of the newest message about something was opened; of these kinds, to this person alone."""
    narrowed: list[ColumnElement[bool]] = [Message.kind.in_(kinds)] if kinds else []
    if by:
        narrowed.append(Message.person_id == by)
    newest = (
        select(Message.id)
        .where(Message.about == about, Message.standing != MessageStanding.NOT_SENT, *narrowed)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )
    message_id = db.scalar(newest)
    if message_id:
        db.execute(
            update(Message)
            .where(Message.id == message_id, Message.opened_at.is_(None))
            .values(opened_at=now())
        )


def join_messages(*, kept: UUID, gone: UUID) -> None:
    """Two records are one person: what was sent to either, and came from either, stands with the one that stays."""
    for row in (Message, TextReply):
        db.execute(update(row).where(row.person_id == gone).values(person_id=kept))


def _known(reference: str) -> Sequence[Message]:
    """Return what one message told: several things, when they were told together."""
    if not reference:
        return []
    return db.scalars(
        select(Message).where(Message.reference == reference).order_by(Message.id).with_for_update().limit(50)
    ).all()


def _settled(messages: Sequence[Message]) -> list[Message]:
    """Note of these messages that they did not arrive; return those of which nothing had been heard."""
    unheard = [message for message in messages if message.standing == MessageStanding.SENT]
    for message in unheard:
        message.standing, message.settled_at = MessageStanding.FAILED, now()
        record(MessageFailed(subject=message.id, kind=message.kind, channel=message.channel.value))
    return unheard


def _keep_again(message: Message) -> None:
    """Have what was promised kept once more, unless it went by another way, too."""
    went = select(Message.id).where(
        Message.key == message.key,
        Message.channel != message.channel,
        Message.standing != MessageStanding.NOT_SENT,
    )
    if message.promise_id and db.scalar(went.limit(1)) is None:
        standing.keep_again(message.promise_id)
