"""What a family texts in answer to a message about a booking: YES and NO."""

from uuid import UUID

from sqlalchemy import select

from bookings import queries, service
from bookings.errors import NoLongerHeld
from bookings.models import Booking
from bookings.terms import REMINDERS, Standing
from hubs.models import Session
from kernel.clock import now
from kernel.db import db, find
from messaging import service as messaging
from messaging.models import Message
from messaging.service import Reply

COMING, NOT_COMING, CANCELLED_ALREADY = "They are coming", "They cannot come", "It was cancelled already"
ACCEPTED, DECLINED, DECLINED_ALREADY = (
    "They take the place",
    "They do not want the place",
    "They wait no more",
)


def has_still_to_say(booking_id: UUID) -> bool:
    """Say whether a family has still to say whether it comes.

    Who has said it already can say otherwise, while nothing else was asked since.
    """
    booking = queries.in_its_place(find(Booking, booking_id))
    said = booking.coming_said_at is not None
    return booking.standing == Standing.CONFIRMED and not said and now() < booking.session.starts_at


@messaging.answers(*REMINDERS, "session-moved", is_open=has_still_to_say)
def say_whether_coming(booking_id: UUID, reply: Reply) -> str:
    """Note that a family is coming, or cancel its booking, which tells it so and starts the waiting list."""
    booking = queries.in_its_place(find(Booking, booking_id))
    if reply == Reply.YES:
        service.say_coming(booking)
        return COMING
    if booking.standing == Standing.CANCELLED:
        if any(one.standing == Standing.CONFIRMED for one in queries.same_session(booking)):
            raise NoLongerHeld("This booking is cancelled already, but they have another in this session.")
        return CANCELLED_ALREADY
    service.tell_by_text("cancelled", service.cancel(booking))
    return NOT_COMING


def is_offered(booking_id: UUID) -> bool:
    """Say whether a family can take a place."""
    booking = find(Booking, booking_id)
    return (
        booking.standing == Standing.OFFERED and booking.expires_at is not None and now() < booking.expires_at
    )


@messaging.answers("place-offered", is_open=is_offered)
def answer_the_offer(booking_id: UUID, reply: Reply) -> str:
    """Take the place, or turn it down, so that the next family is asked; the family is told either way."""
    booking = find(Booking, booking_id)
    if reply == Reply.YES:
        service.tell_by_text("confirmed", service.accept(booking))
        return ACCEPTED
    if booking.standing == Standing.CANCELLED:
        return DECLINED_ALREADY
    declined = service.decline(booking)
    if declined.standing != Standing.CANCELLED:
        raise NoLongerHeld
    service.tell_by_text("cancelled", declined)
    return DECLINED


@messaging.inbox_of
def hub_of(message: Message) -> UUID | None:
    """Return the hub of a message about a session: its staff read what a family texts back."""
    if message.session_id is None:
        return None
    return db.scalar(select(Session.hub_id).where(Session.id == message.session_id))
