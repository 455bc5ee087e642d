"""Who has a room when: quarter hours of a room, each taken by one session at most."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel import prose


@dataclass(frozen=True)
class Clash:
    """A session that has a room at a time when another wants it."""

    session_id: UUID | None
    title: str
    starts_at: datetime
    ends_at: datetime

    def __str__(self) -> str:
        """Say which session it is and when: ``Stay and play, Tuesday 3 March 2026, 9:30am to 11am``."""
        return f"{self.title}, {prose.day(self.starts_at)}, {prose.times(self.starts_at, self.ends_at)}"
