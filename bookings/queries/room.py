"""What is taken of sessions and what is left, to be shown: it may be a second old."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import DateTime, Select, Subquery, bindparam, func, select

from bookings import rules
from bookings.models import Booking
from bookings.queries import deciding
from bookings.queries.deciding import At, takes_room
from bookings.rules import Limits, RoomLeft, Taken
from bookings.terms import LIVE, Standing
from hubs.models import Activity, Room, Session
from kernel.clock import now
from kernel.db import db, kept


def counts_of(session_ids: Select[UUID], at: At) -> Subquery:
    """Return what the bookings of those sessions come to, as a table to be joined."""
    living = takes_room(at)
    return (
        select(
            Booking.session_id,
            func.count().filter(living).label("families"),
            func.sum(Booking.children).filter(living).label("children"),
            func.sum(Booking.adults).filter(living).label("adults"),
            func.count().filter(Booking.standing == Standing.WAITING).label("waiting"),
        )
        .where(Booking.session_id.in_(session_ids), Booking.standing.in_(LIVE))
        .group_by(Booking.session_id)
        .subquery()
    )


_IDS = select(Session.id).where(Session.id.in_(bindparam("ids", expanding=True)))
_COUNTS = counts_of(_IDS, bindparam("at", type_=DateTime(timezone=True)))
_ROOM = kept(
    select(
        Session.id,
        Session.most_families,
        Session.most_children,
        Session.most_adults,
        Room.people,
        Activity.counted_in,
        func.coalesce(_COUNTS.c.families, 0).label("families"),
        func.coalesce(_COUNTS.c.children, 0).label("children"),
        func.coalesce(_COUNTS.c.adults, 0).label("adults"),
        func.coalesce(_COUNTS.c.waiting, 0).label("waiting"),
    )
    .join(Activity, Activity.id == Session.activity_id)
    .outerjoin(Room, Room.id == Session.room_id)
    .outerjoin(_COUNTS, _COUNTS.c.session_id == Session.id)
    .where(Session.id.in_(bindparam("ids", expanding=True)))
)


def room_left(session_ids: Collection[UUID]) -> dict[UUID, RoomLeft]:
    """Return what is left in each session, to be shown. One statement."""
    if not session_ids:
        return {}
    return {
        row.id: rules.room_left(
            Limits(row.most_families, row.most_children, row.most_adults, row.people),
            Taken(row.families, row.children, row.adults, row.children + row.adults),
            counted_in=row.counted_in,
            waiting=row.waiting,
        )
        for row in db.execute(_ROOM, {"ids": list(session_ids), "at": now()})
    }


def taken(session_id: UUID) -> Taken:
    """Return how many families, children and adults have a place now."""
    ((session, _council),) = deciding.sessions([session_id])
    return deciding.counted(session, at=now()).taken


def list_closed(session_id: UUID) -> bool:
    """Say whether it is too late to offer places: what is free then goes to whoever takes it first."""
    ((session, council),) = deciding.sessions([session_id])
    return deciding.offers_until(session, council, now()) is None
