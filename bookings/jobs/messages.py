"""The letters about bookings, as the service promises them (``booking.…``).

A letter is composed when it is sent, from what is true then: what has been overtaken is not sent.
"""

from uuid import UUID

from sqlalchemy import select

from bookings import queries
from bookings.events import BookingLapsed
from bookings.jobs.letters import ACCEPT, appointment, cancel_link, leave_link, read_booking, send
from bookings.models import Booking
from bookings.terms import LIVE, Standing, Turn
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db, find
from kernel.journal import Entry, on
from kernel.outbox import keeps, promise
from messaging import service as messaging
from messaging.terms import At, Way

OVERTAKEN = "overtaken"
"""An outcome that is no failure: there was nothing to send."""


@keeps("booking.confirmed")
def send_confirmed(booking_id: UUID, answered_by: str = "") -> str:
    """Tell the family that the place is booked."""
    booking = read_booking(booking_id)
    if booking.standing != Standing.CONFIRMED:
        return OVERTAKEN
    return send(
        booking,
        "booking-confirmed",
        reference=True,
        bring=True,
        small_links=[("See or change your bookings", "/bookings"), cancel_link(booking)],
        calendar=appointment(booking),
        way=Way(answered_by) if answered_by else None,
    )


@keeps("booking.changed")
def send_changed(booking_id: UUID) -> str:
    """Tell the family what has changed: who comes, or when and where the session is."""
    booking = read_booking(booking_id)
    if booking.standing not in LIVE or booking.session.starts_at <= now():
        return OVERTAKEN
    booked = booking.standing == Standing.CONFIRMED
    if booked and _replaces_another(booking):
        kind = "booking-changed"
    else:
        kind = "session-moved" if booked else "session-moved-waiting"
    return send(
        booking,
        kind,
        reference=booked,
        bring=booked,
        small_links=[
            ("See your bookings", "/bookings"),
            cancel_link(booking) if booked else leave_link(booking),
        ],
        calendar=appointment(booking) if booked else None,
        useless_after=booking.session.starts_at,
    )


@keeps("booking.cancelled")
def send_cancelled(booking_id: UUID, answered_by: str = "") -> str:
    """Tell the family that the booking is cancelled."""
    booking = read_booking(booking_id)
    if booking.session.standing == SessionStanding.CALLED_OFF:
        return OVERTAKEN
    waited = booking.confirmed_at is None
    kind, link = "waiting-list-left" if waited else "booking-cancelled", ("Find another session", "/sessions")
    if booking.of_course:
        kind, link = "course-session-missed", ("See your course", "/my-courses")
    return send(
        booking,
        kind,
        because=booking.cancelled_because,
        reference=True,
        small_links=[link],
        calendar=None if waited else appointment(booking),
        way=Way(answered_by) if answered_by else None,
    )


@keeps("booking.waiting")
def send_waiting(booking_id: UUID) -> str:
    """Tell the family that they are on the waiting list, and where."""
    booking = read_booking(booking_id)
    place = queries.position(booking)
    if place is None:
        return OVERTAKEN
    return send(
        booking,
        "waiting-list-joined",
        position=str(place),
        small_links=[("See your place on the list", "/bookings"), leave_link(booking)],
    )


@keeps("booking.offered")
def send_offered(booking_id: UUID) -> str:
    """Offer the family the place that has come free."""
    booking = read_booking(booking_id)
    expires = booking.expires_at
    if booking.standing != Standing.OFFERED or expires is None or expires <= now():
        return OVERTAKEN
    return send(
        booking,
        "place-offered",
        until=At(expires, "until"),
        action=("Accept the place", f"/b/{messaging.one_step(ACCEPT, booking.id)}"),
        small_links=[("Turn the place down and leave the waiting list", cancel_link(booking)[1])],
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
    booking = read_booking(booking_id)
    was_offered = any(row.turn == Turn.OFFERED for row in queries.decisions(booking.id))
    if booking.standing != Standing.EXPIRED or not was_offered:
        return OVERTAKEN
    return send(booking, "offer-lapsed", small_links=[("Find another session", "/sessions")])


@keeps("booking.session_called_off")
def send_called_off(booking_id: UUID) -> str:
    """Tell the family that the session will not take place."""
    booking = read_booking(booking_id)
    session = booking.session
    if session.standing != SessionStanding.CALLED_OFF:
        return OVERTAKEN
    return send(
        booking,
        "session-called-off",
        because=session.called_off_because,
        small_links=[("Find another session", "/sessions")],
        calendar=appointment(booking) if booking.confirmed_at else None,
        useless_after=session.ends_at,
    )


def _replaces_another(booking: Booking) -> bool:
    """Say whether the last thing that happened to a booking or its session is that the party was changed."""
    about = (booking.id, booking.session_id)
    last = (
        select(Entry.kind).where(Entry.subject.in_(about)).order_by(Entry.at.desc(), Entry.id.desc()).limit(1)
    )
    return db.scalar(last) == "BookingChanged"
