"""Who must be looked after, and what was done. That an alert was read is kept, as on the page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from families.service import log_opening
from families.terms import Opened
from kernel.db import db
from kernel.errors import NotFound
from kernel.web.once import once
from outcomes import queries, service
from outcomes.api.door import blueprint, named, runs
from outcomes.api.sheets import questions_of
from outcomes.models import RiskAlert
from outcomes.schemas.askings import AlertSchema, AlertWithAnswerSchema, AskingsWantedSchema, SettlementSchema

ALERT = ("id", "asking_id", "about_id", "raised_at", "settled_at", "settled_by", "done")


@blueprint.route("/alerts")
class Alerts(MethodView):
    """Those who must be looked after."""

    @runs
    @blueprint.arguments(AskingsWantedSchema, location="query")
    @blueprint.response(200, AlertSchema(many=True))
    def get(self, wanted: dict[str, UUID]) -> Sequence[RiskAlert]:
        """List the alerts about one participation that nobody has seen to, the oldest first."""
        if not queries.may_see(current_user, wanted["about_id"]):
            raise NotFound("participation")
        return queries.open_alerts([wanted["about_id"]])


@blueprint.route("/alerts/<uuid:alert_id>")
class OneAlert(MethodView):
    """That somebody must be looked after."""

    @runs
    @blueprint.response(200, AlertWithAnswerSchema)
    def get(self, alert_id: UUID) -> dict[str, Any]:
        """Read who must be looked after, what they answered, and what was done. That it was read is kept."""
        found = queries.find_alert(alert_id, seen=current_user)
        log_opening(found.asking.respondent_id, Opened.CARE)
        asked = next((one for one in questions_of(found.asking) if one["item"] == found.item), None)
        said = queries.answers_of(found.asking).get(found.item)
        labels = {one["answer"]: one["label"] for one in asked["answers"]} if asked else {}
        return {
            **named(found, ALERT),
            "respondent_id": found.asking.respondent_id,
            "question": asked["words"] if asked else "",
            "answer": labels.get(said, ""),
        }


@blueprint.route("/alerts/<uuid:alert_id>/settlement")
class Settlement(MethodView):
    """What was done about an alert."""

    @runs
    @once
    @blueprint.arguments(SettlementSchema)
    @blueprint.response(200, AlertSchema)
    def post(self, told: dict[str, str], alert_id: UUID) -> RiskAlert:
        """Say what was done. Whoever comes second changes nothing."""
        found = queries.find_alert(alert_id, seen=current_user)
        service.settle_alert(found, told["done"])
        db.flush()
        return found
