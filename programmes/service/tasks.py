"""Who should be rung: tasks come and go with what the registers say."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from kernel.clock import now
from kernel.db import actor, db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from programmes import queries, rules
from programmes.events import TaskDone
from programmes.models import Participation, Task
from programmes.rules import Known
from programmes.terms import ON_THE_COURSE

THE_DAY_AFTER = timedelta(days=1)


def keep_up(participation: Participation, known: Collection[Known]) -> None:
    """Make the tasks that what is known of somebody asks for, and take away those that it does not any more.

    What was done stays done: nobody is rung twice about one contact.
    """
    on_it = participation.course_id and participation.standing in ON_THE_COURSE
    wanted = rules.tasks_wanted(known) if on_it else {}
    there = {(task.kind, task.contact_id): task for task in queries.tasks_of(participation.id)}
    for key, task in there.items():
        if key not in wanted and task.done_at is None:
            db.delete(task)
    for (kind, contact_id), missed in wanted.items():
        if (kind, contact_id) not in there:
            db.add(
                Task(
                    course_id=participation.course_id,
                    participation_id=participation.id,
                    contact_id=contact_id,
                    kind=kind,
                    due_on=missed.on_date + THE_DAY_AFTER,
                )
            )
    db.flush()


def drop(participation_id: UUID) -> None:
    """Take away what nobody has done yet about somebody."""
    db.execute(delete(Task).where(Task.participation_id == participation_id, Task.done_at.is_(None)))


def finish(task: Task, what_was_said: str) -> None:
    """Say that somebody was rung, and keep what was said, encrypted. One call is enough for all that is open."""
    if not what_was_said.strip():
        raise Unacceptable(what_was_said="Enter what was said, or that nobody answered")
    participation = find(Participation, task.participation_id, lock=True)
    db.refresh(task)
    if task.done_at:
        return
    for one in queries.tasks_of(participation.id):
        if one.done_at is None:
            one.done_at, one.done_by = now(), actor()
            one.what_was_said = what_was_said.strip()
    db.flush()
    record(TaskDone(subject=participation.id))
