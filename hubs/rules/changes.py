"""What a change of the timetable does to the sessions that are laid out already."""
# ruff: noqa: D102 - what a protocol asks for says itself

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from hubs.rules.recurrence import Intent, Occurrence, PlainIntent, Skip, Window, week_of
from hubs.terms import SessionStanding
from kernel import prose
from kernel.london import wall

QUARTER = timedelta(minutes=15)
NOTHING: Mapping[Any, int] = {}


class Laid(Protocol):
    """A session that is laid out; a row of ``sessions`` is one."""

    @property
    def id(self) -> Hashable: ...
    @property
    def entry_date(self) -> date | None: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def room_id(self) -> Hashable | None: ...
    @property
    def standing(self) -> SessionStanding: ...
    @property
    def changed_by_hand_at(self) -> datetime | None: ...


L = TypeVar("L", bound=Laid)


class Does(StrEnum):
    """What a step of a plan does to a session."""

    ADD = "add"
    MOVE = "move"
    REMOVE = "remove"
    CALL_OFF = "call_off"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that a change does, why, and how many bookings it touches."""

    does: Does
    reason: str
    session: Laid | None = None
    wanted: Occurrence | None = None
    room_id: Hashable | None = None
    bookings: int = 0

    @property
    def day(self) -> date:
        """Return the day that this is about: the new one when there is one."""
        if self.wanted:
            return self.wanted.day
        assert self.session is not None
        return wall(self.session.starts_at).date()


@dataclass(frozen=True)
class Plan:
    """All that a change does, in the order of days."""

    steps: tuple[Step, ...] = ()

    def of(self, *those: Does) -> tuple[Step, ...]:
        """Return the steps that do one of those things."""
        return tuple(step for step in self.steps if step.does in those)

    @property
    def changes(self) -> tuple[Step, ...]:
        """Return the steps that change something; what is kept is only told."""
        return self.of(Does.ADD, Does.MOVE, Does.REMOVE, Does.CALL_OFF)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to do."""
        return not self.changes

    @property
    def bookings_touched(self) -> int:
        """Return how many bookings are moved or called off."""
        return sum(step.bookings for step in self.changes)

    def summary(self) -> str:
        """Say in one sentence what would happen."""
        counts = [(len(self.of(does)), words) for does, words in _SAID.items()]
        parts = [
            f"{count} {'session' if count == 1 else 'sessions'} {words}" for count, words in counts if count
        ]
        if not parts:
            return "Nothing changes."
        touched = self.bookings_touched
        tail = f" {touched} {'booking is' if touched == 1 else 'bookings are'} affected." if touched else ""
        return f"{', '.join(parts)}.{tail}"


_SAID = {Does.ADD: "added", Does.MOVE: "moved", Does.REMOVE: "removed", Does.CALL_OFF: "called off"}


def plan(
    laid: Iterable[Laid],
    wanted: Iterable[Occurrence],
    *,
    window: Window,
    now: datetime,
    room_id: Hashable | None = None,
    bookings: Mapping[Any, int] = NOTHING,
    skipped: Iterable[Skip] = (),
) -> Plan:
    """Return what must happen to one entry's sessions within the window, so that they are as wanted from now on.

    What has begun is never touched, nor is what was changed by hand; a session with bookings is called off rather
    than removed. To plan again after the plan was carried out gives nothing to do.
    """
    relevant = sorted((s for s in laid if s.entry_date and s.entry_date in window), key=_in_order)
    begun = {s.entry_date for s in relevant if s.starts_at <= now}
    ahead = [s for s in relevant if s.starts_at > now]
    still = [w for w in sorted(wanted) if w.day in window and w.starts_at > now and w.day not in begun]
    why = {skip.day: skip.reason for skip in skipped}

    steps = [
        step
        for session, occurrence in _matched(ahead, still)
        if (step := _step(session, occurrence, room_id, bookings, why))
    ]
    return Plan(tuple(sorted(steps, key=lambda step: (step.day, step.does))))


def _in_order(session: Laid) -> tuple[date, datetime, str]:
    return session.entry_date or date.min, session.starts_at, str(session.id)


def _matched(
    ahead: Sequence[Laid], still: Sequence[Occurrence]
) -> Iterator[tuple[Laid | None, Occurrence | None]]:
    """Pair each session with the occurrence that it is: of its day, or else of its week, for a weekday can change."""
    by_day = {w.day: w for w in still}
    left: list[Laid] = []
    for session in ahead:
        if occurrence := by_day.pop(session.entry_date or date.min, None):
            yield session, occurrence
        else:
            left.append(session)
    for session in left:
        day = next((d for d in by_day if week_of(d) == week_of(session.entry_date or date.min)), None)
        yield session, by_day.pop(day) if day else None
    yield from ((None, occurrence) for occurrence in by_day.values())


def _step(
    session: Laid | None,
    wanted: Occurrence | None,
    room_id: Hashable | None,
    bookings: Mapping[Any, int],
    why: Mapping[date, str],
) -> Step | None:
    if session is None:
        assert wanted is not None
        return Step(does=Does.ADD, reason="The timetable now has it.", wanted=wanted, room_id=room_id)
    booked = bookings.get(session.id, 0)
    as_wanted = wanted is not None and _is_as(session, wanted, room_id)
    called_off = session.standing == SessionStanding.CALLED_OFF
    if as_wanted != called_off and (as_wanted or wanted is None):
        return None
    if kept := _reason_to_keep(session, wanted):
        return Step(does=Does.KEEP, reason=kept, session=session, bookings=booked)
    if wanted:
        reason = _how_it_moves(session, wanted, room_id)
        return Step(
            does=Does.MOVE, reason=reason, session=session, wanted=wanted, room_id=room_id, bookings=booked
        )
    reason = why.get(session.entry_date or date.min, "It is no longer in the timetable.")
    return Step(
        does=Does.CALL_OFF if booked else Does.REMOVE, reason=reason, session=session, bookings=booked
    )


def move_one(session: Laid, wanted: Occurrence, *, room_id: Hashable | None, bookings: int = 0) -> Plan:
    """Return what gives one session alone another time or room; nothing when it is so already."""
    if (session.starts_at, session.ends_at, session.room_id) == (wanted.starts_at, wanted.ends_at, room_id):
        return Plan()
    reason = _how_it_moves(session, wanted, room_id)
    step = Step(
        does=Does.MOVE, reason=reason, session=session, wanted=wanted, room_id=room_id, bookings=bookings
    )
    return Plan((step,))


def _is_as(session: Laid, wanted: Occurrence, room_id: Hashable | None) -> bool:
    return (session.entry_date, session.starts_at, session.ends_at, session.room_id) == (
        wanted.day,
        wanted.starts_at,
        wanted.ends_at,
        room_id,
    )


def _reason_to_keep(session: Laid, wanted: Occurrence | None) -> str | None:
    if session.standing == SessionStanding.CALLED_OFF:
        return "It was called off, and stays so."
    if session.changed_by_hand_at and wanted:
        return "It was changed on its own, so it stays as it is. Change it by hand if it should follow."
    if session.changed_by_hand_at:
        return "The timetable no longer has it, but it was changed on its own, so it stays. Call it off if needed."
    return None


def _how_it_moves(session: Laid, wanted: Occurrence, room_id: Hashable | None) -> str:
    was, will = _said(session.starts_at, session.ends_at), _said(wanted.starts_at, wanted.ends_at)
    if was != will:
        return f"It moves from {was} to {will}{'' if session.room_id == room_id else ', in another room'}."
    return "It moves to another room." if session.room_id != room_id else "It keeps its time."


def _said(starts_at: datetime, ends_at: datetime) -> str:
    starts, ends = wall(starts_at), wall(ends_at)
    return f"{prose.day(starts.date())}, {prose.times(starts.time(), ends.time())}"


def split(intent: Intent, changed: Intent, *, from_day: date) -> tuple[PlainIntent, PlainIntent]:
    """Return the entry as it was until the day before, and the changed one from that day's week on.

    The fortnight is still counted from the week of that day, and a weekday that is earlier in the week still falls
    in that week.
    """
    begins = from_day if changed.weekday.number >= from_day.weekday() else week_of(from_day)
    ended = replace(_plain(intent), last_date=from_day - timedelta(days=1))
    return ended, replace(_plain(changed), first_date=begins)


def _plain(intent: Intent) -> PlainIntent:
    return PlainIntent(
        weekday=intent.weekday,
        starts=intent.starts,
        ends=intent.ends,
        first_date=intent.first_date,
        every_weeks=intent.every_weeks,
        last_date=intent.last_date,
        term_time_only=intent.term_time_only,
        not_on_bank_holidays=intent.not_on_bank_holidays,
    )


def following(laid: Iterable[L], *, from_day: date) -> list[L]:
    """Return the sessions that "this and following" is about."""
    return [session for session in laid if session.entry_date and session.entry_date >= from_day]


def slots(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the quarter hours that a session takes of its room, in order, in UTC."""
    starts, ends = _quarters(starts_at, ends_at)
    return [starts + n * QUARTER for n in range((ends - starts) // QUARTER)]


def _quarters(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Round a time outward to quarter hours."""
    starts = starts_at - timedelta(
        minutes=starts_at.minute % 15, seconds=starts_at.second, microseconds=starts_at.microsecond
    )
    return starts, starts + -(-(ends_at - starts) // QUARTER) * QUARTER


class Placed(Protocol):
    """Something that takes a room for a time."""

    @property
    def room_id(self) -> Hashable | None: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


P = TypeVar("P", bound=Placed)
S = TypeVar("S", bound="Shift")


@dataclass(frozen=True)
class Use:
    """The use of a room that a plan would make."""

    room_id: Hashable | None
    starts_at: datetime
    ends_at: datetime


def uses(steps: Plan) -> list[Use]:
    """Return the rooms and times that a plan would take."""
    return [
        Use(step.room_id, step.wanted.starts_at, step.wanted.ends_at)
        for step in steps.of(Does.ADD, Does.MOVE)
        if step.wanted and step.room_id is not None
    ]


def room_clashes(uses: Iterable[P], others: Iterable[P] = ()) -> list[tuple[P, P]]:
    """Return the pairs that want one room in one quarter of an hour, one of them at least among the first."""
    own = list(uses)
    mine = {id(use) for use in own}
    everyone = sorted(
        (use for use in [*own, *others] if use.room_id is not None),
        key=lambda use: (str(use.room_id), _quarters(use.starts_at, use.ends_at)[0]),
    )
    return [
        (one, other)
        for n, one in enumerate(everyone)
        for other in _until(everyone[n + 1 :], one)
        if id(one) in mine or id(other) in mine
    ]


def _until(later: Iterable[P], one: P) -> Iterator[P]:
    """Go through what starts later in the same room, until it starts after this one ended."""
    ends = _quarters(one.starts_at, one.ends_at)[1]
    for other in later:
        if other.room_id != one.room_id or _quarters(other.starts_at, other.ends_at)[0] >= ends:
            return
        yield other


class Shift(Protocol):
    """That somebody works at a session."""

    @property
    def person_id(self) -> Hashable: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def in_two_places(shifts: Iterable[S]) -> list[tuple[S, S]]:
    """Return the pairs of shifts that ask one person to be at two sessions at once."""
    ordered = sorted(shifts, key=lambda shift: (str(shift.person_id), shift.starts_at))
    pairs = []
    for n, one in enumerate(ordered):
        for other in ordered[n + 1 :]:
            if other.person_id != one.person_id or other.starts_at >= one.ends_at:
                break
            pairs.append((one, other))
    return pairs
