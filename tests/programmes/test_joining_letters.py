from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from kernel import outbox
from kernel.clock import now
from kernel.db import db, find, unit_of_work
from kernel.errors import Refusal, Unacceptable
from kernel.journal import record
from kernel.outbox import Promise
from programmes.errors import CannotMove, SlotIsTaken
from programmes.events import CourseCalledOff, CourseChanged, CourseSetUp
from programmes.models import Interest, Participation, Slot
from programmes.queries import mine
from programmes.service import interest, joining, slots
from programmes.terms import ContactKind, CourseStanding, Source, WayIn
from tests.post import *  # noqa: F403
from tests.post import Post, words
from tests.programmes import making

WEEK = timedelta(weeks=1)
KINDS = [ContactKind.GROUP, ContactKind.PHONE]
TUESDAY = date(2026, 3, 17)
SECRETS = ("Mia", "Rows", "A ramp", "Polish")


@pytest.fixture
def drain(world: Any) -> Callable[[], int]:
    return lambda: outbox.drain(world.leeds)


@pytest.fixture
def cast(set_up: Any) -> Any:
    """Paula, who can be written to, and a course of a group session and a call."""
    with set_up() as make:
        paula, mia = make.family("Mia Reyes", account="paula")
        made = making.course(make, KINDS, places=4)
        return paula.household_id, paula.id, mia.id, made.id, made.programme_id


def book(cast: Any) -> Participation:
    home, paula, mia, course, _ = cast
    return joining.book(
        course_id=course, household_id=home, person_id=paula, child_id=mia, interpreter="Polish", access_needs="A ramp"
    )  # fmt: skip


def refer(cast: Any) -> Participation:
    home, paula, mia, _, programme = cast
    return joining.refer(
        programme_id=programme, household_id=home, person_id=paula, child_id=mia, source=Source.GP, reason="Rows"
    )  # fmt: skip


def told(post: Post) -> str:
    text = words(post.letters[-1])
    assert not [secret for secret in SECRETS if secret in text]
    return text


def calendar_of(post: Post) -> Calendar:
    part = next(p for p in post.letters[-1].walk() if p.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_content())


# Letters


def test_whoever_joins_is_told_all_dates_once(cast, set_up, post, drain):
    with set_up():
        book(cast)
    drain()
    drain()

    (letter,) = post.letters
    assert letter["Subject"] == "You have a place: Calm Parenting, Monday mornings"
    text = told(post)
    assert "Monday 9 March 2026, 10am to midday" in text
    assert "You pick a time, in the week of Monday 16 March 2026" in text
    assert len(calendar_of(post).events) == 1


def test_an_offer_says_until_when_and_where_to_answer(cast, set_up, post, drain):
    with set_up():
        referred = refer(cast)
        joining.offer(referred, cast[3])
        which = referred.id
    drain()

    text = told(post)
    assert "keep it until 10am on Monday 9 March 2026" in text
    assert f"/my-courses/{which}" in text


def test_an_offer_lapses_by_itself(cast, set_up, post, drain, clock):
    with set_up():
        referred = refer(cast)
        joining.offer(referred, cast[3])
        which = referred.id
    clock.shift(WEEK + timedelta(minutes=1))
    drain()

    with set_up():
        assert find(Participation, which).course_id is None
        outcomes = db.scalars(select(Promise.outcome).where(Promise.topic == "course.offer_lapse")).all()
        assert outcomes == ["let go"]


def test_a_place_that_is_offered_again_is_told_again(cast, set_up, post, drain, clock):
    with set_up():
        referred = refer(cast)
        joining.offer(referred, cast[3])
    drain()
    clock.shift(timedelta(hours=1))
    with set_up() as make:
        other = making.course(make, KINDS, of=find(Participation, referred.id).programme, starts_in=3 * WEEK)
        joining.offer(find(Participation, referred.id), other.id)
    drain()

    assert len(post.letters) == 2
    told(post)


def test_leaving_takes_the_dates_out_of_the_calendar(cast, set_up, post, drain):
    with set_up():
        booked = book(cast)
        drain_later = booked.id
    drain()
    with set_up():
        joining.withdraw(find(Participation, drain_later), "Rows")
    drain()

    assert "You have left" in told(post)
    assert calendar_of(post)["METHOD"] == "CANCEL"
    assert len(post.letters) == 2


def test_a_course_that_is_called_off_is_told_once_to_each(cast, set_up, post, drain):
    with set_up():
        course = book(cast).course
        course.standing, course.called_off_because = CourseStanding.CALLED_OFF, "The leader is ill."
        record(CourseCalledOff(subject=course.id))
    drain()

    assert [letter["Subject"] for letter in post.letters] == ["Called off: Calm Parenting, Monday mornings"]
    assert "The leader is ill." in told(post)


# The next course


def test_everybody_interested_is_told_once_of_a_course_that_opens(cast, set_up, post, drain):
    home, paula, _, course, programme = cast
    with set_up() as make:
        interest.show_interest(programme, home, paula)
        jo = make.family(carer="Jo Lee")[0]
        jo.email = "jo@people.example"
        gone = interest.show_interest(programme, jo.household_id, jo.id)
        interest.leave(gone)
    for event in (CourseSetUp(subject=course, programme=programme), CourseChanged(subject=course)):
        with set_up():
            record(event)
        drain()

    (letter,) = post.letters
    assert letter["To"] == "paula@people.example"
    assert f"/programmes/courses/{course}" in told(post)
    assert "/programmes/interest/" in told(post)


@pytest.mark.parametrize(
    "parts",
    [{"way_in": WayIn.REFERRAL}, {"standing": CourseStanding.DRAFT}, {"starts_in": -WEEK}],
)
def test_nobody_is_told_of_a_course_that_they_cannot_book(make, parts):
    course = making.course(make, **parts)

    record(CourseSetUp(subject=course.id, programme=course.programme_id))

    assert not db.scalars(select(Promise).where(Promise.topic == "programme.course_opened")).all()


def test_showing_interest_twice_is_once_and_a_place_ends_it(make):
    course, (paula, _) = making.course(make), make.family()
    one, two = (interest.show_interest(course.programme_id, paula.household_id, paula.id) for _ in range(2))
    assert one is two

    joining.book(course_id=course.id, household_id=paula.household_id, person_id=paula.id)
    db.refresh(one)

    assert one.left_at
    assert interest.show_interest(course.programme_id, paula.household_id, paula.id).id != one.id


# Times


def offered(make: Any, course: Any, **parts: Any) -> list[Slot]:
    usual: dict[str, Any] = {"day": TUESDAY, "starts": time(9), "minutes": 30, "number": 3, "gap": 10}
    return slots.offer_slots(course.contacts[1], make.cast["asha"], **{**usual, **parts})


def test_times_are_offered_one_after_another(make):
    made = offered(make, making.course(make, KINDS))

    assert [slot.starts_at.strftime("%H:%M") for slot in made] == ["09:00", "09:40", "10:20"]


def test_a_facilitator_is_in_one_place_at_a_time(make):
    course = making.course(make, KINDS)
    offered(make, course)

    with pytest.raises(Unacceptable, match="overlaps"):
        offered(make, course, starts=time(10, 30), number=1)
    with pytest.raises(Unacceptable, match="not passed"):
        offered(make, course, day=date(2026, 3, 1))
    with pytest.raises(Unacceptable, match="facilitator"):
        slots.offer_slots(
            course.contacts[1], make.cast["beth"], day=TUESDAY, starts=time(9), minutes=30, number=1
        )
    with pytest.raises(Unacceptable, match="calls"):
        slots.offer_slots(
            course.contacts[0], make.cast["asha"], day=TUESDAY, starts=time(9), minutes=30, number=1
        )
    for wrong in ({"minutes": 2}, {"number": 0}, {"gap": -1}):
        with pytest.raises(Unacceptable):
            offered(make, course, **wrong)


def test_a_parent_has_one_time_for_each_contact(make):
    course, (paula, _) = making.course(make, KINDS), make.family()
    one = joining.book(course_id=course.id, household_id=paula.household_id, person_id=paula.id)
    first, second, _ = offered(make, course)

    slots.pick(first, one)
    slots.pick(first, one)
    slots.pick(second, one)

    assert (first.participation_id, second.participation_id) == (None, one.id)
    slots.let_go(second)
    assert [slot.id for slot in mine.free_slots(course.contacts[1].id)][:2] == [first.id, second.id]


def test_only_those_on_the_course_pick_its_times(make, clock):
    course, (paula, _) = making.course(make, KINDS), make.family()
    other = making.course(make, KINDS, of=making.programme(make, "Another"))
    one = joining.book(course_id=other.id, household_id=paula.household_id, person_id=paula.id)
    first, *_ = offered(make, course)

    with pytest.raises(CannotMove):
        slots.pick(first, one)
    there = joining.book(course_id=course.id, household_id=paula.household_id, person_id=paula.id)
    clock.shift(5 * WEEK)
    with pytest.raises(SlotIsTaken, match="passed"):
        slots.pick(first, there)


def test_a_time_that_is_picked_is_not_taken_away(make):
    course, (paula, _) = making.course(make, KINDS), make.family()
    one = joining.book(course_id=course.id, household_id=paula.household_id, person_id=paula.id)
    first, second, _ = offered(make, course)
    slots.pick(first, one)

    slots.take_away(second)
    with pytest.raises(SlotIsTaken):
        slots.take_away(first)
    joining.withdraw(one, "")
    assert first.participation_id is None


def test_a_time_that_two_want_goes_to_one(set_up, world):
    with set_up() as make:
        course = making.course(make, KINDS)
        places = []
        for n in range(4):
            parent = make.family(carer=f"Parent {n}")[0]
            places.append(
                joining.book(course_id=course.id, household_id=parent.household_id, person_id=parent.id)
            )
        slot = offered(make, course, number=1)[0]
    barrier = Barrier(len(places))

    def want(one: Participation) -> Any:
        barrier.wait(20)
        try:
            with unit_of_work(world.leeds):
                slots.pick(slot, one)
                return one.id
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(places)) as pool:
        came = list(pool.map(want, places))

    assert sum(isinstance(one, SlotIsTaken) for one in came) == 3
    with set_up():
        assert find(Slot, slot.id).participation_id in came


def test_a_time_that_is_picked_is_written_with_a_calendar(cast, set_up, post, drain):
    with set_up():
        one = book(cast).id
    drain()
    with set_up() as make:
        booked = find(Participation, one)
        slots.pick(offered(make, booked.course)[0], booked)
    drain()

    assert "Telephone call: Tue 17 Mar at 9am" in post.letters[-1]["Subject"]
    (event,) = calendar_of(post).events
    assert event["dtstart"].dt.strftime("%d %H:%M") == "17 09:00"
    told(post)


def test_waiting_times_can_be_reckoned(make, clock):
    course, (paula, _) = making.course(make), make.family()
    referred = joining.refer(
        programme_id=course.programme_id,
        household_id=paula.household_id,
        person_id=paula.id,
        source=Source.SELF,
    )
    clock.shift(timedelta(days=3))
    joining.book(course_id=course.id, household_id=paula.household_id, person_id=paula.id)

    assert (referred.booked_at - referred.referred_at).days == 3
    assert db.scalars(select(Interest)).all() == []
    assert now() >= referred.booked_at
