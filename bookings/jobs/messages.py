"""The letters about bookings, as the service promises them (``booking.…``).

A letter is composed when it is sent, from what is true then: what has been overtaken is not sent. It names no child
and says nothing about a family to whoever holds it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bookings import queries, rules, service
from bookings.events import BookingLapsed
from bookings.models import Booking
from bookings.terms import LIVE, Standing, Turn, party_words
from families import queries as families
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel import prose
from kernel.clock import now
from kernel.db import db, find, here
from kernel.errors import NotFound
from kernel.journal import Entry, on
from kernel.outbox import keeps, memory, promise, reads_ahead
from messaging import service as messaging
from messaging.terms import At, Letter, Never, Recipient, Span, Value, Way
from tenants import queries as tenants

CANCEL, ACCEPT = "cancel-booking", "accept-offer"
AHEAD = "bookings.read"

OVERTAKEN = "overtaken"
"""An outcome that is no failure: there was nothing to send."""


# The letters


@keeps("booking.confirmed")
def send_confirmed(booking_id: UUID, answered_by: str = "") -> str:
    """Tell the family that the place is booked."""
    booking = _booking(booking_id)
    if booking.standing != Standing.CONFIRMED:
        return OVERTAKEN
    return _send(
        booking,
        "booking-confirmed",
        reference=True,
        bring=True,
        small_links=[("See or change your bookings", "/bookings"), _cancel_link(booking)],
        calendar=appointment(booking),
        way=Way(answered_by) if answered_by else None,
    )


@keeps("booking.changed")
def send_changed(booking_id: UUID) -> str:
    """Tell the family what has changed: who comes, or when and where the session is."""
    booking = _booking(booking_id)
    if booking.standing not in LIVE or booking.session.starts_at <= now():
        return OVERTAKEN
    booked = booking.standing == Standing.CONFIRMED
    if booked and _replaces_another(booking):
        kind = "booking-changed"
    else:
        kind = "session-moved" if booked else "session-moved-waiting"
    return _send(
        booking,
        kind,
        reference=booked,
        bring=booked,
        small_links=[
            ("See your bookings", "/bookings"),
            _cancel_link(booking) if booked else _leave_link(booking),
        ],
        calendar=appointment(booking) if booked else None,
        useless_after=booking.session.starts_at,
    )


@keeps("booking.cancelled")
def send_cancelled(booking_id: UUID, answered_by: str = "") -> str:
    """Tell the family that the booking is cancelled."""
    booking = _booking(booking_id)
    if booking.session.standing == SessionStanding.CALLED_OFF:
        return OVERTAKEN
    waited = booking.confirmed_at is None
    return _send(
        booking,
        "waiting-list-left" if waited else "booking-cancelled",
        because=booking.cancelled_because,
        reference=True,
        small_links=[("Find another session", "/sessions")],
        calendar=None if waited else appointment(booking),
        way=Way(answered_by) if answered_by else None,
    )


@keeps("booking.waiting")
def send_waiting(booking_id: UUID) -> str:
    """Tell the family that they are on the waiting list, and where."""
    booking = _booking(booking_id)
    place = queries.position(booking)
    if place is None:
        return OVERTAKEN
    return _send(
        booking,
        "waiting-list-joined",
        position=str(place),
        small_links=[("See your place on the list", "/bookings"), _leave_link(booking)],
    )


@keeps("booking.offered")
def send_offered(booking_id: UUID) -> str:
    """Offer the family the place that has come free."""
    booking = _booking(booking_id)
    expires = booking.expires_at
    if booking.standing != Standing.OFFERED or expires is None or expires <= now():
        return OVERTAKEN
    return _send(
        booking,
        "place-offered",
        until=At(expires, "until"),
        action=("Accept the place", f"/b/{messaging.one_step(ACCEPT, booking.id)}"),
        small_links=[("Turn the place down and leave the waiting list", _cancel_link(booking)[1])],
        useless_after=expires,
    )


@on(BookingLapsed)
def say_lapsed(happened: BookingLapsed) -> None:
    """Promise those who waited a letter when the place that was kept for them goes on."""
    if find(Booking, happened.subject).queue_no is not None:
        promise("booking.lapsed", key=f"booking.lapsed:{happened.subject}", booking_id=happened.subject)


@keeps("booking.lapsed")
def send_lapsed(booking_id: UUID) -> str:
    """Tell the family that the offer was not taken up in time."""
    booking = _booking(booking_id)
    was_offered = any(row.turn == Turn.OFFERED for row in queries.decisions(booking.id))
    if booking.standing != Standing.EXPIRED or not was_offered:
        return OVERTAKEN
    return _send(booking, "offer-lapsed", small_links=[("Find another session", "/sessions")])


@keeps("booking.session_called_off")
def send_called_off(booking_id: UUID) -> str:
    """Tell the family that the session will not take place."""
    booking = _booking(booking_id)
    session = booking.session
    if session.standing != SessionStanding.CALLED_OFF:
        return OVERTAKEN
    return _send(
        booking,
        "session-called-off",
        because=session.called_off_because,
        small_links=[("Find another session", "/sessions")],
        calendar=appointment(booking) if booking.confirmed_at else None,
        useless_after=session.ends_at,
    )


@keeps("booking.reminder")
def send_reminder(booking_id: UUID, before_start: str = "") -> str:
    """Remind the family of the session, unless that is not needed any more."""
    booking = _booking(booking_id)
    letter = _reminder(booking, before_start)
    if isinstance(letter, str):
        return letter
    return _post(booking, letter, key=_reminder_key(booking, before_start))


@reads_ahead("booking.reminder")
def read_ahead(promised: Sequence[Mapping[str, Any]]) -> None:
    """Read at once what several reminders need: their bookings, how the carers are reached, what is known of them."""
    ids = [one["booking_id"] for one in promised]
    bookings = {row.id: row for row in db.scalars(select(Booking).where(Booking.id.in_(ids)).options(_PARTS))}
    reached = families.read_ahead({row.carer_id for row in bookings.values() if row.carer_id})
    memory()[AHEAD] = bookings  # held, so that the unit of work still knows them
    messaging.read_ahead(
        {
            _reminder_key(row, one.get("before_start", "")): reached[row.carer_id]
            for one in promised
            if (row := bookings.get(one["booking_id"])) and row.carer_id and row.carer_id in reached
        }
    )


@messaging.joins("booking.reminder")
def reminder(booking_id: UUID, before_start: str = "") -> Letter | str:
    """Return a reminder of a session, or why there is none; ``before_start`` is the code of its rule."""
    return _reminder(_booking(booking_id), before_start)


def _reminder(booking: Booking, before_start: str) -> Letter | str:
    if (why := _no_reminder(booking, before_start)) is not None:
        return why
    return _letter(
        booking,
        "reminder",
        reference=True,
        bring=True,
        action=("Say whether you are coming", _cancel_link(booking)[1]),
        small_links=[("See your bookings", "/bookings")],
        useless_after=booking.session.starts_at,
    )


def _reminder_key(booking: Booking, before_start: str) -> str:
    return service.reminder_key(booking.id, before_start, booking.session.starts_at)


def _no_reminder(booking: Booking, before_start: str) -> str | None:
    session = booking.session
    if session.standing == SessionStanding.CALLED_OFF:
        return "called off"
    if booking.standing != Standing.CONFIRMED:
        return "cancelled"
    if session.starts_at <= now():
        return "started"
    due = _reminder_due(session, before_start)
    if now() < due - rules.TOO_LATE:
        return "moved"
    return "too late" if now() - due > rules.TOO_LATE else None


def _reminder_due(session: Session, before_start: str) -> datetime:
    """Return when a reminder goes: by its rule, or by the council's hours."""
    council = tenants.settings()
    if council is None:
        return session.starts_at - timedelta(hours=24)
    before = rules.read_before(before_start) or rules.Before(hours=council.reminder_hours)
    return rules.reminder(
        before, session.starts_at, awake_from=council.waking_from, awake_until=council.waking_until
    ).at


# What letters are made of

_PARTS = joinedload(Booking.session).options(
    joinedload(Session.activity), joinedload(Session.hub), joinedload(Session.room)
)


def _booking(booking_id: UUID) -> Booking:
    """Return a booking with all that a letter tells of its session, in one statement, or in none if it was read."""
    if booking := db.get(Booking, (here(), booking_id), options=[_PARTS]):
        return booking
    raise NotFound("Booking")


def told_by(booking: Booking) -> Recipient:
    """Return how the carer who is told about a booking is reached, or nowhere."""
    return families.recipient(booking.carer_id) if booking.carer_id else Recipient()


def address_of(booking: Booking) -> str:
    """Return the address to which we write about a booking, for a page to tell; nothing when it is not safe to."""
    return told_by(booking).written_to


def _replaces_another(booking: Booking) -> bool:
    """Say whether the last thing that happened to a booking or its session is that the party was changed."""
    about = (booking.id, booking.session_id)
    last = (
        select(Entry.kind).where(Entry.subject.in_(about)).order_by(Entry.at.desc(), Entry.id.desc()).limit(1)
    )
    return db.scalar(last) == "BookingChanged"


def appointment(booking: Booking) -> bytes:
    """Return the session of a booking as an iCalendar file, or what takes it out of the calendar again."""
    session = booking.session
    council = tenants.settings()
    off = session.standing == SessionStanding.CALLED_OFF or booking.standing not in LIVE
    # A calendar may be one that a family shares.
    unseen = Never.PLACE in told_by(booking).never
    title = messaging.APPOINTMENT if unseen else session.activity.title
    told = messaging.Appointment(
        key=str(booking.id),
        title=f"{title} (called off)" if off else title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place="" if unseen else _where(session),
        note=f"What to bring: {session.activity.bring}" if session.activity.bring and not unseen else "",
    )
    return messaging.calendar_file(
        [told],
        sequence=_changes(booking),
        council=council.name if council else "",
        contact=council.contact_email if council and not unseen else "",
        address=messaging.own_address("/bookings" if unseen else f"/sessions/{session.id}"),
        off=off,
        now=now(),
    )


def _changes(booking: Booking) -> int:
    """Return how often a booking or its session has changed: a number that grows with every version."""
    about = (booking.id, booking.session_id)
    return db.scalar(select(func.count(Entry.id)).where(Entry.subject.in_(about))) or 0


def _send(booking: Booking, kind: str, **parts: Any) -> str:
    return _post(booking, _letter(booking, kind, **parts))


def _post(booking: Booking, letter: Letter, *, key: str = "") -> str:
    key = key or f"{letter.kind}:{booking.id}:{_changes(booking)}"
    return messaging.send(letter, to=told_by(booking), about=booking.id, key=key)


def _letter(
    booking: Booking, kind: str, *, reference: bool = False, bring: bool = False,
    action: tuple[str, str] | None = None, small_links: list[tuple[str, str]], calendar: bytes | None = None,
    useless_after: datetime | None = None, way: Way | None = None, **says: Value,
) -> Letter:  # fmt: skip
    session = booking.session
    return Letter(
        kind=kind,
        says={
            "session": session.activity.title,
            "day": At(session.starts_at, "short_day"),
            "weekday": At(session.starts_at, "day"),
            "time": At(session.starts_at, "clock"),
            "when": Span(session.starts_at, session.ends_at),
            "where": _where(session),
            "hub": session.hub.name,
            "places": party_words(booking.adults, booking.children),
            "reference": booking.reference,
            "bring": session.activity.bring,
            **says,
        },
        facts=_facts(booking, reference=reference, bring=bring),
        action=action,
        small_links=small_links,
        calendar=calendar,
        useless_after=useless_after,
        session_id=booking.session_id,
        way=way,
    )


def _facts(booking: Booking, *, reference: bool, bring: bool) -> list[tuple[str, Value]]:
    session = booking.session
    facts: list[tuple[str, Value]] = [
        ("Session", session.activity.title),
        ("When", Span(session.starts_at, session.ends_at)),
        ("Where", _where(session)),
        ("Places", party_words(booking.adults, booking.children)),
    ]
    if session.activity.price_pence and bring:
        facts.append(("Price", f"{prose.money(session.activity.price_pence)} for each family"))
    if bring and session.activity.bring:
        facts.append(("What to bring", session.activity.bring))
    if reference:
        facts.append(("Reference", booking.reference))
    return facts


def _where(session: Session) -> str:
    hub = session.hub
    room = f"{session.room.name}, " if session.room else ""
    return ", ".join(filter(None, (f"{room}{hub.name}", hub.address, hub.postcode)))


def _cancel_link(booking: Booking) -> tuple[str, str]:
    return "Cancel this booking", f"/b/{messaging.one_step(CANCEL, booking.id)}"


def _leave_link(booking: Booking) -> tuple[str, str]:
    return "Leave the waiting list", _cancel_link(booking)[1]
