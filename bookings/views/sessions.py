"""What is on: the council's front page, the timetable to find something in, and one session."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bookings import queries
from bookings.forms import AGES, DAYS, KINDS, Search, bookmark
from bookings.queries import Wanted, hiding, looking
from bookings.rules import FULL, Decision
from bookings.terms import Standing
from bookings.views import words
from bookings.views.asking import Asking, own
from bookings.views.doors import blueprint
from families import queries as families
from families.terms import PersonKind
from hubs import queries as hubs
from hubs.models import Session
from hubs.terms import BookingMode, SessionStanding
from kernel import clock
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import may, public
from kernel.web.navigation import in_navigation
from kernel.web.pages import page

ON_FRONT = 8

in_navigation("Find a session", "bookings.sessions", order=10, shown=lambda: not may(Permission.SEE_ROTA))
in_navigation("Find a session", "bookings.sessions", order=40, permission=Permission.SEE_ROTA)


def front() -> Response:
    """Show what the council offers, and what is on today and tomorrow."""
    today = clock.today()
    soon = _as_seen(
        queries.find_sessions(Wanted(first_day=today, last_day=today + timedelta(days=1), limit=ON_FRONT))
    )
    return page(
        "bookings/front.html",
        search=Search(request.args, today=today),
        days=words.days(soon, address=words.session_address()),
        more=bool(soon.more),
        **_choices(),
    )


@blueprint.get("/sessions")
@public
def sessions() -> Response:
    """Show the sessions that suit somebody, day by day, with the room left in each."""
    search = Search(request.args, today=clock.today())
    found = _as_seen(queries.find_sessions(search.wanted()), only_with_room=search.wanted().only_with_room)
    return page(
        "bookings/sessions.html",
        region="results",
        status=422 if search.errors else 200,
        form=search,
        days=words.days(found, address=words.session_address()),
        **pages(found, "bookings.sessions"),
        **_choices(),
    )


@blueprint.get("/sessions/<uuid:session_id>")
@public
def session(session_id: UUID) -> Response:
    """Show a session, what is left of it, and for whoever is signed in why somebody cannot come."""
    found = find(Session, session_id)
    asking = own() if may(Permission.BOOK_FOR_OWN_FAMILY) else None
    bookable = found.activity.mode == BookingMode.BOOKABLE
    room = queries.room_left([found.id]).get(found.id) if bookable else None
    anybody = queries.may_book(found.id) if bookable else Decision(False)
    if room and asking and asking.is_full(found.id):
        room, anybody = room.as_full(), Decision(False, (FULL,))
    left, is_open = words.left_words(found.activity.mode, found.activity.counted_in, room)
    mine = (
        looking.live_bookings(found.id, asking.household_id, asked_by=asking.asked_by)
        if asking and bookable
        else []
    )
    return page(
        "bookings/session.html",
        session=found,
        bookable=bookable,
        off=found.standing == SessionStanding.CALLED_OFF,
        over=found.ends_at <= clock.now(),
        facts=words.facts(found),
        when=words.when(found),
        room=left,
        open=is_open,
        anybody=anybody,
        asking=asking,
        mine=mine,
        why_not=[]
        if mine or not (asking and bookable)
        else list(reasons_for(found, asking, anybody).values()),
        Standing=Standing,
        staff=may(Permission.MANAGE_BOOKINGS),
    )


def reasons_for(
    session: Session, asking: Asking, anybody: Decision, *, there: Collection[UUID] = ()
) -> dict[UUID, tuple[str, list[str]]]:
    """Return for each child of a family who cannot come the name and why, beside what stands in everybody's way.

    Those who are ``there`` have a place already.
    """
    people = [person for person in asking.people() if person.id not in there]
    adults = [person.id for person in people if person.kind == PersonKind.CARER][:1]
    told = {}
    for child in (person for person in people if person.kind == PersonKind.CHILD):
        decision = queries.may_book(
            session.id,
            household_id=asking.household_id,
            person_ids=[*adults, child.id],
            by_staff=asking.is_staff,
            asked_by=asking.carer.id if asking.carer else None,
        )
        reasons = [reason for reason in decision.reasons if reason not in anybody.reasons]
        if reasons and not decision.may_wait:
            told[child.id] = (child.called, reasons)
    return told


def pages(found: queries.Found, endpoint: str, **values: Any) -> dict[str, str | None]:
    """Return the addresses of the next page of sessions and of the first one, where there are such."""
    asked: dict[str, Any] = {name: those for name, those in request.args.lists() if name != "after"}
    return {
        "next_href": url_for(endpoint, **values, **asked, after=bookmark(found.more)) if found.more else None,
        "first_href": url_for(endpoint, **values, **asked) if "after" in request.args else None,
    }


def _as_seen(found: queries.Found, *, only_with_room: bool = False) -> queries.Found:
    """Return sessions as whoever is signed in sees them: those to which another carer goes unseen are full."""
    carer = families.carer_of(current_user.id) if may(Permission.BOOK_FOR_OWN_FAMILY) else None
    full = hiding.hidden_sessions(list(found.room), carer)
    if not full:
        return found
    return replace(
        found,
        sessions=[row for row in found.sessions if not (only_with_room and row.id in full)],
        room={key: room.as_full() if key in full else room for key, room in found.room.items()},
    )


def _choices() -> dict[str, Any]:
    return {"hubs": hubs.open_hubs(), "DAYS": DAYS, "AGES": AGES, "KINDS": KINDS}
