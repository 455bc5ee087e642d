"""What a council's house does by itself every day, once, however many schedulers run and whatever was missed."""

from collections.abc import Callable
from datetime import time
from typing import NamedTuple

from kernel.clock import now, wall
from kernel.outbox import Keeper, keeps, promise


class Chore(NamedTuple):
    """Something to be done each day, from a wall time on."""

    topic: str
    at: time


CHORES: list[Chore] = []


def daily(topic: str, *, at: time) -> Callable[[Keeper], Keeper]:
    """Make a function a chore of every council, done once a day at that wall time or as soon after as it can be."""

    def register(keeper: Keeper) -> Keeper:
        CHORES.append(Chore(topic, at))
        return keeps(topic)(keeper)

    return register


def promise_todays() -> None:
    """Promise the chores of today whose hour has come. Doing so again promises nothing twice."""
    clock = wall(now())
    for chore in CHORES:
        if clock.time() >= chore.at:
            promise(chore.topic, key=f"{chore.topic}:{clock.date()}")
