"""What follows from a registration, and what is forgotten."""

from datetime import time
from uuid import UUID

from families import service
from kernel.chores import daily
from kernel.outbox import keeps


@keeps("families.welcome")
def welcome(carer_id: UUID) -> str:
    """Write to a carer who registered online."""
    return service.welcome(carer_id)


@keeps("families.invitation")
def send_invitation(account_id: UUID) -> str:
    """Write to a carer who can sign in now."""
    return service.send_invitation(account_id)


@daily("families.forget_registrations", at=time(4))
def forget_registrations() -> None:
    """Forget the answers of registrations that were not finished within a day."""
    service.forget_stale_registrations()
