"""What somebody needs who takes part: staff write it down when they hear of it."""

from uuid import UUID

from flask import flash
from flask_login import current_user
from werkzeug.wrappers import Response

from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted
from kernel.web.pages import page, see
from programmes.forms.joining import NeedsForm
from programmes.models import Participation
from programmes.queries import find_participation
from programmes.service import needs
from programmes.terms import LIVE
from programmes.views.door import blueprint

manages = requires(Permission.MANAGE_COURSES)


@blueprint.get("/courses/participants/<uuid:participation_id>/needs")
@manages
def ask_needs(participation_id: UUID) -> Response:
    """Ask what somebody needs. What was told in confidence is not shown here."""
    participation = _on_it(participation_id)
    return _ask(participation, NeedsForm(formdata=None, data={"interpreter": participation.interpreter}))


@blueprint.post("/courses/participants/<uuid:participation_id>/needs")
@manages
def change_needs(participation_id: UUID) -> Response:
    """Write down what somebody needs."""
    participation = _on_it(participation_id)
    form = NeedsForm()
    told = {"interpreter": form.interpreter.data or "", "access_needs": form.access_needs.data or None}
    if not accepted(form, lambda: needs.change(participation, **told)):
        return _ask(participation, form, status=422)
    flash("What they need is saved", "success")
    return see("programmes.participant", participation_id=participation.id)


def _on_it(participation_id: UUID) -> Participation:
    participation = find_participation(participation_id, seen=current_user)
    if participation.standing not in LIVE:
        raise NotFound("participation")
    return participation


def _ask(participation: Participation, form: NeedsForm, *, status: int = 200) -> Response:
    return page("programmes/participants/needs.html", status=status, participation=participation, form=form)
