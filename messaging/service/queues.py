"""What those who run the house do with what was set aside. Each act is in the journal of the council that it is of."""

from uuid import UUID

from kernel import standing
from kernel.db import here
from kernel.journal import record
from messaging.events import DeadLetterForgotten, DeadLetterRevived, DeadLettersRevived


def revive(promise_id: UUID) -> None:
    """Have something that was set aside tried again."""
    standing.find_dead(promise_id, lock=True)
    (topic,) = standing.revive(promise_id)
    record(DeadLetterRevived(subject=promise_id, topic=topic))


def revive_all() -> int:
    """Have all that was set aside tried again; return how much it was."""
    number = len(standing.revive())
    if number:
        record(DeadLettersRevived(subject=here(), number=number))
    return number


def forget(promise_id: UUID) -> None:
    """Never try again something that was set aside."""
    row = standing.find_dead(promise_id, lock=True)
    standing.forget(row)
    record(DeadLetterForgotten(subject=promise_id, topic=row.topic))
