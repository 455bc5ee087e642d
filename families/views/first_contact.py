"""How staff open the record of a family that has not been to their hub: they say why, and that is kept."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from families import forms, queries, service
from families.errors import NotInATeam
from families.models import Household
from families.terms import Because
from families.views.door import asked, blueprint
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import choices
from kernel.web.pages import see


@blueprint.route("/families/<uuid:household_id>/first-contact", methods=["GET", "POST"])
@requires(Permission.SEE_FAMILIES)
def first_contact(household_id: UUID) -> AnyResponse:
    """Ask why, and let the hub know the family from then on."""
    household = find(Household, household_id)
    families = queries.found([household.id])
    if not families:
        raise NotFound("household")
    if queries.may_open(current_user, household.id):
        return see("families.record", household_id=household.id)
    form = with_hubs(forms.FirstContact())
    return asked(
        form,
        lambda: service.meet(household.id, UUID(form.hub.data), Because(form.because.data)),
        then=url_for("families.record", household_id=household.id),
        said="The record is open to your hub now",
        template="families/first_contact.html",
        family=families[0],
    )


def with_hubs(form: Any) -> Any:
    """Return the form with the hubs of whoever asks to choose from; one hub needs no choice."""
    hubs = [(str(hub_id), name) for hub_id, name in queries.hubs_of(current_user)]
    if not hubs:
        raise NotInATeam
    form.hub.choices = choices(hubs)
    if len(hubs) == 1 and not form.hub.data:
        form.hub.data = hubs[0][0]
        form.hub.raw_data = [hubs[0][0]]
    return form
