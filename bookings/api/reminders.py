"""When families are reminded of sessions, by kind of activity."""

from typing import Any

from flask.views import MethodView

from bookings import queries, service
from bookings.api.door import blueprint
from bookings.rules import Before
from bookings.schemas import OwnRemindersSchema, RemindersSchema
from hubs.terms import ActivityKind
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires

EVERY = "every"


@blueprint.route("/reminders/<activity_kind>")
class Reminders(MethodView):
    """When families are reminded of sessions of a kind of activity; of ``every`` kind that has no rules of its own."""

    @requires(Permission.MANAGE_COUNCIL)
    @blueprint.etag
    @blueprint.response(200, RemindersSchema)
    def get(self, activity_kind: str) -> dict[str, Any]:
        """Read how long before a session families are reminded, each reminder in a line."""
        return _told(_kind(activity_kind))

    @requires(Permission.MANAGE_COUNCIL)
    @blueprint.etag
    @blueprint.arguments(OwnRemindersSchema)
    @blueprint.response(200, RemindersSchema)
    def put(self, wanted: dict[str, Any], activity_kind: str) -> dict[str, Any]:
        """Say how long before a session families are reminded; without any of its own, those of every kind count."""
        kind = _kind(activity_kind)
        blueprint.check_etag(_told(kind), RemindersSchema)
        befores = [Before(one.get("hours"), one.get("days"), one.get("at")) for one in wanted["own"]]
        service.set_reminders(kind, befores)
        return _told(kind)


def _kind(code: str) -> ActivityKind | None:
    if code == EVERY:
        return None
    try:
        return ActivityKind(code)
    except ValueError:
        raise NotFound("kind of activity") from None


def _told(kind: ActivityKind | None) -> dict[str, Any]:
    council = queries.council()
    return {
        "own": [_shown(one) for one in sorted(council.own_reminders(kind), key=lambda one: one.code)],
        "in_force": [_shown(one) for one in sorted(council.reminders_of(kind), key=lambda one: one.code)],
    }


def _shown(one: Before) -> dict[str, Any]:
    return {"hours": one.hours, "days": one.days, "at": one.at}
