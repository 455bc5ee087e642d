"""Who leads a session and who helps."""

from collections.abc import Collection
from uuid import UUID

from hubs.models import Session, Shift
from hubs.service.rooms import Clash
from hubs.terms import ShiftPart


def assign(session: Session, account_id: UUID, part: ShiftPart) -> Shift:
    """Give somebody who works for the council a part in a session, or another part than they have."""
    raise NotImplementedError


def unassign(session: Session, account_id: UUID) -> None:
    """Take somebody off a session; nothing when they are not on it."""
    raise NotImplementedError


def clashes(account_id: UUID, session: Session) -> list[Clash]:
    """Return the other sessions at which somebody should be at the same time: a warning, not a refusal."""
    raise NotImplementedError


def in_two_places(session_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], list[Clash]]:
    """Return the warnings of many sessions at once: by session and account, where else they should be."""
    raise NotImplementedError
