"""What is promised when a booking changes: messages to the family, reminders, the hour at which a hold dies."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from bookings import rules
from bookings.models import Booking
from bookings.queries.deciding import Council
from bookings.terms import Standing
from hubs.models import Session
from kernel.outbox import Wanted, promise, promise_all, withdraw, withdraw_all

REMINDER = "booking.reminder"
BY_TEXT = "text"


def tell(topic: str, booking: Booking, *, again: str = "") -> None:
    """Promise the family a message about the booking, once for each topic, or for each topic and ``again``."""
    promise_all([_message(topic, booking, again)])


def tell_by_text(topic: str, booking: Booking) -> None:
    """Promise the family the same message as a text, in answer to theirs."""
    wanted = _message(topic, booking)
    promise_all([replace(wanted, ids={**wanted.ids, "answered_by": BY_TEXT})])


def tell_and_remind(topic: str, booking: Booking, session: Session, council: Council, at: datetime) -> None:
    """Promise the family a message now, and the reminders that are still to come."""
    promise_all([_message(topic, booking), *_reminders(booking, session, council, at)])


def remind(booking: Booking, session: Session, council: Council, at: datetime) -> None:
    """Promise the reminders that are still to come."""
    promise_all(_reminders(booking, session, council, at))


def remind_anew(bookings: Collection[Booking], session: Session, council: Council, at: datetime) -> None:
    """Move the reminders of a session that was moved, or of which families are reminded at other hours now.

    Those that would come too late are taken back.
    """
    wanted = [one for booking in bookings for one in _reminders(booking, session, council, at)]
    _withdraw_reminders(bookings, but=[one.key for one in wanted])
    promise_all(wanted)


def lapse_at(booking: Booking, at: datetime) -> None:
    """Promise that the door is opened when the hold or offer dies, for nobody else may come."""
    promise("booking.expiry", key=_expiry(booking), due_at=at, booking_id=booking.id)


def forget(booking: Booking) -> None:
    """Take back what would come too late for a booking that is given up."""
    if booking.standing == Standing.CONFIRMED:
        _withdraw_reminders([booking])
    elif booking.expires_at:
        withdraw(_expiry(booking))


def reminder_key(booking_id: UUID, before: str, starts_at: datetime) -> str:
    """Return the key of a reminder: there is one by each rule, and another when the session is at another time."""
    return f"{REMINDER}:{booking_id}:{before}:{starts_at.astimezone(UTC):%Y%m%dT%H%M}"


def _message(topic: str, booking: Booking, again: str = "") -> Wanted:
    key = ":".join(filter(None, (f"booking.{topic}", str(booking.id), again)))
    return Wanted(f"booking.{topic}", key, None, {"booking_id": booking.id}, booking.carer_id)


def _reminders(booking: Booking, session: Session, council: Council, at: datetime) -> list[Wanted]:
    told = rules.reminders(
        session.starts_at,
        council.reminders_of(session.activity.kind),
        now=at,
        awake_from=council.waking_from,
        awake_until=council.waking_until,
    )
    return [
        Wanted(
            REMINDER,
            reminder_key(booking.id, one.before.code, session.starts_at),
            one.at,
            {"booking_id": booking.id, "before_start": one.before.code},
            _whom(booking),
        )
        for one in told
    ]


def _withdraw_reminders(bookings: Collection[Booking], but: Collection[str] = ()) -> None:
    if bookings:
        withdraw_all(
            REMINDER,
            for_ids={_whom(booking) for booking in bookings},
            but=but,
            booking_id={booking.id for booking in bookings},
        )


def _whom(booking: Booking) -> UUID:
    """Return whom a booking's reminders are for; where nobody is told, they are found by the booking."""
    return booking.carer_id or booking.id


def _expiry(booking: Booking) -> str:
    return f"booking.expiry:{booking.id}"
