"""Giving places up, and sending other people of the family."""

from collections.abc import Collection
from uuid import UUID

from bookings.models import Booking
from bookings.terms import Channel


def cancel(booking: Booking, because: str = "", *, channel: Channel = Channel.WEB) -> Booking:
    """Give the places up, or leave the waiting list; free places go to those who wait at once.

    Families may do so until the session starts (TooLateToCancel), Channel.STAFF until it ends. Cancelling again, or
    what has lapsed, changes nothing.
    """
    raise NotImplementedError


def change_party(booking: Booking, person_ids: Collection[UUID], *, channel: Channel = Channel.WEB) -> Booking:
    """Return a new booking for these people in place of a confirmed one, which is cancelled: both or neither."""
    raise NotImplementedError
