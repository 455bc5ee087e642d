"""What must happen, happens: promises written with the change that made them, kept by workers.

PostgreSQL is the queue of record. The queue in Redis is only the wake-up: it may lose everything at any moment.
"""

from collections.abc import Callable, Collection, Sequence
from contextvars import ContextVar, Token
from datetime import datetime, timedelta
from itertools import takewhile
from random import random
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, literal, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from kernel.clock import now
from kernel.db import NOWHERE, db, kept, unit_of_work
from kernel.promises import (
    WITHDRAWN,
    Promise,
    Wanted,
    connect,
    hand_over,
    promise,
    promise_all,
    soon,
    withdraw,
    withdraw_all,
)

__all__ = [
    "WITHDRAWN", "Promise", "Wanted", "connect", "hand_over", "promise", "promise_all", "soon", "withdraw",
    "withdraw_all",
]  # fmt: skip

LEASE = timedelta(seconds=15)
"""How long a claim is kept for a worker that has not begun with it. One that is under way is locked, however long."""
BATCH = 20
BATCH_SECONDS = 1
"""How long a few that were claimed together are kept before we look again what is due: the urgent goes before them."""
SLICE = 200
"""How many promises of one council are kept before another council has its turn."""
SLICE_SECONDS = 20
"""How long one council's promises are kept before another council has its turn: less than a deployment waits."""
TRIES = 12
SUSPECT = 2
"""After so many attempts a promise is claimed alone."""
DEADLY = "WorkerDied"
"""The failure of what was begun so often and never came to an end: whoever kept it died each time."""
LONGEST_PAUSE = timedelta(hours=1)


class NotYet(Exception):
    """Raised by a keeper: this is to be kept later, and nothing is wrong. ``on_time``: nor is it late then."""

    def __init__(self, until: datetime, why: str, *, on_time: bool = False) -> None:
        super().__init__(why)
        self.until, self.why, self.on_time = until, why, on_time


class _Claim(NamedTuple):
    id: UUID
    attempts: int
    due_at: datetime
    """When it was first due."""


class _Keeping(NamedTuple):
    id: UUID
    attempt: int
    due_at: datetime
    memory: dict[Any, Any]
    key: str
    together: list[UUID]


_keeping: ContextVar[_Keeping | None] = ContextVar("keeping", default=None)


Keeper = Callable[..., str | None]
_keepers: dict[str, Keeper] = {}


def keeps(topic: str) -> Callable[[Keeper], Keeper]:
    """Make a function the one that keeps promises of a topic. It gets the ids that were promised, as UUIDs or text.

    It runs in a unit of work of the council and may return a word on what came of it, such as ``"too late"``.
    It can run more than once for one promise, when a worker dies in the middle.
    """

    def register(keeper: Keeper) -> Keeper:
        _keepers[topic] = keeper
        return keeper

    return register


def attempt() -> int:
    """Return which attempt to keep a promise is under way: 1 for the first, also where no promise is being kept."""
    keeping = _keeping.get()
    return keeping.attempt if keeping else 1


def key() -> str:
    """Return the key of the promise under way; nothing where no promise is being kept."""
    keeping = _keeping.get()
    return keeping.key if keeping else ""


def lateness() -> timedelta:
    """Return how long after its hour the promise under way is being kept."""
    keeping = _keeping.get()
    return max(now() - keeping.due_at, timedelta()) if keeping else timedelta()


def memory() -> dict[Any, Any]:
    """Return what is remembered from one promise to the next of a few that are kept in a row: settings, not people.

    Nothing is remembered where no promise is being kept.
    """
    keeping = _keeping.get()
    return keeping.memory if keeping else {}


def drain(tenant: UUID, *, at_most: int | None = None, seconds: float | None = None) -> int:
    """Keep the council's promises that are due, those in bulk last. Return how many were tried.

    Stops after ``at_most``, or so many seconds, so that other councils have their turn.
    """
    tried, until = 0, monotonic() + seconds if seconds is not None else None
    while (at_most is None or tried < at_most) and (claims := _claim(tenant)):
        remembered: dict[Any, Any] = {}
        begun = monotonic()
        for number, claim in enumerate(claims):
            moment = monotonic()
            if until is not None and moment >= until:
                _give_back(tenant, claims[number:])
                return tried
            if number and moment - begun >= BATCH_SECONDS:
                _give_back(tenant, claims[number:])
                break
            _keep(tenant, claim, remembered)
            tried += 1
    return tried


_ALSO_DUE = kept(
    select(Promise)
    .where(
        Promise.for_id == bindparam("for_id"),
        Promise.topic.in_(bindparam("topics", expanding=True)),
        Promise.id != bindparam("own"),
        Promise.done_at.is_(None),
        Promise.dead_at.is_(None),
        Promise.due_at <= bindparam("now"),
    )
    .order_by(Promise.due_at, Promise.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)


def also_due(for_id: UUID, topics: Collection[str], *, limit: int = 20) -> Sequence[Promise]:
    """Return what else of these topics is due to somebody now, locked: whoever tells it now calls ``keep_with``."""
    keeping = _keeping.get()
    told = {"for_id": for_id, "topics": list(topics), "now": now(), "limit": limit}
    return db.scalars(_ALSO_DUE, told | {"own": keeping.id if keeping else NOWHERE}).all()


def ids_of(row: Any) -> dict[str, Any]:
    """Return what a promise says to its keeper."""
    return {name: read_id(value) for name, value in row.payload.items()}


def read_id(value: str) -> UUID | str:
    """Return an id as it stands in a promise, or the word that stands there instead of one."""
    try:
        return UUID(value)
    except ValueError:
        return value


def keep_with(row: Promise, outcome: str) -> None:
    """Note that a promise is kept together with the one under way: if that must wait, so must this."""
    row.done_at, row.outcome = now(), outcome
    if keeping := _keeping.get():
        keeping.together.append(row.id)


def _claim(tenant: UUID) -> list[_Claim]:
    """Claim the next few; alone what was claimed a few times already, for it may be what ended those workers."""
    with unit_of_work(tenant):
        moment = now()
        for in_bulk in (False, True):
            due = db.execute(_NEXT, {"in_bulk": in_bulk, "now": moment}).all()
            if due:
                break
        else:
            return []
        together = [row.id for row in takewhile(lambda row: row.attempts < SUSPECT, due)]
        claimed = db.execute(
            update(Promise)
            .where(Promise.id.in_(together or [due[0].id]))
            .values(attempts=Promise.attempts + 1, locked_until=moment + LEASE)
            .returning(Promise.id, Promise.attempts, Promise.due_at, _first_hour().label("first_due_at"))
            .execution_options(synchronize_session=False)
        ).all()
        in_order = sorted(claimed, key=lambda row: (row.due_at, row.id))
        return [_Claim(row.id, row.attempts, row.first_due_at) for row in in_order]


def _first_hour() -> Any:
    return func.coalesce(Promise.promised_for, Promise.due_at)


def _next() -> Any:
    """Return the statement for the next few that are due. What is due to one person goes in order, one at a time.

    A confirmation that another worker has in its hands is not overtaken by the cancellation.
    """
    earlier = aliased(Promise)
    goes_before = (
        select(literal(1))
        .where(
            earlier.for_id == Promise.for_id,
            earlier.in_bulk == Promise.in_bulk,
            earlier.done_at.is_(None),
            earlier.dead_at.is_(None),
            earlier.due_at <= bindparam("now"),
            tuple_(earlier.due_at, earlier.id) < tuple_(Promise.due_at, Promise.id),
        )
        .exists()
    )
    return kept(
        select(Promise.id, Promise.attempts)
        .where(
            Promise.in_bulk == bindparam("in_bulk"),
            Promise.done_at.is_(None),
            Promise.dead_at.is_(None),
            Promise.due_at <= bindparam("now"),
            or_(Promise.locked_until.is_(None), Promise.locked_until < bindparam("now")),
            ~goes_before,
        )
        .order_by(Promise.due_at, Promise.id)
        .limit(BATCH)
        .with_for_update(of=Promise, skip_locked=True)
    )


_NEXT = _next()
_CLAIMED = kept(
    select(Promise.topic, Promise.payload, Promise.dedup_key, Promise.attempts, Promise.done_at)
    .where(Promise.id == bindparam("promise"))
    .with_for_update()
)
_DONE = kept(
    update(Promise)
    .where(Promise.id == bindparam("promise"))
    .values(done_at=bindparam("at"), outcome=bindparam("came_of_it"))
    .execution_options(synchronize_session=False)
)


def _keep(tenant: UUID, claim: _Claim, remembered: dict[Any, Any] | None = None) -> None:
    if claim.attempts > TRIES:
        _put_off(tenant, claim, claim.due_at, error=DEADLY, dead_at=now())
        return
    token: Token[_Keeping | None] | None = None
    together: list[UUID] = []
    try:
        with unit_of_work(tenant):
            row = db.execute(_CLAIMED, {"promise": claim.id}).one()
            if row.done_at or row.attempts != claim.attempts:
                return
            memory = {} if remembered is None else remembered
            token = _keeping.set(
                _Keeping(claim.id, claim.attempts, claim.due_at, memory, row.dedup_key, together)
            )
            outcome = _keepers[row.topic](**ids_of(row))
            db.execute(_DONE, {"promise": claim.id, "at": now(), "came_of_it": outcome})
    except NotYet as wish:
        _put_off(
            tenant, claim, wish.until,
            outcome=wish.why, error=None, attempts=claim.attempts - 1,
            promised_for=wish.until if wish.on_time else _first_hour(),
        )  # fmt: skip
        _put_off_together(tenant, together, wish.until)
    except Exception as failure:  # one poisoned promise must not stop the others
        pause = min(timedelta(seconds=2**claim.attempts), LONGEST_PAUSE) * (1 + random() / 4)
        # The kind of failure alone: its text may hold somebody's name or address.
        _put_off(
            tenant, claim, now() + pause, error=type(failure).__name__, promised_for=_first_hour(),
            dead_at=now() if claim.attempts >= TRIES else None,
        )  # fmt: skip
        _put_off_together(tenant, together, now() + pause)
    finally:
        if token:
            _keeping.reset(token)


def _put_off_together(tenant: UUID, ids: Collection[UUID], until: datetime) -> None:
    """Let what was told together be tried together again: whoever carries it may have taken all of it."""
    if not ids:
        return
    with unit_of_work(tenant):
        db.execute(
            update(Promise)
            .where(Promise.id.in_(ids), Promise.done_at.is_(None), Promise.dead_at.is_(None))
            .values(due_at=until, promised_for=_first_hour(), attempts=func.greatest(Promise.attempts, 1))
            .execution_options(synchronize_session=False)
        )


def _give_back(tenant: UUID, claims: Sequence[_Claim]) -> None:
    """Let go of claims that were not begun with."""
    with unit_of_work(tenant):
        for claim in claims:
            db.execute(
                update(Promise)
                .where(Promise.id == claim.id, Promise.attempts == claim.attempts, Promise.done_at.is_(None))
                .values(attempts=claim.attempts - 1, locked_until=None)
                .execution_options(synchronize_session=False)
            )


def _put_off(tenant: UUID, claim: _Claim, until: datetime, **noted: Any) -> None:
    with unit_of_work(tenant):
        db.execute(
            update(Promise)
            .where(Promise.id == claim.id, Promise.attempts == claim.attempts, Promise.done_at.is_(None))
            .values(due_at=until, locked_until=None, **noted)
        )


def unkept(tenant_limit: int = 1000) -> Any:
    """Return the statement that tells the dispatcher which councils have work due. It runs outside every council."""
    return (
        select(Promise.tenant_id)
        .where(
            Promise.done_at.is_(None),
            Promise.dead_at.is_(None),
            Promise.due_at <= func.now(),
            or_(Promise.locked_until.is_(None), Promise.locked_until < func.now()),
        )
        .distinct()
        .limit(tenant_limit)
    )
