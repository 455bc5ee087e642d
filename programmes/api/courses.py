"""Courses: previewed, set up, changed and called off."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from hubs.queries import ensure_sees
from kernel.db import db, find
from kernel.web.access import signed_in
from kernel.web.once import once
from kernel.web.paging import page_of
from programmes import queries
from programmes.api.door import blueprint, manages
from programmes.models import Course, Edition
from programmes.queries import listed
from programmes.schemas.courses import (
    CalledOffSchema,
    CourseChangeSchema,
    CoursePlanSchema,
    CourseSchema,
    CoursesWantedSchema,
    CourseWithContactsSchema,
    NewCourseSchema,
    PlannedCourseSchema,
)
from programmes.service import courses as verbs

AGES = ("age_from_years", "age_to_years")


@blueprint.route("/courses")
class Courses(MethodView):
    """Runs of programmes."""

    @signed_in
    @blueprint.arguments(CoursesWantedSchema, location="query")
    @blueprint.response(200, CourseSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, Any], pagination_parameters: Any) -> Any:
        """List courses by their first day; those that are being prepared are told to their staff alone."""
        return page_of(listed.listed_courses(current_user, **wanted), pagination_parameters)

    @manages
    @once
    @blueprint.arguments(NewCourseSchema)
    @blueprint.response(201, CourseWithContactsSchema)
    def post(self, course: dict[str, Any]) -> Course:
        """Set a course up, with its dates, sessions and shifts."""
        return verbs.set_up(**_laid(course))


@blueprint.route("/courses/preview")
class CoursePreview(MethodView):
    """What setting a course up would do."""

    @manages
    @blueprint.arguments(PlannedCourseSchema)
    @blueprint.response(200, CoursePlanSchema)
    def post(self, course: dict[str, Any]) -> dict[str, Any]:
        """Say when the contacts of a course would be and what clashes, and change nothing."""
        plan = verbs.preview(**_laid(course))
        contacts = [{**vars(one), "room_is_taken": bool(one.clashes)} for one in plan.contacts]
        told = {name: getattr(plan, name) for name in ("first_date", "last_date", "is_possible", "left_out")}
        return {
            **told,
            "contacts": contacts,
            "busy_account_ids": [*plan.elsewhere],
            "warnings": plan.warnings,
        }


@blueprint.route("/courses/<uuid:course_id>")
class OneCourse(MethodView):
    """A run of a programme."""

    @signed_in
    @blueprint.etag
    @blueprint.response(200, CourseWithContactsSchema)
    def get(self, course_id: UUID) -> Course:
        """Read when and where a course is, and its contacts."""
        return listed.shown_course(course_id, to=current_user)

    @manages
    @blueprint.etag
    @blueprint.arguments(CourseChangeSchema)
    @blueprint.response(200, CourseWithContactsSchema)
    def patch(self, changes: dict[str, Any], course_id: UUID) -> Course:
        """Change a course; what is not named stays."""
        queries.find_course(course_id, seen=current_user)
        course = find(Course, course_id, lock=True)
        blueprint.check_etag(course, CourseWithContactsSchema)
        return verbs.change(course, **changes)


@blueprint.route("/courses/<uuid:course_id>/cancellation")
class CourseCancellation(MethodView):
    """The calling off of a course."""

    @manages
    @once
    @blueprint.arguments(CalledOffSchema)
    @blueprint.response(200, CourseWithContactsSchema)
    def post(self, told: dict[str, str], course_id: UUID) -> Course:
        """Call a course off, with its sessions to come; those who take part are told why."""
        course = queries.find_course(course_id, seen=current_user)
        verbs.call_off(course, told["because"])
        db.flush()
        return course


def _laid(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the service is asked for, at a hub that whoever asks sees."""
    ensure_sees(current_user, told["hub_id"])
    edition = find(Edition, told.pop("edition_id"))
    ages = [told.pop(name, getattr(edition.programme, name)) for name in AGES]
    facilitators = {one["account_id"]: one["part"] for one in told.pop("facilitators")}
    return {**told, "edition": edition, "ages": tuple(ages), "facilitators": facilitators}
