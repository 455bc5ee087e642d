"""Making a contact up in a parallel group. One that is made up with a facilitator is said as a dose."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from kernel.db import db
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from programmes import queries
from programmes.api.door import blueprint
from programmes.models import CourseContact, Dose, Participation
from programmes.queries import tonight
from programmes.schemas.running import MakeUpSchema, ParallelSchema
from programmes.schemas.taking_part import DoseSchema
from programmes.service import running

runs = requires(Permission.RUN_COURSES)
PATH = "/participations/<uuid:participation_id>/doses/<uuid:course_contact_id>"


@blueprint.route(f"{PATH}/parallel-sessions")
class ParallelSessions(MethodView):
    """Where a contact can be made up."""

    @runs
    @blueprint.response(200, ParallelSchema(many=True))
    def get(self, participation_id: UUID, course_contact_id: UUID) -> Sequence[Any]:
        """List sessions to come of other courses of the programme, the like of the contact first."""
        _, contact = _both(participation_id, course_contact_id)
        return tonight.parallel_sessions(contact, contact.course.programme_id)


@blueprint.route(f"{PATH}/make-up")
class MakeUp(MethodView):
    """The place in a parallel group where a contact is made up."""

    @runs
    @once
    @blueprint.arguments(MakeUpSchema)
    @blueprint.response(201, DoseSchema)
    def post(self, told: dict[str, UUID], participation_id: UUID, course_contact_id: UUID) -> Dose:
        """Book somebody into a session of a parallel group, where they make up a contact that they miss."""
        participation, contact = _both(participation_id, course_contact_id)
        other = queries.find_course_contact(told["contact_id"])
        return running.plan_make_up(participation, contact, other)

    @runs
    @blueprint.response(204)
    def delete(self, participation_id: UUID, course_contact_id: UUID) -> None:
        """Give the place in the other session back. Asking again changes nothing."""
        running.drop_make_up(*_both(participation_id, course_contact_id))
        db.flush()


def _both(participation_id: UUID, course_contact_id: UUID) -> tuple[Participation, CourseContact]:
    contact = queries.find_contact(course_contact_id, seen=current_user)
    participation = queries.find_participation(participation_id, seen=current_user)
    if participation.course_id != contact.course_id:
        raise NotFound("participation")
    return participation, contact
