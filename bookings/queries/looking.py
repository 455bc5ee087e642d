"""The family for which somebody books."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from accounts.queries import Person as SignedIn
from bookings.models import Booking, FamilyAtHub, Place, WaitingDecision
from bookings.queries.deciding import not_dead
from bookings.queries.hiding import hidden
from bookings.terms import LIVE, Standing
from families.models import Caring, Person
from families.queries import goes_unseen
from families.terms import PersonKind
from hubs.models import Session
from hubs.queries import hub_ids_seen_by
from kernel.clock import now
from kernel.db import db


def who_could_come(household_id: UUID, carer: Person | None) -> Sequence[Person]:
    """Return the carers of a household, then its children and those for whom its carers care; two carers' or one's."""
    carers = select(Person.id).where(Person.household_id == household_id, Person.kind == PersonKind.CARER)
    caring = select(Caring.child_id).where(
        Caring.carer_id == carer.id if carer else Caring.carer_id.in_(carers)
    )
    wanted = (
        select(Person)
        .where(
            Person.left_at.is_(None),
            ((Person.household_id == household_id) & (Person.kind == PersonKind.CARER))
            | Person.id.in_(caring),
        )
        .order_by(Person.kind, Person.date_of_birth, Person.id)
        .limit(50)
    )
    return db.scalars(wanted).all()


def who_is_told(household_id: UUID, *, coming: Collection[UUID] = ()) -> Person | None:
    """Return the carer of a household who is told about a booking that staff make: one who can be reached, if any.

    One who goes unseen comes first, so that no other is told where; but not where others are ``coming`` without her.
    """
    unseen = goes_unseen(Person.id)
    wanted = (
        select(Person, unseen.label("unseen"))
        .where(Person.household_id == household_id, Person.kind == PersonKind.CARER, Person.left_at.is_(None))
        .order_by(~unseen, Person.account_id.is_(None), Person.email == "", Person.id)
        .limit(20)
    )
    carers = db.execute(wanted).all()
    some_come = any(row.Person.id in coming for row in carers)
    told = (row.Person for row in carers if row.Person.id in coming or not (row.unseen and some_come))
    return next(told, None)


def live_bookings(session_id: UUID, household_id: UUID, *, asked_by: UUID | None = None) -> Sequence[Any]:
    """Return the bookings of a household for a session that still count: id, standing, adults, children.

    ``asked_by``: the carer who asks, here and below.
    """
    wanted = (
        select(Booking.id, Booking.standing, Booking.adults, Booking.children)
        .where(
            Booking.session_id == session_id,
            Booking.household_id == household_id,
            Booking.standing.in_(LIVE),
            ~hidden(literal(asked_by, Uuid)),
        )
        .order_by(Booking.id)
        .limit(20)
    )
    return db.execute(wanted).all()


def live_counts(session_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many live bookings, waiting ones too, each session has that has any."""
    counted = (
        select(Booking.session_id, func.count().label("bookings"))
        .where(Booking.session_id.in_(session_ids), Booking.standing.in_(LIVE), not_dead(now()))
        .group_by(Booking.session_id)
    )
    return {row.session_id: row.bookings for row in db.execute(counted)}


def with_a_place(session_id: UUID, household_id: UUID, *, asked_by: UUID | None = None) -> set[UUID]:
    """Return the people of a household who have a place in a session, or wait for one."""
    wanted = (
        select(Place.person_id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Place.session_id == session_id,
            Place.given_up_at.is_(None),
            Booking.household_id == household_id,
            Booking.standing.in_(LIVE),
            ~hidden(literal(asked_by, Uuid)),
        )
    )
    return set(db.scalars(wanted))


def latest_decisions(booking_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the reason of what was last decided about each party that waits."""
    newest = (
        select(WaitingDecision.booking_id, WaitingDecision.reason)
        .where(WaitingDecision.booking_id.in_(booking_ids))
        .ext(distinct_on(WaitingDecision.booking_id))
        .order_by(WaitingDecision.booking_id, WaitingDecision.decided_at.desc(), WaitingDecision.id.desc())
    )
    return {row.booking_id: row.reason for row in db.execute(newest)}


def known_to(person: SignedIn, household_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the households that are known at a hub that the member of staff sees. Two statements."""
    hub_ids = hub_ids_seen_by(person)
    if hub_ids is None:
        return set(household_ids)
    known = select(FamilyAtHub.household_id).where(
        FamilyAtHub.household_id.in_(household_ids), FamilyAtHub.hub_id.in_(hub_ids)
    )
    return set(db.scalars(known.distinct()))


def listed(
    *,
    household_id: UUID | None = None,
    hub_ids: Collection[UUID] | None = None,
    session_id: UUID | None = None,
    standings: Collection[Standing] = (),
    asked_by: UUID | None = None,
) -> Select[Booking]:
    """Return the statement that lists bookings, the newest first: of a family, of some hubs, of a session."""
    wanted = select(Booking).order_by(Booking.created_at.desc(), Booking.id.desc())
    if household_id:
        wanted = wanted.where(Booking.household_id == household_id, ~hidden(literal(asked_by, Uuid)))
    if hub_ids is not None:
        wanted = wanted.join(Session, Session.id == Booking.session_id).where(Session.hub_id.in_(hub_ids))
    if session_id:
        wanted = wanted.where(Booking.session_id == session_id)
    return wanted.where(Booking.standing.in_(standings)) if standings else wanted


def person_ids_of(booking_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return the people of each booking, those who have given their place up included. One statement."""
    people: dict[UUID, list[UUID]] = {booking_id: [] for booking_id in booking_ids}
    rows = db.execute(
        select(Place.booking_id, Place.person_id)
        .where(Place.booking_id.in_(booking_ids))
        .order_by(Place.booking_id, Place.person_id)
    )
    for booking_id, person_id in rows:
        people[booking_id].append(person_id)
    return people
