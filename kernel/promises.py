"""Promises: rows that say what must follow from a change, written in its transaction."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from kernel.clock import now
from kernel.db import afterwards, db, here
from kernel.ids import new_id
from kernel.tables import TenantTable

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


_wake: Callable[[UUID], None] = lambda tenant: None  # noqa: E731


def connect(wake: Callable[[UUID], None]) -> None:
    """Bind the outbox to what wakes a worker for a council."""
    global _wake  # noqa: PLW0603
    _wake = wake


def soon() -> None:
    """Have a worker look for what is due as soon as the work under way is kept."""
    tenant = here()
    afterwards(lambda: _wake(tenant))


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
                "dead_at": None,
                "error": None,
                "promised_for": None,
                # Whoever may have taken a message before is asked first.
                "attempts": func.least(Promise.attempts, 1),
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


def hand_over(*, before: UUID, after: UUID, **ids: UUID) -> None:
    """Let what was promised to somebody be for another: all of it, or what is about these ids."""
    about = [Promise.payload[name].astext == str(one) for name, one in ids.items()]
    db.execute(
        update(Promise)
        .where(Promise.for_id == before, Promise.done_at.is_(None), *about)
        .values(for_id=after)
        .execution_options(synchronize_session=False)
    )
