"""Pressing the buttons of a register."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from attendance import queries, rules, service
from attendance.terms import Tap
from attendance.views.door import blueprint, on_page, seen_register
from kernel.clock import now
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page, see_address, wants_fragment


@blueprint.post("/registers/<uuid:session_id>/people/<uuid:person_id>")
@requires(Permission.TAKE_REGISTERS)
def mark(session_id: UUID, person_id: UUID) -> Response:
    """Say something of a person, and show the row and the summary as they are now."""
    spot = queries.find_spot(session_id, person_id, seen_by=current_user)
    said = service.mark(spot, _pressed())
    if not wants_fragment():
        return _back_to(session_id, f"{_button(spot)}-{person_id}")
    line = _Line(spot, said)
    return page(
        "attendance/_change.html",
        register=spot,
        line=line,
        gone=said is None and spot.booking_id is None,
        summary=rules.summary(queries.tally(session_id)),
        over=spot.ends_at <= now(),
    )


@blueprint.post("/registers/<uuid:session_id>/families/<uuid:household_id>")
@requires(Permission.TAKE_REGISTERS)
def mark_family(session_id: UUID, household_id: UUID) -> Response:
    """Say that a family is here, as far as nothing is said of its people yet."""
    register = seen_register(session_id)
    if household_id not in {line.household_id for line in queries.lines_of(session_id)}:
        raise NotFound("household")
    service.mark_all_here(register, household_id=household_id)
    return _taking(session_id, f"family-{household_id}")


@blueprint.post("/registers/<uuid:session_id>/everybody")
@requires(Permission.TAKE_REGISTERS)
def mark_everybody(session_id: UUID) -> Response:
    """Say that everybody has come of whom nothing is said, or that everybody has left who is here."""
    register = seen_register(session_id)
    if _pressed() == Tap.LEFT:
        service.all_left(register)
    else:
        service.mark_all_here(register)
    return _taking(session_id, "everybody")


@blueprint.post("/registers/<uuid:session_id>/everybody/undoing")
@requires(Permission.TAKE_REGISTERS)
def undo_everybody(session_id: UUID) -> Response:
    """Take back what was said of many people at once."""
    register = seen_register(session_id)
    try:
        moment = datetime.fromisoformat(request.form.get("moment", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unacceptable("There is nothing to undo any more.") from None
    service.undo_all(register, moment)
    return _taking(session_id, "everybody")


def _button(spot: Any) -> str:
    """Return which of a row's three buttons was pressed: a press on one that is on takes back what it said."""
    pressed = _pressed() if _pressed() != Tap.UNDO or spot.left_at else spot.mark
    return pressed.value if pressed in (Tap.HERE, Tap.LATE) else "third"


class _Line:
    """A line of a register as it is after a press."""

    def __init__(self, spot: Any, said: rules.Said | None) -> None:
        self._spot = spot
        self.mark = said and said.mark
        self.arrived_at = said and said.arrived_at
        self.left_at = said and said.left_at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._spot, name)


def _pressed() -> Tap:
    try:
        return Tap(request.form.get("say", ""))
    except ValueError:
        raise Unacceptable(say="Choose what to say of this person") from None


def _taking(session_id: UUID, anchor: str) -> Response:
    if not wants_fragment():
        return _back_to(session_id, anchor)
    return page("attendance/register.html", region="taking", **on_page(seen_register(session_id)))


def _back_to(session_id: UUID, anchor: str) -> Response:
    # The anchor is the button that was pressed: without scripts, too, the keyboard goes on from there.
    return see_address(url_for("attendance.register", session_id=session_id, _anchor=anchor))
