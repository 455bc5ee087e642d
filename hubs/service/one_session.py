"""What is done to one session alone."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from hubs import rules
from hubs.errors import SessionHasBegun, SessionIsCalledOff
from hubs.events import SessionAdded, SessionPlacesChanged
from hubs.models import Activity, Hub, Room, Session
from hubs.rules import Does, Occurrence, Step
from hubs.service import laying
from hubs.service.drafts import Draft, bookings_of, settled
from hubs.service.laying import LIMITS
from hubs.service.plans import Plan
from hubs.service.rooms import taken
from hubs.terms import SessionStanding
from kernel.clock import now, today, wall
from kernel.db import db, find
from kernel.errors import Unacceptable, ensure_known
from kernel.journal import record

MOVABLE = ("on_date", "starts", "ends", "room_id")


def add_session(
    *, hub_id: UUID, activity_id: UUID, room_id: UUID | None = None, on_date: date, starts: time, ends: time,
    **places: int | None,
) -> Session:  # fmt: skip
    """Add a session of its own, from today on; places (``most_families``…) as the activity has them unless given."""
    hub, activity, _ = find_place(hub_id, activity_id, room_id)
    if on_date < today():
        raise Unacceptable(on_date="Enter a date that is today or later")
    wanted = _occurrence(on_date, starts, ends)
    step = Step(does=Does.ADD, reason="It is added by itself.", wanted=wanted, room_id=room_id)

    done = laying.carry_out([_draft(hub, activity, step)])
    for left_out in done.left_out:
        raise taken(left_out.reason.partition(" is taken")[0], left_out.clashes[0])
    session = find(Session, done.add[0].session_id or hub_id)
    _set_places(session, places)
    db.flush()
    record(SessionAdded(subject=session.id, hub=hub.id))
    return session


def preview_move(session: Session, changes: Mapping[str, Any]) -> Plan:
    """Return what giving one session another time or room would do."""
    return settled([_move(session, changes)])


def move(session: Session, changes: Mapping[str, Any]) -> Plan:
    """Give one session another time or room; the timetable then leaves it be. RoomTaken when it does not fit."""
    session = find(Session, session.id, lock=True)
    plan = laying.carry_out([_move(session, changes)])
    if not plan.is_empty:
        session.changed_by_hand_at = now()
        db.flush()
    return plan


def change_places(session: Session, **places: int | None) -> None:
    """Give one session other limits: ``most_families``, ``most_children``, ``most_adults``; None is no limit."""
    session = find(Session, session.id, lock=True)
    ensure_to_come(session)

    _set_places(session, places)
    if db.is_modified(session):
        db.flush()
        record(SessionPlacesChanged(subject=session.id))


def call_off(session: Session, because: str) -> None:
    """Call a session off that has not begun; ``because`` is told to its families. It is never deleted."""
    session = find(Session, session.id, lock=True)
    ensure_to_come(session)
    if not because.strip():
        raise Unacceptable(because="Say why the session is called off. Families are told this.")

    laying.call_off(session, because.strip())


def ensure_to_come(session: Session) -> None:
    """Refuse a session that has begun or was called off."""
    if session.standing == SessionStanding.CALLED_OFF:
        raise SessionIsCalledOff
    if session.starts_at <= now():
        raise SessionHasBegun


def find_place(hub_id: UUID, activity_id: UUID, room_id: UUID | None) -> tuple[Hub, Activity, Room | None]:
    """Return the hub, the activity and the room of something new, or refuse what is closed or does not fit."""
    hub, activity = find(Hub, hub_id), find(Activity, activity_id)
    if hub.closed_at:
        raise Unacceptable(hub_id=f"{hub.name} is closed")
    if activity.ended_at:
        raise Unacceptable(activity_id=f"{activity.title} is no longer offered")
    return hub, activity, find_room(hub, room_id)


def find_room(hub: Hub, room_id: UUID | None) -> Room | None:
    """Return a room of the hub that is in use; no room is one too."""
    if room_id is None:
        return None
    room = find(Room, room_id)
    if room.hub_id != hub.id or room.closed_at:
        raise Unacceptable(room_id=f"Choose a room of {hub.name} that is in use")
    return room


def _move(session: Session, changes: Mapping[str, Any]) -> Draft:
    ensure_known(changes, MOVABLE)
    ensure_to_come(session)
    starts, ends = wall(session.starts_at), wall(session.ends_at)
    wanted = _occurrence(
        changes.get("on_date", session.on_date),
        changes.get("starts", starts.time()),
        changes.get("ends", ends.time()),
    )
    room = changes.get("room_id", session.room_id)
    if room != session.room_id:
        find_room(session.hub, room)
    if wanted.starts_at <= now():
        raise Unacceptable(on_date="Choose a time that has not passed yet")
    booked = bookings_of([session.id]).get(session.id, 0)
    steps = rules.move_one(session, wanted, room_id=room, bookings=booked)
    return Draft(hub=session.hub, activity=session.activity, entry_id=None, steps=steps)


def _occurrence(day: date, starts: time, ends: time) -> Occurrence:
    if ends <= starts:
        raise Unacceptable(ends="The end time must be after the start time")
    return rules.occurrence(day, starts, ends)


def _draft(hub: Hub, activity: Activity, step: Step) -> Draft:
    return Draft(hub=hub, activity=activity, entry_id=None, steps=rules.Plan((step,)))


def _set_places(session: Session, places: Mapping[str, int | None]) -> None:
    ensure_known(places, LIMITS)
    for limit, most in places.items():
        if most is not None and not 1 <= most <= 1000:
            raise Unacceptable(
                **{limit: "Enter a number between 1 and 1,000, or leave it empty for no limit"}
            )
        setattr(session, limit, most)
