"""What is done when nobody comes to the door."""

from uuid import UUID

from sqlalchemy import or_, select

from bookings.models import Booking
from bookings.service.door import open_door, open_doors, settle
from bookings.terms import Standing
from hubs.models import Session
from kernel.clock import now
from kernel.db import db


def tidy(session_id: UUID) -> None:
    """Open the door of a session, so that what has died is let go and what is free is offered."""
    settle(open_door(session_id))


def lapse_due(limit: int = 50) -> int:
    """Open the doors behind which holds, offers or hopes have died; return how many sessions there were."""
    died = (
        select(Booking.session_id)
        .join(Session, Session.id == Booking.session_id)
        .where(
            or_(
                Booking.expires_at <= now(),
                (Booking.standing == Standing.WAITING) & (Session.starts_at <= now()),
            )
        )
        .distinct()
        .order_by(Booking.session_id)
        .limit(limit)
    )
    session_ids = db.scalars(died).all()
    for door in open_doors(session_ids) if session_ids else []:
        settle(door)
    return len(session_ids)
