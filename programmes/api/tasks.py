"""Whom to ring, and that they were rung."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from kernel.db import db
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.paging import page_of
from programmes import queries
from programmes.api.door import blueprint
from programmes.models import Task
from programmes.queries import listed
from programmes.schemas.running import CallSchema, TaskSchema, TasksWantedSchema, TaskWithWordsSchema
from programmes.service import tasks

runs = requires(Permission.RUN_COURSES)


@blueprint.route("/course-tasks")
class Tasks(MethodView):
    """Whom to ring."""

    @runs
    @blueprint.arguments(TasksWantedSchema, location="query")
    @blueprint.response(200, TaskSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, Any], pagination_parameters: Any) -> Any:
        """List whom to ring on courses that you see, by the day on which they should be rung."""
        return page_of(listed.listed_tasks(current_user, **wanted), pagination_parameters)


@blueprint.route("/course-tasks/<uuid:task_id>")
class OneTask(MethodView):
    """That somebody should be rung."""

    @runs
    @blueprint.response(200, TaskWithWordsSchema)
    def get(self, task_id: UUID) -> Task:
        """Read about what somebody should be rung, or what was said."""
        return queries.find_task(task_id, seen=current_user)


@blueprint.route("/course-tasks/<uuid:task_id>/completion")
class TaskCompletion(MethodView):
    """That somebody was rung."""

    @runs
    @once
    @blueprint.arguments(CallSchema)
    @blueprint.response(200, TaskSchema)
    def post(self, told: dict[str, str], task_id: UUID) -> Task:
        """Keep that somebody was rung, and what was said; one call is enough for all that is open about them."""
        task = queries.find_task(task_id, seen=current_user)
        tasks.finish(task, told["what_was_said"])
        db.flush()
        return task
