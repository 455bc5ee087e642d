"""How a change of the timetable is shown before it is made, and made once somebody has agreed."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response, flash, request
from werkzeug.wrappers import Response as AnyResponse

from hubs.forms import PlanForm
from hubs.service.plans import Plan
from kernel.db import db
from kernel.web.pages import page, see_address

ASIDE = ("csrf_token", "idempotency_key", "seen", "because", "again")


class Change(NamedTuple):
    """A change that is shown first: what it would do, how it is done, and where to go from its page."""

    title: str
    caption: str
    action: str
    """The address that makes the change."""
    back: str
    done: str
    """The address to go to once it is made."""
    preview: Callable[[], Plan]
    make: Callable[[str], Any]
    """Makes the change; takes what families of sessions that are called off are told."""
    again: str = ""
    """The address that shows the form again with what was typed."""
    says: str = ""


def wants_form_again() -> bool:
    """Say whether somebody went back from a plan to change what they typed."""
    return bool(request.form.get("again"))


def show(change: Change) -> Response:
    """Show what the change would do."""
    plan = change.preview()
    return _page(change, plan, PlanForm(formdata=None, seen=digest(plan)))


def agree(change: Change) -> AnyResponse:
    """Make the change as it was shown; show it again when it would do something else by now."""
    plan, form = change.preview(), PlanForm()
    in_order = form.validate_on_submit()
    if form.seen.data != digest(plan):
        form.form_errors.append("The timetable has changed since you looked. Check again what this would do.")
        in_order = False
    if any(line.bookings for line in plan.call_off) and not (form.because.data or "").strip():
        form.because.errors = [*form.because.errors, "Enter a reason. Families are told this"]
        in_order = False
    if not in_order or plan.clashes:
        form.seen.data = digest(plan)
        return _page(change, plan, form, status=422)

    with db.begin_nested():
        change.make(form.because.data or "")
    flash(change.says or plan.summary(), "success")
    return see_address(change.done)


def digest(plan: Plan) -> str:
    """Return a mark by which one plan is told from another."""
    told = [
        (line.does, line.session_id, line.starts_at, line.ends_at, line.room, line.bookings)
        for line in plan.lines
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def _page(change: Change, plan: Plan, form: PlanForm, *, status: int = 200) -> Response:
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in ASIDE]
    return page("hubs/plan.html", status=status, change=change, plan=plan, form=form, typed=typed)
