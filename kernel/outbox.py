"""What must happen, happens: promises written with the change that made them, kept by workers.

PostgreSQL is the queue of record. The queue in Redis is only the wake-up: it may lose everything at any moment.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from math import inf
from random import random
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.orm import Session

from kernel.claims import (
    KEPT,
    Claim,
    begin,
    came_of_it,
    claim_next,
    due_by,
    first_hour,
    give_back,
    put_off,
    put_off_together,
)
from kernel.clock import now
from kernel.db import NOWHERE, db, kept, several, unit_of_work
from kernel.errors import place_of
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
    "KEPT", "WITHDRAWN", "Promise", "Wanted", "connect", "hand_over", "promise", "promise_all", "soon", "withdraw",
    "withdraw_all",
]  # fmt: skip

BATCH_SECONDS = 1
"""How long a few that were claimed together are kept before we look again what is due: the urgent goes before them."""
SLICE = 200
"""How many promises of one council are kept before another council that waits has its turn."""
SLICE_SECONDS = 20
"""How long one council's promises are kept in one job: less than a deployment waits."""
TRIES = 20
"""How often something is tried, over nine hours or more: whoever carries messages may be away for a night."""
DEADLY = "WorkerDied"
"""The failure of what was begun so often and never came to an end: whoever kept it died each time."""
LONGEST_PAUSE = timedelta(hours=1)
log = structlog.get_logger()


class NotYet(Exception):
    """Raised by a keeper: this is to be kept later, and nothing is wrong. ``on_time``: nor is it late then."""

    def __init__(self, until: datetime, why: str, *, on_time: bool = False) -> None:
        super().__init__(why)
        self.until, self.why, self.on_time = until, why, on_time


class _Keeping(NamedTuple):
    claim: Claim
    memory: dict[Any, Any]
    together: list[UUID]


_keeping: ContextVar[_Keeping | None] = ContextVar("keeping", default=None)


Keeper = Callable[..., str | None]
Reader = Callable[[Sequence[Mapping[str, Any]]], object]
_keepers: dict[str, Keeper] = {}
_readers: dict[str, Reader] = {}


def keeps(topic: str) -> Callable[[Keeper], Keeper]:
    """Make a function the one that keeps promises of a topic. It gets the ids that were promised, as UUIDs or text.

    It runs in a unit of work of the council and may return a word on what came of it, such as ``"too late"``.
    It can run more than once for one promise, when a worker dies in the middle.
    """

    def register(keeper: Keeper) -> Keeper:
        _keepers[topic] = keeper
        return keeper

    return register


def reads_ahead(*topics: str) -> Callable[[Reader], Reader]:
    """Make a function the one that reads at once what a few promises of these topics need that are kept in a row.

    It gets what each says to its keeper. The rows that it reads and leaves in ``memory`` are there for the keepers, at
    most ``BATCH_SECONDS`` old. So the keepers of these topics must only read what they have not locked.
    """

    def register(reader: Reader) -> Reader:
        for topic in topics:
            _readers[topic] = reader
        return reader

    return register


def what(topic: str) -> str:
    """Return what keeping a promise of a topic does, as its keeper says: ``Remind the family of the session``."""
    keeper = _keepers.get(topic)
    told = (keeper.__doc__ or "") if keeper else ""
    return told.partition("\n")[0].removesuffix(".") or topic


def attempt() -> int:
    """Return which attempt to keep a promise is under way: 1 for the first, also where no promise is being kept."""
    keeping = _keeping.get()
    return keeping.claim.attempts if keeping else 1


def under_way() -> UUID | None:
    """Return the id of the promise that is being kept, or None."""
    keeping = _keeping.get()
    return keeping.claim.id if keeping else None


def lateness() -> timedelta:
    """Return how long after its hour the promise under way is being kept."""
    keeping = _keeping.get()
    return max(now() - keeping.claim.due_at, timedelta()) if keeping else timedelta()


def memory() -> dict[Any, Any]:
    """Return what is remembered from one promise to the next of a few that are kept in a row: what a council has set.

    What was read ahead is there too. Nothing is remembered where no promise is being kept.
    """
    keeping = _keeping.get()
    return keeping.memory if keeping else {}


def drain(tenant: UUID, *, at_most: float = inf, seconds: float = inf) -> int:
    """Keep the council's promises that are due, those in bulk last. Return how many were tried.

    Stops after ``at_most``, or so many seconds, so that other councils have their turn.
    """
    tried, until = 0, monotonic() + seconds
    while tried < at_most and monotonic() < until and (claims := claim_next(tenant)):
        tried += _keep_in_a_row(tenant, claims, until)
    return tried


def _keep_in_a_row(tenant: UUID, claims: Sequence[Claim], until: float = inf) -> int:
    """Keep a few promises, but for a short while only; return how many were tried. The others are let go of."""
    over = min(until, monotonic() + BATCH_SECONDS)
    with several() as shared:
        remembered = _read_ahead(tenant, claims, shared)
        for number, claim in enumerate(claims):
            if number and monotonic() >= over:
                give_back(tenant, claims[number:])
                return number
            _keep(tenant, claim, remembered, shared)
    return len(claims)


_ALSO_DUE = kept(
    select(Promise)
    .where(
        Promise.for_id == bindparam("for_id"),
        Promise.topic.in_(bindparam("topics", expanding=True)),
        Promise.id != bindparam("own"),
        *due_by(),
    )
    .order_by(Promise.due_at, Promise.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)


def also_due(for_id: UUID, topics: Collection[str], *, limit: int = 20) -> Sequence[Promise]:
    """Return what else of these topics is due to somebody now, locked: whoever tells it now calls ``keep_with``."""
    keeping = _keeping.get()
    if keeping and not keeping.claim.not_alone:
        return []
    told = {"for_id": for_id, "topics": list(topics), "now": now(), "limit": limit}
    return db.scalars(_ALSO_DUE, told | {"own": keeping.claim.id if keeping else NOWHERE}).all()


def ids_of(row: Any) -> dict[str, Any]:
    """Return what a promise says to its keeper."""
    return {name: read_id(value) for name, value in row.payload.items()}


def _read_ahead(tenant: UUID, claims: Sequence[Claim], shared: Session) -> dict[Any, Any]:
    """Read at once what a few promises need; return what is remembered of it."""
    remembered: dict[Any, Any] = {}
    wanted: dict[Reader, list[Claim]] = {}
    for claim in claims:
        if reader := _readers.get(claim.topic):
            wanted.setdefault(reader, []).append(claim)
    for reader, those in wanted.items():
        try:
            with _at_work(_Keeping(those[0], remembered, [])), unit_of_work(tenant, among=shared):
                reader([ids_of(claim) for claim in those])
        except Exception as failure:  # whatever it stumbles over, the keeper of that one will find, too
            log.warning("not read ahead", kind=type(failure).__name__, where=place_of(failure))
    return remembered


@contextmanager
def _at_work(keeping: _Keeping) -> Iterator[None]:
    token = _keeping.set(keeping)
    try:
        yield
    finally:
        _keeping.reset(token)


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


def _keep(tenant: UUID, claim: Claim, remembered: dict[Any, Any], shared: Session) -> None:
    if claim.attempts > TRIES:
        put_off(tenant, claim, claim.due_at, error=DEADLY, dead_at=now())
        return
    together: list[UUID] = []
    try:
        with unit_of_work(tenant, among=shared if claim.topic in _readers else None):
            row = begin(claim)
            if row is None:
                return
            with _at_work(_Keeping(claim, remembered, together)):
                outcome = _keepers[row.topic](**ids_of(row))
            came_of_it(claim, outcome)
    except NotYet as wish:
        put_off(
            tenant, claim, wish.until,
            outcome=wish.why, error=None, attempts=claim.attempts - 1,
            promised_for=wish.until if wish.on_time else first_hour(),
        )  # fmt: skip
        put_off_together(tenant, together, wish.until)
    except Exception as failure:  # one poisoned promise must not stop the others
        _put_off_failed(tenant, claim, failure, together)


def _put_off_failed(tenant: UUID, claim: Claim, failure: Exception, together: Collection[UUID]) -> None:
    # The kind of failure and its place alone: its text may hold somebody's name or address.
    kind = type(failure).__name__
    log.warning(
        "promise failed", topic=claim.topic, council=str(tenant), promise=str(claim.id), attempt=claim.attempts,
        kind=kind, where=place_of(failure),
    )  # fmt: skip
    again_at = now() + min(timedelta(seconds=2**claim.attempts), LONGEST_PAUSE) * (1 + random() / 4)
    put_off(
        tenant, claim, again_at, error=kind, promised_for=first_hour(),
        dead_at=now() if claim.attempts >= TRIES else None,
    )  # fmt: skip
    put_off_together(tenant, together, again_at)


def unkept(tenant_limit: int = 1000) -> Any:
    """Return the statement that tells the dispatcher which councils have work due. It runs outside every council."""
    return (
        select(Promise.tenant_id)
        .where(
            *due_by(moment=func.now()),
            or_(Promise.locked_until.is_(None), Promise.locked_until < func.now()),
        )
        .distinct()
        .limit(tenant_limit)
    )
