"""What is said while a course runs: who had a contact, what it covered, and that the course is over."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from types import EllipsisType
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from attendance import queries as registers
from attendance import service as attendance
from attendance.terms import Tap
from bookings import service as bookings
from bookings.terms import Channel
from hubs.models import Session
from kernel.clock import now, today
from kernel.db import actor, db, find
from kernel.errors import NotFound, Unacceptable
from kernel.journal import record
from programmes import queries
from programmes.errors import CannotMakeUp, CannotMove, CourseGoesOn, CourseIsOver, NotesChanged
from programmes.events import ContactNoted, CourseEnded
from programmes.models import Course, CourseContact, Dose, Participation
from programmes.rules import Known
from programmes.service import following
from programmes.service.entering import by_family, ensure_apart
from programmes.service.standing import move
from programmes.terms import COUNTS, ON_THE_COURSE, CourseStanding, Presence, Standing

LONGEST_CONTACT = 600
A_WHILE = timedelta(days=14)
TAPS = {Presence.ATTENDED: Tap.HERE, Presence.APOLOGIES: Tap.APOLOGIES, Presence.MISSED: Tap.ABSENT}


def say(
    participation: Participation,
    contact: CourseContact,
    presence: Presence | None,
    made_up_at: CourseContact | None = None,
) -> Dose | None:
    """Say whether somebody had a contact; None takes back what was said. Group contacts go through the register."""
    course = _course_of(participation, contact)
    if course.standing == CourseStanding.CALLED_OFF:
        raise CourseIsOver
    participation = find(Participation, participation.id, lock=True)
    if participation.standing not in following.FOLLOWED or participation.standing == Standing.TRANSFERRED:
        raise CannotMove
    if contact.session_id and made_up_at is None and presence != Presence.MADE_UP:
        following.forget_word(participation, contact)
        _say_in_register(participation, contact.session_id, presence)
        return following.dose_of(participation.id, contact.id)
    return following.keep(participation, contact, presence, made_up_at.id if made_up_at else None)


def _say_in_register(participation: Participation, session_id: UUID, presence: Presence | None) -> None:
    spot = registers.find_spot(session_id, participation.person_id)
    if presence is None and spot.mark is None:
        return
    attendance.mark(spot, TAPS[presence] if presence else Tap.UNDO)


def cover(
    contact: CourseContact, *, covered: Collection[int], minutes: int | None = None, notes: str = "",
    noted_before: datetime | EllipsisType | None = ...,
) -> None:  # fmt: skip
    """Keep what a contact covered: the lines of its checklist from 0, how long it took, and notes, encrypted.

    With ``noted_before``, the moment of what the writer has read, NotesChanged when somebody wrote since.
    """
    contact = find(CourseContact, contact.id, lock=True)
    if minutes is not None and not 0 < minutes <= LONGEST_CONTACT:
        raise Unacceptable(minutes=f"Enter a whole number of minutes from 1 to {LONGEST_CONTACT}")
    if not set(covered) <= set(range(len(contact.checklist))):
        raise Unacceptable(covered="Choose from the list what was covered")
    told = (sorted(set(covered)), minutes, notes.strip() or None)
    if told == (contact.covered, contact.took_minutes, contact.notes):
        return
    if noted_before is not ... and contact.noted_at != noted_before:
        raise NotesChanged
    contact.covered, contact.took_minutes, contact.notes = told
    contact.noted_by, contact.noted_at = actor(), now()
    db.flush()
    record(ContactNoted(subject=contact.id))


def plan_make_up(participation: Participation, contact: CourseContact, other_contact: CourseContact) -> Dose:
    """Book somebody into the session of a parallel group, where they make up a contact that they miss here.

    Raises CannotMakeUp where that is no such session, and what bookings raise when no place is left.
    """
    participation = find(Participation, participation.id, lock=True)
    course = _course_of(participation, contact)
    before = following.dose_of(participation.id, contact.id)
    if before and before.presence in COUNTS:
        raise CannotMakeUp("They have had this contact already.")
    if participation.standing not in ON_THE_COURSE:
        raise CannotMove
    session = _session_for(course, other_contact)
    ensure_apart(find(Course, other_contact.course_id), participation.person_id, participation.partner_id)
    if before and before.made_up_at_id == other_contact.id:
        return before
    with db.begin_nested():
        if before and before.made_up_at_id:
            following.give_back(participation, before.made_up_at_id)
        for household_id, people in by_family(participation).items():
            bookings.book(
                session.id,
                household_id=household_id,
                person_ids=people,
                carer_id=people[0],
                channel=Channel.COURSE,
            )
    presence = before.presence if before else Presence.APOLOGIES
    dose = following.keep(participation, contact, presence, other_contact.id)
    assert dose  # something is known
    return dose


def drop_make_up(participation: Participation, contact: CourseContact) -> None:
    """Forget that somebody was to make a contact up elsewhere, and give the place there back."""
    participation = find(Participation, participation.id, lock=True)
    _course_of(participation, contact)
    before = following.dose_of(participation.id, contact.id)
    if not before or not before.made_up_at_id or before.presence in COUNTS:
        return
    following.give_back(participation, before.made_up_at_id)
    following.keep(participation, contact, before.presence, None)


def prospects(course: Course) -> dict[Standing, int]:
    """Return what would become of how many if a course ended now."""
    on_it = list(db.scalars(queries.still_on(course.id)))
    known = queries.known_of([one.id for one in on_it])
    return Counter(_end_of(course, one, known[one.id]) for one in on_it)


def end_course(course: Course) -> None:
    """End a course: everybody who started has completed it or dropped out, the others withdrew."""
    course = find(Course, course.id, lock=True)
    if course.standing == CourseStanding.ENDED:
        return
    if course.standing != CourseStanding.OPEN:
        raise CourseIsOver
    if course.last_date > today():
        raise CourseGoesOn
    on_it = list(db.scalars(queries.still_on(course.id).with_for_update()))
    known = queries.known_of([one.id for one in on_it])
    course.standing, course.ended_at = CourseStanding.ENDED, now()
    for one in on_it:
        move(one, _end_of(course, one, known[one.id]))
        one.ended_at = course.ended_at
    db.flush()
    record(CourseEnded(subject=course.id))


def _end_of(course: Course, participation: Participation, known: list[Known]) -> Standing:
    started = participation.standing == Standing.STARTED
    return following.outcome(course, known) if started else Standing.WITHDRAWN


def end_those_over() -> list[UUID]:
    """End the courses whose last contact was over two weeks ago, and return which."""
    over = select(Course).where(
        Course.standing == CourseStanding.OPEN, Course.last_date < today() - A_WHILE, _none_later()
    )
    ended = list(db.scalars(over.order_by(Course.last_date, Course.id).limit(200)))
    for course in ended:
        end_course(course)
    return [course.id for course in ended]


def _none_later() -> ColumnElement[bool]:
    """Return the condition that no session of the course was moved to a later day."""
    last = (
        select(func.max(Session.on_date))
        .join(CourseContact, CourseContact.session_id == Session.id)
        .where(CourseContact.course_id == Course.id)
    )
    return func.coalesce(last.scalar_subquery(), Course.last_date) < today() - A_WHILE


def _course_of(participation: Participation, contact: CourseContact) -> Course:
    if participation.course_id != contact.course_id:
        raise NotFound("contact")
    return find(Course, contact.course_id)


def _session_for(course: Course, other: CourseContact) -> Session:
    """Return the session of another course of the programme that is to come, or refuse."""
    parallel = find(Course, other.course_id)
    if parallel.id == course.id or parallel.programme_id != course.programme_id or not other.session_id:
        raise CannotMakeUp
    if (
        parallel.standing != CourseStanding.OPEN
        or (session := find(Session, other.session_id)).ends_at <= now()
    ):
        raise CannotMakeUp
    return session
