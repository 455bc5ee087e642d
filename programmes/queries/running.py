"""Questions of those who run a course: what is known of everybody on it, and whom to ring."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from accounts.queries import Person as SignedIn
from attendance.models import Attendance
from attendance.terms import CAME
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel.clock import now, wall
from kernel.db import db, find
from kernel.errors import NotFound
from programmes.models import Course, CourseContact, Dose, Participation, Task
from programmes.queries.sight import seen_by
from programmes.rules import Known
from programmes.terms import COUNTS, LIVE, CourseStanding

MOST = 5000


def known_of(participation_ids: Collection[UUID]) -> dict[UUID, list[Known]]:
    """Return what is known of every contact of these participants, in the order of the contacts. One statement."""
    rows = db.execute(
        select(
            Participation.id.label("participation_id"),
            CourseContact.id,
            CourseContact.number,
            CourseContact.on_date,
            CourseContact.session_id,
            Dose.presence,
            Dose.said_at,
            Dose.made_up_at_id,
            or_(_failed_elsewhere(), _never_said()).label("failed"),
        )
        .join(Course, Course.id == Participation.course_id)
        .join(CourseContact, CourseContact.course_id == Participation.course_id)
        .outerjoin(Dose, and_(Dose.contact_id == CourseContact.id, Dose.participation_id == Participation.id))
        .where(Participation.id.in_(participation_ids))
        .order_by(Participation.id, CourseContact.number)
        .limit(MOST)
    )
    known: dict[UUID, list[Known]] = defaultdict(list)
    for row in rows:
        said_on = wall(row.said_at).date() if row.said_at and row.session_id is None else row.on_date
        known[row.participation_id].append(
            Known(row.id, row.number, said_on, row.presence, row.made_up_at_id, row.failed)
        )
    return known


def _failed_elsewhere() -> Exists:
    other = aliased(CourseContact)
    return exists().where(
        other.id == Dose.made_up_at_id,
        Attendance.session_id == other.session_id,
        Attendance.person_id == Participation.person_id,
        Attendance.mark.not_in(CAME),
    )


def _never_said() -> Exists:
    """Return the condition that no register will say any more that a contact was made up.

    The session elsewhere was called off; or it is over while its register stayed open, and the own course has ended.
    When that register does speak, later, the contact is made up all the same.
    """
    other, session = aliased(CourseContact), aliased(Session)
    over = and_(Course.standing == CourseStanding.ENDED, session.ends_at <= now())
    return exists().where(
        other.id == Dose.made_up_at_id,
        session.id == other.session_id,
        or_(session.standing == SessionStanding.CALLED_OFF, over),
    )


def tasks_of(participation_id: UUID) -> list[Task]:
    """Return all tasks about somebody, done or not."""
    theirs = select(Task).where(Task.participation_id == participation_id)
    return list(db.scalars(theirs.order_by(Task.due_on, Task.id).limit(100)))


def find_task(task_id: UUID, *, seen: SignedIn) -> Task:
    """Return a task of a course that somebody of staff sees, or raise NotFound."""
    wanted = select(Task).join(Course, Course.id == Task.course_id)
    if task := db.scalar(wanted.where(Task.id == task_id, seen_by(seen))):
        return task
    raise NotFound("task")


def find_course_contact(contact_id: UUID) -> CourseContact:
    """Return a contact of any course of the council, or raise NotFound."""
    return find(CourseContact, contact_id)


def concerned_by(session_id: UUID, person_id: UUID | None = None) -> Select[Participation, CourseContact]:
    """Return the statement for whom the register of a session tells something, and of which contact.

    That is who is on the course whose session it is, and who makes a contact of another course up there.
    """
    here = aliased(CourseContact)
    own = and_(CourseContact.id == here.id, Participation.course_id == here.course_id)
    guest = exists().where(
        Dose.participation_id == Participation.id,
        Dose.contact_id == CourseContact.id,
        Dose.made_up_at_id == here.id,
    )
    statement = (
        select(Participation, CourseContact)
        .join(CourseContact, CourseContact.course_id == Participation.course_id)
        .join(here, here.session_id == session_id)
        .where(or_(own, guest))
    )
    if person_id:
        statement = statement.where(
            or_(Participation.person_id == person_id, Participation.partner_id == person_id)
        )
    return statement.order_by(Participation.id, CourseContact.id).limit(500)


def still_on(course_id: UUID) -> Select[Any]:
    """Return the statement for everybody who has not come to an end on a course."""
    live = select(Participation).where(Participation.course_id == course_id, Participation.standing.in_(LIVE))
    return live.order_by(Participation.id).limit(500)


def make_ups_planned(participation_id: UUID) -> list[UUID]:
    """Return the contacts of other courses at which somebody is still to make something up."""
    planned = select(Dose.made_up_at_id).where(
        Dose.participation_id == participation_id,
        Dose.made_up_at_id.is_not(None),
        Dose.presence.not_in(COUNTS),
    )
    return [contact_id for contact_id in db.scalars(planned.order_by(Dose.id).limit(100)) if contact_id]
