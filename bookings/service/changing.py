"""Giving places up, and sending other people of the family."""

from collections.abc import Collection
from uuid import UUID

from bookings import rules
from bookings.errors import CannotChange, TooLateToCancel
from bookings.models import Booking
from bookings.service import telling
from bookings.service.door import give_up, open_door_of, settle
from bookings.service.placing import Wish, replace
from bookings.terms import LIVE, Channel, Standing
from kernel.db import db


def cancel(booking: Booking, because: str = "", *, channel: Channel = Channel.WEB) -> Booking:
    """Give the places up, or leave the waiting list; free places go to those who wait at once.

    Families may do so until the session starts (TooLateToCancel), Channel.STAFF and Channel.COURSE until it ends;
    with Channel.COURSE nobody is told. Cancelling again, or what has lapsed, changes nothing.
    """
    door, booking = open_door_of(booking)
    settle(door)
    if booking.standing not in LIVE:
        return booking
    if not rules.may_cancel(door.session, now=door.at, by_staff=channel in (Channel.STAFF, Channel.COURSE)):
        raise TooLateToCancel

    was_held = booking.standing == Standing.HELD
    give_up(door, booking)
    booking.cancelled_because = because
    if not was_held and channel != Channel.COURSE:
        telling.tell("cancelled", booking)
    settle(door)
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

    wish = Wish(booking.household_id, person_ids, booking.carer_id, channel)
    with db.begin_nested():
        changed = replace(door, booking, wish)
        booking.cancelled_because = "Changed to another party."
    settle(door)
    return changed
