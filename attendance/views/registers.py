"""Which registers there are, and one of them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Response, make_response, request
from flask_login import current_user

from attendance import queries
from attendance.forms import DayForm, NotesForm
from attendance.views.door import blueprint, on_page, seen_register
from kernel.clock import now, today
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.pages import page, wants_fragment

FARTHEST = timedelta(days=10 * 366)
ONE = timedelta(days=1)

in_navigation("Registers", "attendance.registers", order=5, permission=Permission.TAKE_REGISTERS)


@blueprint.get("/registers")
@requires(Permission.TAKE_REGISTERS)
def registers() -> Response:
    """Show the sessions of a day at the hubs of whoever asks, and how each one's register stands."""
    form = DayForm(request.args)
    wrong = not form.validate() or not _near(form.day.data or today())
    day = today() if wrong else form.day.data or today()
    sessions, standing = queries.registers_on(day, day, seen_by=current_user)
    if wrong and not form.day.errors:
        form.day.errors = ["Enter a date in the last or the next 10 years"]
    return page(
        "attendance/registers.html",
        status=422 if wrong else 200,
        form=form,
        day=day,
        before=_boxes(day - ONE),
        after=_boxes(day + ONE),
        is_today=day == today(),
        now=now(),
        sessions=sessions,
        standing=standing,
    )


@blueprint.get("/registers/<uuid:session_id>")
@requires(Permission.TAKE_REGISTERS)
def register(session_id: UUID) -> Response:
    """Show a register; to a page that shows it already, only when something has changed since."""
    shown = on_page(seen_register(session_id))
    if wants_fragment() and request.args.get("seen") == shown["version"]:
        return make_response("", 204)
    return page(
        "attendance/register.html",
        region="taking",
        notes=NotesForm(None, notes=shown["register"].notes, before=shown["register"].notes),
        **shown,
    )


def _near(day: date) -> bool:
    return abs(day - today()) < FARTHEST


def _boxes(day: date) -> dict[str, Any]:
    """Return a day as the three boxes of a form send it."""
    return {"day": [day.day, day.month, day.year]}
