"""Which courses and participants somebody of staff sees."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from accounts.queries import Person as SignedIn
from hubs.queries import hub_ids_seen_by
from kernel.db import db
from kernel.errors import NotFound
from kernel.permissions import Permission
from programmes.models import Course, CourseContact, Facilitator, Participation


def seen_by(person: SignedIn) -> ColumnElement[bool]:
    """Return the condition that a course is one that somebody sees: at their hubs, or one that they facilitate."""
    own = Course.id.in_(select(Facilitator.course_id).where(Facilitator.account_id == person.id))
    if not person.may(Permission.MANAGE_COURSES):
        return own
    hub_ids = hub_ids_seen_by(person)
    return own | (Course.hub_id.in_(hub_ids) if hub_ids is not None else Course.id.is_not(None))


def find_course(course_id: UUID, *, seen: SignedIn) -> Course:
    """Return a course that somebody of staff sees, or raise NotFound."""
    if course := db.scalar(select(Course).where(Course.id == course_id, seen_by(seen))):
        return course
    raise NotFound("course")


def find_contact(course_contact_id: UUID, *, seen: SignedIn) -> CourseContact:
    """Return a contact of a course that somebody of staff sees, or raise NotFound."""
    wanted = select(CourseContact).join(Course, Course.id == CourseContact.course_id)
    if contact := db.scalar(wanted.where(CourseContact.id == course_contact_id, seen_by(seen))):
        return contact
    raise NotFound("contact")


def find_participation(participation_id: UUID, *, seen: SignedIn) -> Participation:
    """Return somebody on a course that somebody of staff sees, or raise NotFound.

    Somebody who has no course yet is seen by those who manage courses at the hub where they would like to come, or
    anywhere when they did not say.
    """
    participation = db.scalar(select(Participation).where(Participation.id == participation_id))
    if participation is None:
        raise NotFound("participation")
    if participation.course_id:
        find_course(participation.course_id, seen=seen)
        return participation
    hub_ids = hub_ids_seen_by(seen)
    everywhere = hub_ids is None or participation.hub_id is None or participation.hub_id in hub_ids
    if seen.may(Permission.MANAGE_COURSES) and everywhere:
        return participation
    raise NotFound("participation")
