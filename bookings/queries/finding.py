"""Sessions as parents look for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, extract, func, or_, select, tuple_

from bookings.models import Booking
from bookings.queries.deciding import takes_room
from bookings.queries.room import room_left
from bookings.rules import RoomLeft
from hubs.models import Activity, Hub, Room, Session
from hubs.terms import ActivityKind, BookingMode, SessionStanding
from kernel.clock import day_bounds, now
from kernel.db import db

DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class Wanted:
    """What a parent looks for. ``after`` is a row's (starts_at, id): it pages through the list."""

    first_day: date
    last_day: date
    hub_ids: Collection[UUID] = ()
    age_months: int | None = None
    """The child's age now; what counts is the age on the day of the session."""
    kinds: Collection[str] = ()
    text: str = ""
    only_with_room: bool = False
    only_bookable: bool = False
    after: tuple[datetime, UUID] | None = None
    limit: int = 30


@dataclass(frozen=True)
class Found:
    """A page of sessions; ``more`` is the ``after`` of the next page, or None. ``room`` has those that are bookable.

    A session has: id, on_date, starts_at, ends_at, activity_id, title, kind, audience, age_from_months, age_to_months,
    mode, price_pence, counted_in, hub_id, hub_name, area, postcode.
    """

    sessions: Sequence[Any]
    room: dict[UUID, RoomLeft]
    more: tuple[datetime, UUID] | None


def find_sessions(wanted: Wanted) -> Found:
    """Return planned sessions in order of their start, with the room left in each. Two statements."""
    rows = db.execute(_listed(wanted).limit(wanted.limit + 1)).all()
    page = rows[: wanted.limit]
    more = (page[-1].starts_at, page[-1].id) if len(rows) > wanted.limit else None
    return Found(page, room_left([row.id for row in page if row.mode == BookingMode.BOOKABLE]), more)


def _listed(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    listed: Select[*tuple[Any, ...]] = (
        select(
            Session.id,
            Session.on_date,
            Session.starts_at,
            Session.ends_at,
            Session.activity_id,
            Activity.title,
            Activity.kind,
            Activity.audience,
            Activity.age_from_months,
            Activity.age_to_months,
            Activity.mode,
            Activity.price_pence,
            Activity.counted_in,
            Session.hub_id,
            Hub.name.label("hub_name"),
            Hub.area,
            Hub.postcode,
        )
        .join(Activity, Activity.id == Session.activity_id)
        .join(Hub, Hub.id == Session.hub_id)
        .where(*_conditions(wanted))
        .order_by(Session.starts_at, Session.id)
    )
    if not wanted.only_with_room:
        return listed
    return listed.outerjoin(Room, Room.id == Session.room_id).where(_has_room())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    opens, _ = day_bounds(wanted.first_day)
    _, closes = day_bounds(wanted.last_day)
    conditions = [
        Session.starts_at >= opens,
        Session.starts_at < closes,
        Session.ends_at > now(),
        Session.standing == SessionStanding.PLANNED,
    ]
    if wanted.hub_ids:
        conditions.append(Session.hub_id.in_(wanted.hub_ids))
    if wanted.kinds:
        conditions.append(Activity.kind.in_([ActivityKind(kind) for kind in wanted.kinds]))
    if wanted.age_months is not None:
        conditions.append(_suits(wanted.age_months))
    if wanted.only_bookable:
        conditions.append(Activity.mode == BookingMode.BOOKABLE)
    if wanted.after:
        conditions.append(tuple_(Session.starts_at, Session.id) > wanted.after)
    return conditions + [_mentions(word) for word in wanted.text.split()[:8]]


def _suits(age_months: int) -> ColumnElement[bool]:
    """Return the condition that a child of this age now is of the right age on the day of the session."""
    on_the_day = func.floor(age_months + extract("day", Session.starts_at - now()) / DAYS_A_MONTH)
    return and_(Activity.age_from_months <= on_the_day, Activity.age_to_months >= on_the_day)


def _mentions(word: str) -> ColumnElement[bool]:
    return or_(
        Activity.title.icontains(word, autoescape=True),
        Activity.audience.icontains(word, autoescape=True),
        Hub.name.icontains(word, autoescape=True),
        Hub.area.icontains(word, autoescape=True),
    )


def _has_room() -> ColumnElement[bool]:
    """Return the condition that no limit is reached. A session to which one just comes always has room."""
    limits = (
        (Session.most_families, func.count()),
        (Session.most_children, func.coalesce(func.sum(Booking.children), 0)),
        (Session.most_adults, func.coalesce(func.sum(Booking.adults), 0)),
        (Room.people, func.coalesce(func.sum(Booking.adults + Booking.children), 0)),
    )
    room = and_(*(or_(most.is_(None), many < most) for most, many in limits))
    held = select(room).select_from(Booking).where(Booking.session_id == Session.id, takes_room(now()))
    return or_(Activity.mode == BookingMode.DROP_IN, held.correlate(Session, Room).scalar_subquery())
