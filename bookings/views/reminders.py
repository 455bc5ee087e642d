"""When families are reminded of sessions, by kind of activity: the council's own setting."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from flask import Response, flash
from werkzeug.wrappers import Response as AnyResponse

from bookings import queries, rules, service
from bookings.forms import ReminderForm
from bookings.queries.deciding import Council
from bookings.rules import Before
from bookings.views.doors import blueprint
from hubs.terms import ActivityKind
from kernel import clock, prose
from kernel.errors import NotFound, Unacceptable
from kernel.london import at_wall_time
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted
from kernel.web.once import once
from kernel.web.pages import page, see

EVERY, EVERY_KIND = "every", "Every kind of activity"
EXAMPLE_AT = time(9, 30)


@blueprint.get("/settings/reminders")
@requires(Permission.MANAGE_COUNCIL)
def reminders() -> Response:
    """Show when families are reminded of each kind of activity, with an example of what it means."""
    council = queries.council()
    own = [kind for kind in ActivityKind if council.own_reminders(kind)]
    return page(
        "bookings/reminders.html",
        every=_row(council, None),
        own=[_row(council, kind) for kind in own],
        others=[(kind.value, kind.label) for kind in ActivityKind if kind not in own],
        example=_example_day(),
    )


@blueprint.get("/settings/reminders/<activity_kind>")
@requires(Permission.MANAGE_COUNCIL)
def kind_reminders(activity_kind: str) -> Response:
    """Show when families are reminded of one kind of activity, to be changed."""
    return _page(_kind(activity_kind), ReminderForm())


@blueprint.post("/settings/reminders/<activity_kind>")
@requires(Permission.MANAGE_COUNCIL)
@once
def add_reminder(activity_kind: str) -> AnyResponse:
    """Remind families of this kind of activity once more."""
    of, form = _kind(activity_kind), ReminderForm()
    own = queries.council().own_reminders(of)

    def add() -> None:
        if form.before() in own:
            raise Unacceptable(how="Families are reminded then already")
        service.set_reminders(of, [*own, form.before()])

    if accepted(form, add):
        flash(f"Reminder added: {_small(form.before())}", "success")
        return see("bookings.kind_reminders", activity_kind=activity_kind)
    return _page(of, form, status=422)


@blueprint.post("/settings/reminders/<activity_kind>/<before>/removal")
@requires(Permission.MANAGE_COUNCIL)
def remove_reminder(activity_kind: str, before: str) -> AnyResponse:
    """Remind families of this kind of activity once less."""
    of, gone = _kind(activity_kind), rules.read_before(before)
    own = queries.council().own_reminders(of)
    if gone is None or gone not in own:
        raise NotFound("reminder")
    service.set_reminders(of, [one for one in own if one != gone])
    flash(f"Reminder removed: {_small(gone)}", "success")
    return see("bookings.kind_reminders", activity_kind=activity_kind)


def _page(of: ActivityKind | None, form: ReminderForm, *, status: int = 200) -> Response:
    council = queries.council()
    own = council.own_reminders(of)
    return page(
        "bookings/kind_reminders.html",
        status=status,
        form=form,
        kind=of.value if of else EVERY,
        name=of.label if of else EVERY_KIND,
        own=[(one.code, one.words) for one in _in_order(own)],
        instead=[one.words for one in _in_order(council.reminders_of(of))],
        told=_told(council, council.reminders_of(of)),
        example=_example_day(),
        full=len(own) >= rules.MOST_REMINDERS,
    )


def _row(council: Council, of: ActivityKind | None) -> dict[str, Any]:
    befores = council.reminders_of(of)
    return {
        "kind": of.value if of else EVERY,
        "name": of.label if of else EVERY_KIND,
        "when": [one.words for one in _in_order(befores)],
        "told": _told(council, befores),
    }


def _told(council: Council, befores: Collection[Before]) -> list[str]:
    """Return when families would be reminded of the session of the example."""
    told = rules.reminders(
        _example(),
        befores,
        now=_example() - timedelta(days=100),
        awake_from=council.waking_from,
        awake_until=council.waking_until,
    )
    return [f"{prose.day(one.at)} at {prose.clock(one.at)}" for one in told]


def _example() -> datetime:
    """Return the start of a session in three weeks."""
    return at_wall_time(clock.today() + timedelta(weeks=3), EXAMPLE_AT)


def _example_day() -> str:
    return f"{prose.day(_example())} at {prose.clock(_example())}"


def _in_order(befores: Collection[Before]) -> list[Before]:
    return sorted(befores, key=lambda one: one.of(_example()))


def _kind(code: str) -> ActivityKind | None:
    """Return the kind of an address, or None for every kind."""
    if code == EVERY:
        return None
    try:
        return ActivityKind(code)
    except ValueError:
        raise NotFound("kind of activity") from None


def _small(before: Before) -> str:
    return before.words[0].lower() + before.words[1:]
