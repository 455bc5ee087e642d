"""The timetable as staff see it: a week or a month of one hub, or of all that they see."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, request
from flask_login import current_user

from hubs import queries
from hubs.service import rota
from hubs.service.drafts import bookings_of
from hubs.terms import ShiftPart
from hubs.views.door import WEEK, Day, blueprint, chosen_hubs, day_of, monday_of, week_of
from kernel import prose
from kernel.clock import now, today
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.pages import id_in_address, page

in_navigation("Timetable", "hubs.timetable", order=10, permission=Permission.SEE_ROTA)


@blueprint.get("/timetable")
@requires(Permission.SEE_ROTA)
def timetable() -> Response:
    """Show a week of one hub, or of all that whoever asks sees, with who leads and who helps."""
    hub_id = id_in_address("hub")
    first = monday_of(day_of("week"))
    sessions = queries.sessions_between(first, first + timedelta(days=6), hub_ids=chosen_hubs(hub_id))
    ids = [session.id for session in sessions]
    return page(
        "hubs/week.html",
        region="week",
        hubs=queries.hubs_seen_by(current_user),
        hub_id=hub_id,
        days=week_of(first, sessions),
        first=first,
        before=first - WEEK,
        after=first + WEEK,
        this_week=monday_of(today()),
        now=now(),
        crews=_crews(ids),
        twice=_twice(ids),
        bookings=bookings_of(ids),
    )


@blueprint.get("/timetable/month")
@requires(Permission.SEE_ROTA)
def month() -> Response:
    """Show a month of one hub, or of all that whoever asks sees."""
    hub_id = id_in_address("hub")
    first, last = _month(request.args.get("month", ""))
    begins, ends = monday_of(first), monday_of(last) + timedelta(days=6)
    sessions = queries.sessions_between(begins, ends, hub_ids=chosen_hubs(hub_id))
    return page(
        "hubs/month.html",
        region="month",
        hubs=queries.hubs_seen_by(current_user),
        hub_id=hub_id,
        weeks=_weeks(begins, ends, sessions),
        first=first,
        last=last,
        before=first - timedelta(days=1),
        after=last + timedelta(days=1),
        this_month=today().replace(day=1),
    )


class Crew(NamedTuple):
    """Who works at a session, in words, and whether somebody leads it."""

    words: str
    led: bool


def _crews(session_ids: list[UUID]) -> dict[UUID, Crew]:
    crews = {}
    for session_id, shifts in queries.staffing(session_ids).items():
        lead = [shift.name for shift in shifts if shift.part == ShiftPart.LEADS]
        help_ = [shift.name for shift in shifts if shift.part != ShiftPart.LEADS]
        leads = f"{prose.listing(lead)} {'leads' if len(lead) == 1 else 'lead'}" if lead else ""
        helps = f"{prose.listing(help_)} {'helps' if len(help_) == 1 else 'help'}" if help_ else ""
        crews[session_id] = Crew(", ".join(part for part in (leads, helps) if part), bool(lead))
    return crews


def _twice(session_ids: list[UUID]) -> set[UUID]:
    """Return the sessions with somebody who should be elsewhere at the same time."""
    return {session_id for session_id, _ in rota.in_two_places(session_ids)}


def _month(written: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{written[:7]}-01")
    except ValueError:
        first = today().replace(day=1)
    if abs(first - today()) > timedelta(days=5 * 366):
        first = today().replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _weeks(begins: date, ends: date, sessions: Any) -> list[list[Day]]:
    by_day = {day: list(those) for day, those in groupby(sessions, key=lambda session: session.on_date)}
    days = [begins + timedelta(days=n) for n in range((ends - begins).days + 1)]
    return [[Day(day, by_day.get(day, [])) for day in days[n : n + 7]] for n in range(0, len(days), 7)]
