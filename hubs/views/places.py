"""Where staff look after hubs, their rooms, opening times and teams."""

from typing import Any
from uuid import UUID

from flask import Response, flash
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from hubs import queries, service
from hubs.forms import HubForm, OpeningForm, RoomForm, TeamForm
from hubs.models import Hub, Room
from hubs.service import Opening
from hubs.terms import Weekday
from hubs.views.door import blueprint, seen_hub
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted, made
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see

in_navigation("Hubs and activities", "hubs.manage", order=60, permission=Permission.MANAGE_HUBS)


@blueprint.get("/hubs/manage")
@requires(Permission.MANAGE_HUBS)
def manage() -> Response:
    """Show the hubs that whoever asks looks after, and what the council offers."""
    hubs = queries.all_hubs(queries.hub_ids_seen_by(current_user))
    return page("hubs/manage.html", hubs=hubs, activities=queries.activities(ended=True))


@blueprint.get("/hubs/new")
@requires(Permission.MANAGE_COUNCIL)
def new_hub() -> Response:
    """Show an empty form for a hub."""
    return page("hubs/hub_form.html", form=HubForm(), hub=None)


@blueprint.post("/hubs")
@requires(Permission.MANAGE_COUNCIL)
@once
def add_hub() -> AnyResponse:
    """Add a hub."""
    form = HubForm()
    hub = made(form, lambda: service.add_hub(**_typed(form)))
    if hub is None:
        return page("hubs/hub_form.html", status=422, form=form, hub=None)
    flash(f"{hub.name} was added", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.get("/hubs/<uuid:hub_id>/manage")
@requires(Permission.MANAGE_HUBS)
def manage_hub(hub_id: UUID) -> Response:
    """Show all that there is to know about a hub, and what can be changed."""
    hub = seen_hub(hub_id)
    return page("hubs/manage_hub.html", hub=hub, team=queries.team(hub.id))


@blueprint.get("/hubs/<uuid:hub_id>/details")
@requires(Permission.MANAGE_HUBS)
def hub_details(hub_id: UUID) -> Response:
    """Show the form of a hub."""
    hub = seen_hub(hub_id)
    return page("hubs/hub_form.html", form=HubForm(obj=hub), hub=hub)


@blueprint.post("/hubs/<uuid:hub_id>/details")
@requires(Permission.MANAGE_HUBS)
def change_hub(hub_id: UUID) -> AnyResponse:
    """Change what is known about a hub."""
    hub = seen_hub(hub_id)
    form = HubForm()
    if not accepted(form, lambda: service.change_hub(hub, **_typed(form))):
        return page("hubs/hub_form.html", status=422, form=form, hub=hub)
    flash("The hub was changed", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.get("/hubs/<uuid:hub_id>/opening-times")
@requires(Permission.MANAGE_HUBS)
def opening_times(hub_id: UUID) -> Response:
    """Show the form of a hub's opening times."""
    hub = seen_hub(hub_id)
    typed: dict[str, list[Any]] = {day.value: [] for day in Weekday}
    for one in hub.opening_times:
        typed[one.weekday.value].append((one.starts, one.ends))
    return page("hubs/opening_form.html", form=OpeningForm(data=typed), hub=hub)


@blueprint.post("/hubs/<uuid:hub_id>/opening-times")
@requires(Permission.MANAGE_HUBS)
def change_opening_times(hub_id: UUID) -> AnyResponse:
    """Change when a hub is open."""
    hub = seen_hub(hub_id)
    form = OpeningForm()
    wanted = [Opening(day, *pair) for day in Weekday for pair in form[day.value].data or []]
    if not accepted(form, lambda: service.set_opening_times(hub, wanted)):
        return page("hubs/opening_form.html", status=422, form=form, hub=hub)
    flash("The opening times were changed", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.get("/hubs/<uuid:hub_id>/closure")
@requires(Permission.MANAGE_COUNCIL)
def confirm_close_hub(hub_id: UUID) -> Response:
    """Ask whether a hub is really to be closed."""
    return page("hubs/close_hub.html", hub=find(Hub, hub_id))


@blueprint.post("/hubs/<uuid:hub_id>/closure")
@requires(Permission.MANAGE_COUNCIL)
def close_hub(hub_id: UUID) -> AnyResponse:
    """Close a hub."""
    hub = find(Hub, hub_id, lock=True)
    service.close_hub(hub)
    flash(f"{hub.name} is closed and no longer shown to families", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.post("/hubs/<uuid:hub_id>/reopening")
@requires(Permission.MANAGE_COUNCIL)
def reopen_hub(hub_id: UUID) -> AnyResponse:
    """Open a hub again."""
    hub = find(Hub, hub_id, lock=True)
    service.reopen_hub(hub)
    flash(f"{hub.name} is open again", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.get("/hubs/<uuid:hub_id>/rooms/new")
@requires(Permission.MANAGE_HUBS)
def new_room(hub_id: UUID) -> Response:
    """Show an empty form for a room."""
    return page("hubs/room_form.html", form=RoomForm(), hub=seen_hub(hub_id), room=None)


@blueprint.post("/hubs/<uuid:hub_id>/rooms")
@requires(Permission.MANAGE_HUBS)
@once
def add_room(hub_id: UUID) -> AnyResponse:
    """Add a room to a hub."""
    hub = seen_hub(hub_id)
    form = RoomForm()
    room = made(form, lambda: service.add_room(hub, form.name.data or "", people=form.people.data))
    if room is None:
        return page("hubs/room_form.html", status=422, form=form, hub=hub, room=None)
    flash(f"{room.name} was added", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.get("/hubs/<uuid:hub_id>/rooms/<uuid:room_id>")
@requires(Permission.MANAGE_HUBS)
def room(hub_id: UUID, room_id: UUID) -> Response:
    """Show the form of a room."""
    hub, room = _room(hub_id, room_id)
    return page("hubs/room_form.html", form=RoomForm(obj=room), hub=hub, room=room)


@blueprint.post("/hubs/<uuid:hub_id>/rooms/<uuid:room_id>")
@requires(Permission.MANAGE_HUBS)
def change_room(hub_id: UUID, room_id: UUID) -> AnyResponse:
    """Change a room."""
    hub, room = _room(hub_id, room_id)
    form = RoomForm()
    changed = made(
        form, lambda: service.change_room(room, name=form.name.data or "", people=form.people.data)
    )
    if changed is None:
        return page("hubs/room_form.html", status=422, form=form, hub=hub, room=room)
    flash("The room was changed", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.post("/hubs/<uuid:hub_id>/rooms/<uuid:room_id>/closure")
@requires(Permission.MANAGE_HUBS)
def close_room(hub_id: UUID, room_id: UUID) -> AnyResponse:
    """Take a room out of use."""
    hub, room = _room(hub_id, room_id)
    service.close_room(room)
    flash(f"{room.name} is out of use", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.post("/hubs/<uuid:hub_id>/rooms/<uuid:room_id>/reopening")
@requires(Permission.MANAGE_HUBS)
def reopen_room(hub_id: UUID, room_id: UUID) -> AnyResponse:
    """Use a room again."""
    hub, room = _room(hub_id, room_id)
    service.reopen_room(room)
    flash(f"{room.name} is in use again", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.get("/hubs/<uuid:hub_id>/team/new")
@requires(Permission.MANAGE_HUBS)
def new_team_member(hub_id: UUID) -> Response:
    """Show who could join the team of a hub."""
    hub = seen_hub(hub_id)
    return page("hubs/team_form.html", form=_team_form(hub), hub=hub)


@blueprint.post("/hubs/<uuid:hub_id>/team")
@requires(Permission.MANAGE_HUBS)
def add_team_member(hub_id: UUID) -> AnyResponse:
    """Take somebody into the team of a hub."""
    hub = seen_hub(hub_id)
    form = _team_form(hub)
    if not accepted(form, lambda: service.join_team(hub, form.account_id.data)):
        return page("hubs/team_form.html", status=422, form=form, hub=hub)
    flash("The team was changed", "success")
    return see("hubs.manage_hub", hub_id=hub.id)


@blueprint.post("/hubs/<uuid:hub_id>/team/<uuid:account_id>/removal")
@requires(Permission.MANAGE_HUBS)
def remove_team_member(hub_id: UUID, account_id: UUID) -> AnyResponse:
    """Take somebody out of the team of a hub."""
    hub = seen_hub(hub_id)
    service.leave_team(hub, account_id)
    flash("The team was changed", "success")
    return see("hubs.manage_hub" if _still_sees(hub) else "hubs.manage", **_hub_if_seen(hub))


def _still_sees(hub: Hub) -> bool:
    ids = queries.hub_ids_seen_by(current_user)
    return ids is None or hub.id in ids


def _hub_if_seen(hub: Hub) -> dict[str, Any]:
    return {"hub_id": hub.id} if _still_sees(hub) else {}


def _room(hub_id: UUID, room_id: UUID) -> tuple[Hub, Room]:
    hub, room = seen_hub(hub_id), find(Room, room_id)
    if room.hub_id != hub.id:
        raise NotFound("room")
    return hub, room


def _team_form(hub: Hub) -> TeamForm:
    form = TeamForm()
    form.account_id.offer(queries.could_join(hub.id), nothing="Choose a name")
    return form


def _typed(form: HubForm) -> dict[str, Any]:
    typed = {name: value for name, value in form.data.items() if name not in ("csrf_token",)}
    return {name: value.strip() if type(value) is str else value or "" for name, value in typed.items()}
