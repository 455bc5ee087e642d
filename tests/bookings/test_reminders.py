"""Several reminders of a session: promised, moved, taken back, and sent."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bookings import service
from bookings.models import Booking
from bookings.rules import Before
from bookings.terms import Channel
from families.events import PeopleMerged
from hubs.events import SessionMoved
from hubs.terms import ActivityKind
from kernel import outbox
from kernel.clock import now
from kernel.db import db
from kernel.errors import Unacceptable
from kernel.journal import record
from kernel.london import wall
from kernel.outbox import Promise
from messaging.queries import sent_about
from messaging.terms import MessageStanding, NotSent
from tenants import service as tenants
from tests.conftest import Stage
from tests.making import at
from tests.post import Post

DAY = timedelta(days=1)
EVENING, THREE_HOURS, DAY_BEFORE = Before(days=2, at=time(18)), Before(hours=3), Before(hours=24)
TODDLERS = ActivityKind.PARENT_BABY_TODDLER


def book(session: Any, family: list[Any]) -> Booking:
    return service.book(
        session.id, household_id=family[0].household_id, person_ids=[person.id for person in family],
        carer_id=family[0].id, channel=Channel.WEB,
    )  # fmt: skip


def due(booking: Booking) -> list[str]:
    """Return when reminders of a booking are due, as clocks show it."""
    reminders = select(Promise.due_at).where(
        Promise.topic == "booking.reminder",
        Promise.payload["booking_id"].astext == str(booking.id),
        Promise.done_at.is_(None),
    )
    return [f"{wall(moment):%d %H:%M}" for moment in db.scalars(reminders.order_by(Promise.due_at))]


def move_what_was_promised() -> None:
    """Do what is promised when rules change."""
    for row in db.scalars(
        select(Promise).where(Promise.topic == "booking.remind_anew", Promise.done_at.is_(None))
    ).all():
        service.remind_some_anew(**outbox.ids_of(row))
        row.done_at = now()


def test_rules_of_a_kind_count_before_those_of_every_kind_and_these_before_the_hours_of_the_council(make):
    toddlers = make.session(starts_in=4 * DAY, activity=make.activity("Toddlers", kind=TODDLERS))
    others = make.session(starts_in=4 * DAY)
    assert due(book(others, make.family())) == ["05 10:00"]

    service.set_reminders(None, [Before(hours=30)])
    service.set_reminders(TODDLERS, [THREE_HOURS, EVENING, EVENING])

    assert due(book(others, make.family())) == ["05 08:00"], "4am is at night"
    assert due(book(toddlers, make.family())) == ["04 18:00", "06 08:00"]


def test_a_booking_with_several_reminders_is_no_dearer(make):
    service.set_reminders(None, [THREE_HOURS, EVENING, DAY_BEFORE])
    session, family, said = make.session(starts_in=4 * DAY), make.family(), []
    event.listen(db.get_bind(), "before_cursor_execute", lambda *told: said.append(told[2]))

    book(session, family)
    db.flush()

    begin_tenant_and_commit = 3
    assert len(said) + begin_tenant_and_commit <= 12, said


def test_new_rules_move_what_was_promised_and_back_again(make, clock):
    booking = book(make.session(starts_in=4 * DAY), make.family())

    service.set_reminders(None, [EVENING])
    move_what_was_promised()
    assert due(booking) == ["04 18:00"]

    service.set_reminders(None, [])
    move_what_was_promised()
    assert due(booking) == ["05 10:00"], "what was taken back is promised again"

    clock.shift(timedelta(minutes=1))
    tenants.change_settings(reminder_hours=48)
    move_what_was_promised()
    assert due(booking) == ["04 10:00"]


def test_a_session_that_moves_takes_all_its_reminders_along(make):
    service.set_reminders(None, [EVENING, THREE_HOURS])
    session, family = make.session(starts_in=4 * DAY), make.family()
    booking = book(session, family)
    booking.coming_said_at = now()

    for days, told in ((1, ["05 18:00", "07 08:00"]), (-4, ["03 08:00"]), (3, ["04 18:00", "06 08:00"])):
        session.starts_at, session.ends_at = session.starts_at + days * DAY, session.ends_at + days * DAY
        record(SessionMoved(subject=session.id))
        assert due(booking) == told
    assert booking.coming_said_at is None, "they said it of another time"


def test_a_booking_that_is_cancelled_takes_all_its_reminders_with_it_whoever_is_told(make):
    service.set_reminders(None, [EVENING, THREE_HOURS])
    session, (paula, mia) = make.session(starts_in=4 * DAY), make.family()
    double = make.carer("Paula Reyes", household=make.household())
    booking = book(session, [paula, mia])
    record(PeopleMerged(subject=double.id, gone=paula.id))
    db.refresh(booking)

    service.cancel(booking)

    assert due(booking) == []


@pytest.mark.parametrize(
    "wrong",
    [
        [Before(hours=0)],
        [Before(hours=337)],
        [Before(days=15, at=time(9))],
        [Before(hours=n) for n in range(1, 7)],
    ],
)
def test_rules_that_make_no_sense_are_refused(make, wrong):
    with pytest.raises(Unacceptable):
        service.set_reminders(None, wrong)


def test_each_reminder_is_sent_once_and_none_too_late(set_up: Any, world: Stage, post: Post, clock: Any):
    with set_up() as make:
        service.set_reminders(None, [EVENING, THREE_HOURS, Before(days=1, at=time(9))])
        family = make.family(account="paula")
        book(make.session(starts_in=3 * DAY + timedelta(hours=4)), family)  # Thursday at 2pm
    outbox.drain(world.leeds)
    post.letters.clear()

    told = []
    for moment in ("2026-03-03 18:00", "2026-03-04 11:30", "2026-03-05 11:01", "2026-03-05 13:00"):
        clock.move_to(at(moment))
        outbox.drain(world.leeds)
        told.append(len(post.letters))
    assert told == [1, 1, 2, 2], "the second came more than two hours late"


def test_what_could_not_go_before_the_night_goes_in_the_morning_and_what_is_too_late_says_so(
    set_up: Any, world: Stage, post: Post, clock: Any
):
    with set_up() as make:
        service.set_reminders(None, [Before(days=1, at=time(20, 50)), DAY_BEFORE])
        family = make.family(account="paula")
        booking = book(make.session(starts_in=2 * DAY + timedelta(hours=4)), family).id  # Wednesday at 2pm
    outbox.drain(world.leeds)
    post.letters.clear()

    clock.move_to(at("2026-03-03 21:02"))  # no worker ran since before 2pm
    outbox.drain(world.leeds)
    assert post.letters == []
    clock.move_to(at("2026-03-04 08:00"))
    outbox.drain(world.leeds)

    (letter,) = post.letters
    assert letter["Subject"] == "Reminder: Stay and play, Wed 4 Mar at 2pm"
    with set_up():
        said = [(one.standing, one.because) for one in sent_about(booking) if one.kind == "reminder"]
    assert said == [(MessageStanding.SENT, None), (MessageStanding.NOT_SENT, NotSent.TOO_LATE)]


def test_a_reminder_whose_hour_has_just_been_moved_comes_at_the_new_one(
    set_up: Any, world: Stage, post: Post, clock: Any
):
    with set_up() as make:
        service.set_reminders(None, [Before(hours=30)])
        book(make.session(starts_in=2 * DAY), make.family(account="paula"))  # 4am is at night: Tuesday at 8am
    outbox.drain(world.leeds)
    post.letters.clear()

    for moment, told in (("2026-03-03 08:00", 0), ("2026-03-03 10:59", 0), ("2026-03-03 11:00", 1)):
        clock.move_to(at(moment))
        if not told:
            with set_up():
                tenants.change_settings(waking_from=time(11))
        outbox.drain(world.leeds)
        assert len(post.letters) == told
