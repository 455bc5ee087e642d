"""The days ahead, booked through the front door: families on sessions, and the first parent's reminder."""

from collections.abc import Sequence
from datetime import time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.demo.past import Family, party_for
from app.demo.story import MESSY
from bookings import service as bookings
from bookings.errors import CannotBook
from bookings.models import Booking
from bookings.rules import Before
from bookings.terms import Channel, Standing
from hubs.models import Activity, Session
from hubs.terms import ActivityKind, BookingMode
from kernel.clock import now, today
from kernel.db import db
from kernel.outbox import Promise, promise


def book_days_ahead(known: list[Family], dice: Random) -> None:
    """Book the coming days; the nearest session of messy play fills up and has a queue."""
    ahead = (
        select(Session)
        .join(Activity, Activity.id == Session.activity_id)
        .where(
            Session.starts_at > now(),
            Session.starts_at < now() + timedelta(days=9),
            Activity.mode == BookingMode.BOOKABLE,
        )
        .order_by(Session.starts_at, Session.id)
    )
    activities = {activity.id: activity for activity in db.scalars(select(Activity))}
    full = False
    for session in db.scalars(ahead).all():
        soon = session.on_date == today()
        fill = not full and not soon and activities[session.activity_id].title == MESSY
        full = full or fill
        tries = 24 if fill else 9 if soon else 6
        _book(session, activities[session.activity_id], known[1:], tries, dice)
    tell_nobody("booking.confirmed", "booking.waiting")
    _remind(known[0], activities, db.scalars(ahead).all())
    _answer()


def remind_twice() -> None:
    """Have families reminded of toddler groups in the evening two days before, and three hours before."""
    evening, hours = Before(days=2, at=time(18)), Before(hours=3)
    bookings.set_reminders(ActivityKind.PARENT_BABY_TODDLER, [evening, hours])


def tell_nobody(*topics: str) -> None:
    """Take back the letters about what was done before anybody looked; reminders stay."""
    told = Promise.topic.in_(topics), Promise.done_at.is_(None)
    db.execute(update(Promise).where(*told).values(done_at=now(), outcome="before the demonstration"))


def _book(session: Session, activity: Activity, known: list[Family], tries: int, dice: Random) -> None:
    suited = [f for f in known if party_for(f, activity, session.on_date)]
    for family in dice.sample(suited, min(tries, len(suited))):
        party = [person.id for person in party_for(family, activity, session.on_date)]
        told: dict[str, Any] = {
            "household_id": family.household_id,
            "person_ids": party,
            "carer_id": family.carers[0].id,
            "channel": Channel.STAFF,
        }
        try:
            bookings.book(session.id, **told)
        except CannotBook as refusal:
            if refusal.may_wait:
                bookings.join(session.id, **told)


def _remind(family: Family, activities: dict[UUID, Activity], ahead: Sequence[Session]) -> None:
    """Book the first parent's family once, its reminder due at once so that it can be seen to arrive."""
    for session in ahead:
        party = party_for(family, activities[session.activity_id], session.on_date)
        if not party:
            continue
        try:
            booking = bookings.book(
                session.id,
                household_id=family.household_id,
                person_ids=[p.id for p in party],
                carer_id=family.carers[0].id,
                channel=Channel.STAFF,
            )
        except CannotBook:
            continue
        before = Before(hours=max(1, round((session.starts_at - now()) / timedelta(hours=1))))
        promise(
            "booking.reminder",
            key=bookings.reminder_key(booking.id, before.code, session.starts_at),
            due_at=now(),
            for_id=booking.carer_id,
            booking_id=booking.id,
            before_start=before.code,
        )
        return


def _answer() -> None:
    """Have one of the families that come next say that it is coming."""
    soonest = (
        select(Booking)
        .join(Session, Session.id == Booking.session_id)
        .where(Booking.standing == Standing.CONFIRMED, Session.starts_at > now())
        .order_by(Session.starts_at, Booking.id)
        .limit(1)
    )
    if booking := db.scalar(soonest):
        bookings.say_coming(booking)
