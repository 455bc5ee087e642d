"""When families are reminded: the council's rules, and what was promised by the rules before."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select

from bookings import rules
from bookings.events import RemindersChanged
from bookings.models import Booking, ReminderRule
from bookings.rules import Before
from bookings.service import telling
from bookings.service.door import Door, open_doors
from bookings.terms import LIVE, Standing
from hubs.models import Session
from hubs.terms import ActivityKind
from kernel.clock import now
from kernel.db import NOWHERE, db, here
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import on, record
from kernel.outbox import promise
from tenants.events import CouncilSettingsChanged

SOME = 20
"""For so many sessions at once reminders are moved: their doors are locked meanwhile."""
SETTINGS = ("reminder_hours", "waking_from", "waking_until")


def set_reminders(kind: ActivityKind | None, befores: Collection[Before]) -> None:
    """Remind families of sessions of a kind so long before, or of all kinds without own rules; or Unacceptable.

    Without any, those of every kind count, and without those the hours of the council's settings. What has been
    promised moves with it, in the background.
    """
    wanted = list(dict.fromkeys(befores))
    _ensure_sensible(wanted)
    of_kind = ReminderRule.kind == kind if kind else ReminderRule.kind.is_(None)
    db.execute(delete(ReminderRule).where(of_kind))
    db.add_all(
        ReminderRule(kind=kind, hours_before=one.hours, days_before=one.days, at=one.at) for one in wanted
    )
    db.flush()
    record(RemindersChanged(subject=here(), kind=kind or "every kind"))
    _promise_anew(new_id(), NOWHERE)


@on(CouncilSettingsChanged)
def follow_settings(changed: CouncilSettingsChanged) -> None:
    """Move what has been promised when the council changes its hours."""
    if any(name in changed.changed for name in SETTINGS):
        _promise_anew(new_id(), NOWHERE)


def remind_some_anew(change_id: UUID, after_id: UUID) -> int:
    """Move the reminders of the next few sessions to come, and promise the rest; return how many there were."""
    booked = exists(
        select(Booking.id).where(Booking.session_id == Session.id, Booking.standing == Standing.CONFIRMED)
    )
    wanted = (
        select(Session.id)
        .where(Session.starts_at > now(), Session.id > after_id, booked)
        .order_by(Session.id)
        .limit(SOME)
    )
    session_ids = db.scalars(wanted).all()
    for door in open_doors(session_ids) if session_ids else []:
        remind_anew(door)
    if len(session_ids) == SOME:
        _promise_anew(change_id, session_ids[-1])
    return len(session_ids)


def remind_anew(door: Door) -> None:
    """Move the reminders of those who have a place in a session to when they are due now."""
    confirmed = [booking for booking in live_ones(door) if booking.standing == Standing.CONFIRMED]
    telling.remind_anew(confirmed, door.session, door.council, door.at)


def live_ones(door: Door) -> Sequence[Booking]:
    """Return the bookings of a session that count."""
    live = select(Booking).where(Booking.session_id == door.session.id, Booking.standing.in_(LIVE))
    return db.scalars(live.order_by(Booking.id).execution_options(populate_existing=True)).all()


def _promise_anew(change_id: UUID, after_id: UUID) -> None:
    promise(
        "booking.remind_anew",
        key=f"booking.remind_anew:{change_id}:{after_id}",
        in_bulk=True,
        change_id=change_id,
        after_id=after_id,
    )


def _ensure_sensible(wanted: Collection[Before]) -> None:
    problems: dict[str, Any] = {}
    if len(wanted) > rules.MOST_REMINDERS:
        problems["how"] = f"Families are reminded up to {rules.MOST_REMINDERS} times"
    if any(one.hours is not None and not 1 <= one.hours <= rules.MOST_HOURS for one in wanted):
        problems["hours"] = f"Enter a number of hours from 1 to {rules.MOST_HOURS}"
    if any(one.hours is None and not 0 <= (one.days or 0) <= rules.MOST_DAYS for one in wanted):
        problems["days"] = f"Enter a number of days from 0 to {rules.MOST_DAYS}"
    if problems:
        raise Unacceptable(**problems)
