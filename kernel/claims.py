"""Claims: which promises a worker has in its hands, and letting go of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, literal, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from kernel.clock import now
from kernel.db import db, here, kept, unit_of_work
from kernel.promises import Promise

LEASE = timedelta(seconds=15)
"""How long a claim is kept for a worker that has not begun with it. One that is under way is locked, however long."""
BATCH = 20
SUSPECT = 2
"""After so many attempts a promise is claimed alone."""
_NOW: Any = bindparam("now")
KEPT = "sent"
"""What comes of most promises: noted when one is begun with, so that only another word is a statement of its own."""


class Claim(NamedTuple):
    """A promise that a worker has in its hands, as it was when it was claimed."""

    id: UUID
    attempts: int
    due_at: datetime
    """When it was first due."""
    topic: str
    payload: Mapping[str, Any]
    not_alone: bool
    """Whether more is due to the same person."""


def due_by(row: Any = Promise, *, moment: Any = _NOW) -> tuple[Any, ...]:
    """Return the conditions that a promise is due at a moment and open."""
    return row.done_at.is_(None), row.dead_at.is_(None), row.due_at <= moment


def first_hour() -> Any:
    """Return the column that says when a promise was first due."""
    return func.coalesce(Promise.promised_for, Promise.due_at)


def claim_next(tenant: UUID) -> list[Claim]:
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
            .returning(
                Promise.id,
                Promise.attempts,
                Promise.due_at,
                Promise.topic,
                Promise.payload,
                Promise.for_id,
                first_hour().label("first_due_at"),
            )
            .execution_options(synchronize_session=False)
        ).all()
        in_order = sorted(claimed, key=lambda row: (row.due_at, row.id))
        more = _with_more([row.id for row in claimed], {row.for_id for row in claimed if row.for_id}, moment)
        return [
            Claim(row.id, row.attempts, row.first_due_at, row.topic, row.payload, row.for_id in more)
            for row in in_order
        ]


def _with_more(
    claimed: Collection[UUID], people: Collection[UUID], moment: datetime
) -> Collection[UUID | None]:
    """Return those of these people to whom more is due than what was claimed."""
    if not people:
        return ()
    return db.scalars(_MORE, {"people": list(people), "claimed": list(claimed), "now": moment}).all()


_MORE = kept(
    select(Promise.for_id)
    .where(
        Promise.for_id.in_(bindparam("people", expanding=True)),
        Promise.id.not_in(bindparam("claimed", expanding=True)),
        *due_by(),
    )
    .distinct()
)


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
            *due_by(earlier),
            tuple_(earlier.due_at, earlier.id) < tuple_(Promise.due_at, Promise.id),
        )
        .exists()
    )
    return kept(
        select(Promise.id, Promise.attempts)
        .where(
            Promise.in_bulk == bindparam("in_bulk"),
            *due_by(),
            or_(Promise.locked_until.is_(None), Promise.locked_until < bindparam("now")),
            ~goes_before,
        )
        .order_by(Promise.due_at, Promise.id)
        .limit(BATCH)
        .with_for_update(of=Promise, skip_locked=True)
    )


_NEXT = _next()
_outbox = cast(Table, Promise.__table__)
_BEGIN = (
    update(_outbox)
    .where(
        _outbox.c.tenant_id == bindparam("council"),
        _outbox.c.id == bindparam("promise"),
        _outbox.c.attempts == bindparam("attempt"),
        _outbox.c.done_at.is_(None),
        _outbox.c.due_at <= bindparam("at"),
    )
    .values(done_at=bindparam("at"), outcome=KEPT)
    .returning(_outbox.c.topic, _outbox.c.payload)
)
_CAME_OF_IT = (
    update(_outbox)
    .where(_outbox.c.tenant_id == bindparam("council"), _outbox.c.id == bindparam("promise"))
    .values(outcome=bindparam("came_of_it"))
)


def begin(claim: Claim) -> Any:
    """Note in the unit of work under way that a promise is kept, and return what it says; None when it is not ours.

    Nor is one that was promised for a later hour since it was claimed. Its row is locked until that work ends, however
    long it takes: nobody else begins with it.
    """
    told = {"council": here(), "promise": claim.id, "attempt": claim.attempts, "at": now()}
    return db.execute(_BEGIN, told).first()


def came_of_it(claim: Claim, outcome: str | None) -> None:
    """Note what came of a promise that was begun with."""
    if outcome != KEPT:
        db.execute(_CAME_OF_IT, {"council": here(), "promise": claim.id, "came_of_it": outcome})


def put_off_together(tenant: UUID, ids: Collection[UUID], until: datetime) -> None:
    """Let what was told together be tried together again: whoever carries it may have taken all of it."""
    if not ids:
        return
    with unit_of_work(tenant):
        db.execute(
            update(Promise)
            .where(Promise.id.in_(ids), Promise.done_at.is_(None), Promise.dead_at.is_(None))
            .values(due_at=until, promised_for=first_hour(), attempts=func.greatest(Promise.attempts, 1))
            .execution_options(synchronize_session=False)
        )


def give_back(tenant: UUID, claims: Sequence[Claim]) -> None:
    """Let go of claims that were not begun with."""
    with unit_of_work(tenant):
        ours = [(claim.id, claim.attempts) for claim in claims]
        db.execute(
            update(Promise)
            .where(tuple_(Promise.id, Promise.attempts).in_(ours), Promise.done_at.is_(None))
            .values(attempts=Promise.attempts - 1, locked_until=None)
            .execution_options(synchronize_session=False)
        )


def put_off(tenant: UUID, claim: Claim, until: datetime, **noted: Any) -> None:
    """Let a claimed promise be due later, or never again; ``noted``: what else is written in its row."""
    with unit_of_work(tenant):
        db.execute(
            update(Promise)
            .where(Promise.id == claim.id, Promise.attempts == claim.attempts, Promise.done_at.is_(None))
            .values(due_at=until, locked_until=None, **noted)
        )
