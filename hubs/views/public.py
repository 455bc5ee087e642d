"""What everybody may read: hubs, and what is on there."""

from datetime import timedelta
from itertools import groupby
from uuid import UUID

from flask import Response, request

from hubs import queries
from hubs.views.door import WEEK, blueprint, day_of, monday_of, session_address, week_of
from kernel.clock import now, today
from kernel.permissions import Permission
from kernel.web.access import may, public
from kernel.web.navigation import in_navigation
from kernel.web.pages import page

in_navigation("Hubs", "hubs.index", order=55, shown=lambda: not may(Permission.MANAGE_HUBS))


@blueprint.get("/hubs")
@public
def index() -> Response:
    """Show the council's hubs by area, or those that match a search."""
    area, words = request.args.get("area", "")[:80], request.args.get("words", "")[:80].strip()
    found = queries.open_hubs(area=area, words=words)
    by_area = [(name, list(hubs)) for name, hubs in groupby(found, key=lambda hub: hub.area)]
    return page(
        "hubs/index.html",
        region="results",
        areas=queries.areas(),
        area=area,
        words=words,
        by_area=by_area,
        number=len(found),
    )


@blueprint.get("/hubs/<uuid:hub_id>")
@public
def hub(hub_id: UUID) -> Response:
    """Show where a hub is, when it is open, and what is on in the seven days from today."""
    hub = queries.open_hub(hub_id)
    sessions = queries.sessions_between(today(), today() + timedelta(days=6), hub_ids=[hub.id])
    ahead = [session for session in sessions if session.ends_at > now()]
    days = [(day, list(those)) for day, those in groupby(ahead, key=lambda session: session.on_date)]
    return page("hubs/hub.html", hub=hub, days=days, address=session_address)


@blueprint.get("/hubs/<uuid:hub_id>/timetable")
@public
def hub_timetable(hub_id: UUID) -> Response:
    """Show a week of a hub."""
    hub = queries.open_hub(hub_id)
    first = monday_of(day_of("week"))
    sessions = queries.sessions_between(first, first + timedelta(days=6), hub_ids=[hub.id])
    return page(
        "hubs/hub_timetable.html",
        region="week",
        hub=hub,
        days=week_of(first, sessions),
        first=first,
        before=first - WEEK,
        after=first + WEEK,
        this_week=monday_of(today()),
        now=now(),
        address=session_address,
    )
