import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from bookings import service
from bookings.models import Booking
from bookings.terms import Channel
from families.models import Person
from hubs.events import SessionCalledOff, SessionMoved
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel import outbox
from kernel.clock import now
from kernel.db import db, find
from kernel.journal import record
from kernel.outbox import Promise
from messaging import queries as sent
from messaging import service as messaging
from messaging.terms import Channel as By
from messaging.terms import Way
from tests.conftest import Stage
from tests.making import at
from tests.post import Post, words

Family = Any
NAMES = ("Mia", "Theo", "Reyes", "Paula")


@pytest.fixture
def drain(world: Stage) -> Callable[[], int]:
    """Keep all promises of Leeds that are due."""
    return lambda: outbox.drain(world.leeds)


@pytest.fixture
def household(set_up: Any) -> Any:
    """Paula, who can be written to, and her children."""
    with set_up() as make:
        paula, mia, theo = make.family("Mia Reyes", "Theo Reyes", account="paula")
        return paula.household_id, paula.id, mia.id, theo.id


def a_session(set_up: Any, **parts: Any) -> Any:
    with set_up() as make:
        return make.session(**parts).id


def book(set_up: Any, household: Any, session: Any) -> Any:
    home, paula, mia, _ = household
    with set_up():
        return service.book(
            session, household_id=home, person_ids=[paula, mia], carer_id=paula, channel=Channel.WEB
        ).id


def outcomes(set_up: Any, topic: str) -> list[str | None]:
    with set_up():
        return list(
            db.scalars(select(Promise.outcome).where(Promise.topic == topic, Promise.done_at.is_not(None)))
        )


def calendar_of(letter: Any) -> Any:
    (attached,) = letter.iter_attachments()
    calendar = Calendar.from_ical(attached.get_content())
    (event,) = [part for part in calendar.walk() if part.name == "VEVENT"]
    return calendar, event


def test_a_booking_is_confirmed_once_with_a_calendar_and_a_link_to_cancel(
    set_up: Any, household: Any, post: Post, drain: Any
):
    booking = book(set_up, household, a_session(set_up))

    drain()
    drain()

    (letter,) = post.letters
    assert letter["To"] == "paula@people.example"
    assert letter["Subject"] == "Your place is booked: Stay and play, Tue 3 Mar at 10am"
    assert "Tuesday 3 March 2026, 10am to 11:30am" in words(letter)
    assert "http://leeds.test/b/" in words(letter)
    calendar, event = calendar_of(letter)
    assert calendar["method"] == "PUBLISH"
    assert event["uid"] == f"{booking}@leeds.test"
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event.decoded("dtstart") == at("2026-03-03 10:00")
    assert any(part.name == "VTIMEZONE" for part in calendar.walk())
    with set_up():
        assert [note.kind for note in sent.sent_about(booking)] == ["booking-confirmed"]


def test_no_letter_names_anybody_of_the_family(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    session = a_session(set_up, starts_in=timedelta(days=3))
    booking = book(set_up, household, session)
    drain()
    clock.shift(timedelta(days=2, minutes=1))
    drain()
    with set_up():
        service.cancel(db.scalars(select(Booking).where(Booking.id == booking)).one())
    drain()

    assert len(post.letters) == 3
    for letter in post.letters:
        for name in NAMES:
            assert name not in words(letter)
            assert name not in re.sub(r"paula@people\.example", "", letter.as_string())


def test_a_reminder_comes_once_at_the_councils_hour(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    book(set_up, household, a_session(set_up, starts_in=timedelta(days=3)))
    drain()
    post.letters.clear()

    clock.shift(timedelta(days=1, hours=23, minutes=59))
    drain()
    early = len(post.letters)
    clock.shift(timedelta(minutes=2))
    drain()
    drain()

    assert early == 0
    (letter,) = post.letters
    assert letter["Subject"] == "Reminder: Stay and play, Thu 5 Mar at 10am"
    assert outcomes(set_up, "booking.reminder") == ["sent"]


def test_a_reminder_tells_the_hour_of_the_clock_when_the_clocks_change_in_between(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    clock.move_to(at("2026-03-27 12:00"))
    book(set_up, household, a_session(set_up, starts_in=timedelta(days=1, hours=21)))  # Sunday, 10:00 BST
    drain()

    clock.move_to(at("2026-03-28 09:00"))
    drain()

    reminder = post.letters[-1]
    assert reminder["Subject"] == "Reminder: Stay and play, Sun 29 Mar at 10am"


def test_no_reminder_comes_for_what_was_cancelled(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    booking = book(set_up, household, a_session(set_up, starts_in=timedelta(days=3)))
    with set_up():
        service.cancel(db.scalars(select(Booking).where(Booking.id == booking)).one())

    clock.shift(timedelta(days=2, minutes=1))
    drain()

    assert not [letter for letter in post.letters if "Reminder" in letter["Subject"]]


def test_a_reminder_that_is_hours_late_is_dropped(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    book(set_up, household, a_session(set_up, starts_in=timedelta(days=3)))
    clock.shift(timedelta(days=2, hours=5))

    drain()

    assert outcomes(set_up, "booking.reminder") == ["too late"]


def test_a_session_that_moves_moves_its_reminder_and_tells_the_family(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    session = a_session(set_up, starts_in=timedelta(days=3))
    book(set_up, household, session)
    drain()
    first = calendar_of(post.letters[0])[1]
    move(set_up, session, timedelta(days=1))
    drain()
    moved = post.letters[-1]
    clock.shift(timedelta(days=2, minutes=1))
    drain()
    too_early = len(post.letters)
    clock.shift(timedelta(days=1))
    drain()

    assert "has changed" in moved["Subject"]
    assert "new time or place" in words(moved)
    event = calendar_of(moved)[1]
    assert event["uid"] == first["uid"]
    assert event["sequence"] > first["sequence"]
    assert event.decoded("dtstart") == at("2026-03-06 10:00")
    assert too_early == 2
    assert post.letters[-1]["Subject"].startswith("Reminder")


def move(set_up: Any, session: Any, by: timedelta) -> None:
    with set_up():
        found = db.scalars(select(Session).where(Session.id == session)).one()
        found.starts_at += by
        found.ends_at += by
        db.flush()
        record(SessionMoved(subject=session))


def test_a_session_that_is_called_off_is_taken_out_of_calendars(
    set_up: Any, household: Any, post: Post, drain: Any
):
    session = a_session(set_up)
    book(set_up, household, session)
    drain()
    with set_up():
        found = db.scalars(select(Session).where(Session.id == session)).one()
        found.standing, found.called_off_at = SessionStanding.CALLED_OFF, now()
        found.called_off_because = "The boiler is broken."
        db.flush()
        record(SessionCalledOff(subject=session))
    drain()

    assert len(post.letters) == 2
    letter = post.letters[-1]
    assert letter["Subject"].startswith("Called off")
    assert "The boiler is broken." in words(letter)
    calendar, event = calendar_of(letter)
    assert calendar["method"] == "CANCEL"
    assert event["status"] == "CANCELLED"


def test_a_change_of_party_is_told_once(set_up: Any, household: Any, post: Post, drain: Any):
    booking = book(set_up, household, a_session(set_up))
    drain()
    post.letters.clear()
    with set_up():
        found = db.scalars(select(Booking).where(Booking.id == booking)).one()
        service.change_party(found, [household[1], household[3]])
    drain()

    (letter,) = post.letters
    assert "who is coming" in words(letter)


def test_those_who_wait_are_told_their_place_then_offered_then_told_that_it_is_gone(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    session = a_session(set_up, starts_in=timedelta(days=5), families=1)
    with set_up() as make:
        ann, bo = make.family("Bo Smith", carer="Ann Smith")
        first = service.book(
            session,
            household_id=ann.household_id,
            person_ids=[ann.id, bo.id],
            carer_id=ann.id,
            channel=Channel.WEB,
        ).id
    home, paula, mia, _ = household
    with set_up():
        service.join(session, household_id=home, person_ids=[paula, mia], carer_id=paula, channel=Channel.WEB)
    drain()
    with set_up():
        service.cancel(db.scalars(select(Booking).where(Booking.id == first)).one())
    drain()
    clock.shift(timedelta(days=2))
    drain()
    drain()

    waiting, offer, gone = post.letters
    assert "number 1 on the waiting list" in words(waiting)
    assert offer["Subject"].startswith("A place is free for you")
    assert re.search(r"until 10am on\s+Tuesday 3 March 2026", words(offer))
    assert "Accept the place" in words(offer)
    assert gone["Subject"].strip().startswith("We could not keep your place")


def test_somebody_without_an_address_is_not_written_to(set_up: Any, post: Post, drain: Any):
    session = a_session(set_up)
    with set_up() as make:
        ann, bo = make.family("Bo Smith", carer="Ann Smith")
        service.book(
            session,
            household_id=ann.household_id,
            person_ids=[ann.id, bo.id],
            carer_id=ann.id,
            channel=Channel.STAFF,
        )
    drain()

    assert not post.letters
    assert outcomes(set_up, "booking.confirmed") == [messaging.NO_ADDRESS]


def test_a_carers_own_address_counts_before_that_of_the_account(
    set_up: Any, household: Any, post: Post, drain: Any
):

    with set_up():
        db.scalars(select(Person).where(Person.id == household[1])).one().email = "home@people.example"
    book(set_up, household, a_session(set_up))
    drain()

    assert post.letters[0]["To"] == "home@people.example"


def test_a_letter_that_the_mail_server_did_not_take_is_sent_later(
    set_up: Any, household: Any, post: Post, drain: Any, clock: Any
):
    post.answer = "451 Try again later"
    book(set_up, household, a_session(set_up))
    drain()
    post.answer = "250 OK"
    clock.shift(timedelta(minutes=5))
    drain()

    assert len(post.letters) == 1


def test_a_confirmation_that_did_not_arrive_by_text_goes_by_email(set_up, household, drain, post, notify):
    with set_up():
        notify.serves(ways={"booking-confirmed": Way.TEXT.value})
        find(Person, household[1]).phone = "07700 900123"
    booking = book(set_up, household, a_session(set_up))
    drain()
    assert (len(notify.texts), len(post.letters)) == (1, 0)

    for _ in range(2):
        with set_up():
            [text] = [one for one in sent.sent_about(booking) if one.channel == By.TEXT]
            messaging.failed(text.reference, "no such number", address_is_bad=True)
        drain()

    assert (len(notify.texts), len(post.letters)) == (1, 1)
