"""Questionnaires of a course: who is asked what, when, and which letters go."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from families.models import Person
from hubs.events import SessionMoved
from kernel import outbox
from kernel.clock import now
from kernel.db import db, find
from kernel.journal import record
from outcomes import queries, service
from outcomes.models import Asking, RiskAlert
from outcomes.terms import AskingStanding, Occasion, Respondent
from programmes.models import Course, Participation
from programmes.service.asking import after_window, before_window
from programmes.service.standing import begin, move
from programmes.terms import Standing
from tests.outcomes.conftest import on_a_course
from tests.post import *  # noqa: F403
from tests.post import Post, words

BOTH = ["before", "after"]
PARENT = {"instrument": "bpses", "respondent": "parent", "when": [*BOTH, "follow_up"], "follow_up_weeks": 12}
CHILD = {"instrument": "sdq", "respondent": "parent", "when": BOTH}
YOUNG = {"instrument": "goals", "respondent": "young_person", "when": ["before"]}
MOOD = {"instrument": "phq9", "respondent": "parent", "when": ["before"]}


@pytest.fixture
def paula(make):
    """A parent who can be written to."""
    person = make.carer("Paula Reyes", household=make.household())
    person.email = "paula@people.example"
    return person


def booked(make, paula, *measures, **parts):
    """Refer somebody and book them: what is asked follows."""
    on_it = on_a_course(
        make,
        paula,
        measures=measures or [PARENT],
        **{"standing": Standing.OFFERED, "booked_at": None, **parts},
    )
    begin(on_it)
    move(on_it, Standing.BOOKED)
    return on_it


def attest_sdq(make):
    known = queries.find_instrument("sdq")
    service.attest(
        "sdq", language="en", intro="", items=["Line"] * 25, evidence="Ours", by=make.cast["adam"],
        responses={name: ["Answer"] * len(rs) for name, rs in known.responses.items()},
    )  # fmt: skip


def asked_of(participation):
    return {
        (one.instrument, one.occasion, one.respondent_id): one
        for one in queries.askings_of([participation.id])
    }


def keep(topic, participation):
    return outbox._keepers[topic](participation_id=participation.id)


def test_whoever_is_booked_is_asked_until_the_end_of_the_second_contact(make, paula):
    on_it = booked(make, paula)

    asking = asked_of(on_it)[("bpses", Occasion.BEFORE, paula.id)]

    assert (asking.opens_at, asking.title, asking.subject_id) == (now(), "Calm parents", paula.id)
    assert asking.closes_at == on_it.course.contacts[1].session.ends_at


def test_whoever_is_booked_after_the_second_contact_is_not_asked_before(make, paula):
    assert asked_of(booked(make, paula, contacts=(-9, -2, 5))) == {}


def test_a_parent_answers_about_the_child_once_the_words_are_there(make, paula):
    child = make.child(of=paula)
    attest_sdq(make)
    on_it = booked(make, paula, CHILD, PARENT, child=child)

    asked = asked_of(on_it)
    assert asked[("sdq", Occasion.BEFORE, paula.id)].subject_id == child.id
    assert asked[("bpses", Occasion.BEFORE, paula.id)].subject_id == paula.id


def test_what_could_not_be_asked_is_asked_once_there_are_words(make, paula):
    child = make.child(of=paula)
    on_it = booked(make, paula, CHILD, child=child)
    assert asked_of(on_it) == {}

    attest_sdq(make)

    assert list(asked_of(on_it)) == [("sdq", Occasion.BEFORE, paula.id)]


def test_what_has_no_words_is_left_out(make, paula):
    assert len(asked_of(booked(make, paula, CHILD, PARENT))) == 1


@pytest.mark.parametrize(("born", "asked"), [(date(2015, 3, 2), True), (date(2015, 3, 3), False)])
def test_a_young_person_of_eleven_answers_for_themselves(make, paula, born, asked):
    child = make.child("Theo Reyes", of=paula, born=born)
    on_it = booked(make, paula, YOUNG, child=child)

    assert (("goals", Occasion.BEFORE, child.id) in asked_of(on_it)) is asked
    assert [one.respondent for one in asked_of(on_it).values()] == [Respondent.YOUNG_PERSON] * asked


def test_whoever_is_still_on_the_course_is_asked_at_the_last_contact(make, paula, clock):
    on_it = booked(make, paula)
    move(on_it, Standing.STARTED)
    assert len(asked_of(on_it)) == 1
    clock.move_to(on_it.course.contacts[-1].session.starts_at)

    assert keep("programmes.after", on_it) == "1 asked"

    asking = asked_of(on_it)[("bpses", Occasion.AFTER, paula.id)]
    assert asking.opens_at == now()
    assert asking.closes_at == on_it.course.contacts[-1].session.ends_at + timedelta(weeks=3)


def test_the_follow_up_is_asked_of_those_who_completed(make, paula, clock):
    on_it = booked(make, paula)
    move(on_it, Standing.STARTED)
    move(on_it, Standing.COMPLETED)
    last = on_it.course.contacts[-1].session.ends_at
    clock.move_to(last + timedelta(weeks=12))

    assert keep("programmes.follow_up", on_it) == "1 asked"
    asking = asked_of(on_it)[("bpses", Occasion.FOLLOW_UP, paula.id)]
    assert (asking.opens_at, asking.closes_at) == (last + timedelta(weeks=12), last + timedelta(weeks=16))


def test_whoever_dropped_out_is_not_asked_afterwards(make, paula, clock):
    on_it = booked(make, paula)
    move(on_it, Standing.STARTED)
    move(on_it, Standing.DROPPED_OUT)
    clock.shift(timedelta(days=15, hours=1))

    assert keep("programmes.after", on_it) == "overtaken"
    assert keep("programmes.follow_up", on_it) == "overtaken"


def test_a_course_that_ended_long_ago_asks_nothing(make, paula):
    on_it = on_a_course(
        make, paula, measures=[PARENT], contacts=(-200, -193, -186), standing=Standing.STARTED,
        booked_at=now() - timedelta(days=210),
    )  # fmt: skip
    move(on_it, Standing.COMPLETED)

    assert asked_of(on_it) == {}
    assert db.scalar(select(outbox.Promise.id).where(outbox.Promise.topic.startswith("programmes."))) is None


@pytest.mark.parametrize("to", [Standing.WITHDRAWN, Standing.TRANSFERRED])
def test_whoever_leaves_is_not_asked_any_more(make, paula, to):
    on_it = booked(make, paula)
    move(on_it, to)

    (asking,) = db.scalars(
        select(Asking).where(Asking.about_id == on_it.id).execution_options(populate_existing=True)
    )
    assert asking.standing == AskingStanding.WITHDRAWN


def moved(make, old, **parts):
    """Move somebody to another course, as the service does: where they go is said at the end."""
    standing = old.standing
    move(old, Standing.TRANSFERRED)
    new = on_a_course(make, old.person, measures=old.course.edition.measures, standing=standing, **parts)
    new.programme_id = old.programme_id
    begin(new)
    old.transferred_to_id = new.id
    db.flush()
    return new


def test_whoever_is_moved_is_not_asked_again_what_they_answered(make, paula):
    first = booked(make, paula, PARENT, MOOD)
    asking = asked_of(first)[("bpses", Occasion.BEFORE, paula.id)]
    for number in range(1, 6):
        service.save(asking, number, 3)
    service.finish(asking)

    second = moved(make, first)
    third = moved(make, second)

    assert [one.instrument for one in asked_of(second).values()] == ["phq9"]
    assert [one.instrument for one in asked_of(third).values()] == ["phq9"]


def test_goals_go_with_whoever_is_moved(make, paula):
    first = booked(make, paula, PARENT)
    service.set_goals(first.id, paula.id, ["Sleep", "Calm"])

    second = moved(make, first)

    assert queries.goals_of(second.id, paula.id) == {1: "Sleep", 2: "Calm"}


def test_the_windows_move_with_the_sessions(make, paula):
    on_it = booked(make, paula)
    second = on_it.course.contacts[1].session
    second.starts_at += timedelta(days=1)
    second.ends_at += timedelta(days=1)
    record(SessionMoved(subject=second.id))

    assert asked_of(on_it)[("bpses", Occasion.BEFORE, paula.id)].closes_at == second.ends_at


def test_a_course_without_contacts_has_no_windows(make, paula):
    on_it = booked(make, paula)
    empty = Course(contacts=[])

    assert before_window(empty, now()) is after_window(empty) is None
    assert on_it.course


# Letters


@pytest.fixture
def drain(world: Any) -> Callable[[], int]:
    """Keep all promises of Leeds that are due."""
    return lambda: outbox.drain(world.leeds)


@pytest.fixture
def on_it(set_up):
    """Paula, booked, and asked two questionnaires."""
    with set_up() as make:
        person = make.carer("Paula Reyes", household=make.household())
        person.email = "paula@people.example"
        return booked(make, person, PARENT, MOOD)


def test_one_letter_asks_for_everything_and_tells_nothing(on_it, post: Post, drain):
    drain()

    (letter,) = post.letters
    assert letter["Subject"] == "A few questions about Calm parents"
    assert letter["To"] == "paula@people.example"
    said = words(letter)
    assert "http://leeds.test/q/" in said
    for secret in ("Paula", "Reyes", "bpses", "phq", "depress", "Confidence"):
        assert secret.lower() not in said.lower()


def test_reminders_stop_when_everything_is_answered(on_it, post: Post, drain, clock, set_up):
    drain()
    clock.shift(timedelta(days=3, minutes=1))
    drain()
    assert [letter["Subject"] for letter in post.letters][1:] == [
        "Reminder: a few questions about Calm parents"
    ]
    with set_up():
        for asking in queries.askings_of([on_it.id]):
            for item in queries.items_of(asking):
                service.save(asking, item.number, 0 if asking.instrument == "phq9" else 3)
            service.finish(asking)
    clock.shift(timedelta(days=4))
    drain()

    assert len(post.letters) == 2


def test_a_reminder_leads_to_what_is_not_answered_yet(on_it, post: Post, drain, clock, set_up):
    drain()
    with set_up():
        first, second = sorted(queries.askings_of([on_it.id]), key=lambda one: one.instrument)
        for number in range(1, 6):
            service.save(first, number, 3)
        service.finish(first)
        path = service.path_of(second)
    clock.shift(timedelta(days=3, minutes=1))
    drain()

    assert path in words(post.letters[-1])


def test_whoever_withdrew_gets_no_letter(on_it, post: Post, drain, set_up):
    with set_up():
        move(find(Participation, on_it.id), Standing.WITHDRAWN)
    drain()

    assert post.letters == []


def test_a_young_person_is_written_to_at_their_own_address_alone(set_up, post: Post, drain):
    with set_up() as make:
        person = make.carer("Paula Reyes", household=make.household())
        person.email = "paula@people.example"
        child = make.child("Theo Reyes", of=person, born=date(2012, 1, 1))
        other = make.child("Ana Reyes", of=person, born=date(2012, 1, 2))
        find(Person, child.id).email = "Paula@people.example"
        find(Person, other.id).email = "ana@people.example"
        booked(make, person, YOUNG, child=child)
        booked(make, person, YOUNG, child=other)
    drain()

    assert [letter["To"] for letter in post.letters] == ["ana@people.example"]


def test_facilitators_are_told_to_look_today_and_no_more(on_it, post: Post, drain, set_up):
    drain()
    post.letters.clear()
    with set_up():
        asking = next(one for one in queries.askings_of([on_it.id]) if one.instrument == "phq9")
        service.save(asking, 9, 3)
    drain()

    (letter,) = post.letters
    assert letter["To"] == "asha@people.example"
    assert letter["Subject"] == "Please look at this course today: Calm parents"
    assert f"/courses/{on_it.course_id}" in words(letter)
    for secret in ("Paula", "phq", "risk", "despair", "question"):
        assert secret.lower() not in words(letter).lower().replace("questions?", "")


def test_what_was_seen_to_already_needs_no_letter(on_it, post: Post, drain, set_up):
    drain()
    post.letters.clear()
    with set_up(actor="asha"):
        asking = next(one for one in queries.askings_of([on_it.id]) if one.instrument == "phq9")
        service.save(asking, 9, 3)
        service.settle_alert(db.scalars(select(RiskAlert)).one(), "Rang her.")
    drain()

    assert post.letters == []


# Pages


def test_staff_see_what_a_participant_was_asked_and_how_to_answer_it(on_it, knock):
    page = knock("asha").get(f"/courses/participants/{on_it.id}/questionnaires")

    assert page.text.count("Not answered yet") == 2
    assert page.text.count("Key in from paper") == 2
    assert page.text.count("On this tablet") == 2
    for somebody, status in (("beth", 200), ("lena", 403), ("paula", 403), ("carl", 404)):
        assert knock(somebody).get(f"/courses/participants/{on_it.id}/questionnaires").status_code == status


def test_alerts_stand_on_the_page_of_the_course_until_they_are_seen_to(on_it, knock, set_up):
    with set_up(actor="asha"):
        asking = next(one for one in queries.askings_of([on_it.id]) if one.instrument == "phq9")
        service.save(asking, 9, 3)
        alert_id = db.scalars(select(RiskAlert.id)).one()
    asha = knock("asha")

    course, participant = f"/courses/{on_it.course_id}", f"/courses/participants/{on_it.id}/questionnaires"
    for path in (course, participant):
        assert f"/questionnaires/alerts/{alert_id}" in asha.get(path).text
    assert "needs looking after today" in asha.get("/courses").text
    asha.post(f"/questionnaires/alerts/{alert_id}", {"done": "Rang her. She is safe."})
    for path in (course, participant):
        assert f"/questionnaires/alerts/{alert_id}" not in asha.get(path).text
    assert "needs looking after today" not in asha.get("/courses").text
    assert "Rang her" not in asha.get(course).text
