"""What must happen, happens: promises written with the change that made them, kept by workers.

PostgreSQL is the queue of record. The queue in Redis is only the wake-up: it may lose everything at any moment.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from kernel.clock import now
from kernel.db import afterwards, db, find, here, unit_of_work
from kernel.ids import new_id
from kernel.tables import TenantTable

LEASE = timedelta(minutes=2)
BATCH = 10
TRIES = 12
LONGEST_PAUSE = timedelta(hours=1)


class Promise(TenantTable):
    """Something that must follow from a change: a message, a reminder at its hour. Carries ids only."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("tenant_id", "dedup_key"),
        Index(None, "tenant_id", "due_at", postgresql_where=text("done_at IS NULL AND dead_at IS NULL")),
        {"info": {"dispatch": ("tenant_id", "due_at", "locked_until", "done_at", "dead_at")}},
    )

    topic: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    dedup_key: Mapped[str]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str | None]


class _Claim(NamedTuple):
    id: UUID
    attempts: int


Keeper = Callable[..., str | None]
_keepers: dict[str, Keeper] = {}
_wake: Callable[[UUID], None] = lambda tenant: None  # noqa: E731


def connect(wake: Callable[[UUID], None]) -> None:
    """Bind the outbox to what wakes a worker for a council."""
    global _wake  # noqa: PLW0603
    _wake = wake


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
    ids: dict[str, UUID]


def promise(topic: str, *, key: str, due_at: datetime | None = None, **ids: UUID) -> None:
    """Promise that the topic's keeper will run, once for each key, when due. Promising again moves the hour.

    What was kept already is not done again under the same key.
    """
    promise_all([Wanted(topic, key, due_at, ids)])


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
                "due_at": wanted.due_at or moment,
                "attempts": 0,
            }
            for wanted in promises
        ]
    )
    db.execute(
        rows.on_conflict_do_update(
            index_elements=["tenant_id", "dedup_key"],
            set_={"due_at": rows.excluded.due_at, "payload": rows.excluded.payload},
            where=Promise.done_at.is_(None),
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
        .values(done_at=now(), outcome="withdrawn")
    )


def drain(tenant: UUID) -> int:
    """Keep all promises of the council that are due. Return how many were tried."""
    tried = 0
    while claims := _claim(tenant):
        for claim in claims:
            _keep(tenant, claim)
        tried += len(claims)
    return tried


def _claim(tenant: UUID) -> list[_Claim]:
    with unit_of_work(tenant):
        due = (
            select(Promise.id)
            .where(
                Promise.done_at.is_(None),
                Promise.dead_at.is_(None),
                Promise.due_at <= now(),
                or_(Promise.locked_until.is_(None), Promise.locked_until < now()),
            )
            .order_by(Promise.due_at, Promise.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        ids = db.scalars(due).all()
        if not ids:
            return []
        claimed = db.execute(
            update(Promise)
            .where(Promise.id.in_(ids))
            .values(attempts=Promise.attempts + 1, locked_until=now() + LEASE)
            .returning(Promise.id, Promise.attempts, Promise.due_at)
            .execution_options(synchronize_session=False)
        ).all()
        return [_Claim(row.id, row.attempts) for row in sorted(claimed, key=lambda row: (row.due_at, row.id))]


def _keep(tenant: UUID, claim: _Claim) -> None:
    try:
        with unit_of_work(tenant):
            row = find(Promise, claim.id, lock=True)
            if row.done_at or row.attempts != claim.attempts:
                return
            row.outcome = _keepers[row.topic](**{name: _id(value) for name, value in row.payload.items()})
            row.done_at = now()
    except Exception as failure:  # one poisoned promise must not stop the others
        _put_off(tenant, claim, failure)


def _put_off(tenant: UUID, claim: _Claim, failure: Exception) -> None:
    pause = min(timedelta(seconds=2**claim.attempts), LONGEST_PAUSE) * (1 + random() / 4)
    with unit_of_work(tenant):
        # The kind of failure alone: its text may hold somebody's name or address.
        db.execute(
            update(Promise)
            .where(Promise.id == claim.id, Promise.attempts == claim.attempts)
            .values(
                due_at=now() + pause,
                locked_until=None,
                error=type(failure).__name__,
                dead_at=now() if claim.attempts >= TRIES else None,
            )
        )


def _id(value: str) -> UUID | str:
    try:
        return UUID(value)
    except ValueError:
        return value


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
