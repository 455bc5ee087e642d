"""Reminders of sessions: what they say, and whether one is needed when its hour has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bookings import rules, service
from bookings.jobs.letters import PARTS, cancel_link, letter_about, post, read_booking
from bookings.models import Booking
from bookings.terms import OF_COURSE, OF_SESSION, Standing
from families import queries as families
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db
from kernel.outbox import NotYet, keeps, memory, reads_ahead
from messaging import service as messaging
from messaging.terms import Letter
from tenants import queries as tenants

AHEAD = "bookings.read"


@keeps("booking.reminder")
def send_reminder(booking_id: UUID, before_start: str = "") -> str:
    """Remind the family of the session, unless that is not needed any more."""
    booking = read_booking(booking_id)
    letter = _reminder(booking, before_start)
    if isinstance(letter, str):
        return letter
    return post(booking, letter, key=_reminder_key(booking, before_start))


@reads_ahead("booking.reminder")
def read_ahead(promised: Sequence[Mapping[str, Any]]) -> None:
    """Read at once what several reminders need: their bookings, how the carers are reached, what is known of them."""
    ids = [one["booking_id"] for one in promised]
    bookings = {row.id: row for row in db.scalars(select(Booking).where(Booking.id.in_(ids)).options(PARTS))}
    reached = families.read_ahead({row.carer_id for row in bookings.values() if row.carer_id})
    memory()[AHEAD] = bookings  # held, so that the unit of work still knows them
    messaging.read_ahead(
        {
            _reminder_key(row, one.get("before_start", "")): reached[row.carer_id]
            for one in promised
            if (row := bookings.get(one["booking_id"])) and row.carer_id and row.carer_id in reached
        }
    )


@messaging.joins("booking.reminder")
def reminder(booking_id: UUID, before_start: str = "") -> Letter | str:
    """Return a reminder of a session, or why there is none; ``before_start`` is the code of its rule."""
    return _reminder(read_booking(booking_id), before_start)


def _reminder(booking: Booking, before_start: str) -> Letter | str:
    session = booking.session
    if session.standing == SessionStanding.CALLED_OFF:
        return "called off"
    if booking.standing != Standing.CONFIRMED:
        return "cancelled"
    due, until = _hours(session, before_start)
    if now() < due:
        raise NotYet(due, "moved", on_time=True)  # the council has changed its hours a moment ago
    return letter_about(
        booking,
        OF_COURSE if booking.of_course else OF_SESSION,
        reference=True,
        bring=True,
        action=("Say whether you are coming", cancel_link(booking)[1]),
        small_links=[("See your bookings", "/bookings")],
        # Several that are told together stand in the order of their sessions.
        useless_after=session.starts_at if now() < until else until,
    )


def _reminder_key(booking: Booking, before_start: str) -> str:
    return service.reminder_key(booking.id, before_start, booking.session.starts_at)


def _hours(session: Session, before_start: str) -> tuple[datetime, datetime]:
    """Return when a reminder goes, by its rule or by the council's hours, and until when it does if it is late."""
    council = tenants.settings()
    assert council  # where there are bookings
    awake = {"awake_from": council.waking_from, "awake_until": council.waking_until}
    before = rules.read_before(before_start) or rules.Before(hours=council.reminder_hours)
    at = rules.reminder(before, session.starts_at, **awake).at
    return at, rules.goes_until(at, session.starts_at, **awake)


@keeps("booking.remind_anew")
def remind_anew(change_id: UUID, after_id: UUID) -> str:
    """Move the reminders of some sessions to come, and promise the next."""
    return f"{service.remind_some_anew(change_id, after_id)} sessions"
