"""How courses stand for those who would like to join them, and where people stand on them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from bookings.models import Booking
from bookings.models import Place as BookedPlace
from bookings.terms import LIVE as LIVE_BOOKINGS
from bookings.terms import Channel
from families.models import Caring, Person
from families.queries import goes_unseen
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel.clock import now, today
from kernel.db import db
from programmes.models import Course, CourseContact, Dose, Edition, Participation, Slot
from programmes.rules import joining as rules
from programmes.rules.joining import Door, Meeting
from programmes.terms import COUNTS, LIVE, TAKES_PLACE, TOGETHER, Standing, Unit

_PLACES = case(((Edition.unit == Unit.PARENT) & Participation.partner_id.is_not(None), 2), else_=1)
"""Where each person takes a place, an offer for two keeps two."""


def takes_place(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a participation takes a place: an offer whose time is over does not."""
    alive = or_(
        Participation.standing != Standing.OFFERED,
        Participation.offer_until.is_(None),
        Participation.offer_until > at,
    )
    return Participation.standing.in_(TAKES_PLACE) & alive


def doors(courses: Collection[Course], *, asked_by: Person | None = None) -> dict[UUID, Door]:
    """Return how each course stands for those who would like to join it. Two statements.

    To the carer who asks a course is full on which another goes unseen.
    """
    at, ids = now(), [course.id for course in courses]
    taken = places_taken(ids)
    meetings = _meetings(ids)
    full = another_unseen(ids, asked_by) if asked_by else ()
    return {
        course.id: _door(
            course, taken.get(course.id, (0, 0)), meetings[course.id], at, full=course.id in full
        )
        for course in courses
    }


def places_taken(course_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return how many places, and how many crèche places, of each course are taken or kept, where any are."""
    rows = db.execute(
        select(
            Participation.course_id,
            func.sum(_PLACES).label("places"),
            func.coalesce(func.sum(Participation.creche_children), 0).label("creche"),
        )
        .join(Course, Course.id == Participation.course_id)
        .join(Edition, Edition.id == Course.edition_id)
        .where(Participation.course_id.in_(course_ids), takes_place(now()))
        .group_by(Participation.course_id)
    )
    return {row.course_id: (row.places, row.creche) for row in rows if row.course_id}


def another_unseen(course_ids: Collection[UUID], carer: Person) -> set[UUID]:
    """Return those of the courses on which another carer of the household or the children must not be found by one."""
    shared = select(Caring.child_id).where(Caring.carer_id == carer.id)
    at_home = Person.household_id == carer.household_id
    others = select(Person.id).where(
        or_(at_home, Person.id.in_(select(Caring.carer_id).where(Caring.child_id.in_(shared)))),
        Person.id != carer.id,
        goes_unseen(Person.id),
    )
    there = select(Participation.course_id).where(
        Participation.course_id.in_(course_ids),
        Participation.standing.in_(TAKES_PLACE),
        or_(Participation.person_id.in_(others), Participation.partner_id.in_(others)),
        Participation.person_id != carer.id,
        Participation.partner_id.is_distinct_from(carer.id),
    )
    return {course_id for course_id in db.scalars(there.distinct()) if course_id}


def door(course: Course, *, asked_by: Person | None = None) -> Door:
    """Return how a course stands for somebody who would like to join it."""
    return doors([course], asked_by=asked_by)[course.id]


def _door(
    course: Course, taken: tuple[int, int], meetings: Iterable[Meeting], at: datetime, *, full: bool
) -> Door:
    return Door(
        standing=course.standing,
        way_in=course.way_in,
        last_gone=rules.last_gone(meetings, now=at, today=today()),
        late_start_until=course.late_start_until,
        places_left=0 if full else course.places - taken[0],
        creche_left=course.creche_places - taken[1],
    )


def _meetings(course_ids: Collection[UUID]) -> defaultdict[UUID, list[Meeting]]:
    rows = db.execute(
        select(CourseContact.course_id, CourseContact.number, Session.starts_at, CourseContact.on_date)
        .outerjoin(Session, Session.id == CourseContact.session_id)
        .where(
            CourseContact.course_id.in_(course_ids),
            # what is called off has not been missed by anybody who joins later
            or_(Session.id.is_(None), Session.standing == SessionStanding.PLANNED),
        )
        .order_by(CourseContact.course_id, CourseContact.number)
    )
    found: defaultdict[UUID, list[Meeting]] = defaultdict(list)
    for course_id, number, starts_at, on_date in rows:
        found[course_id].append(Meeting(number, starts_at, on_date))
    return found


def live_of(programme_id: UUID, person_id: UUID) -> Sequence[Participation]:
    """Return where somebody stands on courses of a programme, alone or as a partner, while that still counts."""
    return db.scalars(
        select(Participation)
        .where(
            Participation.programme_id == programme_id,
            Participation.standing.in_(LIVE),
            or_(Participation.person_id == person_id, Participation.partner_id == person_id),
        )
        .order_by(Participation.id)
        .limit(10)
        .execution_options(populate_existing=True)
    ).all()


def completed(course_id: UUID, person_id: UUID) -> bool:
    """Say whether somebody has completed this very course."""
    done = select(Participation.id).where(
        Participation.course_id == course_id,
        Participation.person_id == person_id,
        Participation.standing == Standing.COMPLETED,
    )
    return db.scalar(done.limit(1)) is not None


def sessions_to_come(course_id: UUID, *, without_doses_of: UUID | None = None) -> Sequence[UUID]:
    """Return the group sessions of a course that are not over, but those that somebody needs no more."""
    coming = (
        select(CourseContact.session_id)
        .join(Session, Session.id == CourseContact.session_id)
        .where(
            CourseContact.course_id == course_id,
            CourseContact.kind.in_(TOGETHER),
            Session.standing == SessionStanding.PLANNED,
            Session.ends_at > now(),
        )
        .order_by(CourseContact.number)
        .limit(100)
    )
    if without_doses_of:
        had = select(Dose.contact_id).where(
            Dose.participation_id == without_doses_of, Dose.presence.in_(COUNTS)
        )
        coming = coming.where(CourseContact.id.not_in(had))
    return [session_id for session_id in db.scalars(coming) if session_id]


def bookings_to_come(participation: Participation) -> Sequence[Booking]:
    """Return the bookings for sessions to come that somebody has because of a course, made-up contacts included."""
    people = [person for person in (participation.person_id, participation.partner_id) if person]
    own = select(BookedPlace.booking_id).where(
        BookedPlace.person_id.in_(people), BookedPlace.given_up_at.is_(None)
    )
    of_programme = (
        select(CourseContact.session_id)
        .join(Course, Course.id == CourseContact.course_id)
        .where(Course.programme_id == participation.programme_id, CourseContact.session_id.is_not(None))
    )
    return db.scalars(
        select(Booking)
        .join(Session, Session.id == Booking.session_id)
        .where(
            Booking.id.in_(own),
            Booking.channel == Channel.COURSE,
            Booking.standing.in_(LIVE_BOOKINGS),
            Booking.session_id.in_(of_programme),
            Session.ends_at > now(),
        )
        .order_by(Session.starts_at, Booking.id)
        .limit(200)
    ).all()


def slots_to_come(participation_id: UUID) -> Sequence[Slot]:
    """Return the times that somebody picked and that have not passed."""
    return db.scalars(
        select(Slot)
        .where(Slot.participation_id == participation_id, Slot.starts_at > now())
        .order_by(Slot.starts_at, Slot.id)
        .limit(100)
    ).all()


def next_start(course_id: UUID) -> datetime | None:
    """Return when the group meets next."""
    return db.scalar(
        select(func.min(Session.starts_at))
        .join(CourseContact, CourseContact.session_id == Session.id)
        .where(
            CourseContact.course_id == course_id,
            Session.standing == SessionStanding.PLANNED,
            Session.starts_at > now(),
        )
    )


def numbers_had(participation_id: UUID) -> Sequence[tuple[int, UUID]]:
    """Return the numbers of the contacts that somebody had on a course, each with the contact at which it was."""
    had = (
        select(CourseContact.number, func.coalesce(Dose.made_up_at_id, Dose.contact_id))
        .join(CourseContact, CourseContact.id == Dose.contact_id)
        .where(Dose.participation_id == participation_id, Dose.presence.in_(COUNTS))
        .order_by(CourseContact.number)
        .limit(100)
    )
    return [(number, contact_id) for number, contact_id in db.execute(had)]


def counting_of(programme_id: UUID, person_id: UUID) -> Sequence[Participation]:
    """Return where somebody stands on courses of a programme, those that they completed included."""
    return db.scalars(
        select(Participation)
        .where(
            Participation.programme_id == programme_id,
            Participation.person_id == person_id,
            Participation.standing.in_((*LIVE, Standing.COMPLETED)),
        )
        .order_by(Participation.id)
        .limit(50)
    ).all()


def people(person_ids: Collection[UUID]) -> Sequence[Person]:
    """Return these people, by name."""
    if not person_ids:
        return []
    wanted = select(Person).where(Person.id.in_(person_ids), Person.left_at.is_(None))
    return db.scalars(wanted.order_by(Person.name_key, Person.id).limit(50)).all()


def rows(statement: Select[Any], limit: int = 100) -> Sequence[Any]:
    """Return the first rows of a list."""
    return db.execute(statement.limit(limit)).all()
