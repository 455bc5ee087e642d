"""Holds and offers that die, whether or not anybody comes to the door."""

from datetime import time
from uuid import UUID

from bookings import service
from bookings.models import Booking
from kernel.chores import daily
from kernel.db import find
from kernel.outbox import keeps


@keeps("booking.expiry")
def let_lapse(booking_id: UUID) -> None:
    """Let a hold or an offer lapse whose time is over, and offer the place to the next."""
    service.tidy(find(Booking, booking_id).session_id)


@daily("bookings.tidy", at=time(3))
def tidy() -> str:
    """Let go whatever has died and was not noticed."""
    return f"{service.lapse_due()} sessions"
