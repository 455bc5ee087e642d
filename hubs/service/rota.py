"""Who leads a session and who helps."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from accounts.models import Account
from hubs.errors import SessionIsCalledOff
from hubs.models import Activity, Session, Shift
from hubs.service.places import ensure_staff
from hubs.service.rooms import Clash
from hubs.terms import SessionStanding, ShiftPart
from kernel.db import db, find


def assign(session: Session, account_id: UUID, part: ShiftPart) -> Shift:
    """Give somebody who works for the council a part in a session, or another part than they have."""
    session = find(Session, session.id, lock=True)
    if session.standing == SessionStanding.CALLED_OFF:
        raise SessionIsCalledOff
    if shift := _shift(session.id, account_id):
        shift.part = part
        return shift
    ensure_staff(find(Account, account_id))

    shift = Shift(session_id=session.id, account_id=account_id, part=part)
    db.add(shift)
    db.flush()
    return shift


def unassign(session: Session, account_id: UUID) -> None:
    """Take somebody off a session; nothing when they are not on it."""
    if shift := _shift(session.id, account_id):
        db.delete(shift)
        db.flush()


def clashes(account_id: UUID, session: Session) -> list[Clash]:
    """Return the other sessions at which somebody should be at the same time: a warning, not a refusal."""
    theirs = (
        select(Session.id, Activity.title, Session.starts_at, Session.ends_at)
        .join(Shift, Shift.session_id == Session.id)
        .join(Activity, Activity.id == Session.activity_id)
        .where(
            Shift.account_id == account_id,
            Session.id != session.id,
            Session.standing == SessionStanding.PLANNED,
            Session.starts_at < session.ends_at,
            Session.ends_at > session.starts_at,
        )
        .order_by(Session.starts_at, Session.id)
    )
    return [Clash(*row) for row in db.execute(theirs)]


def in_two_places(session_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], list[Clash]]:
    """Return the warnings of many sessions at once: by session and account, where else they should be."""
    here, there, other = aliased(Session), aliased(Session), aliased(Shift)
    both = (
        select(here.id, Shift.account_id, there.id, Activity.title, there.starts_at, there.ends_at)
        .join(Shift, Shift.session_id == here.id)
        .join(other, other.account_id == Shift.account_id)
        .join(there, there.id == other.session_id)
        .join(Activity, Activity.id == there.activity_id)
        .where(
            here.id.in_(session_ids),
            there.id != here.id,
            here.standing == SessionStanding.PLANNED,
            there.standing == SessionStanding.PLANNED,
            there.starts_at < here.ends_at,
            there.ends_at > here.starts_at,
        )
        .order_by(there.starts_at, there.id)
    )
    found: dict[tuple[UUID, UUID], list[Clash]] = {}
    for session_id, account_id, other_id, title, starts_at, ends_at in (
        db.execute(both) if session_ids else ()
    ):
        clash = Clash(other_id, title, starts_at, ends_at)
        found.setdefault((session_id, account_id), []).append(clash)
    return found


def _shift(session_id: UUID, account_id: UUID) -> Shift | None:
    return db.scalar(select(Shift).where(Shift.session_id == session_id, Shift.account_id == account_id))
