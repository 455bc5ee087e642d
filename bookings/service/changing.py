"""Saying that one comes, giving places up, and sending other people of the family."""

from collections.abc import Collection
from uuid import UUID

from bookings import queries, rules
from bookings.errors import CannotChange, NoLongerHeld, TooLateToCancel, TooLateToSay
from bookings.events import ApologyGiven, ComingSaid
from bookings.models import Booking
from bookings.queries.looking import who_is_told
from bookings.service import telling
from bookings.service.door import give_up, open_door_of, settle
from bookings.service.placing import Wish, replace
from bookings.terms import LIVE, REMINDERS, Channel, Standing
from families import queries as families
from kernel.db import db
from kernel.journal import record
from messaging import queries as messages
from messaging.terms import MessageStanding, Never


def cancel(booking: Booking, because: str = "", *, channel: Channel = Channel.WEB) -> Booking:
    """Give the places up, or leave the waiting list; free places go to those who wait at once.

    Families may do so until the session starts (TooLateToCancel), Channel.STAFF and Channel.COURSE until it ends;
    with Channel.COURSE nobody is told. A family that was reminded sends apologies so. Cancelling again, or what has
    lapsed, changes nothing.
    """
    door, booking = open_door_of(booking)
    settle(door)
    if booking.standing not in LIVE:
        return booking
    if not rules.may_cancel(door.session, now=door.at, by_staff=channel in (Channel.STAFF, Channel.COURSE)):
        raise TooLateToCancel

    before = booking.standing
    give_up(door, booking)
    booking.cancelled_because = because
    if before == Standing.CONFIRMED and channel != Channel.COURSE and _was_reminded(booking):
        about = {"session": booking.session_id, "household": booking.household_id}
        record(ApologyGiven(subject=booking.id, **about))
    if before != Standing.HELD and channel != Channel.COURSE:
        telling.tell("cancelled", booking)
    settle(door)
    return booking


def say_coming(booking: Booking) -> Booking:
    """Note that a family says that it is coming, or raise NoLongerHeld or TooLateToSay.

    Saying it again changes nothing.
    """
    door, booking = open_door_of(booking)
    if booking.standing != Standing.CONFIRMED:
        raise NoLongerHeld(NoLongerHeld.cancelled)
    if booking.coming_said_at:
        return booking
    if door.started:
        raise TooLateToSay
    booking.coming_said_at = door.at
    record(ComingSaid(subject=booking.id, session=booking.session_id, household=booking.household_id))
    return booking


def change_party(
    booking: Booking, person_ids: Collection[UUID], *, channel: Channel = Channel.WEB
) -> Booking:
    """Return a new booking for these people in place of a confirmed one, which is cancelled: both or neither."""
    door, booking = open_door_of(booking)
    settle(door)
    if booking.standing != Standing.CONFIRMED:
        raise CannotChange
    if {place.person_id for place in booking.places} == set(person_ids):
        return booking

    wish = Wish(booking.household_id, person_ids, _told(booking, person_ids, channel), channel)
    with db.begin_nested():
        changed = replace(door, booking, wish)
        booking.cancelled_because = "Changed to another party."
    settle(door)
    return changed


def _told(booking: Booking, person_ids: Collection[UUID], channel: Channel) -> UUID | None:
    """Return who is told when these people come instead: whom staff send who goes unseen, and nobody who stays away."""
    if channel == Channel.STAFF and booking.carer_id not in person_ids:
        carer = who_is_told(booking.household_id, coming=person_ids)
        if (
            carer
            and carer.id in person_ids
            and Never.PLACE in families.never_of([carer.id]).get(carer.id, ())
        ):
            return carer.id
    return booking.carer_id


def _was_reminded(booking: Booking) -> bool:
    """Say whether a reminder of the session has gone to the family, be it of a party that was another then."""
    return any(
        message.kind in REMINDERS and message.standing != MessageStanding.NOT_SENT
        for one in queries.same_session(booking)
        for message in messages.sent_about(one.id)
    )
