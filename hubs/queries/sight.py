"""Which hubs and sessions a person sees."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from accounts.queries import Person
from hubs.models import Hub, Session, TeamMember
from kernel.db import db, find
from kernel.errors import NotFound


def teams_of(person: Person) -> Select[UUID]:
    """Return the question in whose hubs' teams the person is, to be asked inside another."""
    return select(TeamMember.hub_id).where(TeamMember.account_id == person.id)


def hub_ids_seen_by(person: Person) -> frozenset[UUID] | None:
    """Return the hubs in whose teams the person is, or None for somebody who sees them all."""
    if person.sees_all_hubs:
        return None
    return frozenset(db.scalars(teams_of(person)))


def hubs_seen_by(person: Person) -> Sequence[Hub]:
    """Return the open hubs that the person works at or sees by their role, by name."""
    wanted = select(Hub).where(Hub.closed_at.is_(None)).order_by(Hub.name, Hub.id).limit(500)
    ids = hub_ids_seen_by(person)
    return db.scalars(wanted if ids is None else wanted.where(Hub.id.in_(ids))).all()


def ensure_sees(person: Person, hub_id: UUID) -> None:
    """Raise NotFound unless the hub is one that the person sees."""
    ids = hub_ids_seen_by(person)
    if ids is not None and hub_id not in ids:
        raise NotFound("hub")


def find_session(session_id: UUID, *, seen_by: Person) -> Session:
    """Return the session at a hub that the person sees, or raise NotFound."""
    session = find(Session, session_id)
    ensure_sees(seen_by, session.hub_id)
    return session


def ensure_sees_session(person: Person, session_id: UUID) -> None:
    """Raise NotFound unless the session is at a hub that the person sees. One statement."""
    wanted = select(Session.id).where(Session.id == session_id)
    if not person.sees_all_hubs:
        wanted = wanted.where(Session.hub_id.in_(teams_of(person)))
    if db.scalar(wanted) is None:
        raise NotFound("session")
