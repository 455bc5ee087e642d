"""Where bookings stand: a family's own, those of a session, and the waiting list."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from accounts.queries import Person as SignedIn
from bookings.models import Booking, FamilyAtHub, Place, WaitingDecision
from bookings.queries.deciding import not_dead
from bookings.queries.hiding import CARER, hidden
from bookings.terms import TAKES_ROOM, Standing
from families.models import Person
from hubs.models import Activity, Hub, Session
from hubs.queries import teams_of
from kernel.clock import now as present
from kernel.db import db, kept

MOST = 500


_LISTED: Select[*tuple[Any, ...]] = (
    select(
        Booking.id,
        Booking.reference,
        Booking.standing,
        Booking.adults,
        Booking.children,
        Booking.expires_at,
        Booking.queue_no,
        Booking.cancelled_because,
        Booking.session_id,
        Session.starts_at,
        Session.ends_at,
        Activity.title,
        Activity.price_pence,
        Session.hub_id,
        Hub.name.label("hub_name"),
        Session.called_off_at,
    )
    .join(Session, Session.id == Booking.session_id)
    .join(Activity, Activity.id == Session.activity_id)
    .join(Hub, Hub.id == Session.hub_id)
)


_OF_HOUSEHOLD = _LISTED.where(Booking.household_id == bindparam("household_id"), ~hidden(CARER))
_COMING = kept(
    _OF_HOUSEHOLD.where(Session.ends_at > bindparam("now"))
    .order_by(Session.starts_at, Booking.id)
    .limit(bindparam("most"))
)
_OVER = _OF_HOUSEHOLD.where(Session.ends_at <= bindparam("now")).order_by(
    Session.starts_at.desc(), Booking.id.desc()
)
_LAST = kept(_OVER.limit(bindparam("most")))


def coming(household_id: UUID, most: int, *, asked_by: UUID | None = None) -> Sequence[Row[Any]]:
    """Return a family's bookings of sessions to come, soonest first, at most so many.

    ``asked_by`` is the carer who asks, who is not shown what another does unseen; staff are shown all.

    Columns: id, reference, standing, adults, children, expires_at, queue_no, cancelled_because, session_id, starts_at,
    ends_at, title, price_pence, hub_id, hub_name, called_off_at.
    """
    return db.execute(
        _COMING, {"household_id": household_id, "now": present(), "most": most, "carer": asked_by}
    ).all()


def last_ones(household_id: UUID, most: int, *, asked_by: UUID | None = None) -> Sequence[Row[Any]]:
    """Return a family's bookings of sessions that are over, latest first, at most so many. Columns as of ``coming``."""
    return db.execute(
        _LAST, {"household_id": household_id, "now": present(), "most": most, "carer": asked_by}
    ).all()


def over(household_id: UUID, *, asked_by: UUID | None = None) -> Select[*tuple[Any, ...]]:
    """Return the statement that lists all of them, for ``paged(…, whole_rows=True)``."""
    return _OVER.params(household_id=household_id, now=present(), carer=asked_by)


_PEOPLE = kept(
    select(Place.booking_id, Person.known_as, Person.given_name)
    .join(Person, Person.id == Place.person_id)
    .where(Place.booking_id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.kind, Person.date_of_birth, Person.id)
)


def people_of(booking_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return what the people of each booking are called day to day, adults first. One statement."""
    called: dict[UUID, list[str]] = defaultdict(list)
    rows = db.execute(_PEOPLE, {"ids": list(booking_ids)})
    for booking_id, known_as, given_name in rows:
        called[booking_id].append(known_as or given_name)
    return dict(called)


def in_its_place(booking: Booking) -> Booking:
    """Return the place that the same carer has in the session instead of one that was cancelled, or the booking itself.

    Other people of the family were sent, or it was booked again: what is said about the one is said about the other.
    """
    if booking.cancelled_at is None or booking.carer_id is None:
        return booking
    instead = (
        _of_carer(booking)
        .where(Booking.standing == Standing.CONFIRMED, Booking.confirmed_at >= booking.cancelled_at)
        .order_by(Booking.confirmed_at, Booking.id)
        .limit(1)
    )
    return db.scalar(instead) or booking


def same_session(booking: Booking) -> Sequence[Booking]:
    """Return all that the carer of a booking has, and had, in its session; of a booking with no carer, it alone."""
    if booking.carer_id is None:
        return [booking]
    return db.scalars(_of_carer(booking).order_by(Booking.id).limit(MOST)).all()


def _of_carer(booking: Booking) -> Select[Booking]:
    return select(Booking).where(
        Booking.session_id == booking.session_id, Booking.carer_id == booking.carer_id
    )


def for_session(session_id: UUID, *, waiting: bool = False) -> Sequence[Any]:
    """Return who has a place (or who waits, in order), a row for each person: what a register begins with.

    Columns: booking_id, reference, standing, queue_no, expires_at, coming_said_at, household_id, person_id, kind,
    given_name, family_name, known_as, date_of_birth, due_date.
    """
    standings = (Standing.WAITING,) if waiting else TAKES_ROOM
    return db.execute(
        select(
            Booking.id.label("booking_id"),
            Booking.reference,
            Booking.standing,
            Booking.queue_no,
            Booking.expires_at,
            Booking.coming_said_at,
            Booking.household_id,
            Place.person_id,
            Person.kind,
            Person.given_name,
            Person.family_name,
            Person.known_as,
            Person.date_of_birth,
            Person.due_date,
        )
        .join(Place, Place.booking_id == Booking.id)
        .join(Person, Person.id == Place.person_id)
        .where(
            Booking.session_id == session_id,
            Booking.standing.in_(standings),
            not_dead(present()),
            Place.given_up_at.is_(None),
        )
        .order_by(
            Booking.queue_no if waiting else Person.family_name_key,
            Booking.id,
            Person.kind,
            Person.name_key,
            Person.id,
        )
        .limit(MOST)
    ).all()


_own, _ahead = aliased(Booking), aliased(Booking)
_POSITIONS = kept(
    select(_own.id, func.count(_ahead.id))
    .join(_ahead, (_ahead.session_id == _own.session_id) & (_ahead.queue_no <= _own.queue_no))
    .where(
        _own.id.in_(bindparam("ids", expanding=True)),
        _own.standing == Standing.WAITING,
        _ahead.standing == Standing.WAITING,
    )
    .group_by(_own.id)
)


def position(booking: Booking) -> int | None:
    """Return the party's place in the waiting list, from 1, or None when it does not wait."""
    return positions([booking.id]).get(booking.id)


def positions(booking_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the places in their waiting lists of those bookings that wait. One statement."""
    if not booking_ids:
        return {}
    rows = db.execute(_POSITIONS, {"ids": list(booking_ids)})
    return dict(iter(rows))


def decisions(booking_id: UUID, limit: int = 20) -> Sequence[Any]:
    """Return what was decided about a party that waits, the newest first: turn, reason, decided_at."""
    return db.execute(
        select(WaitingDecision.turn, WaitingDecision.reason, WaitingDecision.decided_at)
        .where(WaitingDecision.booking_id == booking_id)
        .order_by(WaitingDecision.decided_at.desc(), WaitingDecision.id.desc())
        .limit(limit)
    ).all()


def seen_at_hubs(person: SignedIn, household_id: UUID) -> bool:
    """Say whether the household is known at a hub that the member of staff sees. One statement, or none."""
    if person.sees_all_hubs:
        return True
    known = select(FamilyAtHub.id).where(
        FamilyAtHub.household_id == household_id, FamilyAtHub.hub_id.in_(teams_of(person))
    )
    return bool(db.scalar(select(exists(known))))
