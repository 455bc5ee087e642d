"""Text messages that come in: what they answer, and what becomes of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from kernel.clock import now
from kernel.db import actor, db, find, here, wholly
from kernel.errors import NotFound, Refusal
from kernel.ids import new_id
from kernel.journal import record
from messaging import rules
from messaging.events import ReplySettled
from messaging.models import Message, TextReply
from messaging.rules import Reply
from messaging.service.suppressing import suppress
from messaging.terms import Channel, MessageStanding, ReplyStanding

ASKED_WITHIN = timedelta(days=14)
"""For so long a message can be answered by YES or NO."""
STOPPED = "they asked for no more texts"
UNCLEAR = "it is not clear which of our messages this answers"
WENT_WRONG = "something went wrong on our side"
GONE = "what they were asked about is no longer there"


class _Answerer(NamedTuple):
    is_open: Callable[[UUID], bool]
    do: Callable[[UUID, Reply], str]


_answerers: dict[str, _Answerer] = {}
_inboxes: list[Callable[[Message], UUID | None]] = []


def answers(
    *kinds: str, is_open: Callable[[UUID], bool]
) -> Callable[[Callable[[UUID, Reply], str]], Callable[[UUID, Reply], str]]:
    """Make a function of an upper context the one that does what YES or NO to these kinds of message asks for.

    It gets what the message is about and the reply, and returns a word on what came of it; what it refuses waits in the
    inbox, with the reason. ``is_open`` says whether the question still stands: with one that does not, it says why.
    """

    def register(do: Callable[[UUID, Reply], str]) -> Callable[[UUID, Reply], str]:
        for kind in kinds:
            _answerers[kind] = _Answerer(is_open, do)
        return do

    return register


def inbox_of(names: Callable[[Message], UUID | None]) -> Callable[[Message], UUID | None]:
    """Make a function of an upper context one that says which hub a message is from: its inbox gets the answers."""
    if names not in _inboxes:
        _inboxes.append(names)
    return names


def received(number: str, words: str, *, reference: str) -> ReplyStanding | None:
    """Take a text message in, once for each reference: None when it was taken already.

    YES and NO do what the one open question to this number asks for, when the newest text there is about that and
    nothing else: NO may be to what an announcement asks. Whatever is not that plain reaches the inbox.
    """
    known, meant = rules.mobile(number) or number, rules.meant(words)
    asked, (last, about_last) = _asked(known), _last(known)
    questions = [message for message in asked if _stands(message)]
    # Where nothing is open any more, whoever asked last says why: it is too late, or done already.
    meant_for = questions or asked[:1]
    is_plain = meant in (Reply.YES, Reply.NO) and [message.about for message in meant_for] == about_last
    plain = meant_for[0] if meant_for and is_plain else None
    about = plain or last
    taken = (
        insert(TextReply)
        .values(
            tenant_id=here(), id=new_id(), number=known, words=words, reference=reference, received_at=now(),
            message_id=about.id if about else None, person_id=about.person_id if about else None,
            hub_id=_hub(about), standing=ReplyStanding.WAITING, outcome="",
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "reference"])
        .returning(TextReply.id)
    )  # fmt: skip
    reply_id = db.execute(taken).scalar()
    if reply_id is None:
        return None
    reply = find(TextReply, reply_id)
    if about and about.answered_at is None:
        about.answered_at = now()
    if meant == Reply.STOP:
        suppress(known, Channel.TEXT, STOPPED, person_id=reply.person_id)
        reply.standing, reply.outcome = ReplyStanding.DONE, STOPPED
    elif plain:
        _answer(reply, plain, meant)
    elif asked and meant in (Reply.YES, Reply.NO):
        reply.outcome = UNCLEAR
    return reply.standing


def settle(reply: TextReply) -> None:
    """Take a text message out of the inbox: somebody has read it and seen to it."""
    reply = find(TextReply, reply.id, lock=True)
    if reply.standing == ReplyStanding.WAITING:
        reply.standing, reply.settled_at, reply.settled_by = ReplyStanding.SETTLED, now(), actor()
        record(ReplySettled(subject=reply.id))


def _answer(reply: TextReply, message: Message, meant: Reply) -> None:
    """Do what is asked for; what is refused waits in the inbox, with the reason, and so does what goes wrong.

    Only while the database is in trouble the text is not taken: whoever brought it brings it again.
    """
    try:
        with wholly():
            outcome = _answerers[message.kind].do(message.about, meant)
    except Refusal as refusal:
        reply.outcome = str(refusal)
    except NotFound:
        reply.outcome = GONE
    except SQLAlchemyError:
        raise
    except Exception as failure:
        structlog.get_logger().error("answer by text", kind=type(failure).__name__, about=message.kind)
        reply.outcome = WENT_WRONG
    else:
        reply.standing, reply.outcome = ReplyStanding.DONE, outcome


def _stands(message: Message) -> bool:
    """Say whether what a message asked is still open; what it was about may be gone for good."""
    try:
        return _answerers[message.kind].is_open(message.about)
    except NotFound:
        return False


def _asked(number: str) -> list[Message]:
    """Return the newest message about each thing that this number was asked, the newest first."""
    asked = (
        select(Message)
        .where(
            Message.address == number,
            Message.channel == Channel.TEXT,
            Message.asks,
            Message.standing != MessageStanding.NOT_SENT,
            Message.sent_at > now() - ASKED_WITHIN,
            Message.kind.in_(_answerers),
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(20)
    )
    newest: dict[UUID, Message] = {}
    for message in db.scalars(asked):
        newest.setdefault(message.about, message)
    return list(newest.values())


def _last(number: str) -> tuple[Message | None, Sequence[UUID]]:
    """Return the newest text to this number, and all that it is about: what was told together has one reference."""
    texts = (Message.address == number, Message.channel == Channel.TEXT)
    last = db.scalar(
        select(Message)
        .where(*texts, Message.standing != MessageStanding.NOT_SENT)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )
    if last is None or not last.reference:
        return last, [last.about] if last else []
    together = select(Message.about).where(*texts, Message.reference == last.reference).distinct()
    return last, db.scalars(together.order_by(Message.about).limit(50)).all()


def _hub(message: Message | None) -> UUID | None:
    if message is None:
        return None
    return next((hub for names in _inboxes if (hub := names(message))), None)
