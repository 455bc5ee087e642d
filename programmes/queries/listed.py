"""Lists for machines: programmes, courses, and those who take part."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import selectinload

from accounts.queries import Person as SignedIn
from bookings.models import FamilyAtHub
from hubs.queries import hub_ids_seen_by
from kernel.db import db
from kernel.errors import NotFound
from kernel.permissions import Permission
from programmes.models import Course, Edition, Interest, Participation, Programme, Slot, Task
from programmes.queries.sight import seen_by
from programmes.terms import LIVE, CourseStanding


def listed_programmes(*, ended: bool = False, age_years: int | None = None, concern: str = "") -> Select[Any]:
    """Return the statement that lists the programmes that are offered and suit a child, by name."""
    wanted = select(Programme).order_by(Programme.name, Programme.id)
    if not ended:
        wanted = wanted.where(Programme.ended_at.is_(None))
    if age_years is not None:
        wanted = wanted.where(Programme.age_from_years <= age_years, Programme.age_to_years >= age_years)
    return wanted.where(Programme.concerns.contains([concern])) if concern else wanted


def listed_editions(programme_id: UUID) -> Select[Any]:
    """Return the statement that lists the ways of running a programme, the newest first."""
    wanted = (
        select(Edition).where(Edition.programme_id == programme_id).options(selectinload(Edition.contacts))
    )
    return wanted.order_by(Edition.number.desc(), Edition.id)


def listed_courses(person: SignedIn, **wanted: Any) -> Select[Any]:
    """Return the statement that lists the courses that everybody sees, and those that somebody of staff sees."""
    statement = select(Course).where(_shown(person))
    for name, value in wanted.items():
        statement = statement.where(getattr(Course, name) == value)
    return statement.order_by(Course.first_date, Course.id)


def shown_course(course_id: UUID, *, to: SignedIn) -> Course:
    """Return a course that everybody sees, or that somebody of staff sees, or raise NotFound."""
    if course := db.scalar(select(Course).where(Course.id == course_id, _shown(to))):
        return course
    raise NotFound("course")


def _shown(person: SignedIn) -> ColumnElement[bool]:
    return seen_by(person) | (Course.standing != CourseStanding.DRAFT)


def participations_seen_by(person: SignedIn) -> ColumnElement[bool]:
    """Return the condition that somebody of staff sees a participation, as ``find_participation`` says it."""
    on_courses = Participation.course_id.in_(select(Course.id).where(seen_by(person)))
    if not person.may(Permission.MANAGE_COURSES):
        return on_courses
    hub_ids = hub_ids_seen_by(person)
    near = true() if hub_ids is None else Participation.hub_id.is_(None) | Participation.hub_id.in_(hub_ids)
    return on_courses | (Participation.course_id.is_(None) & near)


def participations_of(carer_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a participation is a carer's own, alone or with a partner, and nobody else's."""
    return or_(Participation.person_id == carer_id, Participation.partner_id == carer_id)


def listed_participations(whose: ColumnElement[bool], **wanted: Any) -> Select[Any]:
    """Return the statement that lists participations, the newest first."""
    statement = select(Participation).where(whose)
    for name, value in wanted.items():
        statement = statement.where(getattr(Participation, name) == value)
    return statement.order_by(Participation.referred_at.desc(), Participation.id.desc())


def listed_interests(programme_id: UUID, *, seen: SignedIn) -> Select[Any]:
    """Return the statement that lists who waits for the next course, of the families known at one's hubs."""
    wanted = select(Interest).where(Interest.programme_id == programme_id, Interest.left_at.is_(None))
    if (hub_ids := hub_ids_seen_by(seen)) is not None:
        known = select(FamilyAtHub.household_id).where(FamilyAtHub.hub_id.in_(hub_ids))
        wanted = wanted.where(Interest.household_id.in_(known))
    return wanted.order_by(Interest.since, Interest.id)


def listed_tasks(person: SignedIn, **wanted: Any) -> Select[Any]:
    """Return the statement that lists whom to ring on courses that somebody of staff sees, by their day."""
    tasks = select(Task).join(Course, Course.id == Task.course_id)
    waiting = tasks.where(Task.done_at.is_(None), seen_by(person))
    for name, value in wanted.items():
        waiting = waiting.where(getattr(Task, name) == value)
    return waiting.order_by(Task.due_on, Task.id)


def listed_slots(contact_id: UUID) -> Select[Any]:
    """Return the statement that lists the times of a contact, picked or free, the earliest first."""
    return select(Slot).where(Slot.contact_id == contact_id).order_by(Slot.starts_at, Slot.id)


def listed_needs(course_id: UUID) -> Select[*tuple[Any, ...]]:
    """Return the statement that lists what those on a course need.

    Columns: participation_id, creche_children, interpreter, has_needs.
    """
    return (
        select(
            Participation.id.label("participation_id"),
            Participation.creche_children,
            Participation.interpreter,
            Participation.access_needs.is_not(None).label("has_needs"),
        )
        .where(Participation.course_id == course_id, Participation.standing.in_(LIVE))
        .order_by(Participation.referred_at, Participation.id)
    )
