"""What became of those who took part, for machines: the same figures as the pages, hidden where those are hidden."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from hubs.queries import hub_ids_seen_by
from kernel.db import find
from kernel.errors import Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from outcomes.queries import ruled
from programmes.api.door import blueprint
from programmes.api.shapes import change_told
from programmes.models import Programme
from programmes.queries import results
from programmes.rules import changes, overview
from programmes.rules.hiding import Hidden
from programmes.rules.measures import COURSE_MEASURES, in_file
from programmes.rules.periods import Period
from programmes.schemas.results import ChangeSchema, ResultsSchema, ResultsWantedSchema


@blueprint.route("/reports/programmes")
class Report(MethodView):
    """Programmes and hubs compared."""

    @requires(Permission.SEE_REPORTS)
    @blueprint.arguments(ResultsWantedSchema, location="query")
    @blueprint.response(200, ResultsSchema)
    def get(self, asked: dict[str, str]) -> dict[str, Any]:
        """Compare programmes at the hubs that the key sees, in the courses of a term or school year, with totals."""
        period, offered = _period(asked)
        found = _compared(_over(period))
        return {
            "period": period._asdict(),
            "periods": [one._asdict() for one in offered],
            "definitions": {measure.code: measure.definition for measure in COURSE_MEASURES},
            "lines": [
                _line(found, hub, programme)
                for hub in (*found.hubs, (None, "All hubs"))
                for programme in (*found.programmes, (None, "All programmes"))
                if found.ran_at(hub[0], programme[0])
            ],
        }


@blueprint.route("/reports/programmes/<uuid:programme_id>")
class Changes(MethodView):
    """What became of the scores of one programme."""

    @requires(Permission.SEE_REPORTS)
    @blueprint.arguments(ResultsWantedSchema, location="query")
    @blueprint.response(200, ChangeSchema(many=True))
    def get(self, asked: dict[str, str], programme_id: UUID) -> list[dict[str, Any]]:
        """List each scale that was answered before and after a programme, with matched pairs and their change."""
        find(Programme, programme_id)
        over = _over(_period(asked)[0])
        mine = [journey for journey in over.journeys if journey.programme_id == programme_id]
        hubs = [one for one in over.hubs if any(journey.hub_id == one[0] for journey in mine)]
        silence = _compared(over).silence(programme_id)
        return [
            change_told(one) for one in changes.changes(mine, hubs, results.bands(), ruled(), silence=silence)
        ]


def _period(asked: dict[str, str]) -> tuple[Period, Sequence[Period]]:
    offered = results.told_of()
    code = asked["period"] or offered[0].code
    for period in offered:
        if period.code == code:
            return period, offered
    raise Unacceptable(period="Choose one of " + ", ".join(one.code for one in offered))


def _over(period: Period) -> results.Results:
    return results.over(period, hub_ids=hub_ids_seen_by(current_user))


def _compared(over: results.Results) -> overview.Overview:
    return overview.overview(over.hubs, over.programmes, over.journeys, over.runs)


def _line(
    found: overview.Overview, hub: tuple[UUID | None, str], programme: tuple[UUID | None, str]
) -> dict[str, Any]:
    values = {measure: found.at(measure.code, hub[0], programme[0]) for measure in COURSE_MEASURES}
    return {
        "hub_id": hub[0],
        "hub": hub[1],
        "programme_id": programme[0],
        "programme": programme[1],
        "measures": {
            measure.code: None if isinstance(value, Hidden) else in_file(value, measure.kind)
            for measure, value in values.items()
        },
        "hidden": [measure.code for measure, value in values.items() if isinstance(value, Hidden)],
    }
