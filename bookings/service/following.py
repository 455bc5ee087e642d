"""What bookings do when something happens below: to sessions, and to families."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from accounts.queries import Person as SignedIn
from bookings.models import Booking, FamilyAtHub, Place
from bookings.queries import seen_at_hubs
from bookings.queries.looking import live_counts, who_is_told
from bookings.rules import reasons
from bookings.service import telling
from bookings.service.door import Door, give_up, open_door, open_doors, settle
from bookings.service.placing import know_at_hub
from bookings.service.reminding import live_ones, remind_anew
from bookings.service.tidying import tidy
from bookings.terms import LIVE, Channel, Standing
from families.events import (
    CarerMovedOut,
    ContactRulesChanged,
    FamilyMet,
    HouseholdsMerged,
    PeopleMerged,
    PersonLeft,
)
from families.models import Person
from families.queries import goes_unseen, sight, workplaces
from families.terms import PersonKind
from hubs import queries as hubs
from hubs.events import SessionCalledOff, SessionMoved, SessionPlacesChanged
from hubs.models import Session
from hubs.service.timetable import counts_bookings
from kernel import standing
from kernel.clock import now
from kernel.db import db, find
from kernel.journal import on
from kernel.outbox import hand_over

sight(seen_at_hubs)
counts_bookings(live_counts)


@workplaces
def own_hubs(person: SignedIn) -> list[tuple[UUID, str]]:
    """Return the hubs at which somebody of staff can meet a family."""
    return [(hub.id, hub.name) for hub in hubs.hubs_seen_by(person)]


@on(SessionCalledOff)
def cancel_all(happening: SessionCalledOff) -> None:
    """Cancel every live booking of a session that will not take place, and promise the families a message."""
    door = open_door(happening.subject)

    for booking in live_ones(door):
        told = booking.standing != Standing.HELD
        give_up(door, booking, reason=reasons.called_off())
        booking.cancelled_because = door.session.called_off_because or "The session was called off."
        if told and booking.channel != Channel.COURSE:  # whoever runs the course tells of its dates
            telling.tell("session_called_off", booking)


@on(SessionMoved)
def follow(happening: SessionMoved) -> None:
    """Move reminders and the ends of offers with the session; promise the families a message when they are to know."""
    door = open_door(happening.subject)

    for booking in live_ones(door):
        if booking.expires_at:
            _end_before_the_start(door, booking, booking.expires_at)
        if happening.tell:
            booking.coming_said_at = None  # they said it of another time
        if happening.tell and booking.standing != Standing.HELD and booking.channel != Channel.COURSE:
            telling.tell("changed", booking, again=door.at.isoformat())
    remind_anew(door)
    settle(door)


@on(SessionPlacesChanged)
def offer_more(happening: SessionPlacesChanged) -> None:
    """Offer new places to those who wait. Nobody loses a place when there are fewer."""
    tidy(happening.subject)


@on(FamilyMet)
def let_in(happening: FamilyMet) -> None:
    """Let the staff of a hub open the record of a family that they met."""
    know_at_hub(happening.hub, happening.subject)


@on(CarerMovedOut)
def move_along(happening: CarerMovedOut) -> None:
    """Let the household that a carer has to herself now be known where she was, and have what she goes to.

    What another carer of the household before comes to stays there, and is told to whoever lives there.
    """
    for hub_id in db.scalars(
        select(FamilyAtHub.hub_id).where(FamilyAtHub.household_id == happening.before)
    ).all():
        know_at_hub(hub_id, happening.household)

    her, comes = happening.subject, _comes(Person.id == happening.subject)
    there, told = Booking.household_id == happening.before, Booking.carer_id == her
    another = _comes(
        Person.kind == PersonKind.CARER, Person.household_id == happening.before, Person.id != her
    )
    for booking in _to_come(there, told | comes, ~another):
        booking.household_id = happening.household
        _tell(booking, her)
    _tell_the_family(there, told, another, ~comes)


@on(ContactRulesChanged)
def tell_herself(happening: ContactRulesChanged) -> None:
    """Tell a carer who goes unseen about what staff booked for her, and no other who does not come along."""
    _tell_if_unseen(happening.subject)


def _tell_if_unseen(her: UUID) -> None:
    told = aliased(Person)
    by_another = exists(
        select(told.id)
        .where(
            told.id == Booking.carer_id,
            told.id != her,
            or_(told.account_id.is_(None), Booking.booked_by.is_distinct_from(told.account_id)),
        )
        .correlate(Booking)
    )
    mine, along = _comes(Person.id == her), _comes(Person.id == Booking.carer_id)
    for booking in _to_come(goes_unseen(her), mine, by_another, ~along):
        _tell(booking, her)
    standing.read_anew(her)


@on(HouseholdsMerged)
def rename_household(happening: HouseholdsMerged) -> None:
    """Give the bookings of a household that was merged to the one that stays."""
    stays, gone = happening.subject, happening.gone
    db.execute(update(Booking).where(Booking.household_id == gone).values(household_id=stays))
    for hub_id in db.scalars(select(FamilyAtHub.hub_id).where(FamilyAtHub.household_id == gone)).all():
        know_at_hub(hub_id, stays)
    db.execute(delete(FamilyAtHub).where(FamilyAtHub.household_id == gone))


@on(PeopleMerged)
def rename_person(happening: PeopleMerged) -> None:
    """Give the places of somebody with two records to the one that stays; of two places in a session one is freed."""
    stays, gone = happening.subject, happening.gone
    for place in _places_beside(stays, gone):
        _free_one(place, "The same person was booked twice.")
    db.flush()
    db.execute(update(Place).where(Place.person_id == gone).values(person_id=stays))
    db.execute(update(Booking).where(Booking.carer_id == gone).values(carer_id=stays))
    hand_over(before=gone, after=stays)
    _tell_if_unseen(stays)


@on(PersonLeft)
def free_places(happening: PersonLeft) -> None:
    """Free the places to come of somebody who is no longer of the family; the others keep theirs, and are told."""
    gone = happening.subject
    for place in _places_to_come(gone):
        _free_one(place, "Taken out of the family’s record.")
    db.flush()
    _tell_the_family(Booking.carer_id == gone, ~goes_unseen(gone))


def free_places_of(person_id: UUID, session_ids: Collection[UUID], because: str) -> None:
    """Free the places to come of one person in these sessions; who comes with them keeps theirs."""
    for place in _places_to_come(person_id):
        if place.session_id in session_ids:
            _free_one(place, because)


def _to_come(*which: ColumnElement[bool]) -> Sequence[Booking]:
    """Return live bookings of sessions to come, behind whose doors nobody else is."""
    wanted = (
        select(Booking)
        .join(Session, Session.id == Booking.session_id)
        .where(Booking.standing.in_(LIVE), Session.ends_at > now(), *which)
        .order_by(Booking.id)
    )
    if session_ids := {booking.session_id for booking in db.scalars(wanted)}:
        open_doors(session_ids)
    return db.scalars(wanted.execution_options(populate_existing=True)).all()


def _comes(*who: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that somebody of a booking is like this and comes."""
    return exists(
        select(Place.id)
        .join(Person, Person.id == Place.person_id)
        .where(Place.booking_id == Booking.id, Place.given_up_at.is_(None), *who)
        .correlate(Booking)
    )


def _tell_the_family(*which: ColumnElement[bool]) -> None:
    """Tell the carer about these bookings to come who would be told if staff made them now."""
    for booking in _to_come(*which):
        coming = [place.person_id for place in booking.places if place.given_up_at is None]
        if carer := who_is_told(booking.household_id, coming=coming):
            _tell(booking, carer.id)


def _tell(booking: Booking, person_id: UUID) -> None:
    """Tell somebody else about a booking from now on, reminders that are promised already included."""
    hand_over(before=booking.carer_id or booking.id, after=person_id, booking_id=booking.id)
    booking.carer_id = person_id


def _end_before_the_start(door: Door, booking: Booking, until: datetime) -> None:
    if until > door.session.starts_at:
        booking.expires_at = door.session.starts_at
        telling.lapse_at(booking, door.session.starts_at)


def _places_beside(stays: UUID, gone: UUID) -> Sequence[Place]:
    other = aliased(Place)
    both = exists(
        select(other.id).where(
            other.session_id == Place.session_id, other.person_id == stays, other.given_up_at.is_(None)
        )
    )
    twice = select(Place).where(Place.person_id == gone, Place.given_up_at.is_(None), both)
    return db.scalars(twice.order_by(Place.session_id)).all()


def _places_to_come(person_id: UUID) -> Sequence[Place]:
    live = (
        select(Place)
        .join(Booking, Booking.id == Place.booking_id)
        .join(Session, Session.id == Place.session_id)
        .where(Place.person_id == person_id, Place.given_up_at.is_(None), Booking.standing.in_(LIVE))
        .where(Session.starts_at > now())
    )
    return db.scalars(live.order_by(Place.session_id)).all()


def _free_one(place: Place, because: str) -> None:
    """Free the place of one person of a party; of a party of one the booking."""
    door = open_door(place.session_id)
    booking = find(Booking, place.booking_id, lock=True)
    if booking.adults + booking.children == 1:
        give_up(door, booking)
        booking.cancelled_because = because
    else:
        place.given_up_at = door.at
        is_child = find(Person, place.person_id).kind == PersonKind.CHILD
        booking.children -= is_child
        booking.adults -= not is_child
    settle(door)
