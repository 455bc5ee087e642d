"""A family's bookings: the list, one of them, and what can be done with it. For parents, and for staff."""

from typing import Any
from uuid import UUID

from flask import Response as Answer
from flask import flash, request
from sqlalchemy import Row
from werkzeug.wrappers import Response

from bookings import queries, service
from bookings.errors import CannotBook, CannotChange
from bookings.forms import WhoComes
from bookings.jobs import messages
from bookings.models import Booking
from bookings.queries import looking
from bookings.terms import LIVE, Standing, party_words
from bookings.views import words
from bookings.views.asking import Asking, for_a_family, for_own_family
from bookings.views.booking import NOBODY
from bookings.views.doors import blueprint
from families.models import Household
from hubs.terms import SessionStanding
from kernel import clock, prose
from kernel.db import find
from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.navigation import in_navigation
from kernel.web.once import once
from kernel.web.pages import page, see_address
from kernel.web.paging import paged

in_navigation("My bookings", "bookings.bookings", order=20, permission=Permission.BOOK_FOR_OWN_FAMILY)

PARENT = requires(Permission.BOOK_FOR_OWN_FAMILY)
STAFF = requires(Permission.MANAGE_BOOKINGS)
FAMILY = "/families/<uuid:household_id>"
SOME_PAST = 10


# The list


@blueprint.get("/bookings")
@PARENT
@for_own_family
def bookings(asking: Asking) -> Response:
    """Show the family's bookings: offers and places to come, the waiting list, and what is over."""
    return _list(asking)


@blueprint.get(f"{FAMILY}/bookings")
@STAFF
@for_a_family
def family_bookings(asking: Asking) -> Response:
    """Show a family's bookings to staff."""
    return _list(asking)


@blueprint.get("/bookings/past")
@PARENT
@for_own_family
def past(asking: Asking) -> Response:
    """Show the family's bookings of sessions that are over."""
    return _past(asking)


@blueprint.get(f"{FAMILY}/bookings/past")
@STAFF
@for_a_family
def family_past(asking: Asking) -> Response:
    """Show a family's bookings of sessions that are over to staff."""
    return _past(asking)


def _list(asking: Asking) -> Response:
    coming = paged(_bookings_of(asking), per_page=100, whole_rows=True)
    over = looking.some(_bookings_of(asking, past=True), SOME_PAST)
    ids = [row.id for row in [*coming.items, *over]]
    names = queries.people_of(ids)
    places = queries.positions([row.id for row in coming.items if row.standing == Standing.WAITING])
    live = [row for row in coming.items if row.standing in LIVE and not row.called_off_at]
    return page(
        "bookings/list.html",
        asking=asking,
        household=_household(asking),
        offered=[_line(asking, row, names, places) for row in live if row.standing == Standing.OFFERED],
        booked=[
            _line(asking, row, names, places)
            for row in live
            if row.standing in (Standing.CONFIRMED, Standing.HELD)
        ],
        waiting=[_line(asking, row, names, places) for row in live if row.standing == Standing.WAITING],
        ended=[_line(asking, row, names, places) for row in coming.items if row not in live],
        over=[_line(asking, row, names, places, over=True) for row in over],
    )


def _past(asking: Asking) -> Response:
    over = paged(_bookings_of(asking, past=True), whole_rows=True)
    names = queries.people_of([row.id for row in over.items])
    return page(
        "bookings/past.html",
        asking=asking,
        household=_household(asking),
        over=[_line(asking, row, names, {}, over=True) for row in over.items],
        pages={
            "previous_href": over.address(over.number - 1) if over.number > 1 else None,
            "next_href": over.address(over.number + 1) if over.number < over.pages else None,
        },
    )


def _bookings_of(asking: Asking, *, past: bool = False) -> Any:
    return queries.bookings_of([asking.household_id], now=clock.now(), past=past)


def _line(
    asking: Asking,
    row: Row[Any],
    names: dict[UUID, list[str]],
    places: dict[UUID, int],
    *,
    over: bool = False,
) -> dict[str, Any]:
    off = bool(row.called_off_at)
    return {
        "id": row.id,
        "href": asking.address("booking", booking_id=row.id),
        "title": row.title,
        "when": words.when(row),
        "hub": row.hub_name,
        "people": prose.listing(names.get(row.id, [])),
        "tag": "Called off"
        if off
        else ""
        if over and row.standing == Standing.CONFIRMED
        else row.standing.label,
        "colour": "red" if off else words.COLOURS[row.standing],
        "position": places.get(row.id),
        "until": row.expires_at,
        "off": off,
    }


def _household(asking: Asking) -> Household | None:
    return find(Household, asking.household_id) if asking.is_staff else None


# One booking


@blueprint.get("/bookings/<uuid:booking_id>")
@PARENT
@for_own_family
def booking(asking: Asking, booking_id: UUID) -> Response:
    """Show a booking of the family."""
    return _show(asking, booking_id)


@blueprint.get(f"{FAMILY}/bookings/<uuid:booking_id>")
@STAFF
@for_a_family
def family_booking(asking: Asking, booking_id: UUID) -> Response:
    """Show a booking of a family to staff."""
    return _show(asking, booking_id)


@blueprint.get("/bookings/<uuid:booking_id>/confirmation")
@PARENT
@for_own_family
def done(asking: Asking, booking_id: UUID) -> Response:
    """Say that it is done, and what to do next."""
    return _show(asking, booking_id, template="bookings/done.html")


@blueprint.get(f"{FAMILY}/bookings/<uuid:booking_id>/confirmation")
@STAFF
@for_a_family
def family_done(asking: Asking, booking_id: UUID) -> Response:
    """Say that it is done for a family."""
    return _show(asking, booking_id, template="bookings/done.html")


@blueprint.get("/bookings/<uuid:booking_id>/session.ics")
@PARENT
@for_own_family
def calendar(asking: Asking, booking_id: UUID) -> Response:
    """Give the session of a booking as an appointment for a calendar."""
    booking = asking.find(booking_id)
    answer = Answer(messages.appointment(booking), mimetype="text/calendar")
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
        told=messages.address_of(booking),
        colour=words.COLOURS[booking.standing],
        Standing=Standing,
    )


# Change, cancel, accept, decline


@blueprint.get("/bookings/<uuid:booking_id>/party")
@PARENT
@for_own_family
def party(asking: Asking, booking_id: UUID) -> Response:
    """Ask who comes instead."""
    return _ask_party(asking, asking.find(booking_id))


@blueprint.get(f"{FAMILY}/bookings/<uuid:booking_id>/party")
@STAFF
@for_a_family
def family_party(asking: Asking, booking_id: UUID) -> Response:
    """Ask who of a family comes instead."""
    return _ask_party(asking, asking.find(booking_id))


@blueprint.post("/bookings/<uuid:booking_id>/party")
@PARENT
@for_own_family
@once
def change_party(asking: Asking, booking_id: UUID) -> Response:
    """Change who comes."""
    return _change_party(asking, asking.find(booking_id))


@blueprint.post(f"{FAMILY}/bookings/<uuid:booking_id>/party")
@STAFF
@for_a_family
@once
def family_change_party(asking: Asking, booking_id: UUID) -> Response:
    """Change who of a family comes."""
    return _change_party(asking, asking.find(booking_id))


@blueprint.get("/bookings/<uuid:booking_id>/cancellation")
@PARENT
@for_own_family
def ask_to_cancel(asking: Asking, booking_id: UUID) -> Response:
    """Ask whether the booking is to be cancelled."""
    return _show(asking, booking_id, template="bookings/cancel.html")


@blueprint.get(f"{FAMILY}/bookings/<uuid:booking_id>/cancellation")
@STAFF
@for_a_family
def family_ask_to_cancel(asking: Asking, booking_id: UUID) -> Response:
    """Ask whether a family's booking is to be cancelled."""
    return _show(asking, booking_id, template="bookings/cancel.html")


@blueprint.post("/bookings/<uuid:booking_id>/cancellation")
@PARENT
@for_own_family
def cancel(asking: Asking, booking_id: UUID) -> Response:
    """Cancel the booking, or leave the waiting list."""
    return _cancel(asking, booking_id)


@blueprint.post(f"{FAMILY}/bookings/<uuid:booking_id>/cancellation")
@STAFF
@for_a_family
def family_cancel(asking: Asking, booking_id: UUID) -> Response:
    """Cancel a family's booking."""
    return _cancel(asking, booking_id)


@blueprint.post("/bookings/<uuid:booking_id>/acceptance")
@PARENT
@for_own_family
def accept(asking: Asking, booking_id: UUID) -> Response:
    """Accept the place that is offered."""
    return _accept(asking, booking_id)


@blueprint.post(f"{FAMILY}/bookings/<uuid:booking_id>/acceptance")
@STAFF
@for_a_family
def family_accept(asking: Asking, booking_id: UUID) -> Response:
    """Accept for a family the place that is offered."""
    return _accept(asking, booking_id)


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


def _change_party(asking: Asking, booking: Booking) -> Response:
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


def _cancel(asking: Asking, booking_id: UUID) -> Response:
    booking = asking.find(booking_id)
    had_place = booking.standing in (Standing.CONFIRMED, Standing.HELD)
    because = "Cancelled by staff for the family." if asking.is_staff else ""
    service.cancel(booking, because, channel=asking.channel)
    flash("The booking is cancelled." if had_place else "You have left the waiting list.", "success")
    return see_address(asking.address("bookings"))


def _accept(asking: Asking, booking_id: UUID) -> Response:
    booking = service.accept(asking.find(booking_id))
    return see_address(asking.address("done", booking_id=booking.id))
