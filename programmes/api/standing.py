"""Where a course stands: who runs it and may join it, what its people need, and how it opens and ends."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from families import queries as families
from kernel.db import db, find
from kernel.permissions import Permission
from kernel.web.access import requires, signed_in
from kernel.web.paging import page_of
from outcomes.models import RiskAlert
from programmes import queries
from programmes.api.door import blueprint, is_staff, manages, runs
from programmes.models import Course
from programmes.queries import joining, listed
from programmes.queries.asking import alerts_of_course
from programmes.queries.courses import facilitators_of
from programmes.rules import joining as rules
from programmes.schemas.courses import CourseWithContactsSchema
from programmes.schemas.running import (
    CourseAlertSchema,
    DoorSchema,
    FacilitatorsSchema,
    NeedsLineSchema,
    ProspectsSchema,
)
from programmes.service import courses as verbs
from programmes.service import running
from programmes.terms import Standing

ENDS = (Standing.COMPLETED, Standing.DROPPED_OUT, Standing.WITHDRAWN)


@blueprint.route("/courses/<uuid:course_id>/availability")
class CourseAvailability(MethodView):
    """Whether there is room on a course."""

    @signed_in
    @blueprint.response(200, DoorSchema)
    def get(self, course_id: UUID) -> dict[str, Any]:
        """Say whether somebody can join a course, and if not, why."""
        course = listed.shown_course(course_id, to=current_user)
        carer = None if is_staff() else families.carer_of(current_user.id)
        door = joining.door(course, asked_by=carer)
        because = rules.reasons_against(door)
        return {
            "can_join": not because,
            "because": because,
            "places_left": max(door.places_left, 0),
            "creche_left": max(door.creche_left, 0),
            "families_book": rules.families_book(course.way_in),
        }


@blueprint.route("/courses/<uuid:course_id>/opening")
class CourseOpening(MethodView):
    """The opening of a course to families."""

    @manages
    @blueprint.response(200, CourseWithContactsSchema)
    def post(self, course_id: UUID) -> Course:
        """Let families find and join a course that was being prepared. Asking again changes nothing."""
        course = queries.find_course(course_id, seen=current_user)
        verbs.open_to_families(course)
        db.flush()
        return course


@blueprint.route("/courses/<uuid:course_id>/facilitators")
class CourseFacilitators(MethodView):
    """Who runs a course."""

    @runs
    @blueprint.etag
    @blueprint.response(200, FacilitatorsSchema)
    def get(self, course_id: UUID) -> dict[str, Any]:
        """Read who leads a course and who helps."""
        return _facilitators(queries.find_course(course_id, seen=current_user))

    @manages
    @blueprint.etag
    @blueprint.arguments(FacilitatorsSchema)
    @blueprint.response(200, FacilitatorsSchema)
    def put(self, told: dict[str, Any], course_id: UUID) -> dict[str, Any]:
        """Say who runs a course from now on; they get the shifts of its sessions to come, others lose theirs."""
        course = find(Course, queries.find_course(course_id, seen=current_user).id, lock=True)
        blueprint.check_etag(_facilitators(course), FacilitatorsSchema)
        verbs.staff(course, {one["account_id"]: one["part"] for one in told["facilitators"]})
        db.flush()
        return _facilitators(course)


@blueprint.route("/courses/<uuid:course_id>/needs")
class CourseNeeds(MethodView):
    """What those on a course need."""

    @runs
    @blueprint.response(200, NeedsLineSchema(many=True))
    @blueprint.paginate()
    def get(self, course_id: UUID, pagination_parameters: Any) -> Any:
        """List crèche places and interpreters of those on a course, and whether there is more to read of somebody."""
        course = queries.find_course(course_id, seen=current_user)
        return page_of(listed.listed_needs(course.id), pagination_parameters, whole_rows=True)


@blueprint.route("/courses/<uuid:course_id>/alerts")
class CourseAlerts(MethodView):
    """Who of a course must be looked after."""

    @runs
    @blueprint.response(200, CourseAlertSchema(many=True))
    def get(self, course_id: UUID) -> Sequence[RiskAlert]:
        """List the alerts about those on a course that nobody has seen to, the oldest first."""
        course = queries.find_course(course_id, seen=current_user)
        return [alert for alert, _ in alerts_of_course(course.id)]


@blueprint.route("/courses/<uuid:course_id>/ending")
class CourseEnding(MethodView):
    """The end of a course."""

    @requires(Permission.RUN_COURSES)
    @blueprint.response(200, ProspectsSchema)
    def get(self, course_id: UUID) -> dict[str, int]:
        """Say what would become of how many if the course ended now, and change nothing."""
        prospects = running.prospects(queries.find_course(course_id, seen=current_user))
        return {one.value: prospects.get(one, 0) for one in ENDS}

    @requires(Permission.RUN_COURSES)
    @blueprint.response(200, CourseWithContactsSchema)
    def post(self, course_id: UUID) -> Course:
        """End a course: who started has completed it or dropped out, others withdrew. Asking again changes nothing."""
        course = queries.find_course(course_id, seen=current_user)
        running.end_course(course)
        db.flush()
        return course


def _facilitators(course: Course) -> dict[str, Any]:
    return {"facilitators": facilitators_of(course.id)}
