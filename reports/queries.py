"""What was counted. Reads only."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, and_, case, cast, distinct, func, select

from attendance.models import Attendance, Register
from attendance.terms import CAME, Mark
from families.terms import PersonKind
from hubs.models import Activity, Hub, Session
from hubs.terms import CountedIn, SessionStanding
from kernel.clock import now
from kernel.db import db
from reports.rules import Comparison, Counts, Spot, Wanted

CAME_THEN = Attendance.mark.in_(CAME)
IS_CHILD = Attendance.kind == PersonKind.CHILD


def comparison(wanted: Wanted) -> Comparison:
    """Return what was counted for every hub and month that is wanted, with totals. Three statements."""
    counts: dict[Spot, Counts] = {}
    for row in db.execute(_people(wanted)):
        spot = counts.setdefault((row.hub_id, row.month), Counts())
        spot.visits, spot.children, spot.families = row.visits, row.children, row.families
        spot.booked, spot.absent = row.booked, row.absent
    for row in db.execute(_sessions(wanted)):
        spot = counts.setdefault((row.hub_id, row.month), Counts())
        spot.held, spot.called_off, spot.heads = (
            row.held,
            row.called_off,
            0 if wanted.band else int(row.heads),
        )
        spot.places, spot.used = int(row.places), int(row.used)
    return Comparison(wanted, hubs(wanted.hub_ids), counts)


def hubs(ids: frozenset[UUID] | None) -> list[tuple[UUID, str]]:
    """Return the ids and names of hubs, by name."""
    named = select(Hub.id, Hub.name).order_by(Hub.name, Hub.id).limit(500)
    rows = db.execute(named if ids is None else named.where(Hub.id.in_(ids)))
    return [(row.id, row.name) for row in rows]


def first_day() -> date | None:
    """Return the first day for which there is a register."""
    return db.scalar(select(func.min(Attendance.on_date)))


def _people(wanted: Wanted) -> Select[Any]:
    month = _month(Attendance.on_date)
    booked = Attendance.booking_id.is_not(None)
    counted = select(
        Attendance.hub_id,
        month.label("month"),
        func.count().filter(CAME_THEN).label("visits"),
        func.count(distinct(Attendance.person_id)).filter(and_(CAME_THEN, IS_CHILD)).label("children"),
        func.count(distinct(Attendance.household_id)).filter(CAME_THEN).label("families"),
        func.count().filter(and_(booked, _closed())).label("booked"),
        func.count().filter(and_(booked, _closed(), Attendance.mark == Mark.ABSENT)).label("absent"),
    ).where(Attendance.on_date >= wanted.first, Attendance.on_date < wanted.end)
    counted = counted.outerjoin(Register, Register.session_id == Attendance.session_id)
    if wanted.hub_ids is not None:
        counted = counted.where(Attendance.hub_id.in_(wanted.hub_ids))
    if wanted.band:
        counted = counted.where(IS_CHILD, Attendance.age_months.between(*wanted.band.months))
    if wanted.kind:
        of_kind = select(Session.id).join(Activity, Activity.id == Session.activity_id)
        counted = counted.where(Attendance.session_id.in_(of_kind.where(Activity.kind == wanted.kind)))
    return counted.group_by(func.cube(Attendance.hub_id, month))


def _sessions(wanted: Wanted) -> Select[Any]:
    used = _used(wanted).subquery()
    month = _month(Session.on_date)
    planned = Session.standing == SessionStanding.PLANNED
    limit = _by_unit(Session.most_families, Session.most_children, Session.most_adults)
    filled = and_(planned, limit.is_not(None), Register.closed_at.is_not(None))
    counted = (
        select(
            Session.hub_id,
            month.label("month"),
            func.count().filter(and_(planned, Session.ends_at <= now())).label("held"),
            func.count().filter(Session.standing == SessionStanding.CALLED_OFF).label("called_off"),
            func.coalesce(func.sum(Register.adults_counted + Register.children_counted), 0).label("heads"),
            func.coalesce(func.sum(limit).filter(filled), 0).label("places"),
            func.coalesce(
                func.sum(_by_unit(used.c.families, used.c.children, used.c.adults)).filter(filled), 0
            ).label("used"),
        )
        .join(Activity, Activity.id == Session.activity_id)
        .outerjoin(Register, Register.session_id == Session.id)
        .outerjoin(used, used.c.session_id == Session.id)
        .where(Session.on_date >= wanted.first, Session.on_date < wanted.end)
    )
    if wanted.hub_ids is not None:
        counted = counted.where(Session.hub_id.in_(wanted.hub_ids))
    if wanted.kind:
        counted = counted.where(Activity.kind == wanted.kind)
    return counted.group_by(func.cube(Session.hub_id, month))


def _used(wanted: Wanted) -> Select[UUID, int, int, int]:
    """Return how many places each session's comers used, by what a place may be."""
    return (
        select(
            Attendance.session_id,
            func.count(distinct(Attendance.household_id)).label("families"),
            func.count().filter(IS_CHILD).label("children"),
            func.count().filter(~IS_CHILD).label("adults"),
        )
        .where(CAME_THEN, Attendance.on_date >= wanted.first, Attendance.on_date < wanted.end)
        .group_by(Attendance.session_id)
    )


def _by_unit(families: Any, children: Any, adults: Any) -> Any:
    return case(
        (Activity.counted_in == CountedIn.FAMILIES, families),
        (Activity.counted_in == CountedIn.CHILDREN, children),
        else_=adults,
    )


def _closed() -> Any:
    return Register.closed_at.is_not(None)


def _month(day: Any) -> Any:
    return cast(func.date_trunc("month", day), Date)
