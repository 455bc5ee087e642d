"""The letters about bookings, as the service promises them (``booking.…``).

A letter is composed when it is sent, from what is true then: what has been overtaken is not sent. It names no child
and says nothing about a family to whoever holds it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from accounts.models import Account
from bookings import queries
from bookings.events import BookingLapsed
from bookings.models import Booking
from bookings.terms import LIVE, Standing, Turn, party_words
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel import prose
from kernel.clock import now
from kernel.db import db, find
from kernel.journal import Entry, on
from kernel.outbox import keeps, promise
from messaging import service as messaging
from messaging.terms import Letter
from tenants import queries as tenants

TOO_LATE = timedelta(hours=2)
"""A reminder that could not be sent for so long is not sent at all."""
CANCEL, ACCEPT = "cancel-booking", "accept-offer"

NO_ADDRESS = "no address"
"""Outcomes that are not failures: there was nothing to send."""
OVERTAKEN = "overtaken"


# The letters


@keeps("booking.confirmed")
def send_confirmed(booking_id: UUID) -> str:
    """Tell the family that the place is booked."""
    booking = find(Booking, booking_id)
    if booking.standing != Standing.CONFIRMED:
        return OVERTAKEN
    return _send(
        booking,
        "booking-confirmed",
        f"Your place is booked: {_title(booking)}",
        ["Your place is booked. We look forward to seeing you."],
        reference=True,
        bring=True,
        small_links=[("See or change your bookings", "/bookings"), _cancel_link(booking)],
        calendar=appointment(booking),
    )


@keeps("booking.changed")
def send_changed(booking_id: UUID) -> str:
    """Tell the family what has changed: who comes, or when and where the session is."""
    booking = find(Booking, booking_id)
    if booking.standing not in LIVE or booking.session.starts_at <= now():
        return OVERTAKEN
    booked = booking.standing == Standing.CONFIRMED
    if booked and _replaces_another(booking):
        said = ["We have changed who is coming, as you asked. Your booking has a new reference."]
    else:
        stands = "Your booking still stands." if booked else "You are still on the waiting list."
        said = [
            f"This session has a new time or place. {stands}",
            "If you cannot come any more, please cancel, so that another family can have the place.",
        ]
    return _send(
        booking,
        "booking-changed",
        f"{'Your booking' if booked else 'A session that you wait for'} has changed: {_title(booking)}",
        said,
        reference=booked,
        bring=booked,
        small_links=[
            ("See your bookings", "/bookings"),
            _cancel_link(booking) if booked else _leave_link(booking),
        ],
        calendar=appointment(booking) if booked else None,
    )


@keeps("booking.cancelled")
def send_cancelled(booking_id: UUID) -> str:
    """Tell the family that the booking is cancelled."""
    booking = find(Booking, booking_id)
    if booking.session.standing == SessionStanding.CALLED_OFF:
        return OVERTAKEN
    waited = booking.confirmed_at is None
    return _send(
        booking,
        "booking-cancelled",
        f"{'You have left the waiting list' if waited else 'Your booking is cancelled'}: {_title(booking)}",
        [
            "You are no longer on the waiting list for this session."
            if waited
            else "Your booking is cancelled. The place goes to another family.",
            *([booking.cancelled_because] if booking.cancelled_because else []),
        ],
        reference=True,
        small_links=[("Find another session", "/sessions")],
        calendar=None if waited else appointment(booking),
    )


@keeps("booking.waiting")
def send_waiting(booking_id: UUID) -> str:
    """Tell the family that they are on the waiting list, and where."""
    booking = find(Booking, booking_id)
    place = queries.position(booking)
    if place is None:
        return OVERTAKEN
    return _send(
        booking,
        "waiting-list-joined",
        f"You are on the waiting list: {_title(booking)}",
        [
            f"You are number {place} on the waiting list.",
            "When a place comes free we offer it to the family that has waited longest and whose party fits.",
            "We will write to you and keep the place for you until the time that we tell you. You do not need to do "
            "anything now.",
        ],
        small_links=[("See your place on the list", "/bookings"), _leave_link(booking)],
    )


@keeps("booking.offered")
def send_offered(booking_id: UUID) -> str:
    """Offer the family the place that has come free."""
    booking = find(Booking, booking_id)
    expires = booking.expires_at
    if booking.standing != Standing.OFFERED or expires is None or expires <= now():
        return OVERTAKEN
    return _send(
        booking,
        "place-offered",
        f"A place is free for you: {_title(booking)}",
        [
            f"A place has come free. We are keeping it for you until {_until(expires)}.",
            "After that we offer it to the next family on the waiting list.",
        ],
        action=("Accept the place", f"/b/{messaging.one_step(ACCEPT, booking.id)}"),
        small_links=[("Turn the place down and leave the waiting list", _cancel_link(booking)[1])],
    )


@on(BookingLapsed)
def say_lapsed(happened: BookingLapsed) -> None:
    """Promise those who waited a letter when the place that was kept for them goes on."""
    if find(Booking, happened.subject).queue_no is not None:
        promise("booking.lapsed", key=f"booking.lapsed:{happened.subject}", booking_id=happened.subject)


@keeps("booking.lapsed")
def send_lapsed(booking_id: UUID) -> str:
    """Tell the family that the offer was not taken up in time."""
    booking = find(Booking, booking_id)
    was_offered = any(row.turn == Turn.OFFERED for row in queries.decisions(booking.id))
    if booking.standing != Standing.EXPIRED or not was_offered:
        return OVERTAKEN
    return _send(
        booking,
        "offer-lapsed",
        f"The place has gone to another family: {_title(booking)}",
        ["We did not hear from you in time, so the place that we offered you goes to the next family."],
        small_links=[("Find another session", "/sessions")],
    )


@keeps("booking.session_called_off")
def send_called_off(booking_id: UUID) -> str:
    """Tell the family that the session will not take place."""
    booking = find(Booking, booking_id)
    session = booking.session
    if session.standing != SessionStanding.CALLED_OFF:
        return OVERTAKEN
    because = [session.called_off_because] if session.called_off_because else []
    return _send(
        booking,
        "session-called-off",
        f"Called off: {_title(booking)}",
        ["We are sorry: this session has been called off. Please do not come.", *because],
        small_links=[("Find another session", "/sessions")],
        calendar=appointment(booking) if booking.confirmed_at else None,
    )


@keeps("booking.reminder")
def send_reminder(booking_id: UUID) -> str:
    """Remind the family of the session, unless that is not needed any more."""
    booking = find(Booking, booking_id)
    if (why := _no_reminder(booking)) is not None:
        return why
    return _send(
        booking,
        "reminder",
        f"Reminder: {_title(booking)}",
        [
            f"You have a place {_how_soon(booking.session.starts_at)}.",
            "If you cannot come, please cancel, so that another family can have the place.",
        ],
        reference=True,
        bring=True,
        small_links=[_cancel_link(booking), ("See your bookings", "/bookings")],
    )


def _no_reminder(booking: Booking) -> str | None:
    session = booking.session
    due = session.starts_at - timedelta(hours=_hours())
    if session.standing == SessionStanding.CALLED_OFF:
        return "called off"
    if booking.standing != Standing.CONFIRMED:
        return "cancelled"
    if session.starts_at <= now():
        return "started"
    if now() < due - TOO_LATE:
        return "moved"
    return "too late" if now() - due > TOO_LATE else None


def _hours() -> int:
    council = tenants.settings()
    return council.reminder_hours if council else 24


# What letters are made of


def address_of(booking: Booking) -> str:
    """Return where the carer who is told about a booking is written to, or nothing."""
    if booking.carer and booking.carer.email:
        return booking.carer.email
    account_id = booking.carer.account_id if booking.carer else booking.booked_by
    if booking.carer is None or account_id is None:
        return ""
    return (
        db.scalar(select(Account.email).where(Account.id == account_id, Account.disabled_at.is_(None))) or ""
    )


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
    told = messaging.Appointment(
        key=str(booking.id),
        title=f"{session.activity.title} (called off)" if off else session.activity.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=_where(session),
        note=f"What to bring: {session.activity.bring}" if session.activity.bring else "",
    )
    return messaging.calendar_file(
        [told],
        sequence=_changes(booking),
        council=council.name if council else "",
        contact=council.contact_email if council else "",
        address=messaging.own_address(f"/sessions/{session.id}"),
        off=off,
        now=now(),
    )


def _changes(booking: Booking) -> int:
    """Return how often a booking or its session has changed: a number that grows with every version."""
    about = (booking.id, booking.session_id)
    return db.scalar(select(func.count(Entry.id)).where(Entry.subject.in_(about))) or 0


def _send(
    booking: Booking, kind: str, subject: str, paragraphs: list[str], *, reference: bool = False, bring: bool = False,
    action: tuple[str, str] | None = None, small_links: list[tuple[str, str]], calendar: bytes | None = None,
) -> str:  # fmt: skip
    to = address_of(booking)
    if not to:
        return NO_ADDRESS
    letter = Letter(
        kind=kind,
        subject=subject,
        paragraphs=paragraphs,
        facts=_facts(booking, reference=reference, bring=bring),
        action=action,
        small_links=small_links,
        calendar=calendar,
    )
    key = f"{kind}:{booking.id}:{_changes(booking)}"
    return messaging.send(letter, to=to, about=booking.id, key=key)


def _facts(booking: Booking, *, reference: bool, bring: bool) -> list[tuple[str, str]]:
    session = booking.session
    facts = [
        ("Session", session.activity.title),
        ("When", _when(session)),
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


def _title(booking: Booking) -> str:
    session = booking.session
    return (
        f"{session.activity.title}, {prose.short_day(session.starts_at)} at {prose.clock(session.starts_at)}"
    )


def _when(session: Session) -> str:
    return f"{prose.day(session.starts_at)}, {prose.times(session.starts_at, session.ends_at)}"


def _where(session: Session) -> str:
    hub = session.hub
    room = f"{session.room.name}, " if session.room else ""
    return ", ".join(filter(None, (f"{room}{hub.name}", hub.address, hub.postcode)))


def _until(moment: datetime) -> str:
    return f"{prose.clock(moment)} on {prose.day(moment)}"


def _how_soon(starts_at: datetime) -> str:
    return f"on {prose.day(starts_at)} at {prose.clock(starts_at)}"


def _cancel_link(booking: Booking) -> tuple[str, str]:
    return "Cancel this booking", f"/b/{messaging.one_step(CANCEL, booking.id)}"


def _leave_link(booking: Booking) -> tuple[str, str]:
    return "Leave the waiting list", _cancel_link(booking)[1]
