"""Reminders by other rules than those by which they were promised."""

from uuid import UUID

from bookings import service
from kernel.outbox import keeps


@keeps("booking.remind_anew")
def remind_anew(change_id: UUID, after_id: UUID) -> str:
    """Move the reminders of some sessions to come, and promise the next."""
    return f"{service.remind_some_anew(change_id, after_id)} sessions"
