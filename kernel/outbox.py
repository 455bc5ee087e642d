"""What must happen, happens: promises written with the change that made them, kept by workers.

PostgreSQL is the queue of record. The queue in Redis is only the wake-up: it may lose everything at any moment.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from random import random
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Index,
    Integer,
    UniqueConstraint,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, aliased, mapped_column

from kernel.clock import now
from kernel.db import NOWHERE, afterwards, db, here, kept, unit_of_work
from kernel.ids import new_id
from kernel.tables import TenantTable

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
WITHDRAWN = "withdrawn"


class Promise(TenantTable):
    """Something that must follow from a change: a message, a reminder at its hour. Carries ids only."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("tenant_id", "dedup_key"),
        Index(
            None,
            "tenant_id",
            "in_bulk",
            "due_at",
            postgresql_where=text("done_at IS NULL AND dead_at IS NULL"),
        ),
        Index(None, "tenant_id", "for_id", postgresql_where=text("for_id IS NOT NULL AND done_at IS NULL")),
        Index(None, "tenant_id", "dead_at", postgresql_where=text("dead_at IS NOT NULL AND done_at IS NULL")),
        {"info": {"dispatch": ("tenant_id", "due_at", "locked_until", "done_at", "dead_at")}},
    )

    topic: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    dedup_key: Mapped[str]
    for_id: Mapped[UUID | None]
    """Whom it is for, when what is due to one person at one time is told together."""
    in_bulk: Mapped[bool] = mapped_column(default=False)
    """One of very many, which nobody is waiting for: everything else goes first."""
    due_at: Mapped[datetime]
    promised_for: Mapped[datetime | None]
    """When it was first due, once it has been put off."""
    attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str | None]


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
_wake: Callable[[UUID], None] = lambda tenant: None  # noqa: E731


def connect(wake: Callable[[UUID], None]) -> None:
    """Bind the outbox to what wakes a worker for a council."""
    global _wake  # noqa: PLW0603
    _wake = wake


def soon() -> None:
    """Have a worker look for what is due as soon as the work under way is kept."""
    tenant = here()
    afterwards(lambda: _wake(tenant))


def keeps(topic: str) -> Callable[[Keeper], Keeper]:
    """Make a function the one that keeps promises of a topic. It gets the ids that were promised, as UUIDs or text.

    It runs in a unit of work of the council and may return a word on what came of it, such as ``"too late"``.
    It can run more than once for one promise, when a worker dies in the middle.
    """

    def register(keeper: Keeper) -> Keeper:
        _keepers[topic] = keeper
        return keeper

    return register


@dataclass(frozen=True)
class Wanted:
    """Something to promise: see ``promise``."""

    topic: str
    key: str
    due_at: datetime | None
    ids: Mapping[str, UUID | str]
    for_id: UUID | None = None
    in_bulk: bool = False


def promise(
    topic: str, *, key: str, due_at: datetime | None = None, for_id: UUID | None = None, in_bulk: bool = False,
    **ids: UUID | str,
) -> None:  # fmt: skip
    """Promise that the topic's keeper will run, once for each key, when due. Promising again moves the hour.

    What was kept already is not done again under the same key; what was taken back can be promised again.
    ``for_id``: whom it tells something, so that what is due to one person at one time can be told together
    (``also_due``). ``in_bulk``: it waits for everything that is not.
    """
    promise_all([Wanted(topic, key, due_at, ids, for_id, in_bulk)])


def promise_all(promises: Collection[Wanted]) -> None:
    """Make several promises, each under a key of its own, in one statement."""
    if not promises:
        return
    moment = now()
    rows = insert(Promise).values(
        [
            {
                "tenant_id": here(),
                "id": new_id(),
                "topic": wanted.topic,
                "payload": {name: str(value) for name, value in wanted.ids.items()},
                "dedup_key": wanted.key,
                "for_id": wanted.for_id,
                "in_bulk": wanted.in_bulk,
                "due_at": wanted.due_at or moment,
                "attempts": 0,
            }
            for wanted in promises
        ]
    )
    db.execute(
        rows.on_conflict_do_update(
            index_elements=["tenant_id", "dedup_key"],
            set_={
                "due_at": rows.excluded.due_at,
                "payload": rows.excluded.payload,
                "for_id": rows.excluded.for_id,
                "done_at": None,
                "outcome": None,
            },
            where=Promise.done_at.is_(None) | (Promise.outcome == WITHDRAWN),
        )
    )
    if any(wanted.due_at is None or wanted.due_at <= moment for wanted in promises):
        tenant = here()
        afterwards(lambda: _wake(tenant))


def withdraw(key: str) -> None:
    """Take back a promise that has not been kept yet."""
    db.execute(
        update(Promise)
        .where(Promise.dedup_key == key, Promise.done_at.is_(None))
        .values(done_at=now(), outcome=WITHDRAWN)
    )


def withdraw_all(
    topic: str, *, for_ids: Collection[UUID], but: Collection[str] = (), **ids: Collection[UUID]
) -> None:
    """Take back what these people were promised of a topic about any of these ids, but for some keys."""
    about = [Promise.payload[name].astext.in_([str(one) for one in those]) for name, those in ids.items()]
    db.execute(
        update(Promise)
        .where(Promise.for_id.in_(for_ids), Promise.topic == topic, Promise.done_at.is_(None), *about)
        .where(Promise.dedup_key.not_in(but))
        .values(done_at=now(), outcome=WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def hand_over(*, before: UUID, after: UUID) -> None:
    """Let what was promised to somebody be for another: two records turned out to be one person."""
    db.execute(
        update(Promise)
        .where(Promise.for_id == before, Promise.done_at.is_(None))
        .values(for_id=after)
        .execution_options(synchronize_session=False)
    )


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
