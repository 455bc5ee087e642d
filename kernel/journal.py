"""The journal: what happened, who did it, when. Audit trail and activity feed in one row."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import actor, db
from kernel.tables import TenantTable


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that has happened; named in the past tense. Carries ids and plain words, never personal data."""

    subject: UUID


class Entry(TenantTable):
    """One line of the journal. Never updated, never deleted."""

    __tablename__ = "journal"
    __may__ = ("SELECT", "INSERT")
    __table_args__ = (Index(None, "tenant_id", "subject", "at"),)

    kind: Mapped[str]
    subject: Mapped[UUID]
    actor: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


H = TypeVar("H", bound=Happening)
_listeners: dict[type[Happening], list[Callable[[Any], None]]] = defaultdict(list)


def record(happening: Happening) -> None:
    """Write the happening down in the transaction that made it true, and tell those who listen for it."""
    facts = {name: _plain(value) for name, value in asdict(happening).items() if name != "subject"}
    db.add(Entry(kind=type(happening).__name__, subject=happening.subject, actor=actor(), facts=facts))
    for listener in _listeners[type(happening)]:
        listener(happening)


def on(kind: type[H]) -> Callable[[Callable[[H], None]], Callable[[H], None]]:
    """Make a function of an upper context follow a happening of a lower one, in the same transaction."""

    def listen(listener: Callable[[H], None]) -> Callable[[H], None]:
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return listen


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
