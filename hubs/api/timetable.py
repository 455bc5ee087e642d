"""Sessions, and what repeats."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user

from hubs import queries
from hubs.api.door import blueprint, seen_hub
from hubs.models import TimetableEntry
from hubs.schemas import (
    BecauseSchema,
    EndingSchema,
    EntriesWantedSchema,
    EntryChangeSchema,
    EntrySchema,
    NewSessionSchema,
    PlanSchema,
    SessionChangeSchema,
    SessionSchema,
    SessionsWantedSchema,
)
from hubs.service import timetable as verbs
from hubs.service.plans import Plan
from hubs.terms import Scope
from kernel.db import db, find
from kernel.permissions import Permission
from kernel.web.access import requires, signed_in
from kernel.web.once import once
from kernel.web.paging import page_of

PLACES = ("most_families", "most_children", "most_adults")


@blueprint.route("/sessions")
class Sessions(MethodView):
    """Meetings of activities at hubs."""

    @signed_in
    @blueprint.arguments(SessionsWantedSchema, location="query")
    @blueprint.response(200, SessionSchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, Any], pagination_parameters: Any) -> Any:
        """List sessions, in order of time."""
        return page_of(queries.listed_sessions(**wanted), pagination_parameters, whole_rows=True)

    @requires(Permission.MANAGE_TIMETABLE)
    @once
    @blueprint.arguments(NewSessionSchema)
    @blueprint.response(201, SessionSchema)
    def post(self, session: dict[str, Any]) -> Any:
        """Add a session of its own."""
        seen_hub(session["hub_id"])
        return queries.shown_session(verbs.add_session(**session).id)


@blueprint.route("/sessions/<uuid:session_id>")
class OneSession(MethodView):
    """A meeting of an activity."""

    @signed_in
    @blueprint.etag
    @blueprint.response(200, SessionSchema)
    def get(self, session_id: UUID) -> Any:
        """Read when and where a session is, and whether it takes place."""
        return queries.shown_session(session_id)

    @requires(Permission.MANAGE_TIMETABLE)
    @blueprint.etag
    @blueprint.arguments(SessionChangeSchema)
    @blueprint.response(200, SessionSchema)
    def patch(self, changes: dict[str, Any], session_id: UUID) -> Any:
        """Move one session, or change its number of places; its families are told."""
        session = queries.find_session(session_id, seen_by=current_user)
        blueprint.check_etag(queries.shown_session(session.id), SessionSchema)
        places = {name: changes.pop(name) for name in PLACES if name in changes}
        if changes:
            verbs.apply_change(session, Scope.THIS_ONE, changes)
        if places:
            verbs.change_places(session, **places)
        return queries.shown_session(session.id)


@blueprint.route("/sessions/<uuid:session_id>/cancellation")
class Cancellation(MethodView):
    """The calling off of a session."""

    @requires(Permission.MANAGE_TIMETABLE)
    @once
    @blueprint.arguments(BecauseSchema)
    @blueprint.response(200, SessionSchema)
    def post(self, told: dict[str, Any], session_id: UUID) -> Any:
        """Call a session off; its families are told why."""
        verbs.call_off(queries.find_session(session_id, seen_by=current_user), told["because"])
        return queries.shown_session(session_id)


@blueprint.route("/timetable-entries")
class Entries(MethodView):
    """What repeats."""

    @requires(Permission.SEE_ROTA)
    @blueprint.arguments(EntriesWantedSchema, location="query")
    @blueprint.response(200, EntrySchema(many=True))
    @blueprint.paginate()
    def get(self, wanted: dict[str, Any], pagination_parameters: Any) -> Any:
        """List the entries of the timetable at the hubs that you see."""
        statement = queries.listed_entries(queries.hub_ids_seen_by(current_user), **wanted)
        return page_of(statement, pagination_parameters)

    @requires(Permission.MANAGE_TIMETABLE)
    @once
    @blueprint.arguments(EntrySchema)
    @blueprint.response(201, EntrySchema)
    def post(self, entry: dict[str, Any]) -> TimetableEntry:
        """Add an entry, and lay out its sessions."""
        seen_hub(entry["hub_id"])
        return verbs.add_entry(**entry)


@blueprint.route("/timetable-entries/preview")
class EntryPreview(MethodView):
    """What a new entry would do."""

    @requires(Permission.MANAGE_TIMETABLE)
    @blueprint.arguments(EntrySchema)
    @blueprint.response(200, PlanSchema)
    def post(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Say what a new entry would add, and change nothing."""
        seen_hub(entry["hub_id"])
        return _told(verbs.preview_new(**entry))


@blueprint.route("/timetable-entries/<uuid:entry_id>")
class OneEntry(MethodView):
    """Something that repeats."""

    @requires(Permission.SEE_ROTA)
    @blueprint.etag
    @blueprint.response(200, EntrySchema)
    def get(self, entry_id: UUID) -> TimetableEntry:
        """Read when an entry takes place."""
        return _seen_entry(entry_id)

    @requires(Permission.MANAGE_TIMETABLE)
    @blueprint.etag
    @blueprint.arguments(EntryChangeSchema(partial=True))
    @blueprint.response(200, EntrySchema)
    def patch(self, changes: dict[str, Any], entry_id: UUID) -> Any:
        """Change an entry and its sessions to come; the answer is the entry that holds from now on."""
        entry = _seen_entry(entry_id)
        blueprint.check_etag(entry, EntrySchema)
        scope, because = changes.pop("scope", Scope.ALL), changes.pop("because", "")
        verbs.apply_change(entry, scope, changes, because=because)
        db.flush()
        return find(TimetableEntry, entry.replaced_by_id) if entry.replaced_by_id else entry


@blueprint.route("/timetable-entries/<uuid:entry_id>/preview")
class EntryChangePreview(MethodView):
    """What a change of an entry would do."""

    @requires(Permission.MANAGE_TIMETABLE)
    @blueprint.arguments(EntryChangeSchema(partial=True))
    @blueprint.response(200, PlanSchema)
    def post(self, changes: dict[str, Any], entry_id: UUID) -> dict[str, Any]:
        """Say what a change would add, move, remove and call off, and change nothing."""
        scope, _ = changes.pop("scope", Scope.ALL), changes.pop("because", "")
        return _told(verbs.preview_change(_seen_entry(entry_id), scope, changes))


@blueprint.route("/timetable-entries/<uuid:entry_id>/ending")
class Ending(MethodView):
    """The end of an entry."""

    @requires(Permission.MANAGE_TIMETABLE)
    @once
    @blueprint.arguments(EndingSchema)
    @blueprint.response(200, PlanSchema)
    def post(self, told: dict[str, Any], entry_id: UUID) -> dict[str, Any]:
        """End an entry after its last day, and say what that did."""
        entry = _seen_entry(entry_id)
        return _told(verbs.end_entry(entry, told["last_date"], because=told.get("because", "")))


def _seen_entry(entry_id: UUID) -> TimetableEntry:
    entry = find(TimetableEntry, entry_id)
    queries.ensure_sees(current_user, entry.hub_id)
    return entry


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "summary": plan.summary(),
        "added": len(plan.add),
        "moved": len(plan.move),
        "removed": len(plan.remove),
        "called_off": len(plan.call_off),
        "kept": len(plan.keep),
        "left_out": len(plan.left_out),
        "clashes": len(plan.clashes),
        "bookings_touched": plan.touches,
    }
