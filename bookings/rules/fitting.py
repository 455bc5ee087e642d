"""What fits into a session, and whose turn it is.

A party takes room as one family, so many children, so many adults and so many people, of every limit at once.

Those who wait are served strictly in the order in which they began. A party for which the free places are too few is
passed over and keeps its place, at most ``MOST_SKIPS`` times: from then on nobody gets a place before it does. A
newcomer stands behind everybody who waits, and passing them counts in the same way. A party that would not fit even
an empty session (its limits have shrunk) holds nobody up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from typing import NamedTuple
from uuid import UUID

from hubs.models import Session
from hubs.terms import CountedIn

MOST_SKIPS = 3


class Party(NamedTuple):
    """How many adults and children come together."""

    adults: int
    children: int


@dataclass(frozen=True)
class Taken:
    """What is taken of a session."""

    families: int = 0
    children: int = 0
    adults: int = 0
    people: int = 0

    def __add__(self, party: Party) -> "Taken":
        """Return what is taken when the party comes too."""
        return self._with(party, 1)

    def __sub__(self, party: Party) -> "Taken":
        """Return what is taken when the party does not come."""
        return self._with(party, -1)

    def _with(self, party: Party, sign: int) -> "Taken":
        return Taken(
            self.families + sign,
            self.children + sign * party.children,
            self.adults + sign * party.adults,
            self.people + sign * (party.children + party.adults),
        )


@dataclass(frozen=True)
class Limits:
    """The most that may come, of each kind; None is no limit. All of them hold at once."""

    families: int | None = None
    children: int | None = None
    adults: int | None = None
    people: int | None = None

    @classmethod
    def of(cls, session: Session) -> "Limits":
        """Return the limits of a session, with those of its room."""
        room = session.room.people if session.room else None
        return cls(session.most_families, session.most_children, session.most_adults, room)


@dataclass(frozen=True)
class RoomLeft:
    """What is left of each limit of a session; None where there is no limit.

    ``told`` is the figure that families are told (in the unit ``counted_in``), ``waiting`` how many parties wait,
    ``full`` whether a limit is reached, so that families as they usually come do not fit.
    """

    families: int | None
    children: int | None
    adults: int | None
    people: int | None
    waiting: int = 0
    told: int | None = None
    full: bool = False

    def as_full(self) -> "RoomLeft":
        """Return the same with no room."""
        return replace(self, told=0, full=True, waiting=0)


class Waiter(NamedTuple):
    """A party that waits, and how often somebody was served before it who began later."""

    id: UUID
    party: Party
    skipped: int = 0


class Move(NamedTuple):
    """That a waiting party is offered places, and which parties were passed over for it."""

    offered: Waiter
    passed: tuple[Waiter, ...]


def fit(limits: Limits, taken: Taken, party: Party) -> bool:
    """Say whether the party fits in beside those who have places, within every limit."""
    then = astuple(taken + party)
    return all(most is None or many <= most for most, many in zip(astuple(limits), then, strict=True))


def next_turns(limits: Limits, taken: Taken, queue: Sequence[Waiter]) -> list[Move]:
    """Return who is offered places now, in order, and who is passed over each time."""
    moves: list[Move] = []
    passed: list[Waiter] = []
    for waiter in _who_can_ever_come(limits, queue):
        if fit(limits, taken, waiter.party):
            moves.append(Move(waiter, tuple(passed)))
            taken += waiter.party
            passed = [once_more(p) for p in passed]
        else:
            passed.append(waiter)
        if any(p.skipped >= MOST_SKIPS for p in passed):
            break
    return moves


def passed_by_newcomer(limits: Limits, queue: Sequence[Waiter]) -> tuple[Waiter, ...] | None:
    """Return whom a newcomer who fits would pass, or None when somebody has been passed often enough.

    Everybody who waits has had their turn just before: who waits still does not fit.
    """
    waiting = tuple(_who_can_ever_come(limits, queue))
    return None if any(w.skipped >= MOST_SKIPS for w in waiting) else waiting


def room_left(limits: Limits, taken: Taken, *, counted_in: CountedIn, waiting: int = 0) -> RoomLeft:
    """Return what is left, as families are told it."""
    families, children, adults, people = (
        None if most is None else max(0, most - many)
        for most, many in (
            (limits.families, taken.families),
            (limits.children, taken.children),
            (limits.adults, taken.adults),
            (limits.people, taken.people),
        )
    )
    told = {CountedIn.FAMILIES: families, CountedIn.CHILDREN: children, CountedIn.ADULTS: adults}[counted_in]
    if told is None:
        told = next((some for some in (families, children, adults, people) if some is not None), None)
    left = (families, children, adults, people)
    return RoomLeft(*left, waiting, told, full=0 in left)


def once_more(waiter: Waiter) -> Waiter:
    """Return the waiter as passed over once more."""
    return waiter._replace(skipped=waiter.skipped + 1)


def _who_can_ever_come(limits: Limits, queue: Iterable[Waiter]) -> Iterator[Waiter]:
    return (waiter for waiter in queue if fit(limits, Taken(), waiter.party))
