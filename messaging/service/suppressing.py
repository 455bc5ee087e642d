"""Addresses at which messages do not arrive."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from kernel.clock import now
from kernel.db import actor, db, find, here
from kernel.ids import new_id
from kernel.journal import record
from messaging.events import AddressSuppressed, SuppressionLifted
from messaging.models import Suppression
from messaging.rules import suppression_key
from messaging.terms import Channel, WorksAgain


def suppress(address: str, channel: Channel, why: str, *, person_id: UUID | None = None) -> None:
    """Send nothing to an address any more: what is sent there does not arrive. Staff see it beside the family."""
    row = (
        insert(Suppression)
        .values(
            tenant_id=here(), id=new_id(), address=suppression_key(address), channel=channel, since=now(), because=why,
            person_id=person_id,
        )
        .on_conflict_do_nothing(
            index_elements=["tenant_id", "address"], index_where=Suppression.lifted_at.is_(None)
        )
        .returning(Suppression.id)
    )  # fmt: skip
    if made := db.execute(row).scalar():
        record(AddressSuppressed(subject=made, channel=channel.value))


def lift(suppression: Suppression, because: WorksAgain) -> None:
    """Send to an address again: somebody has asked, and it works."""
    suppression = find(Suppression, suppression.id, lock=True)
    if suppression.lifted_at is None:
        suppression.lifted_at, suppression.lifted_by = now(), actor()
        record(SuppressionLifted(subject=suppression.id, because=because.value))


def used_by(suppression: Suppression, person_id: UUID | None) -> None:
    """Note that an address that does not work is somebody else's now, or on nobody's record any more."""
    suppression.person_id = person_id
