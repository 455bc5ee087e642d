"""What people have asked about the messages that they get, and what they can be asked."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from kernel.db import db
from kernel.journal import Entry
from messaging import rules
from messaging.events import WishesJoined
from messaging.models import Wish
from messaging.queries.house import house
from messaging.rules import Choice
from messaging.terms import Group, Way

USUAL = "usual"
"""How a page says that nothing was chosen."""
MOST_JOINED = 10
"""So often we follow somebody from record to record."""


class Asked(NamedTuple):
    """What somebody is asked about a group of messages, and what they have chosen so far."""

    name: str
    label: str
    hint: str
    options: Sequence[tuple[str, str]]
    chosen: str


def record_now(person_id: UUID) -> UUID:
    """Return the record of somebody that counts now: letters to one that was joined with another are still about."""
    for _ in range(MOST_JOINED):
        joined = select(Entry.facts["kept"].astext).where(
            Entry.subject == person_id, Entry.kind == WishesJoined.__name__
        )
        kept = db.scalar(joined.order_by(Entry.at.desc(), Entry.id.desc()).limit(1))
        if kept is None:
            break
        person_id = UUID(kept)
    return person_id


def wishes_of(person_id: UUID) -> Mapping[Group, Way]:
    """Return what somebody has asked for, by group; what is not named goes as it usually does."""
    return {wish.group: wish.way for wish in db.scalars(select(Wish).where(Wish.person_id == person_id))}


def choosable() -> Sequence[Choice]:
    """Return what can be chosen where the council sends as it does now."""
    return rules.choosable(house())


def asked_of(person_id: UUID, offered: Sequence[Choice]) -> Sequence[Asked]:
    """Return what somebody is asked, of what is offered; nothing where there is nothing to choose."""
    wishes = wishes_of(person_id)
    return [_asked(choice, wishes.get(choice.group)) for choice in offered if choice.ways]


def _asked(choice: Choice, way: Way | None) -> Asked:
    return Asked(
        name=choice.group.value,
        label=choice.group.label,
        hint=f"{choice.about}. {choice.why}." if choice.why else f"{choice.about}.",
        options=[(USUAL, f"As usual: {choice.usual}"), *((one.value, words) for one, words in choice.ways)],
        chosen=way.value if way and way in dict(choice.ways) else USUAL,
    )
