"""Where staff enter from which change on a scale counts, when nobody published that."""

from uuid import UUID

from flask import Response, flash, request
from werkzeug.wrappers import Response as AnyResponse

from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted
from kernel.web.once import once
from kernel.web.pages import page, see
from outcomes import queries, service
from outcomes.forms.change_rules import ChangeRuleForm
from outcomes.models import CouncilChangeRule
from outcomes.rules import Instrument
from outcomes.views.door import blueprint


@blueprint.get("/questionnaires/<code>/change-rules/new")
@requires(Permission.MANAGE_PROGRAMMES)
def new_change_rule(code: str) -> Response:
    """Show an empty form for the rule of change of a scale."""
    known = _unruled(code)
    form = ChangeRuleForm(scale=request.args.get("scale"))
    form.offer(known)
    return page("outcomes/change_rule_form.html", instrument=known, form=form)


@blueprint.post("/questionnaires/<code>/change-rules")
@requires(Permission.MANAGE_PROGRAMMES)
@once
def add_change_rule(code: str) -> AnyResponse:
    """Keep the rule of change of a scale with its source."""
    known = _unruled(code)
    form = ChangeRuleForm()
    form.offer(known)
    if not accepted(form, lambda: _enter(known, form)):
        return page("outcomes/change_rule_form.html", status=422, instrument=known, form=form)
    flash("The rule of change was saved. Results are worked out by it from now on", "success")
    return see("outcomes.instrument", code=code)


def _enter(known: Instrument, form: ChangeRuleForm) -> None:
    assert form.deviation.data is not None
    assert form.reliability.data is not None
    service.enter_change_rule(
        known.code,
        form.scale.data,
        deviation=form.deviation.data,
        reliability=form.reliability.data,
        source=form.source.data or "",
    )


def _unruled(code: str) -> Instrument:
    known = queries.find_instrument(code)
    if all(scale.change for scale in known.scales):
        raise NotFound("scale")
    return known


@blueprint.get("/questionnaires/change-rules/<uuid:rule_id>/withdrawal")
@requires(Permission.MANAGE_PROGRAMMES)
def confirm_withdraw_change_rule(rule_id: UUID) -> Response:
    """Ask whether a rule of change is really not to be used any more."""
    rule = find(CouncilChangeRule, rule_id)
    known = queries.find_instrument(rule.instrument)
    return page(
        "outcomes/withdraw_change_rule.html", rule=rule, instrument=known, scale=known.scale(rule.scale)
    )


@blueprint.post("/questionnaires/change-rules/<uuid:rule_id>/withdrawal")
@requires(Permission.MANAGE_PROGRAMMES)
def withdraw_change_rule(rule_id: UUID) -> AnyResponse:
    """Count changes by a rule no longer."""
    rule = find(CouncilChangeRule, rule_id, lock=True)
    service.withdraw_change_rule(rule)
    flash("The rule of change is not used any more", "success")
    return see("outcomes.instrument", code=rule.instrument)
