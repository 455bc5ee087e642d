"""Where facilitators see that somebody must be looked after, and say what was done."""

from uuid import UUID

from flask import Response, flash
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import queries as families
from families.service import log_opening
from families.terms import Opened
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page, see
from outcomes import queries, service
from outcomes.forms.managing import SettleForm
from outcomes.models import RiskAlert
from outcomes.views.door import blueprint
from outcomes.views.opening import sheet_of

MAY = (Permission.RUN_COURSES, Permission.MANAGE_COURSES)


@blueprint.get("/questionnaires/alerts/<uuid:alert_id>")
@requires(*MAY)
def alert(alert_id: UUID) -> Response:
    """Show who must be looked after and what they answered. That it was read is kept."""
    return _alert(queries.find_alert(alert_id, seen=current_user), SettleForm())


@blueprint.post("/questionnaires/alerts/<uuid:alert_id>")
@requires(*MAY)
def settle(alert_id: UUID) -> AnyResponse:
    """Keep what was done."""
    found = queries.find_alert(alert_id, seen=current_user)
    form = SettleForm()
    if not form.validate_on_submit():
        return _alert(found, form, status=422)
    service.settle_alert(found, form.done.data or "")
    flash("What was done is saved", "success")
    return see("outcomes.alert", alert_id=found.id)


def _alert(found: RiskAlert, form: SettleForm, *, status: int = 200) -> Response:
    asking = found.asking
    log_opening(asking.respondent_id, Opened.CARE)
    sheet = sheet_of(asking, every_item=True)
    question = sheet.question(found.item) if found.item <= len(sheet.questions) else None
    return page(
        "outcomes/alert.html",
        status=status,
        alert=found,
        asking=asking,
        person=asking.person,
        never=families.never_of([asking.person.id]).get(asking.person.id),
        question=question,
        answer=question.label(sheet.answers.get(found.item)) if question else "",
        form=form,
    )
