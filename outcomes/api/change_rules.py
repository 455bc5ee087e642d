"""From which change on a scale counts, where the council has a source for what nobody published."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from kernel.db import find
from kernel.web.once import once
from kernel.web.paging import page_of
from outcomes import queries, service
from outcomes.api.door import blueprint, keeps, named
from outcomes.models import CouncilChangeRule
from outcomes.schemas.change_rules import ChangeRuleSchema
from outcomes.schemas.instruments import OfInstrumentSchema

RULE = (
    "id", "instrument", "scale", "deviation", "reliability", "source", "entered_by", "entered_at", "withdrawn_at",
)  # fmt: skip


@blueprint.route("/change-rules")
class ChangeRules(MethodView):
    """Rules of change that a council entered."""

    @keeps
    @blueprint.arguments(OfInstrumentSchema, location="query")
    @blueprint.response(200, ChangeRuleSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, str], pagination_parameters: Any) -> list[dict[str, Any]]:
        """List all rules of change that the council ever entered, the newest first."""
        return [_told(one) for one in page_of(queries.listed_change_rules(**wanted), pagination_parameters)]

    @keeps
    @once
    @blueprint.arguments(ChangeRuleSchema)
    @blueprint.response(201, ChangeRuleSchema)
    def post(self, told: dict[str, Any]) -> dict[str, Any]:
        """Enter the rule of change of a scale that has no published one, instead of the one before."""
        return _told(service.enter_change_rule(**told))


@blueprint.route("/change-rules/<uuid:rule_id>/withdrawal")
class ChangeRuleWithdrawal(MethodView):
    """The end of a rule of change."""

    @keeps
    @blueprint.response(200, ChangeRuleSchema)
    def post(self, rule_id: UUID) -> dict[str, Any]:
        """Count changes by this rule no longer. Asking again changes nothing."""
        rule = find(CouncilChangeRule, rule_id, lock=True)
        service.withdraw_change_rule(rule)
        return _told(rule)


def _told(row: CouncilChangeRule) -> dict[str, Any]:
    return {**named(row, RULE), **named(queries.rule_in(row), ("amount", "method"))}
