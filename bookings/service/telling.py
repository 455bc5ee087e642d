"""What is promised when a booking changes: messages to the family, the reminder, the hour at which a hold dies."""

from datetime import datetime

from bookings import rules
from bookings.models import Booking
from bookings.queries.deciding import Council
from bookings.terms import Standing
from hubs.models import Session
from kernel.outbox import Wanted, promise, promise_all, withdraw


def tell(topic: str, booking: Booking, *, again: str = "") -> None:
    """Promise the family a message about the booking, once for each topic, or for each topic and ``again``."""
    promise_all([_message(topic, booking, again)])


def tell_and_remind(topic: str, booking: Booking, session: Session, council: Council, at: datetime) -> None:
    """Promise the family a message now, and the reminder at the council's hour unless that has passed."""
    promise_all([_message(topic, booking), *_reminders(booking, session, council, at)])


def remind(booking: Booking, session: Session, council: Council, at: datetime) -> bool:
    """Promise a reminder at the council's hour, and say whether there is one: none when that hour has passed."""
    reminders = _reminders(booking, session, council, at)
    promise_all(reminders)
    return bool(reminders)


def remind_anew(booking: Booking, session: Session, council: Council, at: datetime) -> None:
    """Move the reminder of a session that was moved, or take it back when it would come too late."""
    if not remind(booking, session, council, at):
        withdraw(_reminder(booking))


def lapse_at(booking: Booking, at: datetime) -> None:
    """Promise that the door is opened when the hold or offer dies, for nobody else may come."""
    promise("booking.expiry", key=_expiry(booking), due_at=at, booking_id=booking.id)


def forget(booking: Booking) -> None:
    """Take back what would come too late for a booking that is given up."""
    if booking.standing == Standing.CONFIRMED:
        withdraw(_reminder(booking))
    elif booking.expires_at:
        withdraw(_expiry(booking))


def _message(topic: str, booking: Booking, again: str = "") -> Wanted:
    key = ":".join(filter(None, (f"booking.{topic}", str(booking.id), again)))
    return Wanted(f"booking.{topic}", key, None, {"booking_id": booking.id})


def _reminders(booking: Booking, session: Session, council: Council, at: datetime) -> list[Wanted]:
    due = rules.reminder_at(session.starts_at, hours=council.reminder_hours, now=at)
    ids = {"booking_id": booking.id}
    return [Wanted("booking.reminder", _reminder(booking), due, ids, booking.carer_id)] if due else []


def _reminder(booking: Booking) -> str:
    return f"booking.reminder:{booking.id}:before_start"


def _expiry(booking: Booking) -> str:
    return f"booking.expiry:{booking.id}"
