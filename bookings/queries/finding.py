"""Sessions as parents look for them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    extract,
    func,
    or_,
    select,
    tuple_,
)

from bookings.models import Booking
from bookings.queries.deciding import takes_room
from bookings.queries.room import room_left
from bookings.rules import RoomLeft
from hubs.models import Activity, Hub, Room, Session
from hubs.terms import ActivityKind, BookingMode, SessionStanding
from kernel.clock import day_bounds, now
from kernel.db import db, kept

DAYS_A_MONTH = 30.44
MOST_WORDS = 8
MOMENT = DateTime(timezone=True)
AT = bindparam("now", type_=MOMENT)


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


class _Shape(NamedTuple):
    """Which conditions a search has, whatever their values: for each, the statement is built once."""

    hubs: bool
    kinds: bool
    age: bool
    after: bool
    only_bookable: bool
    only_with_room: bool
    words: int


def find_sessions(wanted: Wanted) -> Found:
    """Return planned sessions in order of their start, with the room left in each. Two statements."""
    rows = db.execute(_listed(_shape(wanted)), _told(wanted)).all()
    page = rows[: wanted.limit]
    more = (page[-1].starts_at, page[-1].id) if len(rows) > wanted.limit else None
    return Found(page, room_left([row.id for row in page if row.mode == BookingMode.BOOKABLE]), more)


def _words(wanted: Wanted) -> list[str]:
    return wanted.text.split()[:MOST_WORDS]


def _shape(wanted: Wanted) -> _Shape:
    return _Shape(
        bool(wanted.hub_ids),
        bool(wanted.kinds),
        wanted.age_months is not None,
        wanted.after is not None,
        wanted.only_bookable,
        wanted.only_with_room,
        len(_words(wanted)),
    )


def _told(wanted: Wanted) -> dict[str, Any]:
    """Return the values of a search, by the names that its statement has for them."""
    starts_at, after_id = wanted.after or (None, None)
    return {
        "opens": day_bounds(wanted.first_day)[0],
        "closes": day_bounds(wanted.last_day)[1],
        "now": now(),
        "hubs": list(wanted.hub_ids),
        "kinds": [ActivityKind(kind) for kind in wanted.kinds],
        "age": wanted.age_months,
        "after": starts_at,
        "after_id": after_id,
        "some": wanted.limit + 1,
        **{f"word_{n}": f"%{_escaped(word)}%" for n, word in enumerate(_words(wanted))},
    }


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


@lru_cache(maxsize=1000)
def _listed(shape: _Shape) -> Select[*tuple[Any, ...]]:
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
        .where(*_conditions(shape))
        .order_by(Session.starts_at, Session.id)
        .limit(bindparam("some", type_=Integer))
    )
    if shape.only_with_room:
        listed = listed.outerjoin(Room, Room.id == Session.room_id).where(_has_room())
    return kept(listed)


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    conditions = [
        Session.starts_at >= bindparam("opens"),
        Session.starts_at < bindparam("closes"),
        Session.ends_at > AT,
        Session.standing == SessionStanding.PLANNED,
        Activity.mode != BookingMode.COURSE,
    ]
    if shape.hubs:
        conditions.append(Session.hub_id.in_(bindparam("hubs", expanding=True)))
    if shape.kinds:
        conditions.append(Activity.kind.in_(bindparam("kinds", expanding=True)))
    if shape.age:
        conditions.append(_suits())
    if shape.only_bookable:
        conditions.append(Activity.mode == BookingMode.BOOKABLE)
    if shape.after:
        after = tuple_(bindparam("after", type_=MOMENT), bindparam("after_id", type_=Uuid()))
        conditions.append(tuple_(Session.starts_at, Session.id) > after)
    return conditions + [_mentions(bindparam(f"word_{n}", type_=Text)) for n in range(shape.words)]


def _suits() -> ColumnElement[bool]:
    """Return the condition that a child of this age now is of the right age on the day of the session."""
    on_the_day = func.floor(
        bindparam("age", type_=Integer) + extract("day", Session.starts_at - AT) / DAYS_A_MONTH
    )
    return and_(Activity.age_from_months <= on_the_day, Activity.age_to_months >= on_the_day)


def _mentions(word: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(
        Activity.title.ilike(word),
        Activity.audience.ilike(word),
        Hub.name.ilike(word),
        Hub.area.ilike(word),
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
    held = select(room).select_from(Booking).where(Booking.session_id == Session.id, takes_room(AT))
    return or_(Activity.mode == BookingMode.DROP_IN, held.correlate(Session, Room).scalar_subquery())
