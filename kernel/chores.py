"""What a council's house does by itself every day, once, however many schedulers run and whatever was missed."""

from collections.abc import Callable
from datetime import time, timedelta
from functools import wraps
from typing import Any, NamedTuple

from sqlalchemy import select

from kernel.clock import at_wall_time, now, wall
from kernel.db import db
from kernel.outbox import Keeper, Promise, Wanted, keeps, lateness, promise_all

LATE = timedelta(minutes=10)
"""From when on we say that a chore was late."""


class Chore(NamedTuple):
    """Something to be done each day, from a wall time on."""

    topic: str
    at: time


CHORES: list[Chore] = []


def daily(topic: str, *, at: time) -> Callable[[Keeper], Keeper]:
    """Make a function a chore of every council, done once a day at that wall time or as soon after as it can be.

    What came of it says how late it was, when it was.
    """

    def register(keeper: Keeper) -> Keeper:
        CHORES.append(Chore(topic, at))

        @wraps(keeper)
        def keep(**ids: Any) -> str:
            outcome = keeper(**ids) or "done"
            late = lateness()
            return f"{outcome}, {_in_words(late)} late" if late >= LATE else outcome

        keeps(topic)(keep)
        return keeper

    return register


def promise_todays() -> None:
    """Promise the chores of today whose hour has come. Doing so again changes nothing."""
    clock = wall(now())
    due = {
        f"{chore.topic}:{clock.date()}": chore
        for chore in CHORES
        if now() >= at_wall_time(clock.date(), chore.at)
    }
    if not due:
        return
    promised = set(db.scalars(select(Promise.dedup_key).where(Promise.dedup_key.in_(due)).limit(len(due))))
    promise_all(
        [
            Wanted(chore.topic, key, at_wall_time(clock.date(), chore.at), {})
            for key, chore in due.items()
            if key not in promised
        ]
    )


def _in_words(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
