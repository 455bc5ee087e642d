"""Questions of the facilitator's page of one contact."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from accounts.models import Account
from families.models import Person
from hubs.models import Hub, Session
from kernel.clock import now
from kernel.db import db
from kernel.errors import NotFound
from programmes.models import Course, CourseContact, Dose, Facilitator, Participation, Slot, Task
from programmes.terms import ON_THE_COURSE, CourseStanding, Standing

MOST = 500


def everybody_on(contact: CourseContact) -> Sequence[Participation]:
    """Return who is, or was, on the course of a contact: who left before its end when something is known of it."""
    known = exists().where(Dose.participation_id == Participation.id, Dose.contact_id == contact.id)
    stays = Participation.standing.in_((*ON_THE_COURSE, Standing.COMPLETED))
    to_the_end = exists().where(
        Course.id == Participation.course_id, Course.ended_at == Participation.ended_at
    )
    left = and_(Participation.standing == Standing.DROPPED_OUT, or_(known, to_the_end))
    on_it = select(Participation).join(Person, Person.id == Participation.person_id)
    found = on_it.where(Participation.course_id == contact.course_id, or_(stays, left))
    return db.scalars(found.order_by(Person.name_key, Participation.id).limit(MOST)).all()


def find_one(contact: CourseContact, participation_id: UUID) -> Participation:
    """Return somebody who is, or was, on the course of a contact, or makes one up there; or raise NotFound."""
    guest = exists().where(Dose.participation_id == Participation.id, Dose.made_up_at_id == contact.id)
    wanted = select(Participation).where(
        Participation.id == participation_id,
        or_(Participation.course_id == contact.course_id, guest),
        Participation.standing.in_((*ON_THE_COURSE, Standing.COMPLETED, Standing.DROPPED_OUT)),
    )
    if participation := db.scalar(wanted):
        return participation
    raise NotFound("participation")


def guests_of(contact: CourseContact) -> Sequence[Any]:
    """Return who makes a contact of another course up here.

    Columns: Participation, missed (the title of their own contact), course (the title of their own course).
    """
    missed = (
        select(Participation, CourseContact.title.label("missed"), Course.title.label("course"))
        .join(Dose, Dose.participation_id == Participation.id)
        .join(CourseContact, CourseContact.id == Dose.contact_id)
        .join(Course, Course.id == CourseContact.course_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Dose.made_up_at_id == contact.id, Participation.standing != Standing.TRANSFERRED)
    )
    here = missed.where(Participation.course_id != contact.course_id, ~_moved_from(contact.course_id))
    return db.execute(here.order_by(Person.name_key, Participation.id).limit(MOST)).all()


def _moved_from(course_id: UUID) -> Any:
    """Return the condition that somebody came from the course themselves, and brought their contacts along."""
    before = Participation.__table__.alias()
    return exists().where(
        before.c.tenant_id == Participation.tenant_id,
        before.c.transferred_to_id == Participation.id,
        before.c.course_id == course_id,
    )


def people_by_id(ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return these people, by id. One statement."""
    return {person.id: person for person in db.scalars(select(Person).where(Person.id.in_(ids)).limit(MOST))}


def tasks_open(participation_ids: Collection[UUID]) -> dict[UUID, Task]:
    """Return the most pressing task of each participant that nobody has done. One statement."""
    waiting = select(Task).where(Task.participation_id.in_(participation_ids), Task.done_at.is_(None))
    found: dict[UUID, Task] = {}
    for task in db.scalars(waiting.order_by(Task.kind, Task.due_on, Task.id).limit(MOST)):
        found.setdefault(task.participation_id, task)
    return found


def slots_of(contact_id: UUID) -> Sequence[Any]:
    """Return the times of a contact: slot, and the name of the facilitator, in order."""
    times = select(Slot, Account.name.label("facilitator")).join(Account, Account.id == Slot.account_id)
    found = times.where(Slot.contact_id == contact_id).order_by(Slot.starts_at, Slot.id).limit(MOST)
    return db.execute(found).all()


def find_slot(contact: CourseContact, slot_id: UUID) -> Slot:
    """Return a time that is offered for a contact, or raise NotFound."""
    if slot := db.scalar(select(Slot).where(Slot.id == slot_id, Slot.contact_id == contact.id)):
        return slot
    raise NotFound("slot")


def facilitators_of(course_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return who leads a course or helps at it: id and name."""
    those = (
        select(Account.id, Account.name)
        .join(Facilitator, Facilitator.account_id == Account.id)
        .where(Facilitator.course_id == course_id)
    )
    return [(row.id, row.name) for row in db.execute(those.order_by(Account.name, Account.id).limit(100))]


def parallel_sessions(contact: CourseContact, programme_id: UUID) -> Sequence[Any]:
    """Return the sessions to come of other courses of a programme, the like of the contact first.

    Columns: id, number, title, starts_at, ends_at, course, hub.
    """
    found = (
        select(
            CourseContact.id,
            CourseContact.number,
            CourseContact.title,
            Session.starts_at,
            Session.ends_at,
            Course.title.label("course"),
            Hub.name.label("hub"),
        )
        .join(Course, Course.id == CourseContact.course_id)
        .join(Session, Session.id == CourseContact.session_id)
        .join(Hub, Hub.id == Course.hub_id)
        .where(
            Course.programme_id == programme_id,
            Course.id != contact.course_id,
            Course.standing == CourseStanding.OPEN,
            Session.called_off_at.is_(None),
            Session.ends_at > now(),
        )
    )
    like_it_first = CourseContact.number != contact.number
    return db.execute(found.order_by(like_it_first, Session.starts_at, CourseContact.id).limit(40)).all()


def contacts_by_id(ids: Collection[UUID]) -> dict[UUID, Any]:
    """Return contacts with the name of their course and their time: id, title, course, starts_at, on_date."""
    found = (
        select(
            CourseContact.id,
            CourseContact.title,
            CourseContact.on_date,
            Course.title.label("course"),
            Session.starts_at,
        )
        .join(Course, Course.id == CourseContact.course_id)
        .outerjoin(Session, Session.id == CourseContact.session_id)
        .where(CourseContact.id.in_(ids))
    )
    return {row.id: row for row in db.execute(found.limit(MOST))}


def by_participation(rows: Collection[Any]) -> dict[UUID, list[Any]]:
    """Return rows about participations, by what they are about."""
    grouped: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.about_id].append(row)
    return grouped
