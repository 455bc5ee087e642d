"""Registers for machines: the same verbs as the pages, at the hubs of whoever the key acts for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user
from flask_smorest import Blueprint

from attendance import queries, rules, service
from attendance.schemas import AttendeeSchema, HeadsSchema, MarkSchema, RegisterSchema, WalkInSchema
from kernel.db import db
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.once import once
from kernel.web.paging import page_of

blueprint = Blueprint(
    "attendance_api", __name__, url_prefix="/attendance", description="Registers: who came."
)
takes = requires(Permission.TAKE_REGISTERS)


@blueprint.route("/<uuid:session_id>")
class Attendees(MethodView):
    """The people of a register."""

    @takes
    @blueprint.etag
    @blueprint.response(200, AttendeeSchema(many=True))
    @blueprint.paginate()
    def get(self, session_id: UUID, pagination_parameters: Any) -> Any:
        """List who has a place in a session or was marked, by name, with what the register says of them."""
        register = _seen(session_id)
        lines = queries.lines(session_id)
        return _told(register, page_of(lines, pagination_parameters, whole_rows=True))


@blueprint.route("/<uuid:session_id>/people/<uuid:person_id>")
class Attendee(MethodView):
    """What a register says of a person."""

    @takes
    @blueprint.etag
    @blueprint.response(200, AttendeeSchema)
    def get(self, session_id: UUID, person_id: UUID) -> dict[str, Any]:
        """Read what a register says of a person."""
        return _one(session_id, person_id)

    @takes
    @once
    @blueprint.arguments(MarkSchema)
    @blueprint.response(200, AttendeeSchema)
    def post(self, told: dict[str, Any], session_id: UUID, person_id: UUID) -> dict[str, Any]:
        """Say something of a person who has a place, was marked, or is known at the hub. The last word counts."""
        service.mark(queries.find_spot(session_id, person_id, seen_by=current_user), told["said"])
        return _one(session_id, person_id)


@blueprint.route("/<uuid:session_id>/walk-ins")
class WalkIns(MethodView):
    """Families that come without a place."""

    @takes
    @once
    @blueprint.arguments(WalkInSchema)
    @blueprint.response(201, AttendeeSchema(many=True))
    def post(self, told: dict[str, Any], session_id: UUID) -> list[dict[str, Any]]:
        """Say that people of a family have come without a place; the family is known at the hub from now on."""
        register = _seen(session_id)
        service.walk_in(register, told["household_id"], told["person_ids"])
        came = set(told["person_ids"])
        return _told(register, [o for o in queries.lines_of(session_id) if o.person_id in came])


@blueprint.route("/<uuid:session_id>/heads")
class Heads(MethodView):
    """Heads that are counted beside those who are named."""

    @takes
    @once
    @blueprint.arguments(HeadsSchema)
    @blueprint.response(200, RegisterSchema)
    def post(self, more: dict[str, int], session_id: UUID) -> Any:
        """Count more heads, or fewer. Of two who count at once, nobody's heads are lost."""
        service.count_heads(_seen(session_id), **more)
        return _seen(session_id)


@blueprint.route("/<uuid:session_id>/register")
class Register(MethodView):
    """What a register says beside the marks of its people."""

    @takes
    @blueprint.etag
    @blueprint.response(200, RegisterSchema)
    def get(self, session_id: UUID) -> Any:
        """Read heads, notes, and whether the register is closed."""
        return _seen(session_id)

    @takes
    @blueprint.etag
    @blueprint.arguments(RegisterSchema)
    @blueprint.response(200, RegisterSchema)
    def patch(self, changes: dict[str, Any], session_id: UUID) -> Any:
        """Change heads or notes; what is not named stays."""
        register = _locked(session_id)
        heads = {
            who: changes.get(f"{who}_counted", register[f"{who}_counted"]) for who in ("adults", "children")
        }
        service.set_heads(_seen(session_id), **heads)
        service.note(_seen(session_id), changes.get("notes", register["notes"]), before=register["notes"])
        return _flushed(session_id)


@blueprint.route("/<uuid:session_id>/closure")
class Closure(MethodView):
    """The end of a register."""

    @takes
    @blueprint.response(200, RegisterSchema)
    def post(self, session_id: UUID) -> Any:
        """Close a register when its session is over: who had a place and was not marked did not come."""
        register = _seen(session_id)
        if not register.closed_at:
            service.close_register(register)
        return _flushed(session_id)

    @takes
    @blueprint.response(200, RegisterSchema)
    def delete(self, session_id: UUID) -> Any:
        """Open a closed register again."""
        service.reopen(_seen(session_id))
        return _flushed(session_id)


def _seen(session_id: UUID) -> Any:
    return queries.find_register(session_id, seen_by=current_user)


def _locked(session_id: UUID) -> dict[str, Any]:
    """Return the register as nobody else changes it until this is kept, when it is what the machine has read."""
    service.ensure_open(_seen(session_id))
    service.open_register(session_id)
    register = _seen(session_id)
    blueprint.check_etag(register, RegisterSchema)
    return dict(register._mapping)


def _flushed(session_id: UUID) -> Any:
    db.flush()
    return _seen(session_id)


def _one(session_id: UUID, person_id: UUID) -> dict[str, Any]:
    spot = queries.find_spot(session_id, person_id, seen_by=current_user)
    return _told(spot, [spot])[0]


def _told(register: Any, lines: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            **line._mapping,
            "age_months": rules.age_months(line.kind, line.date_of_birth, on=register.on_date),
        }
        for line in lines
    ]
