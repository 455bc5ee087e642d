"""Questions of whom to ring."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from accounts.queries import Person as SignedIn
from families.models import Person
from kernel.db import db
from programmes import rules
from programmes.models import Course, CourseContact, Participation, Task
from programmes.queries.running import known_of
from programmes.queries.sight import seen_by
from programmes.terms import ON_THE_COURSE, TaskKind

MOST = 200


def calls(seen: SignedIn) -> Select[Any]:
    """Return the statement for whom to ring on courses that somebody sees, one row a participant, by their day.

    Columns: participation_id, person_id, course_id, course, due_on, task_id (the most pressing), urgent.
    """
    urgent = func.bool_or(Task.kind == TaskKind.ABOUT_TO_DROP_OUT)
    due_on = func.min(Task.due_on)
    first = func.array_agg(Task.id)
    return (
        select(
            Task.participation_id,
            Participation.person_id,
            Course.id.label("course_id"),
            Course.title.label("course"),
            due_on.label("due_on"),
            first.label("task_ids"),
            urgent.label("urgent"),
        )
        .join(Participation, Participation.id == Task.participation_id)
        .join(Course, Course.id == Task.course_id)
        .where(Task.done_at.is_(None), seen_by(seen))
        .group_by(Task.participation_id, Participation.person_id, Course.id, Course.title)
        .order_by(due_on, Task.participation_id)
    )


def missed_by(participation_ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """Return the contacts about which these participants should be rung: title and on_date, by participation."""
    rows = db.execute(
        select(Task.participation_id, CourseContact.title, CourseContact.on_date, CourseContact.number)
        .join(CourseContact, CourseContact.id == Task.contact_id)
        .where(Task.participation_id.in_(participation_ids), Task.done_at.is_(None))
        .distinct()
        .order_by(Task.participation_id, CourseContact.number)
        .limit(1000)
    )
    missed: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        missed[row.participation_id].append(row)
    return missed


class Leaving(NamedTuple):
    """Somebody who is about to drop out."""

    participation_id: UUID
    person: Person
    course_id: UUID
    course: str
    in_a_row: int
    dose: int
    contacts: int
    rung: bool


def about_to_drop_out(seen: SignedIn) -> list[Leaving]:
    """Return who has not come to two contacts in a row on courses that somebody sees, rung or not. Two statements."""
    warned = (
        select(
            Participation.id,
            Person,
            Course.id.label("course_id"),
            Course.title.label("course"),
            func.bool_and(Task.done_at.is_not(None)).label("rung"),
        )
        .join(Task, Task.participation_id == Participation.id)
        .join(Person, Person.id == Participation.person_id)
        .join(Course, Course.id == Participation.course_id)
        .where(
            Task.kind == TaskKind.ABOUT_TO_DROP_OUT,
            Participation.standing.in_(ON_THE_COURSE),
            seen_by(seen),
        )
        .group_by(
            Participation.id, Participation.tenant_id, Person.id, Person.tenant_id, Course.id, Course.title
        )
        .order_by(Course.title, Person.name_key, Participation.id)
        .limit(MOST)
    )
    rows = db.execute(warned).all()
    known = known_of([row.id for row in rows])
    return [
        Leaving(
            row.id,
            row.Person,
            row.course_id,
            row.course,
            rules.missed_in_a_row(known[row.id]),
            rules.dose(one.presence for one in known[row.id]),
            len(known[row.id]),
            row.rung,
        )
        for row in rows
        if rules.about_to_drop_out(known[row.id])
    ]
