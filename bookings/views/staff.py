"""Bookings as staff need them: everybody of a session, and what to book for a family on the telephone."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bookings import queries
from bookings.forms import AGES, DAYS, KINDS, Search
from bookings.queries import looking
from bookings.views import words
from bookings.views.asking import of_family
from bookings.views.doors import blueprint
from bookings.views.sessions import pages
from families.models import Household
from families.terms import PersonKind
from hubs import queries as hubs
from hubs.terms import BookingMode
from kernel import clock
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.pages import page


@blueprint.get("/families/<uuid:household_id>/sessions")
@requires(Permission.MANAGE_BOOKINGS)
def family_sessions(household_id: UUID) -> Response:
    """Show sessions that a family could be booked into."""
    asking = of_family(household_id)
    search = Search(request.args, today=clock.today())
    found = queries.find_sessions(search.wanted())
    address = url_for("bookings.family_choose", household_id=household_id, session_id=UUID(int=0)).replace(
        str(UUID(int=0)), "{}"
    )
    return page(
        "bookings/family_sessions.html",
        region="results",
        status=422 if search.errors else 200,
        form=search,
        asking=asking,
        household=find(Household, household_id),
        days=words.days(found, address=address),
        hubs=hubs.open_hubs(),
        DAYS=DAYS,
        AGES=AGES,
        KINDS=KINDS,
        **pages(found, "bookings.family_sessions", household_id=household_id),
    )


@blueprint.get("/timetable/sessions/<uuid:session_id>/bookings")
@requires(Permission.MANAGE_BOOKINGS)
def session_bookings(session_id: UUID) -> Response:
    """Show who has a place in a session, and who waits for one."""
    session = hubs.find_session(session_id, seen_by=current_user)
    booked = queries.for_session(session.id)
    waiting = queries.for_session(session.id, waiting=True)
    latest = looking.latest_decisions({row.booking_id for row in waiting})
    opened = looking.known_to(current_user, {row.household_id for row in [*booked, *waiting]})
    bookable = session.activity.mode == BookingMode.BOOKABLE
    room = queries.room_left([session.id]).get(session.id) if bookable else None
    return page(
        "bookings/of_session.html",
        session=session,
        when=words.when(session),
        room=words.left_words(session.activity.mode, session.activity.counted_in, room)[0],
        booked=[_party(rows, opened) for rows in _parties(booked)],
        waiting=[
            {**_party(rows, opened), "reason": latest.get(rows[0].booking_id, "")}
            for rows in _parties(waiting)
        ],
        running=clock.now() < session.ends_at,
    )


def _parties(rows: Any) -> list[list[Any]]:
    """Return the rows of each booking together, in the order in which they first appear."""
    order = {row.booking_id: None for row in rows}
    of = {
        booking_id: list(group)
        for booking_id, group in groupby(sorted(rows, key=_by_booking), key=_by_booking)
    }
    return [of[booking_id] for booking_id in order]


def _by_booking(row: Any) -> UUID:
    return row.booking_id  # type: ignore[no-any-return]


def _party(rows: list[Any], opened: set[UUID]) -> dict[str, Any]:
    first = rows[0]
    people = [(f"{row.given_name} {row.family_name}".strip(), row.kind == PersonKind.CHILD) for row in rows]
    return {
        "id": first.booking_id,
        "reference": first.reference,
        "tag": first.standing.label,
        "colour": words.COLOURS[first.standing],
        "until": first.expires_at,
        "coming": first.coming_said_at,
        "adults": [name for name, is_child in people if not is_child],
        "children": [name for name, is_child in people if is_child],
        "household_id": first.household_id if first.household_id in opened else None,
    }
