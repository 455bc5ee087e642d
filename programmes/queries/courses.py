"""Questions about courses: which there are, and how many places are taken."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from accounts.models import Account
from accounts.queries import Person as SignedIn
from hubs.models import Hub, Session
from kernel.clock import today
from kernel.db import db
from kernel.words import Word
from programmes.models import Course, CourseContact, Facilitator, Programme
from programmes.queries.joining import places_taken
from programmes.queries.sight import seen_by
from programmes.terms import CourseStanding


class Stage(Word):
    """Which courses a list shows."""

    UPCOMING = "upcoming", "Upcoming"
    RUNNING = "running", "Running now"
    ENDED = "ended", "Ended or called off"


def listed_courses(
    person: SignedIn, stage: Stage, *, hub_id: UUID | None = None, programme_id: UUID | None = None
) -> Select[Any]:
    """Return the statement that lists the courses that somebody sees."""
    day, over = today(), (CourseStanding.ENDED, CourseStanding.CALLED_OFF)
    listed = (
        select(Course)
        .join(Programme, Programme.id == Course.programme_id)
        .join(Hub, Hub.id == Course.hub_id)
        .where(seen_by(person))
        .options(contains_eager(Course.programme), contains_eager(Course.hub), joinedload(Course.edition))
    )
    if hub_id:
        listed = listed.where(Course.hub_id == hub_id)
    if programme_id:
        listed = listed.where(Course.programme_id == programme_id)
    match stage:
        case Stage.UPCOMING:
            wanted = listed.where(Course.standing.not_in(over), Course.first_date > day)
            return wanted.order_by(Course.first_date, Course.title, Course.id)
        case Stage.RUNNING:
            wanted = listed.where(Course.standing.not_in(over), Course.first_date <= day)
            return wanted.order_by(Course.last_date, Course.title, Course.id)
        case _:
            wanted = listed.where(Course.standing.in_(over))
            return wanted.order_by(Course.last_date.desc(), Course.title, Course.id)


def taken(course_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many places of each course are taken or offered."""
    if not course_ids:
        return {}
    found = places_taken(course_ids)
    return {course_id: found.get(course_id, (0, 0))[0] for course_id in course_ids}


def creche_taken(course_id: UUID) -> int:
    """Return how many children have a crèche place of a course."""
    return places_taken([course_id]).get(course_id, (0, 0))[1]


def contacts_of(course_id: UUID) -> Sequence[CourseContact]:
    """Return the contacts of a course in order, with their sessions and rooms."""
    return db.scalars(
        select(CourseContact)
        .where(CourseContact.course_id == course_id)
        .options(joinedload(CourseContact.session).joinedload(Session.room))
        .order_by(CourseContact.number, CourseContact.id)
        .limit(100)
    ).all()


def sessions_of(course_id: UUID) -> Sequence[Session]:
    """Return the sessions of a course, in order."""
    return db.scalars(
        select(Session)
        .join(CourseContact, CourseContact.session_id == Session.id)
        .where(CourseContact.course_id == course_id)
        .order_by(Session.starts_at, Session.id)
        .limit(100)
    ).all()


def contact_of_session(session_id: UUID) -> CourseContact | None:
    """Return the contact of a course that a session is, if it is one."""
    return db.scalar(select(CourseContact).where(CourseContact.session_id == session_id))


def facilitators_of(course_id: UUID) -> Sequence[Facilitator]:
    """Return who runs a course, those who lead first."""
    return db.scalars(
        select(Facilitator)
        .join(Account, Account.id == Facilitator.account_id)
        .where(Facilitator.course_id == course_id)
        .options(contains_eager(Facilitator.account))
        .order_by(Facilitator.part.desc(), Account.name, Facilitator.id)
        .limit(50)
    ).all()


def whole_course(course_id: UUID) -> Course | None:
    """Return a course with what its page says of it."""
    return db.scalar(
        select(Course)
        .where(Course.id == course_id)
        .options(
            joinedload(Course.programme),
            joinedload(Course.edition),
            joinedload(Course.hub),
            joinedload(Course.room),
            selectinload(Course.facilitators).joinedload(Facilitator.account),
        )
    )
