"""What became of those who took part, for machines: the same figures as the pages, hidden where those are hidden."""

from datetime import date
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from hubs.queries import hub_ids_seen_by
from kernel.db import find
from kernel.errors import Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from outcomes.rules import shipped
from programmes.api.door import blueprint
from programmes.models import Programme
from programmes.queries import results
from programmes.rules import changes, overview
from programmes.rules.hiding import Hidden
from programmes.rules.measures import COURSE_MEASURES, in_file
from programmes.schemas.results import ChangeSchema, ResultsSchema, ResultsWantedSchema

MOST_MONTHS = 36
SUMMARY = (
    "few", "mean_before", "mean_after", "mean_change", "low", "high", "improved", "unchanged", "worse",
    "clinical_before", "left_clinical",
)  # fmt: skip


@blueprint.route("/reports/programmes")
class Report(MethodView):
    """Programmes and hubs compared."""

    @requires(Permission.SEE_REPORTS)
    @blueprint.arguments(ResultsWantedSchema, location="query")
    @blueprint.response(200, ResultsSchema)
    def get(self, asked: dict[str, date]) -> dict[str, Any]:
        """Compare programmes at the hubs that the key sees, in the courses that are over, with totals."""
        over = _over(asked)
        found = overview.overview(over.hubs, over.programmes, over.journeys)
        return {
            "definitions": {measure.code: measure.definition for measure in COURSE_MEASURES},
            "lines": [
                _line(found, hub, programme)
                for hub in (*found.hubs, (None, "All hubs"))
                for programme in (*found.programmes, (None, "All programmes"))
            ],
        }


@blueprint.route("/reports/programmes/<uuid:programme_id>")
class Changes(MethodView):
    """What became of the scores of one programme."""

    @requires(Permission.SEE_REPORTS)
    @blueprint.arguments(ResultsWantedSchema, location="query")
    @blueprint.response(200, ChangeSchema(many=True))
    def get(self, asked: dict[str, date], programme_id: UUID) -> list[dict[str, Any]]:
        """List each scale that was answered before and after a programme, with matched pairs and their change."""
        find(Programme, programme_id)
        over = _over(asked)
        mine = [journey for journey in over.journeys if journey.programme_id == programme_id]
        hubs = [one for one in over.hubs if any(journey.hub_id == one[0] for journey in mine)]
        return [_change(one) for one in changes.changes(mine, hubs, results.bands(), shipped())]


def _over(asked: dict[str, date]) -> results.Results:
    first, last = (asked[name].replace(day=1) for name in ("first", "last"))
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= months <= MOST_MONTHS:
        raise Unacceptable(last=f"Choose between 1 and {MOST_MONTHS} months")
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return results.over(first, end, hub_ids=hub_ids_seen_by(current_user))


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


def _change(one: changes.Change) -> dict[str, Any]:
    return {
        "instrument": one.key.instrument,
        "scale": one.key.scale,
        "respondent": one.key.respondent,
        "occasion": one.occasion,
        "name": one.name,
        "better": one.better,
        "method": one.scale.change.method if one.scale.change else "",
        "lines": [
            {
                "hub_id": line.hub_id,
                "hub": line.name,
                "hidden": line.summary is None,
                "pairs": line.summary and line.summary.n,
                **{name: getattr(line.summary, name, None) for name in SUMMARY},
                "few": line.summary is None or line.summary.few,
            }
            for line in one.shown
        ],
    }
