"""Hubs, their rooms, and what they offer."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from sqlalchemy import select

from hubs import queries, service
from hubs.api.door import blueprint, seen_hub
from hubs.models import Activity, Hub
from hubs.schemas import (
    ActivityChangeSchema,
    ActivitySchema,
    HubChangeSchema,
    HubSchema,
    HubsWantedSchema,
    RoomSchema,
)
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires, signed_in
from kernel.web.once import once
from kernel.web.paging import page_of


@blueprint.route("/hubs")
class Hubs(MethodView):
    """Hubs and outreach venues."""

    @signed_in
    @blueprint.arguments(HubsWantedSchema, location="query")
    @blueprint.response(200, HubSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, Any], pagination_parameters: Any) -> Any:
        """List the open hubs, by name."""
        statement = select(Hub).where(Hub.closed_at.is_(None)).order_by(Hub.name, Hub.id)
        if "area" in wanted:
            statement = statement.where(Hub.area == wanted["area"])
        return queries.with_opening_times(page_of(statement, pagination_parameters))

    @requires(Permission.MANAGE_COUNCIL)
    @once
    @blueprint.arguments(HubSchema)
    @blueprint.response(201, HubSchema)
    def post(self, hub: dict[str, Any]) -> Hub:
        """Add a hub."""
        return service.add_hub(**hub)


@blueprint.route("/hubs/<uuid:hub_id>")
class OneHub(MethodView):
    """A hub."""

    @signed_in
    @blueprint.etag
    @blueprint.response(200, HubSchema)
    def get(self, hub_id: UUID) -> Hub:
        """Read where a hub is and when it is open."""
        return queries.open_hub(hub_id)

    @requires(Permission.MANAGE_HUBS)
    @blueprint.etag
    @blueprint.arguments(HubChangeSchema(partial=True))
    @blueprint.response(200, HubSchema)
    def patch(self, changes: dict[str, Any], hub_id: UUID) -> Hub:
        """Change what is known about a hub; what is not named stays."""
        hub = seen_hub(hub_id, lock=True)
        blueprint.check_etag(hub, HubSchema)
        return service.change_hub(hub, **changes)


@blueprint.route("/hubs/<uuid:hub_id>/rooms")
class Rooms(MethodView):
    """The rooms of a hub."""

    @requires(Permission.SEE_ROTA)
    @blueprint.response(200, RoomSchema(many=True))
    def get(self, hub_id: UUID) -> Any:
        """List the rooms of a hub that are in use."""
        return queries.rooms(seen_hub(hub_id).id)

    @requires(Permission.MANAGE_HUBS)
    @once
    @blueprint.arguments(RoomSchema)
    @blueprint.response(201, RoomSchema)
    def post(self, room: dict[str, Any], hub_id: UUID) -> Any:
        """Add a room to a hub."""
        return service.add_room(seen_hub(hub_id), room["name"], people=room.get("people"))


@blueprint.route("/activities")
class Activities(MethodView):
    """What hubs offer."""

    @signed_in
    @blueprint.response(200, ActivitySchema(many=True))
    @blueprint.paginate()
    def get(self, pagination_parameters: Any) -> Any:
        """List what hubs offer, by title."""
        offered = select(Activity).where(Activity.ended_at.is_(None)).order_by(Activity.title, Activity.id)
        return page_of(offered, pagination_parameters)

    @requires(Permission.MANAGE_HUBS)
    @once
    @blueprint.arguments(ActivitySchema)
    @blueprint.response(201, ActivitySchema)
    def post(self, activity: dict[str, Any]) -> Activity:
        """Add an activity."""
        return service.add_activity(**activity)


@blueprint.route("/activities/<uuid:activity_id>")
class OneActivity(MethodView):
    """Something that hubs offer."""

    @signed_in
    @blueprint.etag
    @blueprint.response(200, ActivitySchema)
    def get(self, activity_id: UUID) -> Activity:
        """Read about an activity and the rules of coming to it."""
        return find(Activity, activity_id)

    @requires(Permission.MANAGE_HUBS)
    @blueprint.etag
    @blueprint.arguments(ActivityChangeSchema(partial=True))
    @blueprint.response(200, ActivitySchema)
    def patch(self, changes: dict[str, Any], activity_id: UUID) -> Activity:
        """Change an activity; what is not named stays."""
        activity = find(Activity, activity_id, lock=True)
        blueprint.check_etag(activity, ActivitySchema)
        return service.change_activity(activity, **changes)
