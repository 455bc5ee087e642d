"""Announcements to many families."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from correspondence.api.door import blueprint
from correspondence.models import Announcement
from correspondence.queries import announcements as queries
from correspondence.rules import district
from correspondence.schemas.announcements import (
    AnnouncementProgressSchema,
    AnnouncementReachSchema,
    AnnouncementSchema,
    AnnouncementTextSchema,
)
from correspondence.service import announcements as service
from correspondence.terms import Wanted
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.paging import page_of

MAY = Permission.WRITE_ANNOUNCEMENTS
SAME = (
    "id", "topic", "words", "way", "audience", "hub_id", "standing", "written_at", "written_by", "people", "asked_at",
    "asked_by", "approved_at", "approved_by", "stopped_at", "finished_at",
)  # fmt: skip
NARROWING = ("first", "last", "from_months", "to_months", "expected", "district")


@blueprint.route("/announcements")
class Announcements(MethodView):
    """What is told to many families at once."""

    @requires(MAY)
    @blueprint.response(200, AnnouncementSchema(many=True))
    @blueprint.paginate()
    def get(self, pagination_parameters: Any) -> list[dict[str, Any]]:
        """List the announcements of the hubs that you see, the newest first."""
        return [_told(one) for one in page_of(queries.listed(seen_by=current_user), pagination_parameters)]

    @requires(MAY)
    @once
    @blueprint.arguments(AnnouncementTextSchema)
    @blueprint.response(201, AnnouncementSchema)
    def post(self, told: dict[str, Any]) -> dict[str, Any]:
        """Write an announcement. It goes to nobody before you ask for that."""
        return _told(service.write(**_parts(told), by=current_user))


@blueprint.route("/announcements/<uuid:announcement_id>")
class OneAnnouncement(MethodView):
    """An announcement."""

    @requires(MAY)
    @blueprint.response(200, AnnouncementSchema)
    def get(self, announcement_id: UUID) -> dict[str, Any]:
        """Read an announcement."""
        return _told(queries.find_announcement(announcement_id, seen_by=current_user))

    @requires(MAY)
    @blueprint.arguments(AnnouncementTextSchema)
    @blueprint.response(200, AnnouncementSchema)
    def put(self, told: dict[str, Any], announcement_id: UUID) -> dict[str, Any]:
        """Write an announcement anew that nobody has asked to be sent."""
        found = queries.find_announcement(announcement_id, seen_by=current_user)
        service.rewrite(found, **_parts(told), by=current_user)
        return _told(found)


@blueprint.route("/announcements/<uuid:announcement_id>/reach")
class Reach(MethodView):
    """Who would get an announcement."""

    @requires(MAY)
    @blueprint.response(200, AnnouncementReachSchema)
    def get(self, announcement_id: UUID) -> dict[str, int]:
        """Count who would get it now."""
        found = queries.find_announcement(announcement_id, seen_by=current_user)
        sending = queries.sending()
        return {**service.reach(found, sending)._asdict(), "approve_above": sending.approve_above}


@blueprint.route("/announcements/<uuid:announcement_id>/progress")
class Progress(MethodView):
    """How far an announcement is."""

    @requires(MAY)
    @blueprint.response(200, AnnouncementProgressSchema)
    def get(self, announcement_id: UUID) -> dict[str, Any]:
        """Count what was sent, what was not and why, and what waits."""
        progress = queries.progress(queries.find_announcement(announcement_id, seen_by=current_user))
        because = [{"because": reason, "people": number} for reason, number in progress.not_sent.items()]
        return {**progress._asdict(), "not_sent": because}


@blueprint.route("/announcements/<uuid:announcement_id>/request")
class Request(MethodView):
    """That an announcement is to be sent."""

    @requires(MAY)
    @blueprint.response(200, AnnouncementSchema)
    def post(self, announcement_id: UUID) -> dict[str, Any]:
        """Have it sent: at once, or once a second person has approved it. Asking again changes nothing."""
        found = queries.find_announcement(announcement_id, seen_by=current_user)
        service.ask(found, by=current_user)
        return _told(found)


@blueprint.route("/announcements/<uuid:announcement_id>/approval")
class Approval(MethodView):
    """A second person's word."""

    @requires(MAY)
    @blueprint.response(200, AnnouncementSchema)
    def post(self, announcement_id: UUID) -> dict[str, Any]:
        """Let it go, when somebody else asked for it. Approving again changes nothing."""
        found = queries.find_announcement(announcement_id, seen_by=current_user)
        service.approve(found, by=current_user)
        return _told(found)


@blueprint.route("/announcements/<uuid:announcement_id>/stop")
class Stop(MethodView):
    """The end of an announcement."""

    @requires(MAY)
    @blueprint.response(200, AnnouncementSchema)
    def post(self, announcement_id: UUID) -> dict[str, Any]:
        """Let nothing more of it go. Stopping again changes nothing."""
        found = queries.find_announcement(announcement_id, seen_by=current_user)
        service.stop(found, by=current_user)
        return _told(found)


def _parts(told: dict[str, Any]) -> dict[str, Any]:
    wanted = Wanted(
        audience=told["audience"],
        hub_id=told["hub_id"],
        **{**{name: told[name] for name in NARROWING}, "district": district(told["district"])},
    )
    return {**{name: told[name] for name in ("topic", "words", "way")}, "wanted": wanted}


def _told(row: Announcement) -> dict[str, Any]:
    wanted = queries.wanted_of(row)
    return {
        **{name: getattr(row, name) for name in SAME},
        **{name: getattr(wanted, name) for name in NARROWING},
    }
