"""Addresses and numbers at which messages do not arrive."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from kernel.db import db
from messaging.models import Suppression
from messaging.rules import address, may, suppression_key
from messaging.terms import Channel, Recipient


def suppressed_among(recipients: Collection[Recipient]) -> Mapping[UUID, Sequence[Suppression]]:
    """Return the addresses of these people that do not work, by person; nobody who has none. One statement."""
    used = {to.id: suppression_keys(to) for to in recipients if to.id}
    if not any(used.values()):
        return {}
    wanted = select(Suppression).where(
        Suppression.address.in_({key for keys in used.values() for key in keys}),
        Suppression.lifted_at.is_(None),
    )
    found = {row.address: row for row in db.scalars(wanted)}
    theirs = {person_id: [found[key] for key in keys if key in found] for person_id, keys in used.items()}
    return {person_id: rows for person_id, rows in theirs.items() if rows}


def suppression_keys(to: Recipient) -> list[str]:
    """Return how somebody's address and number would be kept if they did not work."""
    return [suppression_key(at) for channel in Channel if (at := address(channel, to))]


def reached_at(to: Recipient) -> Mapping[Channel, str]:
    """Return the address and the number at which it is safe to reach somebody."""
    return {channel: at for channel in Channel if may(channel, to) and (at := address(channel, to))}


def takes_texts(to: Recipient) -> bool:
    """Say whether somebody's number is one that takes texts."""
    return bool(address(Channel.TEXT, to))


def suppressed_of(person_id: UUID) -> Sequence[Suppression]:
    """Return the addresses that were found not to work when this person was written to."""
    return db.scalars(
        select(Suppression)
        .where(Suppression.person_id == person_id, Suppression.lifted_at.is_(None))
        .order_by(Suppression.id)
        .limit(20)
    ).all()
