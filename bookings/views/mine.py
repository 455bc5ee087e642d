"""A family's bookings: the list, one of them, and what can be done with it. For parents, and for staff."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Response as Answer
from flask import flash, request
from sqlalchemy import Row
from werkzeug.wrappers import Response

from bookings import queries, service
from bookings.errors import CannotBook, CannotChange
from bookings.forms import WhoComes
from bookings.jobs import letters
from bookings.models import Booking
from bookings.terms import LIVE, Standing, party_words
from bookings.views import words
from bookings.views.asking import Asking, door, own
from bookings.views.booking import NOBODY
from bookings.views.doors import blueprint
from families.models import Household
from hubs.terms import SessionStanding
from kernel import clock, prose
from kernel.db import find
from kernel.errors import NotFound
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see_address
from kernel.web.paging import paged

in_navigation("My bookings", "bookings.bookings", order=20, permission=Permission.BOOK_FOR_OWN_FAMILY)

GROUPS = {
    Standing.OFFERED: "offered",
    Standing.CONFIRMED: "booked",
    Standing.HELD: "booked",
    Standing.WAITING: "waiting",
    Standing.CANCELLED: "ended",
    Standing.EXPIRED: "ended",
}
MOST_COMING = 200
SOME_PAST = 10


# The list


@door("/bookings")
def bookings(asking: Asking) -> Response:
    """Show the family's bookings: offers and places to come, the waiting list, and what is over."""
    coming = queries.coming(asking.household_id, MOST_COMING, asked_by=asking.asked_by)
    over = queries.last_ones(asking.household_id, SOME_PAST, asked_by=asking.asked_by)
    names = queries.people_of([row.id for row in [*coming, *over]])
    places = queries.positions([row.id for row in coming if row.standing == Standing.WAITING])
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in coming:
        groups["ended" if row.called_off_at else GROUPS[row.standing]].append(row)
    lines: dict[str, Any] = {
        group: _lines(asking, groups[group], names, places) for group in {*GROUPS.values()}
    }
    return page(
        "bookings/list.html",
        asking=asking,
        household=_household(asking),
        **lines,
        over=_lines(asking, over, names, over=True),
        most=MOST_COMING if len(coming) == MOST_COMING else 0,
    )


@door("/bookings/past")
def past(asking: Asking) -> Response:
    """Show the family's bookings of sessions that are over."""
    over = paged(queries.over(asking.household_id, asked_by=asking.asked_by), whole_rows=True)
    names = queries.people_of([row.id for row in over.items])
    return page(
        "bookings/past.html",
        asking=asking,
        household=_household(asking),
        over=_lines(asking, over.items, names, over=True),
        pages=over,
    )


def _lines(
    asking: Asking,
    rows: Iterable[Row[Any]],
    names: dict[UUID, list[str]],
    places: dict[UUID, int] | None = None,
    *,
    over: bool = False,
) -> list[dict[str, Any]]:
    """Return bookings as a list shows them. A booking that was kept needs no tag when it is over."""
    address = asking.address("bookings") + "/{}"
    return [
        {
            "id": row.id,
            "href": address.format(row.id),
            "title": row.title,
            "when": words.when(row),
            "hub": row.hub_name,
            "people": prose.listing(names.get(row.id, [])),
            "tag": "Called off"
            if row.called_off_at
            else ""
            if over and row.standing == Standing.CONFIRMED
            else row.standing.label,
            "colour": "red" if row.called_off_at else words.COLOURS[row.standing],
            "position": (places or {}).get(row.id),
            "until": row.expires_at,
            "is_offer": row.standing == Standing.OFFERED and not (over or row.called_off_at),
        }
        for row in rows
    ]


def _household(asking: Asking) -> Household | None:
    return find(Household, asking.household_id) if asking.is_staff else None


# One booking


@door("/bookings/<uuid:booking_id>")
def booking(asking: Asking, booking_id: UUID) -> Response:
    """Show a booking of the family."""
    return _show(asking, booking_id)


@door("/bookings/<uuid:booking_id>/confirmation")
def done(asking: Asking, booking_id: UUID) -> Response:
    """Say that it is done, and what to do next."""
    return _show(asking, booking_id, template="bookings/done.html")


@blueprint.get("/bookings/<uuid:booking_id>/session.ics")
@requires(Permission.BOOK_FOR_OWN_FAMILY)
def calendar(booking_id: UUID) -> Answer:
    """Give the session of a booking as an appointment for a calendar."""
    family = own()
    if family is None:
        raise NotFound("booking")
    booking = family.find(booking_id)
    answer = Answer(letters.appointment(booking), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="session.ics"'
    return answer


def _show(asking: Asking, booking_id: UUID, *, template: str = "bookings/booking.html") -> Response:
    booking = asking.find(booking_id)
    session = booking.session
    names = queries.people_of([booking.id]).get(booking.id, [])
    is_waiting = booking.standing in (Standing.WAITING, Standing.OFFERED)
    now = clock.now()
    return page(
        template,
        asking=asking,
        booking=booking,
        session=session,
        household=_household(asking),
        rows=words.short_facts(session, people=names),
        party=party_words(booking.adults, booking.children),
        live=booking.standing in LIVE,
        off=session.standing == SessionStanding.CALLED_OFF,
        changeable=now < (session.ends_at if asking.is_staff else session.starts_at),
        position=queries.position(booking),
        decisions=queries.decisions(booking.id) if is_waiting or booking.queue_no else [],
        list_closed=booking.standing == Standing.WAITING and queries.list_closed(session.id),
        told=letters.address_of(booking) if asking.asked_by in (None, booking.carer_id) else None,
        colour=words.COLOURS[booking.standing],
        Standing=Standing,
    )


# Change, cancel, accept, decline


@door("/bookings/<uuid:booking_id>/party")
def party(asking: Asking, booking_id: UUID) -> Response:
    """Ask who comes instead."""
    return _ask_party(asking, asking.find(booking_id))


@door("/bookings/<uuid:booking_id>/party", post=True)
@once
def change_party(asking: Asking, booking_id: UUID) -> Response:
    """Change who comes."""
    booking = asking.find(booking_id)
    form = WhoComes(request.form)
    form.offer(asking.people())
    chosen = form.chosen()
    if not chosen:
        form.people.errors = [NOBODY]
        return _ask_party(asking, booking, form=form, status=422)
    try:
        changed = service.change_party(booking, chosen, channel=asking.channel)
    except CannotBook as refusal:
        return _ask_party(asking, booking, form=form, reasons=refusal.reasons, status=409)
    except CannotChange as refusal:
        return _ask_party(asking, booking, form=form, reasons=[str(refusal)], status=409)
    flash("Who is coming has been changed.", "success")
    return see_address(asking.address("booking", booking_id=changed.id))


@door("/bookings/<uuid:booking_id>/cancellation")
def ask_to_cancel(asking: Asking, booking_id: UUID) -> Response:
    """Ask whether the booking is to be cancelled."""
    return _show(asking, booking_id, template="bookings/cancel.html")


@door("/bookings/<uuid:booking_id>/cancellation", post=True)
def cancel(asking: Asking, booking_id: UUID) -> Response:
    """Cancel the booking, or leave the waiting list."""
    booking = asking.find(booking_id)
    had_place = booking.standing in (Standing.CONFIRMED, Standing.HELD)
    because = "Cancelled by staff for the family." if asking.is_staff else ""
    service.cancel(booking, because, channel=asking.channel)
    flash("The booking is cancelled." if had_place else "You have left the waiting list.", "success")
    return see_address(asking.address("bookings"))


@door("/bookings/<uuid:booking_id>/acceptance", post=True)
def accept(asking: Asking, booking_id: UUID) -> Response:
    """Accept the place that is offered."""
    booking = service.accept(asking.find(booking_id))
    return see_address(asking.address("done", booking_id=booking.id))


def _ask_party(
    asking: Asking, booking: Booking, *, form: WhoComes | None = None, reasons: Any = (), status: int = 200
) -> Response:
    form = form or WhoComes(formdata=None)
    form.offer(asking.people())
    if status == 200:
        form.tick(place.person_id for place in booking.places)
    return page(
        "bookings/party.html",
        status=status,
        asking=asking,
        booking=booking,
        session=booking.session,
        when=words.when(booking.session),
        form=form,
        reasons=reasons,
        rule=words.party_rule(booking.session.activity),
    )
