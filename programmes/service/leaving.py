"""Leaving a course: before it started, after it did, for another course, or because it is complete."""

from uuid import UUID

import bookings.service as bookings
from bookings.terms import Channel
from kernel.clock import now
from kernel.db import db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from kernel.outbox import promise
from kernel.outbox import withdraw as take_back
from programmes.errors import CannotMove
from programmes.events import DoseSaid
from programmes.models import Course, Dose, Participation
from programmes.queries import joining as queries
from programmes.rules import joining as rules
from programmes.service.entering import book_sessions, ensure_apart, ensure_room, open_door
from programmes.service.standing import begin, move
from programmes.terms import ON_THE_COURSE, Presence, Standing


def withdraw(participation: Participation, why: str) -> None:
    """Leave a course before it started for them, and free its sessions. Doing it again changes nothing."""
    participation = find(Participation, participation.id, lock=True)
    was_booked = participation.standing == Standing.BOOKED
    forget_offer(participation)
    if participation.standing == Standing.WITHDRAWN:
        return
    move(participation, Standing.WITHDRAWN, why)
    free(participation)
    if was_booked:
        _tell_left(participation)


def drop_out(participation: Participation, why: str) -> None:
    """Leave a course after it started for them, and free the sessions to come. Doing it again changes nothing."""
    participation = find(Participation, participation.id, lock=True)
    if participation.standing == Standing.DROPPED_OUT:
        return
    move(participation, Standing.DROPPED_OUT, why)
    free(participation)
    _tell_left(participation)


def leave(participation: Participation, why: str) -> None:
    """Leave a course wherever somebody stands on it."""
    verb = drop_out if participation.standing == Standing.STARTED else withdraw
    verb(participation, why)


def complete(participation: Participation) -> None:
    """Say that somebody completed the course."""
    participation = find(Participation, participation.id, lock=True)
    move(participation, Standing.COMPLETED)


def transfer(participation: Participation, course_id: UUID, why: str) -> Participation:
    """Move somebody to another course of the same programme; what they attended counts there."""
    with db.begin_nested():
        for locked in sorted({course_id, participation.course_id} - {None}):  # type: ignore[type-var]
            find(Course, locked, lock=True)  # type: ignore[arg-type]
        course, door = open_door(course_id)
        old = find(Participation, participation.id, lock=True)
        if course.programme_id != old.programme_id or course.id == old.course_id:
            raise Unacceptable(course_id="Choose another course of the same programme")
        if old.standing not in ON_THE_COURSE:
            raise CannotMove
        ensure_apart(course, old.person_id, old.partner_id)
        places = rules.places_needed(course.edition.unit, with_partner=old.partner_id is not None)
        ensure_room(door, places=places, creche_children=old.creche_children, elsewhere=True)
        return _moved(old, course, why)


def _moved(old: Participation, course: Course, why: str) -> Participation:
    standing, at = old.standing, now()
    move(old, Standing.TRANSFERRED, why)
    free(old)
    new = Participation(
        programme_id=old.programme_id,
        course_id=course.id,
        hub_id=old.hub_id,
        household_id=old.household_id,
        person_id=old.person_id,
        partner_id=old.partner_id,
        child_id=old.child_id,
        standing=standing,
        source=old.source,
        referred_by=old.referred_by,
        reason=old.reason,
        referred_at=at,
        offered_at=old.offered_at,
        booked_at=at,
        started_at=old.started_at,
        creche_children=old.creche_children,
        interpreter=old.interpreter,
        access_needs=old.access_needs,
    )
    begin(new, why)
    new.referred_at = old.referred_at
    old.transferred_to_id = new.id
    db.flush()
    _carry_doses(old, new, course)
    book_sessions(new, course)
    promise("course.booked", key=f"course.booked:{new.id}", participation_id=new.id)
    return new


def _carry_doses(old: Participation, new: Participation, course: Course) -> None:
    """Let the contacts that somebody had on one course count as made up on the other, by their numbers."""
    there = {contact.number: contact for contact in course.contacts}
    for number, contact_id in queries.numbers_had(old.id):
        if contact := there.get(number):
            db.add(
                Dose(
                    participation_id=new.id,
                    contact_id=contact.id,
                    presence=Presence.MADE_UP,
                    made_up_at_id=contact_id,
                    said_at=now(),
                )
            )
            record(DoseSaid(subject=new.id, contact=contact.id, presence=Presence.MADE_UP.value))
    db.flush()


def free(participation: Participation) -> None:
    """Free the sessions to come and the times that somebody has because of a course. No letter for each of them."""
    for booking in queries.bookings_to_come(participation):
        bookings.cancel(booking, channel=Channel.COURSE)
    for slot in queries.slots_to_come(participation.id):
        slot.participation_id = slot.picked_at = None
    db.flush()


def forget_offer(participation: Participation) -> None:
    """Take back that the place offered is let go at its hour."""
    if participation.offer_until:
        take_back(lapse_key(participation))


def lapse_key(participation: Participation) -> str:
    """Return the key under which it is promised that an offer is let go."""
    until = participation.offer_until
    return f"course.offer_lapse:{participation.id}:{until.isoformat() if until else ''}"


def _tell_left(participation: Participation) -> None:
    promise("course.left", key=f"course.left:{participation.id}", participation_id=participation.id)
