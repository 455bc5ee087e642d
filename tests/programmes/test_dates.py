"""Single dates of a course: times that are picked, moved and let go, sessions with a new date, weeks of calls."""

import re
from datetime import date, time, timedelta
from html import unescape

import pytest
from icalendar import Calendar
from sqlalchemy import select

from bookings.models import Booking, Place
from bookings.terms import Standing as BookingStanding
from hubs.errors import RoomTaken
from hubs.models import Session, Shift
from hubs.service import one_session
from kernel import outbox
from kernel.db import db, find
from kernel.errors import Unacceptable
from programmes.errors import HasADate
from programmes.models import Course, CourseContact, Participation, Slot
from programmes.service import dates, joining, running, slots
from programmes.terms import ContactKind, Standing
from tests.post import *  # noqa: F403
from tests.post import words
from tests.programmes import making

TUESDAY = date(2026, 3, 17)
KINDS = [ContactKind.GROUP, ContactKind.PHONE, ContactKind.GROUP]


class Told:
    """A course of two sessions with a call between, Paula on it, and what she is written."""

    def __init__(self, set_up, world, post):
        self.set_up, self.world, self.post = set_up, world, post
        with set_up() as make:
            paula = make.family("Mia Reyes", account="paula")[0]
            course = making.course(make, KINDS, places=4)
            self.course, self.contacts = course.id, [contact.id for contact in course.contacts]
            booked = joining.book(course_id=course.id, household_id=paula.household_id, person_id=paula.id)
            self.one = booked.id
        self.letters()

    def slots(self, starts=time(9), number=2):
        with self.set_up() as make:
            call = find(CourseContact, self.contacts[1])
            made = slots.offer_slots(
                call, make.cast["asha"], day=TUESDAY, starts=starts, minutes=30, number=number
            )
            return [slot.id for slot in made]

    def pick(self, slot_id):
        with self.set_up():
            slots.pick(find(Slot, slot_id), find(Participation, self.one))

    def letters(self):
        """What was written since somebody last looked."""
        self.post.letters.clear()
        outbox.drain(self.world.leeds)
        outbox.drain(self.world.leeds)
        return list(self.post.letters)


def calendar_of(letter):
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_content())


def events_of(letter):
    return {str(event["uid"]): event for event in calendar_of(letter).events}


@pytest.fixture
def told(set_up, world, post):
    return Told(set_up, world, post)


def test_another_time_moves_the_one_in_the_calendar(told):
    first, second = told.slots()
    told.pick(first)
    (before,) = told.letters()
    told.pick(second)
    (after,) = told.letters()

    ((uid, was),) = events_of(before).items()
    ((same, now_is),) = events_of(after).items()
    assert same == uid
    assert now_is["sequence"] > was["sequence"]
    assert now_is["dtstart"].dt - was["dtstart"].dt == timedelta(minutes=30)


def test_a_time_that_is_let_go_leaves_the_calendar_and_can_be_picked_again(told, clock):
    first, _ = told.slots()
    told.pick(first)
    (picked,) = told.letters()
    for _ in range(2):
        with told.set_up():
            slots.let_go(find(Slot, first))
    (letter,) = told.letters()

    assert letter["Subject"] == "Telephone call: please pick another time"
    assert "Tuesday 17 March 2026, 9am to 9:30am" in words(letter)
    off = calendar_of(letter)
    assert off["METHOD"] == "CANCEL"
    ((uid, gone),) = events_of(letter).items()
    ((same, kept),) = events_of(picked).items()
    assert uid == same
    assert gone["sequence"] > kept["sequence"]

    clock.shift(timedelta(minutes=1))
    told.pick(first)
    (again,) = told.letters()
    assert events_of(again)[uid]["sequence"] > gone["sequence"]


def test_who_picks_another_time_at_once_is_told_of_that_alone(told):
    first, second = told.slots()
    told.pick(first)
    told.letters()
    with told.set_up():
        slots.let_go(find(Slot, first))
        slots.pick(find(Slot, second), find(Participation, told.one))

    assert ["9:30am" in letter["Subject"] for letter in told.letters()] == [True]


def test_leaving_takes_the_call_out_of_the_calendar_too_and_frees_it(told):
    first, _ = told.slots()
    told.pick(first)
    (picked,) = told.letters()
    with told.set_up():
        joining.withdraw(find(Participation, told.one), "")
        assert find(Slot, first).participation_id is None
    (letter,) = told.letters()

    assert calendar_of(letter)["METHOD"] == "CANCEL"
    assert len(events_of(letter)) == 3
    assert events_of(picked).keys() < events_of(letter).keys()


def test_who_is_moved_has_the_dates_of_the_new_course_alone(told):
    first, _ = told.slots()
    told.pick(first)
    (picked,) = told.letters()
    with told.set_up() as make:
        one = find(Participation, told.one)
        there = making.course(make, KINDS, of=one.programme, starts_in=timedelta(days=21))
        joining.transfer(one, there.id, "Works on Mondays now")
        assert find(Slot, first).participation_id is None
    (letter,) = told.letters()

    by_status = {
        status: [uid for uid, event in events_of(letter).items() if event["status"] == status]
        for status in ("CONFIRMED", "CANCELLED")
    }
    assert calendar_of(letter)["METHOD"] == "PUBLISH"
    assert len(by_status["CONFIRMED"]) == 2
    assert len(by_status["CANCELLED"]) == 3
    assert events_of(picked).keys() < set(by_status["CANCELLED"])


# Sessions that are called off


def call_off(told, number=3):
    with told.set_up():
        one_session.call_off(find(CourseContact, told.contacts[number - 1]).session, "The leader is ill.")
    return told.letters()


def give(told, number=3, on=date(2026, 3, 24), starts=time(13), room_id=None):
    with told.set_up():
        contact = find(CourseContact, told.contacts[number - 1])
        dates.give_date(contact, on_date=on, starts=starts, room_id=room_id)


def places(told, session_id):
    with told.set_up():
        rows = select(Place.person_id).join(Booking, Booking.id == Place.booking_id)
        rows = rows.where(Booking.session_id == session_id, Booking.standing == BookingStanding.CONFIRMED)
        return len(db.scalars(rows).all())


def test_a_session_that_is_called_off_leaves_the_calendar_and_comes_back_with_its_new_date(told):
    (off,) = call_off(told)
    assert "The leader is ill." in words(off)
    assert calendar_of(off)["METHOD"] == "CANCEL"
    give(told)
    (letter,) = told.letters()

    assert letter["Subject"] == "New date: Calm Parenting, Monday mornings"
    assert "Tuesday 24 March 2026, 1pm to 3pm" in words(letter)
    ((uid, gone),) = events_of(off).items()
    ((same, event),) = events_of(letter).items()
    assert uid == same
    assert event["sequence"] > gone["sequence"]
    assert event["dtstart"].dt.strftime("%d %H") == "24 13"
    with told.set_up():
        contact = find(CourseContact, told.contacts[2])
        session = contact.session
        assert contact.on_date == session.on_date == find(Course, told.course).last_date == date(2026, 3, 24)
        assert [
            shift.account_id for shift in db.scalars(select(Shift).where(Shift.session_id == session.id))
        ] == [told.world.cast["asha"]]
    assert places(told, session.id) == 1


def test_a_date_is_given_once_where_and_when_there_is_room(told, set_up):
    with pytest.raises(HasADate):
        give(told)
    call_off(told)
    with set_up() as make:
        hub = find(Course, told.course).hub
        room = make.room(hub=hub)
        one_session.add_session(
            hub_id=hub.id, activity_id=make.activity("Music").id, room_id=room.id, on_date=date(2026, 3, 24),
            starts=time(12), ends=time(14),
        )  # fmt: skip
    with pytest.raises(RoomTaken):
        give(told, room_id=room.id)
    for wrong in ({"on": date(2026, 3, 1)}, {"starts": time(23)}):
        with pytest.raises(Unacceptable):
            give(told, **wrong)
    assert told.letters() == []
    give(told)
    with pytest.raises(HasADate):
        give(told, on=date(2026, 3, 25))


def test_who_was_to_make_a_contact_up_there_comes_on_the_new_date(told, set_up):
    with set_up() as make:
        jo = make.family(carer="Jo Lee")[0]
        jo.email = "jo@people.example"
        parallel = making.course(make, KINDS, of=find(Course, told.course).programme)
        one = joining.book(course_id=parallel.id, household_id=jo.household_id, person_id=jo.id)
        running.plan_make_up(one, parallel.contacts[2], find(CourseContact, told.contacts[2]))
    told.letters()
    assert len(call_off(told)) == 2
    give(told)

    assert len(told.letters()) == 2
    with set_up():
        session_id = find(CourseContact, told.contacts[2]).session_id
    assert places(told, session_id) == 2


def test_a_course_does_without_a_session_that_was_called_off(told, clock):
    call_off(told, 1)
    clock.shift(timedelta(days=8))
    with told.set_up() as make:
        sam = make.family(carer="Sam Hill")[0]
        late = joining.book(course_id=told.course, household_id=sam.household_id, person_id=sam.id)
        assert late.standing == Standing.BOOKED
    clock.shift(timedelta(days=40))
    with told.set_up():
        assert running.end_those_over() == [told.course]


def test_what_gives_pause_is_said_and_refuses_nothing(told, set_up):
    told.slots(starts=time(13))
    with set_up() as make:
        contact = find(CourseContact, told.contacts[2])
        other = make.session(hub=contact.course.hub, activity=make.activity("Music"))
        db.add(Shift(session_id=other.id, account_id=make.cast["asha"], part="leads"))
        db.flush()
        starts = find(Session, other.id).starts_at
        said = dates.worth_a_look(contact, on_date=TUESDAY, starts=time(13))
        assert ["Telephone call" in sentence for sentence in said] == [True, True]
        (music,) = dates.worth_a_look(contact, on_date=starts.date(), starts=starts.time())
        assert "Music" in music
        (holiday,) = dates.worth_a_look(contact, on_date=date(2026, 5, 4), starts=time(13))
        assert "Monday 4 May 2026" in holiday


# Weeks of calls


def test_a_call_is_in_another_week(told, set_up):
    with set_up():
        dates.move_week(find(CourseContact, told.contacts[1]), date(2026, 4, 2))
    (letter,) = told.letters()

    assert "Monday 30 March 2026" in words(letter)
    with set_up():
        assert find(Course, told.course).last_date == date(2026, 4, 3)
        for number, day in ((1, date(2026, 3, 1)), (0, date(2026, 4, 2))):
            with pytest.raises(Unacceptable):
                dates.move_week(find(CourseContact, told.contacts[number]), day)


def test_who_has_picked_a_time_keeps_it_when_the_week_moves(told, set_up):
    first, _ = told.slots()
    told.pick(first)
    told.letters()
    with set_up():
        dates.move_week(find(CourseContact, told.contacts[1]), date(2026, 4, 2))
        assert find(Slot, first).participation_id == told.one

    assert told.letters() == []


# The pages


def test_a_new_date_is_given_on_a_page_after_what_gives_pause(told, knock):
    call_off(told)
    asha = knock("asha")
    course = asha.get(f"/courses/{told.course}").text
    path = f"/courses/{told.course}/contacts/{told.contacts[2]}/date"
    assert f'href="{path}"' in course
    assert asha.get(f"/courses/{told.course}/contacts/{told.contacts[0]}/date").status_code == 404
    assert asha.post(f"/courses/{told.course}/contacts/{told.contacts[0]}/date", data={}).status_code == 404
    form = {"on_date": ["4", "5", "2026"], "starts": "1pm", "room_id": ""}
    for wrong in ({"on_date": ["1", "3", "2026"], "anyway": "x"}, {"starts": "soon"}):
        assert asha.post(path, {**form, **wrong}).status_code in (409, 422)
    asked = asha.post(path, form)
    assert asked.status_code == 409
    assert "Give this date anyway" in asked.text
    anyway = unescape(re.search(r'<input[^>]*name="anyway"[^>]*value="([^"]*)"', asked.text)[1])
    for _ in range(2):
        done = asha.post(path, {**form, "anyway": anyway, "idempotency_key": "5c0f6f7e-new-date"})
        assert done.location == f"/courses/{told.course}"
    assert "Monday 4 May 2026, 1pm to 3pm" in asha.get(f"/courses/{told.course}").text
    assert len(told.letters()) == 1
    assert knock("carl").get(path).status_code in (403, 404)


def test_a_week_is_changed_on_a_page(told, knock):
    path, asha = f"/courses/{told.course}/contacts/{told.contacts[1]}/week", knock("asha")
    assert f'href="{path}"' in asha.get(f"/courses/{told.course}").text
    assert asha.post(path, {"on_date": ["1", "3", "2026"]}).status_code == 422
    assert asha.post(path, {"on_date": ["2", "4", "2026"]}).location == f"/courses/{told.course}"
    assert "In the week of Monday 30 March 2026" in asha.get(f"/courses/{told.course}").text
    assert asha.get(path.replace(str(told.contacts[1]), str(told.contacts[0]))).status_code == 404


def test_times_at_which_somebody_should_be_elsewhere_are_offered_when_they_insist(told, set_up, knock):
    with set_up() as make:
        music = make.session(hub=find(Course, told.course).hub, activity=make.activity("Music"))
        db.add(Shift(session_id=music.id, account_id=make.cast["asha"], part="helps"))
        day, starts = music.starts_at.date(), music.starts_at
    path, asha = f"/courses/{told.course}/contacts/{told.contacts[1]}/times", knock("asha")
    form = {
        "account_id": str(told.world.cast["asha"]), "day": [str(day.day), str(day.month), str(day.year)],
        "starts": f"{starts:%H:%M}", "each": "20", "number": "3", "gap": "",
    }  # fmt: skip
    asked = asha.post(path, form)
    assert asked.status_code == 409
    assert "should be elsewhere then: Music" in asked.text
    assert "not offered yet" in asked.text
    assert "Offer them anyway" in asked.text
    anyway = unescape(re.search(r'<input[^>]*name="anyway"[^>]*value="([^"]*)"', asked.text)[1])
    assert asha.post(path, {**form, "anyway": anyway}).status_code == 303
    again = asha.post(path, {**form, "anyway": anyway})
    assert again.status_code == 422
    assert "overlaps" in again.text


def test_staff_let_a_time_go_and_take_it_away(told, knock):
    first, second = told.slots()
    told.pick(first)
    told.letters()
    home, asha = f"/courses/{told.course}/contacts/{told.contacts[1]}", knock("asha")
    page = asha.get(home).text
    assert (page.count(">Let it go<"), page.count(">Take it away<")) == (1, 1)
    assert asha.post(f"{home}/times/{first}/removal").status_code == 409
    assert asha.post(f"{home}/times/{first}/release").status_code == 303
    assert [letter["Subject"] for letter in told.letters()] == ["Telephone call: please pick another time"]
    for slot in (first, second):
        assert asha.post(f"{home}/times/{slot}/removal").status_code == 303
    assert asha.post(f"{home}/times/{first}/release").status_code == 404
    assert "No times are offered yet" in asha.get(home).text
