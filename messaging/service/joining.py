"""What is due to one person at one time and can be told together."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from kernel import outbox
from kernel.clock import now
from kernel.db import wholly
from messaging.terms import Letter

WITH_OTHERS = "sent with others"
Composer = Callable[..., Letter | str]
_joining: dict[str, Composer] = {}


class Due(NamedTuple):
    """Another letter that is due to the same person now, the promise of it, and what it is about."""

    letter: Letter
    about: UUID
    promise: Any


def joins(topic: str) -> Callable[[Composer], Composer]:
    """Make a function the one that writes the letter of a promise that can be told together with others.

    It gets the ids that were promised, and returns the letter, or a word on why there is none.
    """

    def register(composer: Composer) -> Composer:
        _joining[topic] = composer
        return composer

    return register


def due_with(person_id: UUID) -> Sequence[Due]:
    """Return what else is due to somebody now.

    What needs no letter any more is settled. What fails, or comes too late, is left: tried alone, it says so itself.
    """
    found = []
    for promise in outbox.also_due(person_id, tuple(_joining)):
        ids = outbox.ids_of(promise)
        try:
            with wholly():
                letter = _joining[promise.topic](**ids)
        except Exception:  # noqa: S112 - one that cannot be written must not stop the others
            continue
        if isinstance(letter, str):
            outbox.keep_with(promise, letter)
        elif letter.useless_after is None or now() < letter.useless_after:
            about = next(told for told in ids.values() if isinstance(told, UUID))
            found.append(Due(letter, about, promise))
    return found


def told_with(others: Sequence[Due]) -> None:
    """Note that these are told together with the promise under way: kept with it, or put off with it."""
    for other in others:
        outbox.keep_with(other.promise, WITH_OTHERS)
