"""Doing to sessions what a plan says, in few statements however many they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from hubs.events import SessionCalledOff, SessionMoved
from hubs.models import Session
from hubs.rules import Does
from hubs.service import rooms
from hubs.service.drafts import Draft, settled, without_room
from hubs.service.plans import LeftOut, Line, Plan
from hubs.service.rooms import Want
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db, here
from kernel.ids import new_id
from kernel.journal import record

LIMITS = ("most_families", "most_children", "most_adults")
GONE = "It is no longer in our timetable."


def carry_out(drafts: Sequence[Draft], *, because: str = "") -> Plan:
    """Do what the drafts say, and return what was done. RoomTaken when a session cannot move to where it should."""
    plan = settled(drafts)
    for line in plan.clashes:
        raise rooms.taken(line.room, line.clashes[0])

    _remove([line.session_id for line in plan.remove if line.session_id], because or GONE)
    _call_off(plan.call_off, because)
    _move(plan.move)
    added, left_out = _add(plan.add, {draft.entry_id: draft for draft in drafts})
    others = (line for line in plan.lines if line.does != Does.ADD)
    return Plan((*others, *added), (*plan.left_out, *left_out))


def call_off(session: Session, because: str) -> None:
    """Call off a session that is locked, give its room back, and say so."""
    session.standing = SessionStanding.CALLED_OFF
    session.called_off_at = now()
    session.called_off_because = because
    rooms.free([session.id])
    db.flush()
    record(SessionCalledOff(subject=session.id))


def _remove(ids: Sequence[UUID], because: str) -> None:
    """Delete sessions, with their rooms and shifts. One that families had booked once is called off instead."""
    if not ids or _deleted(ids):
        return
    for one in ids:
        if not _deleted([one]):
            call_off(_loaded([one])[0], because)


def _deleted(ids: Sequence[UUID]) -> bool:
    try:
        with db.begin_nested():
            db.execute(
                delete(Session).where(Session.id.in_(ids)).execution_options(synchronize_session="fetch")
            )
    except IntegrityError:
        return False
    return True


def _loaded(ids: Collection[UUID]) -> Sequence[Session]:
    if not ids:
        return ()
    return db.scalars(select(Session).where(Session.id.in_(ids)).order_by(Session.id)).all()


def _call_off(lines: Iterable[Line], because: str) -> None:
    reasons = {line.session_id: line.reason for line in lines if line.session_id}
    for session in _loaded(reasons.keys()):
        call_off(session, because or reasons[session.id])


def _move(lines: Iterable[Line]) -> None:
    by_id = {line.session_id: line for line in lines if line.session_id}
    sessions = _loaded(by_id.keys())
    rooms.free(by_id.keys())
    for session in sessions:
        line = by_id[session.id]
        session.starts_at, session.ends_at, session.room_id = line.starts_at, line.ends_at, line.room_id
        session.on_date = line.day
        if line.entry_id:
            session.entry_id, session.entry_date = line.entry_id, line.day
    db.flush()
    _take([Want(s.id, s.room_id, s.starts_at, s.ends_at) for s in sessions if s.room_id])
    for session in sessions:
        record(SessionMoved(subject=session.id))


def _take(wants: Sequence[Want]) -> None:
    lost = rooms.take(wants)
    for want in wants:
        if want.session_id in lost:
            raise rooms.taken(rooms.names([want.room_id])[want.room_id], _quicker(want))


def _quicker(want: Want) -> rooms.Clash:
    """Return the session that took the room between the look and the leap."""
    return next(iter(rooms.clashes(rooms.occupancy([want]).holders(want)).values()))


def _add(lines: Iterable[Line], drafts: Mapping[UUID | None, Draft]) -> tuple[list[Line], list[LeftOut]]:
    """Insert sessions with their rooms; those that lost theirs at the last moment are left out."""
    made = [
        replace(line, session_id=new_id())
        for line in sorted(lines, key=lambda line: (str(line.entry_id), line.starts_at))
    ]
    if not made:
        return [], []
    inserted = insert(Session).on_conflict_do_nothing().returning(Session.id)
    there = set(db.scalars(inserted, [_values(line, drafts[line.entry_id]) for line in made]))
    made = [line for line in made if line.session_id in there]
    wants = {line.session_id: want for line in made if (want := _want(line))}
    lost = rooms.take(list(wants.values()))
    left_out = [
        replace(line, clashes=(_quicker(wants[line.session_id]),)) for line in made if line.session_id in lost
    ]
    if lost:
        db.execute(delete(Session).where(Session.id.in_(lost)).execution_options(synchronize_session=False))
    return [line for line in made if line.session_id not in lost], [without_room(line) for line in left_out]


def _want(line: Line) -> Want | None:
    return Want(line.session_id, line.room_id, line.starts_at, line.ends_at) if line.room_id else None


def _values(line: Line, draft: Draft) -> dict[str, object]:
    return {
        "tenant_id": here(),
        "id": line.session_id,
        "entry_id": line.entry_id,
        "entry_date": line.day if line.entry_id else None,
        "activity_id": draft.activity.id,
        "hub_id": draft.hub.id,
        "room_id": line.room_id,
        "on_date": line.day,
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        **{limit: getattr(draft.activity, limit) for limit in LIMITS},
    }
