"""What happens while a course runs: doses, starts, tasks, make-ups and the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from attendance import queries as registers
from attendance import service as attendance
from attendance.terms import Mark, Tap
from bookings import service as bookings
from bookings.jobs.messages import send_cancelled
from bookings.jobs.reminders import reminder
from bookings.models import Booking
from bookings.terms import Channel as BookedBy
from bookings.terms import Standing as BookingStanding
from hubs.models import Session
from kernel.clock import now, today
from kernel.db import db, find
from kernel.errors import NotFound, Unacceptable
from kernel.journal import Entry
from messaging import service as messaging
from messaging.models import Message
from messaging.terms import Channel, Recipient, ReplyStanding
from programmes.errors import CannotMakeUp, CannotMove, CourseGoesOn, NotesChanged
from programmes.models import Dose, Step, Task
from programmes.service import joining, running, tasks
from programmes.terms import CourseStanding, Presence, Standing, TaskKind
from tests.post import *  # noqa: F403
from tests.post import words
from tests.programmes.a_course import WEEK, a_course, a_programme, joins

DAY = timedelta(days=1)


def mark(contact, person, tap=Tap.HERE):
    return attendance.mark(registers.find_spot(contact.session_id, person.id), tap)


def doses(participation):
    rows = select(Dose).where(Dose.participation_id == participation.id)
    return {row.contact_id: row.presence for row in db.scalars(rows)}


def to_do(participation):
    rows = db.scalars(select(Task).where(Task.participation_id == participation.id, Task.done_at.is_(None)))
    return sorted((row.kind, row.contact_id) for row in rows)


@pytest.fixture
def evening(make):
    """A course of which the first evening has begun, and Paula on it."""
    course = a_course(make)
    paula, *_ = make.family()
    return course, joins(course, paula), paula


@pytest.mark.parametrize("tap", [Tap.HERE, Tap.LATE])
def test_who_comes_has_a_dose_and_has_started(evening, tap):
    course, participation, paula = evening
    mark(course.contacts[0], paula, tap)
    assert doses(participation) == {course.contacts[0].id: Presence.ATTENDED}
    assert participation.standing == Standing.STARTED
    kinds = db.scalars(select(Entry.kind).where(Entry.subject == participation.id)).all()
    assert {"DoseSaid", "ParticipationMoved"} <= set(kinds)


def test_a_mark_that_is_undone_takes_dose_and_start_back(evening):
    course, participation, paula = evening
    mark(course.contacts[0], paula)
    mark(course.contacts[0], paula, Tap.UNDO)
    assert doses(participation) == {}
    assert participation.standing == Standing.BOOKED
    steps = db.scalars(select(Step.standing).order_by(Step.id)).all()
    assert sorted(steps) == [Standing.BOOKED, Standing.BOOKED, Standing.STARTED]


def test_a_start_stays_while_anything_else_was_attended(evening, clock):
    course, participation, paula = evening
    mark(course.contacts[0], paula)
    clock.shift(WEEK)
    mark(course.contacts[1], paula)
    mark(course.contacts[1], paula, Tap.UNDO)
    assert participation.standing == Standing.STARTED


def test_who_leaves_early_was_there(evening):
    course, participation, paula = evening
    mark(course.contacts[0], paula)
    mark(course.contacts[0], paula, Tap.LEFT)
    mark(course.contacts[0], paula, Tap.UNDO)
    assert doses(participation) == {course.contacts[0].id: Presence.ATTENDED}


def test_pressing_for_everybody_and_taking_it_back(evening, make):
    course, participation, _ = evening
    other = joins(course, make.family(carer="Ann Other")[0])
    register = registers.find_register(course.contacts[0].session_id)
    attendance.mark_all_here(register)
    assert {participation.standing, other.standing} == {Standing.STARTED}
    said = {line.person_id: Tap.APOLOGIES for line in registers.lines_of(register.session_id)}
    attendance.re_key(registers.find_register(register.session_id), said)
    assert set(doses(participation).values()) == set(doses(other).values()) == {Presence.APOLOGIES}
    assert {participation.standing, other.standing} == {Standing.BOOKED}


def test_closing_the_register_makes_a_task_for_the_day_after(evening, clock):
    course, participation, paula = evening
    clock.shift(timedelta(hours=2))
    attendance.close_register(registers.find_register(course.contacts[0].session_id))
    assert doses(participation) == {course.contacts[0].id: Presence.MISSED}
    task = db.scalars(select(Task)).one()
    assert (task.kind, task.due_on, task.contact_id) == (
        TaskKind.MISSED,
        today() + DAY,
        course.contacts[0].id,
    )

    attendance.reopen(registers.find_register(course.contacts[0].session_id))
    mark(course.contacts[0], paula, Tap.LATE)
    assert to_do(participation) == []
    assert participation.standing == Standing.STARTED


def test_who_gave_the_evening_up_beforehand_sent_apologies(evening, make, clock):
    course, participation, paula = evening
    ann = make.family(carer="Ann Other")[0]
    absent = joins(course, ann)
    for person in (paula, ann):
        wanted = select(Booking).where(
            Booking.carer_id == person.id, Booking.session_id == course.contacts[0].session_id
        )
        db.delete(db.scalars(wanted).one().places[0])
    cancelled = db.scalars(wanted).one()
    cancelled.standing, cancelled.cancelled_at = BookingStanding.CANCELLED, cancelled.confirmed_at
    db.flush()
    clock.shift(timedelta(hours=2))
    attendance.close_register(registers.find_register(course.contacts[0].session_id))
    assert list(doses(participation).values()) == [Presence.MISSED]
    assert list(doses(absent).values()) == [Presence.APOLOGIES]
    attendance.reopen(registers.find_register(course.contacts[0].session_id))
    assert doses(participation) == doses(absent) == {}


@pytest.mark.parametrize("by_link", [True, False])
def test_no_to_the_reminder_of_an_evening_is_an_apology_and_leaves_the_place_on_the_course(
    make, post, by_link
):
    course = a_course(make, starts_in=DAY)
    paula = make.family(account="paula")[0]
    participation = joins(course, paula)
    session_id = course.contacts[0].session_id
    booking = db.scalars(select(Booking).where(Booking.session_id == session_id)).one()
    booking.channel = BookedBy.COURSE
    db.add(
        Message(
            kind="course-reminder", about=booking.id, person_id=paula.id, session_id=session_id, channel=Channel.TEXT,
            address="+447700900111", key="reminder", sent_at=now(), asks=True,
        )
    )  # fmt: skip
    db.flush()

    if by_link:
        bookings.cancel(booking)
    else:
        assert messaging.received("+447700900111", "No sorry", reference="one") == ReplyStanding.DONE

    assert booking.standing == BookingStanding.CANCELLED
    assert doses(participation) == {course.contacts[0].id: Presence.APOLOGIES}
    assert participation.standing == Standing.BOOKED
    assert send_cancelled(booking.id) == "sent"
    (letter,) = post.letters
    assert letter["Subject"].startswith("You are not coming: ")
    assert "You still have your place on the course." in words(letter)
    assert "another family" not in words(letter)


def test_the_reminder_of_an_evening_asks_nobody_to_give_up_their_place_on_the_course(make, clock):
    course = a_course(make, starts_in=DAY)
    paula = make.family(account="paula")[0]
    joins(course, paula)
    booking = db.scalars(select(Booking)).first()
    booking.channel = BookedBy.COURSE
    clock.move_to(find(Session, booking.session_id).starts_at - timedelta(hours=2))

    told = messaging.look(reminder(booking.id), to=Recipient(id=paula.id))

    assert "You keep your place on the course." in told.html
    assert "another family" not in told.html


def test_who_joined_later_did_not_miss_what_was_before(evening, make, clock):
    course, participation, _ = evening
    clock.shift(2 * DAY)
    late = joins(course, make.family(carer="Late Comer")[0])
    late.booked_at = participation.booked_at + 9 * DAY
    places = select(Booking).where(Booking.carer_id == late.person_id)
    first = next(one for one in db.scalars(places) if one.session_id == course.contacts[0].session_id)
    first.standing, first.cancelled_at = BookingStanding.CANCELLED, first.confirmed_at
    db.flush()
    attendance.close_register(registers.find_register(course.contacts[0].session_id))
    assert doses(late) == {}


def test_two_in_a_row_make_somebody_about_to_drop_out_and_a_dose_puts_it_right(evening, clock):
    course, participation, paula = evening
    one, two, call, _ = course.contacts
    mark(one, paula, Tap.APOLOGIES)
    assert to_do(participation) == []
    clock.shift(WEEK)
    mark(two, paula, Tap.ABSENT)
    assert to_do(participation) == [(TaskKind.ABOUT_TO_DROP_OUT, two.id), (TaskKind.MISSED, two.id)]
    clock.shift(WEEK)
    running.say(participation, call, Presence.ATTENDED)
    assert to_do(participation) == []
    assert participation.standing == Standing.STARTED
    running.say(participation, call, None)
    assert len(to_do(participation)) == 2
    assert participation.standing == Standing.BOOKED


def test_a_call_that_was_missed_is_due_the_day_after_it_was_said(evening, clock):
    course, participation, _ = evening
    clock.shift(2 * WEEK + 2 * DAY)
    running.say(participation, course.contacts[2], Presence.MISSED)
    assert db.scalars(select(Task.due_on)).one() == today() + DAY


def test_saying_something_of_a_group_contact_goes_through_the_register(evening):
    course, participation, paula = evening
    first = course.contacts[0]
    running.say(participation, first, Presence.ATTENDED)
    (line,) = [one for one in registers.lines_of(first.session_id) if one.person_id == paula.id]
    assert line.mark == Mark.HERE
    running.say(participation, first, None)
    assert doses(participation) == {}


def test_a_group_contact_made_up_in_a_call_stays_made_up(evening, clock):
    course, participation, paula = evening
    first = course.contacts[0]
    mark(first, paula, Tap.ABSENT)
    running.say(participation, first, Presence.MADE_UP)
    assert to_do(participation) == []
    clock.shift(timedelta(hours=2))
    attendance.close_register(registers.find_register(first.session_id))
    assert doses(participation) == {first.id: Presence.MADE_UP}
    attendance.reopen(registers.find_register(first.session_id))
    running.say(participation, first, Presence.MISSED)
    assert doses(participation) == {first.id: Presence.MISSED}


def test_nothing_is_said_of_another_course_or_of_who_has_left(evening, make):
    course, participation, _ = evening
    other = a_course(make, edition=course.edition, title="Another")
    with pytest.raises(NotFound):
        running.say(participation, other.contacts[2], Presence.ATTENDED)
    gone = joins(course, make.family(carer="Gone")[0], standing=Standing.WITHDRAWN)
    with pytest.raises(CannotMove):
        running.say(gone, course.contacts[2], Presence.ATTENDED)


def test_one_of_two_parents_is_enough(make):
    course = a_course(make)
    paula, _ = make.family()
    ben = make.carer(
        "Ben Reyes", household=db.get_one(type(paula.household), (paula.tenant_id, paula.household_id))
    )
    participation = joins(course, paula, ben)
    mark(course.contacts[0], ben)
    mark(course.contacts[0], paula, Tap.ABSENT)
    assert list(doses(participation).values()) == [Presence.ATTENDED]


def test_ringing_once_is_enough_and_nobody_is_rung_twice(evening, clock):
    course, participation, paula = evening
    mark(course.contacts[0], paula, Tap.ABSENT)
    clock.shift(WEEK)
    mark(course.contacts[1], paula, Tap.ABSENT)
    task = db.scalars(select(Task)).first()
    with pytest.raises(Unacceptable):
        tasks.finish(task, "  ")
    tasks.finish(task, "Works late until Easter. Will come on Monday.")
    assert to_do(participation) == []
    assert {one.what_was_said for one in db.scalars(select(Task))} == {
        "Works late until Easter. Will come on Monday."
    }
    mark(course.contacts[1], paula, Tap.UNDO)
    mark(course.contacts[1], paula, Tap.ABSENT)
    assert to_do(participation) == []


def test_a_session_is_made_up_in_a_parallel_group(evening, make, clock):
    course, participation, paula = evening
    first = course.contacts[0]
    other = a_course(make, edition=course.edition, title="Calm mornings", starts_in=DAY)
    mark(first, paula, Tap.ABSENT)
    running.plan_make_up(participation, first, other.contacts[0])
    assert to_do(participation) == []
    assert participation.standing == Standing.BOOKED
    assert paula.id in {line.person_id for line in registers.lines_of(other.contacts[0].session_id)}

    clock.shift(DAY)
    mark(other.contacts[0], paula)
    assert doses(participation) == {first.id: Presence.MADE_UP}
    assert participation.standing == Standing.STARTED
    mark(other.contacts[0], paula, Tap.UNDO)
    mark(other.contacts[0], paula, Tap.ABSENT)
    assert doses(participation) == {first.id: Presence.MISSED}
    assert to_do(participation) == [(TaskKind.MISSED, first.id)]


def test_a_plan_can_be_changed_and_dropped(evening, make):
    course, participation, paula = evening
    second = course.contacts[1]
    other = a_course(make, edition=course.edition, title="Calm mornings", starts_in=DAY)
    running.plan_make_up(participation, second, other.contacts[0])
    running.plan_make_up(participation, second, other.contacts[1])
    there = [paula.id in {o.person_id for o in registers.lines_of(c.session_id)} for c in other.contacts[:2]]
    assert there == [False, True]
    running.drop_make_up(participation, second)
    assert paula.id not in {o.person_id for o in registers.lines_of(other.contacts[1].session_id)}
    with pytest.raises(CannotMakeUp):
        running.plan_make_up(participation, second, course.contacts[3])
    with pytest.raises(CannotMakeUp):
        running.plan_make_up(participation, second, other.contacts[2])
    elsewhere = a_course(
        make, edition=a_programme(make, "Another programme"), title="Elsewhere", starts_in=DAY
    )
    with pytest.raises(CannotMakeUp):
        running.plan_make_up(participation, second, elsewhere.contacts[0])


def test_who_leaves_keeps_no_place_elsewhere_and_is_not_rung(evening, make, clock):
    course, participation, paula = evening
    other = a_course(make, edition=course.edition, title="Calm mornings", starts_in=DAY)
    running.say(participation, course.contacts[2], Presence.ATTENDED)
    running.plan_make_up(participation, course.contacts[1], other.contacts[0])
    mark(course.contacts[0], paula, Tap.ABSENT)
    running.move(participation, Standing.DROPPED_OUT)
    assert to_do(participation) == []
    assert paula.id not in {o.person_id for o in registers.lines_of(other.contacts[0].session_id)}


def test_what_was_attended_comes_along_to_another_course(evening, make, clock):
    course, participation, paula = evening
    other = a_course(make, edition=course.edition, title="Calm mornings", starts_in=-DAY)
    mark(course.contacts[0], paula)
    moved = joining.transfer(participation, other.id, "Works on Mondays now.")
    first = other.contacts[0]
    assert doses(moved) == {first.id: Presence.MADE_UP}
    attendance.close_register(registers.find_register(first.session_id))
    assert doses(moved) == {first.id: Presence.MADE_UP}
    mark(course.contacts[0], paula, Tap.UNDO)
    mark(course.contacts[0], paula, Tap.ABSENT)
    assert doses(moved) == {first.id: Presence.MISSED}
    assert moved.standing == Standing.BOOKED


def test_what_a_contact_covered_is_kept(evening):
    course, *_ = evening
    first = course.contacts[0]
    running.cover(first, covered=[1, 0, 1], minutes=85, notes=" Good questions. ", noted_before=None)
    assert (first.covered, first.took_minutes, first.notes) == ([0, 1], 85, "Good questions.")
    with pytest.raises(NotesChanged):
        running.cover(first, covered=[0], minutes=80, notes="Mine", noted_before=None)
    with pytest.raises(Unacceptable):
        running.cover(first, covered=[2])
    with pytest.raises(Unacceptable):
        running.cover(first, covered=[], minutes=0)


def test_the_end_of_a_course(evening, make, clock):
    course, participation, _ = evening
    quitter, never = (joins(course, make.family(carer=name)[0]) for name in ("Quit Ter", "Nev Er"))
    with pytest.raises(CourseGoesOn):
        running.end_course(course)
    for number, contact in enumerate(course.contacts):
        running.say(participation, contact, Presence.ATTENDED)
        if number == 0:
            running.say(quitter, contact, Presence.ATTENDED)
        clock.shift(WEEK)
    running.end_course(course)
    running.end_course(course)
    assert course.standing == CourseStanding.ENDED
    ends = [one.standing for one in (participation, quitter, never)]
    assert ends == [Standing.COMPLETED, Standing.DROPPED_OUT, Standing.WITHDRAWN]
    kinds = db.scalars(select(Entry.kind).where(Entry.subject == course.id)).all()
    assert kinds.count("CourseEnded") == 1

    for contact in course.contacts[1:3]:
        running.say(quitter, contact, Presence.ATTENDED)
    assert quitter.standing == Standing.COMPLETED
    assert quitter.ended_at == course.ended_at
    running.say(quitter, course.contacts[0], Presence.MISSED)
    assert quitter.standing == Standing.DROPPED_OUT
    assert to_do(quitter) == []


def test_courses_end_by_themselves_after_a_while(evening, clock):
    course, *_ = evening
    clock.shift(3 * WEEK + 14 * DAY)
    assert running.end_those_over() == []
    clock.shift(DAY)
    assert running.end_those_over() == [course.id]
    assert running.end_those_over() == []
