"""What was sent in the last fortnight and what came of it, and texts that wait to be read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.demo.past import Past, write
from bookings.models import Booking
from bookings.terms import Standing
from families import queries as families
from hubs.models import Session
from kernel.clock import now
from kernel.db import db, here
from kernel.ids import new_id
from kernel.outbox import Promise
from messaging.models import Message, TextReply
from messaging.rules import mobile
from messaging.terms import Channel, MessageStanding, Never, NotSent, Recipient, ReplyStanding

FORTNIGHT = timedelta(days=14)
MOST = 800
WAITING = (
    "Hi we will be about 15 mins late tomorrow is that ok? x",
    "Can my sister bring him instead of me",
    "yes but only if there is parking, we have the double buggy",
)
STRANGER = "Is baby clinic on this week? Saw your poster"


def write_history(hub_id: UUID, seed: str) -> None:
    """Write what was sent about the bookings of the last fortnight; some texts wait at one hub, one at none."""
    dice, past = Random(f"{seed} messages"), Past(here())
    bookings = _bookings()
    people = families.recipients([one.carer_id for one in bookings if one.carer_id])
    waiting, still_to_come = list(WAITING), _still_to_come()
    for booking in bookings:
        to = people.get(booking.carer_id) if booking.carer_id else None
        if to is None:
            continue
        starts, told = booking.session.starts_at, booking.confirmed_at or now()
        if now() - FORTNIGHT < told < now() and booking.id not in still_to_come:
            _confirm(past, booking, to, told)
        reminded = starts - timedelta(days=1)
        if reminded < now():
            message_id = _remind(past, booking, to, reminded, dice)
            if message_id and waiting and starts > now() and booking.session.hub_id == hub_id:
                _answer(past, waiting.pop(0), to, message_id, hub_id)
    past.add(
        TextReply, number="+447700900771", words=STRANGER, reference=str(new_id()),
        received_at=now() - timedelta(hours=3), message_id=None,
        person_id=None, hub_id=None, standing=ReplyStanding.WAITING, outcome="",
    )  # fmt: skip
    write(past, (Message, TextReply))


def _still_to_come() -> set[UUID]:
    """Return the bookings of which the demonstration will tell by itself, as soon as it runs."""
    promised = select(Promise.payload).where(Promise.topic == "booking.confirmed", Promise.done_at.is_(None))
    return {UUID(payload["booking_id"]) for payload in db.scalars(promised)}


def _bookings() -> Sequence[Booking]:
    wanted = (
        select(Booking)
        .join(Session, Session.id == Booking.session_id)
        .options(joinedload(Booking.session))
        .where(
            Booking.standing == Standing.CONFIRMED,
            Session.starts_at.between(now() - FORTNIGHT, now() + timedelta(days=2)),
        )
        .order_by(Session.starts_at.desc(), Booking.id)
        .limit(MOST)
    )
    return db.scalars(wanted).all()


def _confirm(past: Past, booking: Booking, to: Recipient, at: datetime) -> None:
    goes = bool(to.email) and Never.EMAIL not in to.never
    because = None if goes else NotSent.UNSAFE if to.email else NotSent.NO_ADDRESS
    address = to.email if goes else ""
    _note(past, "booking-confirmed", booking, to, at, channel=Channel.EMAIL, address=address, because=because)


def _remind(past: Past, booking: Booking, to: Recipient, at: datetime, dice: Random) -> UUID | None:
    """Note a reminder by text, or by email to somebody who can have none; return the text that can be answered."""
    number = mobile(to.phone) if Never.TEXT not in to.never else ""
    if not number:
        if to.email and Never.EMAIL not in to.never:
            _note(past, "reminder", booking, to, at, channel=Channel.EMAIL, address=to.email)
        return None
    fate = dice.random()
    arrived = at + timedelta(seconds=dice.randint(3, 40))
    parts: dict[str, Any] = {"late_seconds": 840} if fate > 0.97 else {}
    if fate < 0.04:
        parts |= {"standing": MessageStanding.FAILED, "settled_at": arrived}
    elif fate < 0.94:
        parts |= {"standing": MessageStanding.DELIVERED, "settled_at": arrived}
    if 0.1 < fate < 0.4:
        parts["opened_at"] = min(arrived + timedelta(minutes=dice.randint(1, 300)), now())
    if 0.4 < fate < 0.5:
        parts["answered_at"] = min(arrived + timedelta(minutes=dice.randint(1, 90)), now())
    return _note(
        past, "reminder", booking, to, at, channel=Channel.TEXT, address=number, asks=True, parts=1, **parts
    )


def _note(
    past: Past, kind: str, booking: Booking, to: Recipient, at: datetime, *, channel: Channel, address: str,
    because: NotSent | None = None, **parts: Any,
) -> UUID:  # fmt: skip
    usual = {
        "standing": MessageStanding.NOT_SENT if because else MessageStanding.SENT, "because": because, "parts": 0,
        "asks": False, "late_seconds": 0, "settled_at": None, "opened_at": None, "answered_at": None,
    }  # fmt: skip
    return past.add(
        Message, kind=kind, about=booking.id, person_id=to.id, session_id=booking.session_id, channel=channel,
        address=address, key=f"before:{kind}:{booking.id}", reference="", sent_at=at, **{**usual, **parts},
    )  # fmt: skip


def _answer(past: Past, words: str, to: Recipient, message_id: UUID, hub_id: UUID) -> None:
    past.rows[Message][-1]["answered_at"] = now() - timedelta(minutes=20)
    past.add(
        TextReply, number=mobile(to.phone), words=words, reference=str(new_id()),
        received_at=now() - timedelta(minutes=20), message_id=message_id,
        person_id=to.id, hub_id=hub_id, standing=ReplyStanding.WAITING, outcome="",
    )  # fmt: skip
