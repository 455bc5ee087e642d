"""Hubs, their rooms, opening times and teams."""

from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select

from accounts.models import Account, Membership
from accounts.terms import Role
from hubs.events import PlacesChanged
from hubs.models import Hub, OpeningTime, Room, Session, TeamMember, TimetableEntry
from hubs.queries.showing import still_repeats
from hubs.rules import name_key
from hubs.terms import SessionStanding, Weekday
from kernel import prose
from kernel.clock import now, today
from kernel.db import db, find
from kernel.errors import Refusal, Unacceptable, ensure_known
from kernel.journal import record

HUB_PARTS = ("kind", "area", "also_known_as", "address", "postcode", "phone", "email", "accessibility")


class StillInUse(Refusal):
    """Something is in the timetable and cannot be closed."""

    message = "It is still in the timetable. End its sessions first."


class Opening(NamedTuple):
    """A stretch of a weekday in which a hub is to be open."""

    weekday: Weekday
    starts: time
    ends: time


def add_hub(name: str, **parts: Any) -> Hub:
    """Add a hub or an outreach venue."""
    ensure_known(parts, HUB_PARTS)
    _ensure_free(name)

    hub = Hub(name=name.strip(), name_key=name_key(name), **parts)
    db.add(hub)
    db.flush()
    record(PlacesChanged(subject=hub.id, what="hub added"))
    return hub


def change_hub(hub: Hub, **changes: Any) -> Hub:
    """Change what is known about a hub; what is not named stays."""
    ensure_known(changes, ("name", *HUB_PARTS))
    name = changes.pop("name", hub.name)
    _ensure_free(name, but=hub)

    hub.name, hub.name_key = name.strip(), name_key(name)
    for part, value in changes.items():
        setattr(hub, part, value)
    _tell_if_changed(hub, "hub changed")
    return hub


def close_hub(hub: Hub) -> None:
    """Close a hub for good, once nothing is to happen there."""
    _ensure_unused(Session.hub_id == hub.id, TimetableEntry.hub_id == hub.id, name=hub.name)

    if hub.closed_at is None:
        hub.closed_at = now()
        record(PlacesChanged(subject=hub.id, what="hub closed"))


def reopen_hub(hub: Hub) -> None:
    """Open a hub again that was closed."""
    if hub.closed_at:
        hub.closed_at = None
        record(PlacesChanged(subject=hub.id, what="hub opened again"))


def set_opening_times(hub: Hub, wanted: Iterable[Opening]) -> Hub:
    """Make these the hub's opening times."""
    ordered = sorted(wanted, key=lambda one: (one.weekday.number, one.starts))
    _ensure_in_order(ordered)

    db.execute(delete(OpeningTime).where(OpeningTime.hub_id == hub.id))
    db.add_all(OpeningTime(hub_id=hub.id, weekday=o.weekday, starts=o.starts, ends=o.ends) for o in ordered)
    db.flush()
    db.expire(hub, ["opening_times"])
    record(PlacesChanged(subject=hub.id, what="opening times changed"))
    return hub


def add_room(hub: Hub, name: str, *, people: int | None = None) -> Room:
    """Add a room to a hub."""
    _ensure_room_free(hub.id, name)

    room = Room(hub_id=hub.id, name=name.strip(), people=people)
    db.add(room)
    db.flush()
    db.expire(hub, ["rooms"])
    record(PlacesChanged(subject=room.id, what="room added"))
    return room


def change_room(room: Room, *, name: str, people: int | None) -> Room:
    """Change a room's name and how many people it may hold."""
    _ensure_room_free(room.hub_id, name, but=room)

    room.name, room.people = name.strip(), people
    _tell_if_changed(room, "room changed")
    return room


def close_room(room: Room) -> None:
    """Take a room out of use, once nothing is to happen in it."""
    _ensure_unused(Session.room_id == room.id, TimetableEntry.room_id == room.id, name=room.name)

    if room.closed_at is None:
        room.closed_at = now()
        record(PlacesChanged(subject=room.id, what="room closed"))


def reopen_room(room: Room) -> None:
    """Use a room again that was closed."""
    if room.closed_at:
        room.closed_at = None
        record(PlacesChanged(subject=room.id, what="room opened again"))


def join_team(hub: Hub, account_id: UUID) -> TeamMember:
    """Say that somebody works at a hub, and so sees its families."""
    account = find(Account, account_id)
    ensure_staff(account)
    if member := _member(hub.id, account_id):
        return member

    member = TeamMember(hub_id=hub.id, account_id=account.id)
    db.add(member)
    db.flush()
    record(PlacesChanged(subject=hub.id, what="team member joined"))
    return member


def leave_team(hub: Hub, account_id: UUID) -> None:
    """Say that somebody no longer works at a hub."""
    if member := _member(hub.id, account_id):
        db.delete(member)
        db.flush()
        record(PlacesChanged(subject=hub.id, what="team member left"))


def _ensure_free(name: str, *, but: Hub | None = None) -> None:
    key = name_key(name)
    if not key:
        raise Unacceptable(name="Enter the name of the hub")
    other = db.scalar(select(Hub).where(Hub.name_key == key))
    if other and other is not but:
        closed = " It is closed; you can open it again." if other.closed_at else ""
        raise Unacceptable(name=f"You already have a place called {other.name}.{closed}")


def _ensure_room_free(hub_id: UUID, name: str, *, but: Room | None = None) -> None:
    if not name.strip():
        raise Unacceptable(name="Enter the name of the room")
    same = func.lower(Room.name) == name.strip().lower()
    others = db.scalars(select(Room).where(Room.hub_id == hub_id, same)).all()
    if any(other is not but for other in others):
        raise Unacceptable(name="This hub already has a room with this name")


def _ensure_in_order(ordered: list[Opening]) -> None:
    for one in ordered:
        if one.ends <= one.starts:
            raise Unacceptable(**{one.weekday.value: f"On {one.weekday.label} it must close after it opens"})
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.starts < one.ends:
            label = one.weekday.label
            raise Unacceptable(**{one.weekday.value: f"The opening times on {label} overlap"})


def _ensure_unused(session: ColumnElement[bool], entry: ColumnElement[bool], *, name: str) -> None:
    planned = Session.standing == SessionStanding.PLANNED
    ahead = db.scalar(select(func.count(Session.id)).where(session, planned, Session.starts_at > now())) or 0
    if ahead:
        raise StillInUse(
            f"{name} still has {prose.count(ahead, 'session')} to come. Move them, call them off or end them first."
        )
    if db.scalar(select(func.count(TimetableEntry.id)).where(entry, still_repeats(today()))):
        raise StillInUse(f"{name} is still in the timetable. End its entries first.")


def ensure_staff(account: Account) -> None:
    """Refuse somebody who does not work for the council, or no longer."""
    works = select(Membership.id).where(Membership.account_id == account.id, Membership.role != Role.PARENT)
    if account.disabled_at or db.scalar(works.limit(1)) is None:
        raise Unacceptable(account_id="Choose somebody who works for the council")


def _member(hub_id: UUID, account_id: UUID) -> TeamMember | None:
    return db.scalar(
        select(TeamMember).where(TeamMember.hub_id == hub_id, TeamMember.account_id == account_id)
    )


def _tell_if_changed(row: Hub | Room, what: str) -> None:
    if db.is_modified(row):
        db.flush()
        record(PlacesChanged(subject=row.id, what=what))
