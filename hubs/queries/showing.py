"""What pages show of hubs and of what is on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm.attributes import set_committed_value

from accounts.models import Account, Membership
from accounts.terms import Role
from hubs.models import (
    Activity,
    Hub,
    ImportRun,
    OpeningTime,
    Room,
    Session,
    Shift,
    TeamMember,
    TimetableEntry,
    Upload,
)
from hubs.terms import SessionStanding, ShiftPart
from kernel.clock import at_wall_time
from kernel.db import db, find
from kernel.errors import NotFound

MOST_SESSIONS = 2000
MOST_HUBS = 500


def open_hub(hub_id: UUID) -> Hub:
    """Return a hub that families may be shown, or raise NotFound."""
    hub = find(Hub, hub_id)
    if hub.closed_at:
        raise NotFound("hub")
    return hub


def open_hubs(*, area: str = "", words: str = "") -> Sequence[Any]:
    """Return the open hubs of an area whose name, address or area holds the words, by area and name."""
    wanted = select(
        Hub.id, Hub.name, Hub.kind, Hub.area, Hub.also_known_as, Hub.address, Hub.postcode, Hub.phone
    ).where(Hub.closed_at.is_(None))
    if area:
        wanted = wanted.where(Hub.area == area)
    for word in words.split()[:6]:
        pattern = f"%{_escaped(word)}%"
        told = (Hub.name, Hub.also_known_as, Hub.area, Hub.address, Hub.postcode)
        wanted = wanted.where(or_(*(column.ilike(pattern, escape="\\") for column in told)))
    return db.execute(wanted.order_by(func.lower(Hub.area), Hub.name, Hub.id).limit(MOST_HUBS)).all()


def with_opening_times(hubs: Sequence[Hub]) -> Sequence[Hub]:
    """Return the hubs with their opening times read, in one statement for all."""
    found: dict[UUID, list[OpeningTime]] = {hub.id: [] for hub in hubs}
    mine = select(OpeningTime).where(OpeningTime.hub_id.in_(found))
    for one in db.scalars(mine.order_by(OpeningTime.starts, OpeningTime.id)):
        found[one.hub_id].append(one)
    for hub in hubs:
        set_committed_value(hub, "opening_times", found[hub.id])
    return hubs


def areas() -> Sequence[str]:
    """Return the areas in which there are open hubs, in order."""
    wanted = select(Hub.area).where(Hub.closed_at.is_(None), Hub.area != "").distinct()
    return db.scalars(wanted.order_by(Hub.area).limit(MOST_HUBS)).all()


def all_hubs(ids: Collection[UUID] | None) -> Sequence[Hub]:
    """Return hubs, closed ones last: those with the ids, or all."""
    wanted = select(Hub).order_by(Hub.closed_at.is_not(None), Hub.name, Hub.id).limit(MOST_HUBS)
    return db.scalars(wanted if ids is None else wanted.where(Hub.id.in_(ids))).all()


def activities(*, ended: bool = False) -> Sequence[Activity]:
    """Return what the council offers, by name, with what it no longer does when that is wanted."""
    wanted = (
        select(Activity).order_by(Activity.ended_at.is_not(None), Activity.title, Activity.id).limit(2000)
    )
    return db.scalars(wanted if ended else wanted.where(Activity.ended_at.is_(None))).all()


def rooms(hub_id: UUID) -> Sequence[Room]:
    """Return the rooms of a hub that are in use, by name."""
    mine = select(Room).where(Room.hub_id == hub_id, Room.closed_at.is_(None))
    return db.scalars(mine.order_by(Room.name, Room.id).limit(200)).all()


def team(hub_id: UUID) -> Sequence[Any]:
    """Return who works at a hub (id, name, email), by name."""
    wanted = select(Account.id, Account.name, Account.email).join(
        TeamMember, TeamMember.account_id == Account.id
    )
    mine = wanted.where(TeamMember.hub_id == hub_id, Account.disabled_at.is_(None))
    return db.execute(mine.order_by(Account.name, Account.id).limit(500)).all()


def staff() -> Sequence[Any]:
    """Return who works for the council (id, name), by name."""
    held = select(Membership.account_id).where(Membership.role != Role.PARENT)
    wanted = select(Account.id, Account.name).where(Account.id.in_(held), Account.disabled_at.is_(None))
    return db.execute(wanted.order_by(Account.name, Account.id).limit(1000)).all()


def could_join(hub_id: UUID) -> Sequence[Any]:
    """Return the staff (id, name) who are not in a hub's team, by name."""
    there = {member.id for member in team(hub_id)}
    return [person for person in staff() if person.id not in there]


def sessions_between(first: date, last: date, *, hub_ids: Collection[UUID] | None = None) -> Sequence[Any]:
    """Return what is on from one day to another, both included, at all hubs or at some, in order of time."""
    begins, ends = _bounds(first, last)
    wanted = _shown().where(Session.starts_at >= begins, Session.starts_at < ends)
    if hub_ids is not None:
        wanted = wanted.where(Session.hub_id.in_(hub_ids))
    return db.execute(wanted.order_by(Session.starts_at, Hub.name, Session.id).limit(MOST_SESSIONS)).all()


def entries(hub_ids: Collection[UUID] | None, *, on: date) -> Sequence[Any]:
    """Return what repeats at some hubs or at all from a day on: by hub, weekday and time."""
    wanted = (
        select(
            *(getattr(TimetableEntry, name) for name in _ENTRY),
            Activity.title,
            Hub.name.label("hub"),
            Room.name.label("room"),
        )
        .join(Activity, Activity.id == TimetableEntry.activity_id)
        .join(Hub, Hub.id == TimetableEntry.hub_id)
        .outerjoin(Room, Room.id == TimetableEntry.room_id)
        .where(still_repeats(on))
    )
    if hub_ids is not None:
        wanted = wanted.where(TimetableEntry.hub_id.in_(hub_ids))
    found = db.execute(
        wanted.order_by(Hub.name, TimetableEntry.starts, TimetableEntry.id).limit(MOST_SESSIONS)
    ).all()
    return sorted(found, key=lambda entry: (entry.hub, entry.weekday.number))


def still_repeats(on: date) -> ColumnElement[bool]:
    """Return what holds for entries of the timetable that have not had their last day."""
    open_ended = TimetableEntry.last_date.is_(None) & TimetableEntry.ended_at.is_(None)
    return or_(TimetableEntry.last_date >= on, open_ended)


_ENTRY = (
    "id", "hub_id", "weekday", "starts", "ends", "every_weeks", "first_date", "last_date", "term_time_only",
    "not_on_bank_holidays",
)  # fmt: skip


def next_sessions(entry_id: UUID, *, after: datetime, limit: int = 12) -> Sequence[Any]:
    """Return the next sessions of an entry of the timetable, in order of time."""
    wanted = _shown().where(Session.entry_id == entry_id, Session.starts_at > after)
    return db.execute(wanted.order_by(Session.starts_at, Session.id).limit(limit)).all()


def staffing(session_ids: Collection[UUID]) -> Mapping[UUID, list[Any]]:
    """Return who leads and who helps at each of the sessions: those who lead first, then by name."""
    found: dict[UUID, list[Any]] = {}
    if not session_ids:
        return found
    wanted = select(Shift.session_id, Shift.part, Account.id, Account.name).join(
        Account, Account.id == Shift.account_id
    )
    wanted = wanted.where(Shift.session_id.in_(session_ids))
    for row in db.execute(wanted.order_by(Shift.part != ShiftPart.LEADS, Account.name, Account.id)):
        found.setdefault(row.session_id, []).append(row)
    return found


def listed_sessions(
    *,
    hub_id: UUID | None = None,
    activity_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    standing: SessionStanding | None = None,
) -> Any:
    """Return the statement that lists sessions, in order of time."""
    wanted = _shown().order_by(Session.starts_at, Session.id)
    for column, value in (
        (Session.hub_id, hub_id),
        (Session.activity_id, activity_id),
        (Session.standing, standing),
    ):
        wanted = wanted.where(column == value) if value is not None else wanted
    wanted = wanted.where(Session.on_date >= first) if first else wanted
    return wanted.where(Session.on_date <= last) if last else wanted


def shown_session(session_id: UUID) -> Any:
    """Return a session as it is shown, or raise NotFound."""
    if found := db.execute(_shown().where(Session.id == session_id)).first():
        return found
    raise NotFound("session")


def listed_entries(hub_ids: Collection[UUID] | None, *, hub_id: UUID | None = None) -> Any:
    """Return the statement that lists entries of the timetable, ended ones too."""
    wanted = select(TimetableEntry).order_by(TimetableEntry.hub_id, TimetableEntry.starts, TimetableEntry.id)
    wanted = wanted.where(TimetableEntry.hub_id == hub_id) if hub_id else wanted
    return wanted if hub_ids is None else wanted.where(TimetableEntry.hub_id.in_(hub_ids))


def uploads() -> Sequence[Any]:
    """Return the files that were sent of late, the newest first."""
    wanted = (
        select(
            Upload.id,
            Upload.name,
            Upload.kind,
            Upload.uploaded_at,
            Upload.applied_at,
            Account.name.label("who"),
        )
        .outerjoin(Account, Account.id == Upload.uploaded_by)
        .order_by(Upload.uploaded_at.desc(), Upload.id.desc())
    )
    return db.execute(wanted.limit(20)).all()


def import_runs(upload_id: UUID) -> Sequence[ImportRun]:
    """Return the imports of a file, the newest first."""
    mine = select(ImportRun).where(ImportRun.upload_id == upload_id)
    return db.scalars(mine.order_by(ImportRun.asked_at.desc(), ImportRun.id.desc()).limit(20)).all()


def _shown() -> Any:
    return (
        select(
            Session.id,
            Session.starts_at,
            Session.ends_at,
            Session.on_date,
            Session.standing,
            Session.called_off_because,
            Session.hub_id,
            Session.activity_id,
            Session.room_id,
            Session.entry_id,
            Session.most_families,
            Session.most_children,
            Session.most_adults,
            Activity.title,
            Activity.mode,
            Activity.price_pence,
            Activity.age_from_months,
            Activity.age_to_months,
            Hub.name.label("hub"),
            Room.name.label("room"),
        )
        .join(Activity, Activity.id == Session.activity_id)
        .join(Hub, Hub.id == Session.hub_id)
        .outerjoin(Room, Room.id == Session.room_id)
    )


def _bounds(first: date, last: date) -> tuple[datetime, datetime]:
    midnight = datetime.min.time()
    return at_wall_time(first, midnight), at_wall_time(last + timedelta(days=1), midnight)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
