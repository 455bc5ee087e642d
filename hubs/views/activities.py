"""Where staff look after what hubs offer."""

from uuid import UUID

from flask import Response, flash
from werkzeug.wrappers import Response as AnyResponse

from hubs import service
from hubs.forms import ActivityForm
from hubs.forms.offers import BLAMED, closing
from hubs.models import Activity
from hubs.views.door import blueprint
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted, made
from kernel.web.once import once
from kernel.web.pages import page, see


@blueprint.get("/activities/new")
@requires(Permission.MANAGE_HUBS)
def new_activity() -> Response:
    """Show an empty form for an activity."""
    return page("hubs/activity_form.html", form=ActivityForm(), activity=None)


@blueprint.post("/activities")
@requires(Permission.MANAGE_HUBS)
@once
def add_activity() -> AnyResponse:
    """Add an activity."""
    form = ActivityForm()
    activity = made(form, lambda: service.add_activity(**form.parts()), fields=BLAMED)
    if activity is None:
        return page("hubs/activity_form.html", status=422, form=form, activity=None)
    flash(f"{activity.title} was added", "success")
    return see("hubs.activity", activity_id=activity.id)


@blueprint.get("/activities/<uuid:activity_id>")
@requires(Permission.MANAGE_HUBS)
def activity(activity_id: UUID) -> Response:
    """Show an activity as families read it, and its rules."""
    activity = find(Activity, activity_id)
    return page("hubs/activity.html", activity=activity, closes=closing(activity.closes_minutes_before))


@blueprint.get("/activities/<uuid:activity_id>/details")
@requires(Permission.MANAGE_HUBS)
def activity_details(activity_id: UUID) -> Response:
    """Show the form of an activity."""
    activity = find(Activity, activity_id)
    return page("hubs/activity_form.html", form=ActivityForm(activity), activity=activity)


@blueprint.post("/activities/<uuid:activity_id>/details")
@requires(Permission.MANAGE_HUBS)
def change_activity(activity_id: UUID) -> AnyResponse:
    """Change an activity."""
    activity = find(Activity, activity_id, lock=True)
    form = ActivityForm(activity)
    if not accepted(form, lambda: service.change_activity(activity, **form.parts()), fields=BLAMED):
        return page("hubs/activity_form.html", status=422, form=form, activity=activity)
    flash("The activity was changed", "success")
    return see("hubs.activity", activity_id=activity.id)


@blueprint.post("/activities/<uuid:activity_id>/ending")
@requires(Permission.MANAGE_HUBS)
def end_activity(activity_id: UUID) -> AnyResponse:
    """Offer an activity no longer."""
    activity = find(Activity, activity_id, lock=True)
    service.end_activity(activity)
    flash(f"{activity.title} is no longer offered", "success")
    return see("hubs.activity", activity_id=activity.id)


@blueprint.post("/activities/<uuid:activity_id>/resumption")
@requires(Permission.MANAGE_HUBS)
def resume_activity(activity_id: UUID) -> AnyResponse:
    """Offer an activity again."""
    activity = find(Activity, activity_id, lock=True)
    service.resume_activity(activity)
    flash(f"{activity.title} is offered again", "success")
    return see("hubs.activity", activity_id=activity.id)
