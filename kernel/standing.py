"""How a council's outbox stands, for those who run the house; and trying again what was set aside or did not arrive."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, select, true, union_all, update

from kernel.chores import CHORES
from kernel.claims import first_hour
from kernel.clock import at_wall_time, now, today, wall
from kernel.db import db, find
from kernel.errors import Refusal
from kernel.outbox import WITHDRAWN, Promise, soon

FORGOTTEN = "forgotten"
_FIRST_HOUR = first_hour()
_OPEN = (Promise.done_at.is_(None), Promise.dead_at.is_(None))
_DEAD = (Promise.done_at.is_(None), Promise.dead_at.is_not(None))


class NotSetAside(Refusal):
    """Somebody else was quicker."""

    message = "This is not set aside any more: somebody has had it tried again, or has given it up."


class Failures(NamedTuple):
    """How many promises of a topic failed in one way."""

    topic: str
    error: str
    dead: bool
    """Set aside, or to be tried again."""
    number: int


class Standing(NamedTuple):
    """How many promises of a council wait, and for how long."""

    waiting: int
    """Promised and not kept, now due or later."""
    due: int
    in_bulk: int
    """Of those that are due, how many nobody is waiting for."""
    failing: int
    """Tried, failed, and to be tried again."""
    oldest: datetime | None
    """When the oldest was first due, but for those in bulk: it is due, failing, or waits for whoever carries it."""
    oldest_in_bulk: datetime | None
    dead: int
    """Set aside after too many failures."""
    failures: Sequence[Failures] = ()
    """Those that are failing or dead, by topic and by what went wrong."""

    @property
    def age(self) -> timedelta:
        """Return for how long the oldest has been due that somebody may be waiting for."""
        return _since(self.oldest)

    @property
    def age_in_bulk(self) -> timedelta:
        """Return for how long the oldest of those in bulk has been due."""
        return _since(self.oldest_in_bulk)


class Chores(NamedTuple):
    """How the daily work of today and yesterday went."""

    undone: int
    """How many chores are not done whose hour has come."""
    late: timedelta
    """How late the latest was done, or is by now."""


def _since(moment: datetime | None) -> timedelta:
    return max(now() - moment, timedelta()) if moment else timedelta()


def standing() -> Standing:
    """Return how the outbox of the council under way stands."""
    due, failing, late = Promise.due_at <= now(), Promise.error.is_not(None), first_hour() <= now()
    counts = select(
        func.count(),
        func.count().filter(due),
        func.count().filter(due, Promise.in_bulk),
        func.count().filter(failing),
        func.min(_FIRST_HOUR).filter(late, Promise.in_bulk.is_(False)),
        func.min(_FIRST_HOUR).filter(late, Promise.in_bulk),
        select(func.count()).select_from(Promise).where(*_DEAD).scalar_subquery(),
    ).where(*_OPEN)
    found = Standing(*db.execute(counts.select_from(Promise)).one())
    return found._replace(failures=_failures()) if found.failing or found.dead else found


def _failures() -> Sequence[Failures]:
    kind = (Promise.topic, Promise.error)
    failing = select(*kind, false().label("dead"), func.count()).where(*_OPEN, Promise.error.is_not(None))
    dead = select(*kind, true(), func.count()).where(*_DEAD)
    each = union_all(failing.group_by(*kind), dead.group_by(*kind)).order_by("topic", "error", "dead")
    return [Failures(*row) for row in db.execute(each)]  # type: ignore[arg-type]  # what failed has an error


def chores(since: datetime) -> Chores:
    """Return how the daily work of the council under way, which is there since then, went today and yesterday."""
    days = [day for day in (today() - timedelta(days=1), today()) if day >= wall(since).date()]
    hours = {
        f"{chore.topic}:{day}": max(at_wall_time(day, chore.at), since) for chore in CHORES for day in days
    }
    known = select(Promise.dedup_key, Promise.done_at).where(Promise.dedup_key.in_(hours))
    done_at = {row.dedup_key: row.done_at for row in db.execute(known)}
    this_morning = at_wall_time(today(), time.min)
    undone, late = 0, timedelta()
    for key, hour in hours.items():
        if hour > now() or (key not in done_at and hour < this_morning):
            continue  # not yet, or of yesterday and nobody promised it, which today's makes up for
        done = done_at.get(key)
        undone += done is None
        late = max(late, (done or now()) - hour)
    return Chores(undone, late)


def dead() -> Select[Promise]:
    """Return the statement for what was set aside, the newest first."""
    return select(Promise).where(*_DEAD).order_by(Promise.dead_at.desc(), Promise.id.desc())


def find_dead(id: UUID, *, lock: bool = False) -> Promise:
    """Return something that was set aside; raise NotFound, or NotSetAside when it is not any more."""
    row = find(Promise, id, lock=lock)
    if row.dead_at is None or row.done_at:
        raise NotSetAside
    return row


def revive(*ids: UUID) -> Sequence[str]:
    """Have what was set aside tried again: these, or all. Return the topics.

    It counts as tried once, so that whoever may have taken a message before is asked first.
    """
    which: list[ColumnElement[bool]] = [Promise.id.in_(ids)] if ids else []
    revived = db.scalars(
        update(Promise)
        .where(*_DEAD, *which)
        .values(
            promised_for=_FIRST_HOUR, due_at=now(), dead_at=None, error=None, attempts=1, locked_until=None
        )
        .returning(Promise.topic)
        .execution_options(synchronize_session=False)
    ).all()
    if revived:
        soon()
    return revived


def keep_again(id: UUID) -> None:
    """Have a promise kept once more that was kept, if it was: what it told has not arrived."""
    again = db.scalars(
        update(Promise)
        .where(Promise.id == id, Promise.done_at.is_not(None), Promise.outcome != WITHDRAWN)
        .values(
            promised_for=_FIRST_HOUR, due_at=now(), done_at=None, outcome=None, attempts=0, locked_until=None
        )
        .returning(Promise.id)
        .execution_options(synchronize_session=False)
    ).all()
    if again:
        soon()


def read_anew(for_id: UUID) -> None:
    """Take what somebody is to be told out of the hands of workers who have not begun with it, and read it ahead.

    It is claimed again at once. What goes this very moment is not waited for.
    """
    claimed = (
        select(Promise.id)
        .where(Promise.for_id == for_id, *_OPEN, Promise.locked_until.is_not(None))
        .with_for_update(skip_locked=True)
    )
    db.execute(
        update(Promise)
        .where(Promise.id.in_(claimed))
        .values(attempts=Promise.attempts + 1, locked_until=None)
        .execution_options(synchronize_session=False)
    )


def forget(row: Promise) -> None:
    """Never try again what was set aside. That it was is kept."""
    row.done_at, row.outcome = now(), FORGOTTEN
