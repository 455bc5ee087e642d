"""How the council sends: its key to GOV.UK Notify, its templates, and the word by which Notify is known to us."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from kernel.clock import now
from kernel.db import db, here
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import record
from messaging.errors import CannotCarry
from messaging.events import (
    CallbackWordMade,
    NotifyKeyEntered,
    NotifyKeyForgotten,
    SendingChanged,
    TestMessageSent,
)
from messaging.models import MessageSettings, Suppression
from messaging.queries import settings as message_settings
from messaging.rules import Worded, suppression_key
from messaging.rules.channels import channel_problems
from messaging.rules.routing import FORBIDS
from messaging.service.addresses import sender
from messaging.service.carriers import Busy, Parcel, Refused, carrier_of
from messaging.service.sending import never_at
from messaging.terms import Channel

CHANGEABLE = (
    "texts", "text_template", "email_by_notify", "email_template", "reply_to_id", "falls_back", "pence_each",
    "approve_above",
)  # fmt: skip
NO_NEWS = "Nothing came back. Wait a minute and try again."


def change_channels(values: Mapping[str, Any], *, key: str = "", forget_key: bool = False) -> list[str]:
    """Change how the council sends, and its key when a new one is given; return the names of what is other now."""
    row = own_settings()
    told = {name: values[name] for name in CHANGEABLE}
    has_key = bool(key or (row.notify_key and not forget_key))
    if problems := channel_problems(told, has_key=has_key):
        raise Unacceptable(**problems)
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, told[name])
    if changed:
        record(SendingChanged(subject=row.id, what=", ".join(changed)))
    if key and key != row.notify_key:
        row.notify_key, row.key_entered_at = key, now()
        record(NotifyKeyEntered(subject=row.id))
        changed.append("notify_key")
    elif forget_key and not key and row.notify_key:
        row.notify_key = row.key_entered_at = None
        record(NotifyKeyForgotten(subject=row.id))
        changed.append("notify_key")
    db.flush()
    return changed


def make_callback_word() -> str:
    """Make a new word by which Notify is known when it calls, and return it, this once. The one before is void."""
    row, word = own_settings(), secrets.token_urlsafe(32)
    row.callback_hash = _hashed(word)
    record(CallbackWordMade(subject=row.id))
    db.flush()
    return word


def is_notify(word: str) -> bool:
    """Say whether whoever calls shows the word that this council has given to Notify."""
    settings = message_settings()
    known = settings.callback_hash if settings else ""
    return hmac.compare_digest(_hashed(word), known or _hashed(secrets.token_hex())) and bool(known)


def send_test(channel: Channel, to: str) -> None:
    """Send a message that says nothing but that it is a test, or say why it does not go. It is not kept."""
    own = sender()
    words = f"This is a test message from {own.name} Family Hubs. You need not answer it."
    message = Worded(
        kind="test",
        language="en",
        subject="A test message",
        plain=words,
        html=f"<p>{escape(words)}</p>",
        text=words,
    )
    hand_over_test(message, channel, to)


def hand_over_test(message: Worded, channel: Channel, to: str) -> None:
    """Hand a message over that is only to be looked at, or say why it does not go. It is not kept."""
    where = {Channel.TEXT: "phone", Channel.EMAIL: "email"}[channel]
    if _must_not(channel, to):
        raise Unacceptable(**{where: "Messages must not be sent there. Choose another for the test."})
    key = f"{here()}:test:{new_id()}"
    try:
        carrier_of(channel, message_settings()).carry(Parcel(message, sender(), channel, to, key))
    except CannotCarry as trouble:
        raise Unacceptable(**{where: trouble.message}) from None
    except Refused as refusal:
        raise Unacceptable(**{where: f"It was refused: {refusal.why}."}) from None
    except Busy:
        raise Unacceptable(
            **{where: "GOV.UK Notify takes no more messages from the council just now."}
        ) from None
    except OSError:  # which is also what SMTP raises
        raise Unacceptable(**{where: "The mail server did not take it."}) from None
    record(TestMessageSent(subject=own_settings().id, channel=channel.value))


def own_settings() -> MessageSettings:
    """Return the council's row, locked, made when it is missing."""
    db.execute(
        insert(MessageSettings)
        .values(tenant_id=here(), id=new_id(), ways={}, **_FIRST)
        .on_conflict_do_nothing(index_elements=["tenant_id"])
    )
    return db.scalars(select(MessageSettings).with_for_update().limit(1)).one()


_FIRST: dict[str, Any] = {
    "text_template": "", "email_template": "", "reply_to_id": "", "texts": False, "email_by_notify": False,
    "falls_back": True, "approve_above": 200, "callback_hash": "",
}  # fmt: skip


def _must_not(channel: Channel, to: str) -> bool:
    dead = select(Suppression.id).where(
        Suppression.address == suppression_key(to), Suppression.lifted_at.is_(None)
    )
    found: UUID | None = db.scalar(dead.limit(1))
    return found is not None or FORBIDS[channel] in never_at(to)


def _hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
