"""What courses follow: the marks of registers become doses, and a first dose is a start."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from attendance.events import PersonMarked, RegisterClosed, RegisterReopened
from attendance.models import Attendance, Register
from attendance.terms import CAME, Mark
from bookings import service as bookings
from bookings.models import Booking, Place
from bookings.terms import Channel
from bookings.terms import Standing as BookingStanding
from hubs.models import Session
from kernel.clock import now
from kernel.db import actor, db, find
from kernel.journal import on, record
from programmes import queries, rules
from programmes.events import DoseSaid, ParticipationMoved
from programmes.models import Course, CourseContact, Dose, Participation
from programmes.queries.own import takers
from programmes.service import tasks
from programmes.service.standing import move
from programmes.terms import COUNTS, ON_THE_COURSE, CourseStanding, Presence, Standing

FOLLOWED = (*ON_THE_COURSE, Standing.COMPLETED, Standing.DROPPED_OUT, Standing.TRANSFERRED)
OVER = (Standing.COMPLETED, Standing.DROPPED_OUT, Standing.WITHDRAWN)
THEY_CAME = "The register says that they came."
THEY_DID_NOT_COME = "The register says that they did not come."


@on(PersonMarked)
def follow_mark(marked: PersonMarked) -> None:
    """Let what the register says of somebody be known of them on their course."""
    if marked.of_course:
        _reckon_session(marked.subject, marked.person)


@on(RegisterClosed)
def follow_closing(closed: RegisterClosed) -> None:
    """Let those have missed the contact who were on the course and not on the register."""
    if closed.of_course:
        _reckon_session(closed.subject)


@on(RegisterReopened)
def follow_reopening(reopened: RegisterReopened) -> None:
    """Know nothing again of those of whom an open register says nothing."""
    if reopened.of_course:
        _reckon_session(reopened.subject)


@on(ParticipationMoved)
def follow_move(moved: ParticipationMoved) -> None:
    """Ring nobody who has left the course, and keep no place elsewhere for them."""
    if moved.standing in ON_THE_COURSE:
        return
    tasks.drop(moved.subject)
    if moved.standing == Standing.COMPLETED or _has_ended(moved.course):
        return  # what is still to be made up counts when they come
    participation = find(Participation, moved.subject)
    for contact_id in queries.make_ups_planned(participation.id):
        give_back(participation, contact_id)


def _has_ended(course_id: UUID | None) -> bool:
    return course_id is not None and find(Course, course_id).standing == CourseStanding.ENDED


def _reckon_session(session_id: UUID, person_id: UUID | None = None) -> None:
    db.flush()
    for participation, contact in db.execute(queries.concerned_by(session_id, person_id)).all():
        reckon(participation, contact)


def reckon(participation: Participation, contact: CourseContact) -> Dose | None:
    """Let be known of somebody what the registers say of one contact, and whatever follows from it."""
    participation = find(Participation, participation.id, lock=True)
    dose = dose_of(participation.id, contact.id)
    known = participation.standing in FOLLOWED or _had_come(participation, contact)
    if not known or (contact.session_id is None and not _made_up(dose)):
        return dose
    return keep(participation, contact, _told_by_registers(participation, contact, dose), _made_up(dose))


def keep(
    participation: Participation, contact: CourseContact, presence: Presence | None, made_up_at: UUID | None
) -> Dose | None:
    """Keep what is known of somebody and a contact, or forget it; the participation is locked."""
    dose = dose_of(participation.id, contact.id)
    if (dose and dose.presence, _made_up(dose)) == (presence, made_up_at):
        if made_up_at:
            after_dose(participation)  # they may have missed it there, too
        return dose
    if presence is None:
        db.delete(dose)
        dose = None
    else:
        if dose is None:
            dose = Dose(participation_id=participation.id, contact_id=contact.id)
            db.add(dose)
        dose.presence, dose.made_up_at_id = presence, made_up_at
        dose.said_at, dose.said_by = now(), actor()
    db.flush()
    record(
        DoseSaid(subject=participation.id, contact=contact.id, presence=presence.value if presence else "")
    )
    after_dose(participation)
    return dose


def forget_word(participation: Participation, contact: CourseContact) -> None:
    """Take a facilitator's word back that somebody made a group contact up, and let the registers speak."""
    dose = dose_of(participation.id, contact.id)
    if dose and _by_word(dose):
        db.delete(dose)
        db.flush()
        reckon(participation, contact)
        after_dose(participation)


def after_dose(participation: Participation) -> None:
    """Let somebody stand, and tasks be, as what is now known of their contacts says."""
    known = queries.known_of([participation.id])[participation.id]
    started = rules.has_started(one.presence for one in known)
    if started and participation.standing == Standing.BOOKED:
        move(participation, Standing.STARTED)
    elif not started and participation.standing == Standing.STARTED:
        move(participation, Standing.BOOKED)
    elif participation.standing in OVER:
        _settle_again(participation, known)
    tasks.keep_up(participation, known)


def dose_of(participation_id: UUID, contact_id: UUID) -> Dose | None:
    """Return what is known of somebody and a contact."""
    theirs = select(Dose).where(Dose.participation_id == participation_id, Dose.contact_id == contact_id)
    return db.scalar(theirs.execution_options(populate_existing=True))


def give_back(participation: Participation, contact_id: UUID) -> None:
    """Give the place back that somebody had at a contact of another course, when its session is not over."""
    session_id = find(CourseContact, contact_id).session_id
    theirs = (
        select(Booking)
        .join(Place, Place.booking_id == Booking.id)
        .where(
            Booking.session_id == session_id,
            Booking.standing == BookingStanding.CONFIRMED,
            Booking.channel == Channel.COURSE,
            Place.person_id.in_(takers(participation)),
            Place.given_up_at.is_(None),
        )
    )
    if session_id and find(Session, session_id).ends_at > now():
        for booking in db.scalars(theirs.distinct().order_by(Booking.id)).all():
            bookings.cancel(booking, channel=Channel.COURSE)


def _by_word(dose: Dose) -> bool:
    return dose.presence == Presence.MADE_UP and dose.made_up_at_id is None


def _made_up(dose: Dose | None) -> UUID | None:
    return dose.made_up_at_id if dose else None


def _settle_again(participation: Participation, known: list[rules.Known]) -> None:
    """Judge somebody anew who has left, or of whose course the end has come, and of whom a register says otherwise."""
    course = find(Course, participation.course_id) if participation.course_id else None
    if course is None:
        return
    came, ended_at = rules.has_started(one.presence for one in known), participation.ended_at
    to_the_end = course.standing == CourseStanding.ENDED and course.ended_at == ended_at
    if participation.standing == Standing.COMPLETED and not to_the_end:
        return
    if not came:
        deserved = Standing.WITHDRAWN
    elif to_the_end:
        deserved = outcome(course, known)
    else:
        deserved = Standing.DROPPED_OUT
    if deserved == participation.standing:
        return
    if Standing.WITHDRAWN in (deserved, participation.standing):
        move(participation, deserved, THEY_CAME if came else THEY_DID_NOT_COME)
        participation.started_at = _first_came(participation) if came else None
    else:
        move(participation, Standing.STARTED)
        move(participation, deserved)
    participation.ended_at = ended_at
    db.flush()


def _had_come(participation: Participation, contact: CourseContact) -> bool:
    """Say whether a register knows of somebody who withdrew that they had come before, on the course and still.

    Who joined again afterwards is on the course a second time, and what the register says is said of that.
    """
    if participation.standing != Standing.WITHDRAWN:
        return False
    again = select(Participation.id).where(
        Participation.course_id == participation.course_id,
        Participation.person_id == participation.person_id,
        Participation.id != participation.id,
        Participation.standing.in_(FOLLOWED),
    )
    came = (
        select(Attendance.id)
        .join(Session, Session.id == Attendance.session_id)
        .where(
            Attendance.session_id == contact.session_id,
            Attendance.person_id.in_(takers(participation)),
            Attendance.mark.in_(CAME),
            Session.starts_at >= participation.booked_at,
            Session.starts_at <= participation.ended_at,
        )
    )
    return db.scalar(came.limit(1)) is not None and db.scalar(again.limit(1)) is None


def _first_came(participation: Participation) -> datetime | None:
    """Return when the first contact began that somebody had."""
    first = (
        select(func.min(func.coalesce(Session.starts_at, Dose.said_at)))
        .select_from(Dose)
        .join(CourseContact, CourseContact.id == Dose.contact_id)
        .outerjoin(Session, Session.id == CourseContact.session_id)
        .where(Dose.participation_id == participation.id, Dose.presence.in_(COUNTS))
    )
    return db.scalar(first)


def outcome(course: Course, known: list[rules.Known]) -> Standing:
    """Return what somebody's course came to who had started it."""
    done = rules.completed(
        {one.number: one.presence for one in known},
        least=course.edition.least_contacts,
        must_attend=[contact.number for contact in course.contacts if contact.must_attend],
    )
    return Standing.COMPLETED if done else Standing.DROPPED_OUT


def _told_by_registers(
    participation: Participation, contact: CourseContact, dose: Dose | None
) -> Presence | None:
    made_up_at = _made_up(dose)
    elsewhere = find(CourseContact, made_up_at).session_id if made_up_at else None
    marks: dict[UUID | None, list[Mark]] = {contact.session_id: [], elsewhere: []}
    said = select(Attendance.session_id, Attendance.mark).where(
        Attendance.session_id.in_([one for one in marks if one]),
        Attendance.person_id.in_(takers(participation)),
    )
    for session_id, mark in db.execute(said):
        marks[session_id].append(mark)
    here = marks[contact.session_id] if contact.session_id else []
    there = marks[elsewhere] if elsewhere else []
    came = any(mark in CAME for mark in here)
    made_up = dose is not None and dose.presence == Presence.MADE_UP and not came and not there
    if made_up and (elsewhere is None or _brought_along(participation, made_up_at)):
        return Presence.MADE_UP  # by a facilitator's word, or on the course before
    closed = contact.session_id is not None and _was_expected(participation, contact.session_id)
    return rules.presence_of(
        here,
        there,
        closed=closed,
        told_before=closed and _told_before(participation, contact.session_id),
        planned=made_up_at is not None,
    )


def _brought_along(participation: Participation, contact_id: UUID | None) -> bool:
    """Say whether somebody had a contact on the course from which they moved here."""
    before = (
        select(Dose.id)
        .join(Participation, Participation.id == Dose.participation_id)
        .where(
            Participation.transferred_to_id == participation.id,
            Dose.contact_id == contact_id,
            Dose.presence.in_(COUNTS),
        )
    )
    return db.scalar(before.limit(1)) is not None


def _was_expected(participation: Participation, session_id: UUID) -> bool:
    """Say whether a session's register is closed, and somebody was on the course when it began."""
    closed = (
        select(Session.starts_at)
        .join(Register, Register.session_id == Session.id)
        .where(Session.id == session_id, Register.closed_at.is_not(None))
    )
    starts_at = db.scalar(closed)
    return bool(starts_at and participation.booked_at and participation.booked_at <= starts_at)


def _told_before(participation: Participation, session_id: UUID | None) -> bool:
    cancelled = select(Booking.id).where(
        Booking.session_id == session_id,
        Booking.household_id == participation.household_id,
        Booking.standing == BookingStanding.CANCELLED,
        # Not that of a partner who comes no more: it says nothing of whoever still does.
        or_(Booking.carer_id.is_(None), Booking.carer_id.in_(takers(participation))),
    )
    return db.scalar(cancelled.limit(1)) is not None
