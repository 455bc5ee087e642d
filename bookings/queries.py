"""Questions about bookings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from bookings.models import Booking
from bookings.rules import Decision, RoomLeft
from families.models import Person


@dataclass(frozen=True)
class Wanted:
    """What a parent looks for. ``before``/``after`` a row's (starts_at, id) pages through the list."""

    first_day: date
    last_day: date
    hub_ids: Collection[UUID] = ()
    age_months: int | None = None
    """The child's age today; what counts is the age on the day of the session."""
    kinds: Collection[str] = ()
    text: str = ""
    only_with_room: bool = False
    only_bookable: bool = False
    after: tuple[datetime, UUID] | None = None
    limit: int = 30


def find_sessions(wanted: Wanted) -> "Found":
    """Return planned sessions in order of their start, with the room left in each. Two statements."""
    raise NotImplementedError


@dataclass(frozen=True)
class Found:
    """A page of sessions; ``more`` is the ``after`` of the next page, or None. ``room`` has those that are bookable.

    A session has: id, on_date, starts_at, ends_at, activity_id, title, kind, audience, age_from_months, age_to_months,
    mode, price_pence, counted_in, hub_id, hub_name, area, postcode.
    """

    sessions: Sequence[Any]
    room: dict[UUID, RoomLeft]
    more: tuple[datetime, UUID] | None


def room_left(session_ids: Collection[UUID]) -> dict[UUID, RoomLeft]:
    """Return what is left in each session, to be shown: it may be a second old. One statement."""
    raise NotImplementedError


def may_book(
    session_id: UUID, *, household_id: UUID | None = None, person_ids: Collection[UUID] = (), by_staff: bool = False
) -> Decision:
    """Say whether the party could book now, with every reason why not; without a party, whether anybody could."""
    raise NotImplementedError


def bookings_of(household_ids: Collection[UUID], *, now: datetime, past: bool = False) -> Select[Any]:
    """Return the statement that lists bookings of sessions to come (soonest first) or past (latest first).

    For ``paged(…, whole_rows=True)``. Columns: id, reference, standing, adults, children, expires_at, queue_no,
    cancelled_because, session_id, starts_at, ends_at, title, price_pence, hub_id, hub_name, called_off_at.
    """
    raise NotImplementedError


def people_of(booking_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return what the people of each booking are called day to day, adults first. One statement."""
    raise NotImplementedError


def find_own(booking_id: UUID, carer: Person) -> Booking:
    """Return the booking of the carer's own household, or raise NotFound."""
    raise NotImplementedError


def for_session(session_id: UUID, *, waiting: bool = False) -> Sequence[Any]:
    """Return who has a place (or who waits, in order), a row for each person: what a register begins with.

    Columns: booking_id, reference, standing, queue_no, expires_at, household_id, person_id, kind, given_name,
    family_name, known_as, date_of_birth, due_date.
    """
    raise NotImplementedError


def position(booking: Booking) -> int | None:
    """Return the party's place in the waiting list, from 1, or None when it does not wait."""
    raise NotImplementedError


def positions(booking_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the places in their waiting lists of those bookings that wait. One statement."""
    raise NotImplementedError


def decisions(booking_id: UUID, limit: int = 20) -> Sequence[Any]:
    """Return what was decided about a party that waits, the newest first: turn, reason, decided_at."""
    raise NotImplementedError


def list_closed(session_id: UUID) -> bool:
    """Say whether it is too late to offer places: what is free then goes to whoever takes it first."""
    raise NotImplementedError


def taken(session_id: UUID) -> "RoomLeft":
    """Return how many families, children and adults have a place now."""
    raise NotImplementedError
