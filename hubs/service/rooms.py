"""Who has a room when: quarter hours of a room, each taken by one session at most."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from hubs.errors import RoomTaken
from hubs.models import Activity, Room, RoomSlot, Session
from hubs.rules import slots
from kernel import prose
from kernel.db import db, here
from kernel.ids import new_id


@dataclass(frozen=True)
class Clash:
    """A session that has a room, or a worker, at a time when another wants them."""

    session_id: UUID | None
    title: str
    starts_at: datetime
    ends_at: datetime

    def __str__(self) -> str:
        """Say which session it is and when: ``Stay and play, Tuesday 3 March 2026, 9:30am to 11am``."""
        return f"{self.title}, {prose.day(self.starts_at)}, {prose.times(self.starts_at, self.ends_at)}"


class Want(NamedTuple):
    """That a session wants a room for a time."""

    session_id: UUID | None
    room_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass
class Occupancy:
    """Which quarter hours of some rooms are taken, and by which session."""

    held: dict[tuple[UUID, datetime], UUID | Clash] = field(default_factory=dict)

    def holders(self, want: Want) -> list[UUID | Clash]:
        """Return the sessions that have the room at some of the time that is wanted."""
        met = (self.held.get((want.room_id, slot)) for slot in slots(want.starts_at, want.ends_at))
        return list(dict.fromkeys(holder for holder in met if holder))

    def claim(self, want: Want, title: str) -> None:
        """Count the room as taken for the time that is wanted."""
        own = Clash(want.session_id, title, want.starts_at, want.ends_at)
        for slot in slots(want.starts_at, want.ends_at):
            self.held[want.room_id, slot] = own


def occupancy(wants: Sequence[Want], *, but: Collection[UUID | None] = ()) -> Occupancy:
    """Return who has the wanted rooms over the days that are wanted, leaving out the sessions ``but``."""
    if not wants:
        return Occupancy()
    first, last = min(want.starts_at for want in wants), max(want.ends_at for want in wants)
    taken = db.execute(
        select(RoomSlot.room_id, RoomSlot.slot_start, RoomSlot.session_id).where(
            RoomSlot.room_id.in_({want.room_id for want in wants}),
            RoomSlot.slot_start >= slots(first, last)[0],
            RoomSlot.slot_start < last,
        )
    )
    return Occupancy({(room, start.astimezone(UTC)): held for room, start, held in taken if held not in but})


def clashes(holders: Iterable[UUID | Clash]) -> dict[UUID | Clash, Clash]:
    """Return the clash that each holder of a room makes: its name and times."""
    every = set(holders)
    found = {holder: holder for holder in every if isinstance(holder, Clash)}
    ids = [holder for holder in every if isinstance(holder, UUID)]
    return found | (sessions_named(ids) if ids else {})


def sessions_named(ids: Collection[UUID]) -> dict[UUID, Clash]:
    """Return sessions by id, with what they are called and when they are."""
    named = (
        select(Session.id, Activity.title, Session.starts_at, Session.ends_at)
        .join(Activity, Activity.id == Session.activity_id)
        .where(Session.id.in_(ids))
    )
    return {row.id: Clash(*row) for row in db.execute(named)}


def names(room_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Return what rooms are called; no room has no name."""
    ids = {room_id for room_id in room_ids if room_id}
    found = db.execute(select(Room.id, Room.name).where(Room.id.in_(ids))) if ids else ()
    return {None: ""} | {row.id: row.name for row in found}


def taken(room: str, by: Clash) -> RoomTaken:
    """Return the refusal that names the other session and its times."""
    return RoomTaken(f"{room} is taken: {by}. Choose another room or another time.")


def take(wants: Sequence[Want]) -> set[UUID]:
    """Take rooms for sessions, and return those that lost theirs to somebody quicker; they hold nothing then.

    The unique key of the quarter hours decides, whatever was looked at before. They are taken in one order by
    everybody, so that two writers wait for each other and never in a circle.
    """
    rows = sorted(
        (want.room_id, slot, want.session_id)
        for want in wants
        for slot in slots(want.starts_at, want.ends_at)
        if want.session_id
    )
    if not rows:
        return set()
    took = insert(RoomSlot).on_conflict_do_nothing().returning(RoomSlot.session_id)
    values = [
        {"tenant_id": here(), "id": new_id(), "room_id": room, "slot_start": slot, "session_id": session}
        for room, slot, session in rows
    ]
    missing = Counter(session for _, _, session in rows)
    missing.subtract(db.scalars(took, values).all())
    lost = {session for session, count in missing.items() if count}
    free(lost)
    return lost


def free(session_ids: Collection[UUID]) -> None:
    """Give back the rooms that sessions have."""
    if session_ids:
        db.execute(
            delete(RoomSlot)
            .where(RoomSlot.session_id.in_(session_ids))
            .execution_options(synchronize_session=False)
        )
