"""What is to happen to the sessions of the timetable, brought together with who has the rooms."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from hubs import rules
from hubs.models import Activity, Hub
from hubs.rules import Does, Skip, Step
from hubs.service import rooms
from hubs.service.plans import LeftOut, Line, Plan
from hubs.service.rooms import Clash, Occupancy, Want

Counting = Callable[[Collection[UUID]], Mapping[UUID, int]]
"""Takes ids of sessions, returns how many live bookings (waiting ones too) each has; one without may be absent."""
_countings: list[Counting] = []


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to happen to the sessions of one entry, or to one session that has none."""

    hub: Hub
    activity: Activity
    entry_id: UUID | None
    steps: rules.Plan
    skipped: tuple[Skip, ...] = ()


def counts_bookings(counting: Counting) -> Counting:
    """Make a function of an upper context tell the timetable how many live bookings sessions have."""
    if counting not in _countings:
        _countings.append(counting)
    return counting


def bookings_of(session_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many live bookings each session has."""
    total = Counter[UUID]()
    if session_ids:
        for counting in _countings:
            total.update(counting(session_ids))
    return total


def settled(drafts: Sequence[Draft]) -> Plan:
    """Return the drafts as one plan: a session that finds its room taken is left out, or its move said to clash."""
    every = [(draft, step) for draft in drafts for step in draft.steps.steps]
    holders = _holders(every)
    clashes = rooms.clashes(holder for some in holders.values() for holder in some)
    names = rooms.names(_room_of(step) for _, step in every)

    lines: list[Line] = []
    left_out = [_skipped(draft, skip) for draft in drafts for skip in draft.skipped]
    for draft, step in every:
        met = tuple(clashes[holder] for holder in holders.get(id(step), ()) if holder in clashes)
        line = replace(_line(draft, step, names), clashes=met)
        if met and line.does == Does.ADD:
            left_out.append(without_room(line))
        else:
            lines.append(line)
    return Plan(tuple(sorted(lines, key=_in_order)), tuple(sorted(left_out, key=lambda left: left.day)))


def without_room(line: Line) -> LeftOut:
    """Return the day that stays out because the room of an added session is taken."""
    return LeftOut(
        activity=line.activity,
        hub=line.hub,
        day=line.day,
        reason=f"{line.room} is taken: {line.clashes[0]}.",
        clashes=line.clashes,
        entry_id=line.entry_id,
    )


def _holders(every: Sequence[tuple[Draft, Step]]) -> dict[int, list[UUID | Clash]]:
    """Return who has the room that each step wants. A step whose room is free has it from then on."""
    leaving = {_session_id(step) for _, step in every if step.does != Does.KEEP} - {None}
    wanting = [
        (draft, step, want) for draft, step in sorted(every, key=_moves_first) if (want := _want(step))
    ]
    occupancy = rooms.occupancy([want for _, _, want in wanting], but=leaving)
    return {id(step): _held(occupancy, want, draft) for draft, step, want in wanting}


def _held(occupancy: Occupancy, want: Want, draft: Draft) -> list[UUID | Clash]:
    if holders := occupancy.holders(want):
        return holders
    occupancy.claim(want, draft.activity.title)
    return []


def _want(step: Step) -> Want | None:
    if step.wanted is None or step.room_id is None or step.does not in (Does.ADD, Does.MOVE):
        return None
    room_id = cast(UUID, step.room_id)
    return Want(_session_id(step), room_id, step.wanted.starts_at, step.wanted.ends_at)


def _session_id(step: Step) -> UUID | None:
    return cast(UUID, step.session.id) if step.session else None


def _times(step: Step) -> tuple[datetime, datetime]:
    at = step.wanted or step.session
    assert at
    return at.starts_at, at.ends_at


def _room_of(step: Step) -> UUID | None:
    return cast("UUID | None", step.room_id if step.wanted or not step.session else step.session.room_id)


def _moves_first(one: tuple[Draft, Step]) -> tuple[bool, datetime, str]:
    draft, step = one
    return step.does == Does.ADD, _times(step)[0], str(draft.entry_id)


def _line(draft: Draft, step: Step, names: Mapping[UUID | None, str]) -> Line:
    starts_at, ends_at = _times(step)
    was = (step.session.starts_at, step.session.ends_at) if step.session and step.wanted else None
    return Line(
        does=step.does,
        activity=draft.activity.title,
        hub=draft.hub.name,
        room=names[_room_of(step)],
        room_id=_room_of(step),
        starts_at=starts_at,
        ends_at=ends_at,
        was=was,
        reason=step.reason,
        bookings=step.bookings,
        session_id=_session_id(step),
        entry_id=draft.entry_id,
    )


def _skipped(draft: Draft, skip: Skip) -> LeftOut:
    return LeftOut(
        activity=draft.activity.title,
        hub=draft.hub.name,
        day=skip.day,
        reason=skip.reason,
        entry_id=draft.entry_id,
    )


def _in_order(line: Line) -> tuple[datetime, str, str]:
    return line.starts_at, line.activity, str(line.session_id)
