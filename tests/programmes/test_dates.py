"""Single dates of a course: times that are picked, moved and let go, sessions with a new date, weeks of calls."""

from datetime import date, time, timedelta

import pytest
from icalendar import Calendar

from kernel import outbox
from kernel.db import find
from programmes.models import CourseContact, Participation, Slot
from programmes.service import joining, slots
from programmes.terms import ContactKind
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

    assert letter["Subject"] == "Telephone call: your time is free again"
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
