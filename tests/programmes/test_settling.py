"""What registers say late: of those who had withdrawn, and of make-ups of which nobody said whether they came about."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from attendance import queries as registers
from attendance import service as attendance
from attendance.terms import Tap
from hubs.service import one_session
from kernel.db import db
from programmes import queries
from programmes.models import Dose, Step
from programmes.service import joining, running
from programmes.terms import Presence, Standing
from tests.programmes import making
from tests.programmes.a_course import WEEK, a_course, joins

DAY = timedelta(days=1)


def mark(contact, person, tap=Tap.HERE):
    return attendance.mark(registers.find_spot(contact.session_id, person.id), tap)


def steps(participation):
    rows = select(Step).where(Step.participation_id == participation.id).order_by(Step.taken_at, Step.id)
    return [(step.standing, step.why) for step in db.scalars(rows)]


@pytest.fixture
def evening(make):
    """A course of which the first evening has begun, and Paula on it."""
    course = a_course(make)
    paula, *_ = make.family()
    return course, joins(course, paula), paula


def test_who_withdrew_and_had_come_dropped_out(evening, clock):
    course, participation, paula = evening
    clock.shift(DAY)
    joining.withdraw(participation, "No time")
    left_at = participation.ended_at
    clock.shift(DAY)

    mark(course.contacts[0], paula)
    assert participation.standing == Standing.DROPPED_OUT
    assert participation.ended_at == left_at
    assert participation.started_at == course.contacts[0].session.starts_at
    assert steps(participation)[-1] == (Standing.DROPPED_OUT, "The register says that they came.")

    clock.shift(DAY)
    mark(course.contacts[0], paula, Tap.UNDO)
    assert participation.standing == Standing.WITHDRAWN
    assert (participation.ended_at, participation.started_at) == (left_at, None)
    assert steps(participation)[-1] == (Standing.WITHDRAWN, "The register says that they did not come.")


def test_who_withdrew_by_the_end_of_the_course_and_had_come_is_judged_anew(evening, clock):
    course, participation, paula = evening
    clock.shift(3 * WEEK + DAY)
    running.end_course(course)
    assert participation.standing == Standing.WITHDRAWN

    mark(course.contacts[0], paula)
    assert participation.standing == Standing.DROPPED_OUT
    for contact in course.contacts[1:]:
        running.say(participation, contact, Presence.ATTENDED)
    assert participation.standing == Standing.COMPLETED
    assert participation.ended_at == course.ended_at
    assert (Standing.STARTED, None) in steps(participation)


def test_who_joined_again_is_the_one_who_came(evening, clock):
    course, participation, paula = evening
    joining.withdraw(participation, "No time")
    again = making.participation(course, paula)

    mark(course.contacts[0], paula)
    assert participation.standing == Standing.WITHDRAWN
    assert again.standing == Standing.STARTED


def plan(make, evening, **parts):
    course, participation, _ = evening
    other = a_course(make, edition=course.edition, title="Calm mornings", **parts)
    running.plan_make_up(participation, course.contacts[1], other.contacts[0])
    return other.contacts[0]


def known(participation):
    return queries.known_of([participation.id])[participation.id][1]


def test_a_make_up_of_which_nobody_says_anything_is_over_when_the_course_ends(evening, make, clock):
    course, participation, paula = evening
    there = plan(make, evening, starts_in=DAY)
    running.say(participation, course.contacts[0], Presence.ATTENDED)
    clock.shift(3 * WEEK + DAY)
    assert known(participation).planned

    running.end_course(course)
    assert not known(participation).planned
    assert known(participation).did_not_come
    assert participation.standing == Standing.DROPPED_OUT

    running.say(participation, course.contacts[2], Presence.ATTENDED)
    mark(there, paula)
    assert known(participation).presence == Presence.MADE_UP
    assert participation.standing == Standing.COMPLETED


def test_a_make_up_that_is_still_to_come_keeps_its_place_when_the_course_ends(evening, make, clock):
    course, participation, paula = evening
    there = plan(make, evening, starts_in=4 * WEEK)
    for contact in (course.contacts[0], course.contacts[2]):
        running.say(participation, contact, Presence.ATTENDED)
    clock.shift(3 * WEEK + DAY)
    running.end_course(course)

    assert participation.standing == Standing.DROPPED_OUT
    assert known(participation).planned
    clock.shift(WEEK)
    assert paula.id in {line.person_id for line in registers.lines_of(there.session_id)}
    mark(there, paula)
    assert participation.standing == Standing.COMPLETED


def test_a_make_up_whose_session_is_called_off_is_planned_no_more(evening, make):
    _, participation, _ = evening
    there = plan(make, evening, starts_in=DAY)
    one_session.call_off(there.session, "The leader is ill.")

    assert not known(participation).planned
    dose = db.scalars(select(Dose).where(Dose.participation_id == participation.id)).one()
    assert dose.presence == Presence.APOLOGIES
