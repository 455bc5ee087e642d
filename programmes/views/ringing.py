"""Whom to ring today, and who is about to drop out."""

from uuid import UUID

from flask import flash
from flask_login import current_user
from werkzeug.wrappers import Response

from families import queries as families
from kernel.clock import today
from kernel.errors import Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page, see
from kernel.web.paging import paged
from programmes import queries
from programmes.forms.running import RungForm
from programmes.models import Task
from programmes.queries import ringing, tonight
from programmes.service import tasks
from programmes.views.door import blueprint


@blueprint.get("/courses/tasks", endpoint="tasks")
@requires(Permission.RUN_COURSES)
def tasks_to_do() -> Response:
    """Show whom to ring on the courses of whoever asks, and who is about to drop out of them."""
    calls = paged(ringing.calls(current_user), whole_rows=True)
    people = tonight.people_by_id([call.person_id for call in calls.items])
    leaving = ringing.about_to_drop_out(current_user) if calls.number == 1 else []
    return page(
        "programmes/running/tasks.html",
        calls=calls,
        missed=ringing.missed_by([call.participation_id for call in calls.items]),
        people=people,
        leaving=leaving,
        never=families.never_of({*people, *(one.person.id for one in leaving)}),
        today=today(),
    )


@blueprint.get("/courses/tasks/<uuid:task_id>")
@requires(Permission.RUN_COURSES)
def task(task_id: UUID) -> Response:
    """Show whom to ring, about what, and ask what was said."""
    return _page(queries.find_task(task_id, seen=current_user), RungForm())


@blueprint.post("/courses/tasks/<uuid:task_id>")
@requires(Permission.RUN_COURSES)
def finish_task(task_id: UUID) -> Response:
    """Keep that somebody was rung, and what was said."""
    found = queries.find_task(task_id, seen=current_user)
    form = RungForm()
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    try:
        tasks.finish(found, form.what_was_said.data or "")
    except Unacceptable as refusal:
        form.what_was_said.errors = [str(refusal)]
        return _page(found, form, status=422)
    flash("What was said is kept", "success")
    return see("programmes.tasks")


def _page(found: Task, form: RungForm, *, status: int = 200) -> Response:
    participation = found.participation
    known = queries.known_of([participation.id])[participation.id]
    return page(
        "programmes/running/task.html",
        status=status,
        task=found,
        participation=participation,
        course=participation.course,
        known=known,
        titles={contact.id: contact for contact in participation.course.contacts}
        if participation.course
        else {},
        missed=ringing.missed_by([participation.id]).get(participation.id, []),
        never=families.never_of([participation.person_id]).get(participation.person_id),
        form=form,
        today=today(),
    )
