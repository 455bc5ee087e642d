"""What the pages of registers share."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, url_for
from flask_login import current_user

from attendance import queries, rules
from attendance.terms import CAME, Mark, Tap
from families.terms import PersonKind
from hubs.terms import SessionStanding
from kernel import prose
from kernel.clock import now, today
from kernel.permissions import Permission
from kernel.web.access import may

blueprint = Blueprint("attendance", __name__)


def seen_register(session_id: UUID) -> Any:
    """Return the register of a session at a hub that whoever asks sees, or raise NotFound."""
    return queries.find_register(session_id, seen_by=current_user)


def on_page(register: Any) -> dict[str, Any]:
    """Return all that the page of a register shows. One statement."""
    lines = queries.lines_of(register.session_id)
    return {
        "register": register,
        "families": rules.families(lines),
        "summary": rules.summary(lines),
        "version": rules.version(register, lines),
        "lately": rules.lately(lines, by=current_user.id, now=now()),
        "off": register.standing == SessionStanding.CALLED_OFF,
        "early": today() < register.on_date,
        "over": register.ends_at <= now(),
        "late": rules.is_late(starts_at=register.starts_at, ends_at=register.ends_at, now=now()),
    }


def _about(line: Any, register: Any) -> str:
    """Return who somebody is, ``Child, 2 years``."""
    if line.kind == PersonKind.CARER:
        return "Parent or carer"
    months = rules.age_months(line.kind, line.date_of_birth, on=register.on_date)
    if months is not None:
        return f"Child, {prose.months_old(months) if months else 'under 1 month'}"
    return f"Child, due {prose.date_only(line.due_date)}" if line.due_date else "Child"


def _state(line: Any, register: Any) -> str:
    """Return what the register says of somebody, ``Here since 10:05am``."""
    if line.left_at:
        return f"Left at {prose.clock(line.left_at)}"
    if line.mark == Mark.HERE and line.arrived_at:
        return f"{'Came at' if register.closed_at else 'Here since'} {prose.clock(line.arrived_at)}"
    if line.mark == Mark.LATE and line.arrived_at:
        return f"Late, came at {prose.clock(line.arrived_at)}"
    if line.mark:
        return str(line.mark.label)
    if register.ends_at <= now():
        return "Not marked"
    return "Said they are coming" if line.coming_said_at else "Expected"


def _family_page(household_id: UUID) -> str | None:
    there = "families.record" in current_app.view_functions and may(Permission.SEE_FAMILIES)
    return url_for("families.record", household_id=household_id) if there else None


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "about": _about,
        "state": _state,
        "family_page": _family_page,
        "Mark": Mark,
        "Tap": Tap,
        "CAME": CAME,
        "sees_care": may(Permission.SEE_CARE),
        "longest_notes": 4000,
    }
