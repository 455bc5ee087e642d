"""How a council sets its house."""

from itertools import pairwise
from typing import Any

from flask import Response, flash, g, request
from werkzeug.wrappers import Response as AnyResponse

from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.pages import page, see
from tenants import queries, rules, service
from tenants.forms import SettingsForm
from tenants.views.door import blueprint

in_navigation("Settings", "tenants.settings", order=90, permission=Permission.MANAGE_COUNCIL)
HISTORY = 50


@blueprint.get("/settings")
@requires(Permission.MANAGE_COUNCIL)
def settings() -> Response:
    """Show how the council has set its house, to be changed."""
    return page("tenants/settings.html", form=SettingsForm(obj=g.council), preview=g.council.brand_colour)


@blueprint.post("/settings")
@requires(Permission.MANAGE_COUNCIL)
def change_settings() -> AnyResponse:
    """Change how the council has set its house, or show what a colour would look like."""
    form = SettingsForm()
    right = form.validate()
    looking = "preview" in request.form
    if not right or looking:
        colour = form.brand_colour.data if not form.brand_colour.errors else g.council.brand_colour
        if looking:
            _forget_other_problems(form)
        return page("tenants/settings.html", form=form, preview=colour, status=422 if form.errors else 200)
    before = g.council.id
    after = service.change_settings(**_values(form))
    flash("Your changes have been saved" if after.id != before else "Nothing was changed", "success")
    return see("tenants.settings")


@blueprint.get("/settings/history")
@requires(Permission.MANAGE_COUNCIL)
def history() -> Response:
    """Show who changed what, when."""
    rows = list(queries.settings_history(HISTORY + 1))
    shown = [(after, rules.changes_between(before, after)) for after, before in pairwise([*rows, None])]
    return page("tenants/settings_history.html", changes=shown[:HISTORY])


def _values(form: SettingsForm) -> dict[str, Any]:
    return {name: "" if form[name].data is None else form[name].data for name in service.CHANGEABLE}


def _forget_other_problems(form: SettingsForm) -> None:
    """To look at a colour is not to save: only what is wrong with the colour is said."""
    for field in form:
        if field.name != "brand_colour":
            field.errors = []
