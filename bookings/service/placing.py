"""Taking places, and waiting for them."""

from collections.abc import Collection
from uuid import UUID

from bookings.models import Booking
from bookings.terms import Channel


def book(
    session_id: UUID, *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None, channel: Channel
) -> Booking:
    """Give the party places, all or none, or raise CannotBook with every reason (``may_wait``: offer ``join``).

    ``person_ids`` are adults and children of the household, or children whom its carers look after: others are
    NotFound. ``carer_id`` is told about it. Channel.STAFF may book outside the window and without a known age, and
    never beyond the limits.
    """
    raise NotImplementedError


def book_several(
    session_ids: Collection[UUID], *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None,
    channel: Channel,
) -> list[Booking]:
    """Give the party places in every one of the sessions, or in none; in the order of their start."""
    raise NotImplementedError


def hold(
    session_id: UUID, *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None, channel: Channel
) -> Booking:
    """Keep places for the party for the council's ``hold_minutes``."""
    raise NotImplementedError


def join(
    session_id: UUID, *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None, channel: Channel
) -> Booking:
    """Put the party on the waiting list, or raise CannotWait with every reason."""
    raise NotImplementedError


def confirm(booking: Booking) -> Booking:
    """Make a hold a booking, or raise NoLongerHeld. Confirming again changes nothing."""
    raise NotImplementedError


def accept(booking: Booking) -> Booking:
    """Take up an offer, or raise NoLongerHeld or NothingOffered. Accepting again changes nothing.

    When it is too late for offers (``queries.list_closed``), somebody who waits accepts a place that is free.
    """
    raise NotImplementedError


def decline(booking: Booking) -> Booking:
    """Turn an offer down, or leave the waiting list; the place goes to whoever is next."""
    raise NotImplementedError
