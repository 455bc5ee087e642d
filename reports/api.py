"""Comparisons, for machines."""

from typing import Any

from flask.views import MethodView
from flask_login import current_user
from flask_smorest import Blueprint

from hubs.queries import ensure_sees, hub_ids_seen_by
from kernel.errors import Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from reports import queries, rules
from reports.rules import Wanted
from reports.schemas import ComparisonQuery, ComparisonSchema
from reports.terms import Measure

blueprint = Blueprint(
    "reports_api", __name__, url_prefix="/comparison", description="Hubs compared, month by month"
)


@blueprint.route("/")
class Comparison(MethodView):
    """The comparison."""

    @requires(Permission.SEE_REPORTS)
    @blueprint.arguments(ComparisonQuery, location="query")
    @blueprint.response(200, ComparisonSchema)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Compare the hubs that the key sees, with totals of each hub, each month and all."""
        if hub := asked.get("hub_id"):
            ensure_sees(current_user, hub)
        first, last = rules.month_of(asked["first"]), rules.month_of(asked["last"])
        if not 1 <= len(rules.months_between(first, last)) <= rules.MOST_MONTHS:
            raise Unacceptable(last=f"Choose between 1 and {rules.MOST_MONTHS} months")
        wanted = Wanted(
            first=first,
            last=last,
            kind=asked.get("kind"),
            band=asked.get("age_band"),
            hub_ids=frozenset({hub}) if hub else hub_ids_seen_by(current_user),
        )
        found = queries.comparison(wanted)
        return {
            "definitions": {measure.value: measure.definition for measure in Measure},
            "lines": [
                {
                    "hub_id": hub,
                    "hub": name,
                    "month": month,
                    "measures": {measure.value: found.value(measure, hub, month) for measure in Measure},
                }
                for hub, name in [*found.hubs, (None, "All hubs")]
                for month in [*wanted.months, None]
            ],
        }
