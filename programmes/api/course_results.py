"""What became of those on one course, together and each: for those who run it, so nothing is hidden."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from outcomes.queries import ruled
from programmes.api.door import blueprint, runs
from programmes.api.shapes import change_told
from programmes.queries import find_course, own, results
from programmes.rules import changes
from programmes.rules.measures import COURSE_MEASURES, figures, in_file
from programmes.schemas.course_results import CourseResultsSchema


@blueprint.route("/courses/<uuid:course_id>/results")
class CourseResults(MethodView):
    """What became of those on a course."""

    @runs
    @blueprint.response(200, CourseResultsSchema)
    def get(self, course_id: UUID) -> dict[str, Any]:
        """Read the figures of a course, what each had of it, and what became of the scores of matched pairs."""
        find_course(course_id, seen=current_user)
        found = results.of_course(course_id)
        counted = figures(found.journeys)
        compared = changes.changes(found.journeys, found.hubs, results.bands(), ruled(), everyone=True)
        return {
            "contacts": own.contacts_of(course_id),
            "measures": {one.code: in_file(counted.of(one.code), one.kind) for one in COURSE_MEASURES},
            "people": [
                {"participation_id": one.id, "standing": one.standing, "contacts": len(one.contacts)}
                for one in found.journeys
            ],
            "changes": [change_told(one) for one in compared],
        }
