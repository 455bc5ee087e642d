"""Bookings and waiting lists for machines: a parent for her own family, staff for the families of their hubs."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_login import current_user
from sqlalchemy import func, inspect, select

from bookings import queries, service
from bookings.api.door import blueprint
from bookings.models import Booking
from bookings.queries import hiding, looking
from bookings.rules import FULL, Decision
from bookings.schemas import (
    AvailabilitySchema,
    BookingSchema,
    ListedSchema,
    PartySchema,
    WaitingSchema,
    WaitingWithReasonsSchema,
)
from bookings.terms import Channel, Standing, room_words
from families import queries as families
from families.models import Person
from hubs import queries as hubs
from hubs.models import Session
from hubs.terms import BookingMode
from kernel.db import db, find
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import may, requires, signed_in
from kernel.web.once import once

Listed = tuple[list[dict[str, Any]], int, dict[str, str]]
IN_QUEUE = (Standing.WAITING, Standing.OFFERED)
either = requires(Permission.BOOK_FOR_OWN_FAMILY, Permission.MANAGE_BOOKINGS)


@blueprint.route("/bookings")
class Bookings(MethodView):
    """Bookings."""

    @either
    @blueprint.arguments(ListedSchema, location="query")
    @blueprint.response(200, BookingSchema(many=True))
    def get(self, wanted: dict[str, Any]) -> Listed:
        """List bookings, the newest first. The header X-Pagination says how many there are."""
        return _list(**wanted)

    @either
    @once
    @blueprint.arguments(PartySchema)
    @blueprint.response(201, BookingSchema)
    def post(self, party: dict[str, Any]) -> dict[str, Any]:
        """Book a party a place: all of it, or nobody."""
        return _told([service.book(**_asked(party))])[0]


@blueprint.route("/bookings/<uuid:booking_id>")
class OneBooking(MethodView):
    """A booking."""

    @either
    @blueprint.etag
    @blueprint.response(200, BookingSchema)
    def get(self, booking_id: UUID) -> dict[str, Any]:
        """Read a booking."""
        return _told([_find(booking_id)])[0]


@blueprint.route("/holds")
class Holds(MethodView):
    """Places that are kept while somebody finishes booking."""

    @either
    @once
    @blueprint.arguments(PartySchema)
    @blueprint.response(201, BookingSchema)
    def post(self, party: dict[str, Any]) -> dict[str, Any]:
        """Keep a party its places until ``expires_at``: all of them, or none. Confirm it in time."""
        return _told([service.hold(**_asked(party))])[0]


@blueprint.route("/bookings/<uuid:booking_id>/confirmation")
class Confirmation(MethodView):
    """The end of a hold, as a booking."""

    @either
    @blueprint.response(200, BookingSchema)
    def post(self, booking_id: UUID) -> dict[str, Any]:
        """Make a hold a booking. Confirming again changes nothing."""
        return _told([service.confirm(_find(booking_id))])[0]


@blueprint.route("/bookings/<uuid:booking_id>/cancellation")
class Cancellation(MethodView):
    """The end of a booking."""

    @either
    @blueprint.response(200, BookingSchema)
    def post(self, booking_id: UUID) -> dict[str, Any]:
        """Cancel a booking, or leave the waiting list. Cancelling again changes nothing."""
        return _told([service.cancel(_find(booking_id), channel=Channel.API)])[0]


@blueprint.route("/bookings/<uuid:booking_id>/assurance")
class Assurance(MethodView):
    """A family's word that it comes."""

    @either
    @blueprint.response(200, BookingSchema)
    def post(self, booking_id: UUID) -> dict[str, Any]:
        """Note that the family says that it is coming. Saying it again changes nothing."""
        return _told([service.say_coming(_find(booking_id))])[0]


@blueprint.route("/waiting-list")
class WaitingList(MethodView):
    """Parties that wait for a place."""

    @either
    @blueprint.arguments(ListedSchema, location="query")
    @blueprint.response(200, WaitingSchema(many=True))
    def get(self, wanted: dict[str, Any]) -> Listed:
        """List the parties that wait or to whom a place is offered, with their places in the queue."""
        return _list(**wanted, standings=IN_QUEUE)

    @either
    @once
    @blueprint.arguments(PartySchema)
    @blueprint.response(201, WaitingSchema)
    def post(self, party: dict[str, Any]) -> dict[str, Any]:
        """Put a party on the waiting list of a session that is full."""
        return _told([service.join(**_asked(party))])[0]


@blueprint.route("/waiting-list/<uuid:booking_id>")
class OneWaiting(MethodView):
    """A party that waits."""

    @either
    @blueprint.etag
    @blueprint.response(200, WaitingWithReasonsSchema)
    def get(self, booking_id: UUID) -> dict[str, Any]:
        """Read where a party stands in the queue, and what was decided about it."""
        booking = _find(booking_id)
        if booking.queue_no is None:
            raise NotFound("waiting")
        return {**_told([booking])[0], "decisions": queries.decisions(booking.id)}


@blueprint.route("/waiting-list/<uuid:booking_id>/acceptance")
class Acceptance(MethodView):
    """The taking up of an offer."""

    @either
    @blueprint.response(200, BookingSchema)
    def post(self, booking_id: UUID) -> dict[str, Any]:
        """Accept the place that is offered. Accepting again changes nothing."""
        return _told([service.accept(_find(booking_id))])[0]


@blueprint.route("/sessions/<uuid:session_id>/availability")
class Availability(MethodView):
    """What is left of a session."""

    @signed_in
    @blueprint.response(200, AvailabilitySchema)
    def get(self, session_id: UUID) -> dict[str, Any]:
        """Read how much room a session has, and why nobody can book when that is so."""
        session = find(Session, session_id)
        bookable = session.activity.mode == BookingMode.BOOKABLE
        room = queries.room_left([session.id]).get(session.id) if bookable else None
        decision = (
            queries.may_book(session.id) if bookable else Decision(False, ("You can just come along.",))
        )
        if room and _is_full(session.id):
            room, decision = room.as_full(), Decision(False, (FULL,))
        counted_in = session.activity.counted_in
        words = "Drop in: no need to book"
        if room:
            words = room_words(told=room.told, full=room.full, waiting=room.waiting, counted_in=counted_in)
        return {
            "session_id": session.id,
            "bookable": decision.allowed,
            "may_wait": decision.may_wait,
            "left": room.told if room else None,
            "counted_in": counted_in,
            "waiting": room.waiting if room else 0,
            "words": words,
            "reasons": decision.reasons,
        }


def _is_staff() -> bool:
    return may(Permission.MANAGE_BOOKINGS)


def _own_carer() -> Person:
    carer = families.carer_of(current_user.id)
    if carer is None:
        raise NotFound("family")
    return carer


def _is_full(session_id: UUID) -> bool:
    """Say whether another carer of the family goes to a session unseen: to whoever asks it is full."""
    carer = None if _is_staff() else families.carer_of(current_user.id)
    return bool(hiding.hidden_sessions([session_id], carer))


def _asked(party: dict[str, Any]) -> dict[str, Any]:
    """Return what the service is asked for, for a family for which whoever asks may book."""
    if _is_staff():
        if "household_id" not in party:
            raise Unacceptable(household_id="Name the family.")
        household_id = party["household_id"]
        hubs.ensure_sees_session(current_user, party["session_id"])
        families.ensure_may_open(current_user, household_id)
        carer = looking.who_is_told(household_id, coming=party["person_ids"])
    else:
        carer = _own_carer()
        household_id = carer.household_id
    return {
        "session_id": party["session_id"],
        "household_id": household_id,
        "person_ids": party["person_ids"],
        "carer_id": carer.id if carer else None,
        "channel": Channel.API,
    }


def _find(booking_id: UUID) -> Booking:
    """Return a booking of the own family, or one at a hub that the staff see."""
    booking = find(Booking, booking_id)
    if _is_staff():
        hubs.ensure_sees(current_user, booking.session.hub_id)
        return booking
    carer = _own_carer()
    if booking.household_id != carer.household_id or hiding.is_hidden(booking.id, carer.id):
        raise NotFound("booking")
    return booking


def _list(
    *,
    page: int,
    page_size: int,
    household_id: UUID | None = None,
    session_id: UUID | None = None,
    standings: Sequence[Standing] = (),
) -> Listed:
    hub_ids, asked_by = None, None
    if _is_staff():
        hub_ids = hubs.hub_ids_seen_by(current_user)
    else:
        carer = _own_carer()
        household_id, asked_by = carer.household_id, carer.id
    wanted = looking.listed(
        household_id=household_id,
        hub_ids=hub_ids,
        session_id=session_id,
        standings=standings,
        asked_by=asked_by,
    )
    total = db.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = db.scalars(wanted.limit(page_size).offset((page - 1) * page_size)).all()
    told = {"total": total, "page": page, "total_pages": max(1, -(-total // page_size))}
    return _told(rows), 200, {"X-Pagination": json.dumps(told)}


def _told(bookings: Sequence[Booking]) -> list[dict[str, Any]]:
    """Return bookings as the API tells them."""
    people = _people_of(bookings)
    waiting = [booking.id for booking in bookings if booking.queue_no is not None]
    places = queries.positions(waiting) if waiting else {}
    return [
        {
            "id": booking.id,
            "reference": booking.reference,
            "standing": booking.standing,
            "session_id": booking.session_id,
            "household_id": booking.household_id,
            "person_ids": people[booking.id],
            "adults": booking.adults,
            "children": booking.children,
            "expires_at": booking.expires_at,
            "confirmed_at": booking.confirmed_at,
            "cancelled_at": booking.cancelled_at,
            "coming_said_at": booking.coming_said_at,
            "position": places.get(booking.id),
        }
        for booking in bookings
    ]


def _people_of(bookings: Sequence[Booking]) -> dict[UUID, list[UUID]]:
    """Return the people of each booking; those of one that has just been made are known without asking."""
    made = {b.id: [place.person_id for place in b.places] for b in bookings if "places" in inspect(b).dict}
    asked = [booking.id for booking in bookings if booking.id not in made]
    return {**made, **(looking.person_ids_of(asked) if asked else {})}
