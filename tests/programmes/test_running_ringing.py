"""People to ring, making up, and the ends of sessions and courses: the pages."""

from datetime import timedelta

import pytest

from kernel.db import db, unit_of_work
from kernel.ids import new_id
from programmes.models import Participation, Task
from programmes.terms import Presence, Standing
from tests.programmes.a_course import WEEK, a_course
from tests.programmes.evening import Evening, counting

DAY = timedelta(days=1)
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def evening(set_up, world):
    return lambda *names, **parts: Evening(set_up, world, *names, **parts)


def test_ringing_somebody(evening, knock, clock):
    tonight, asha = evening(f"{NASTY} Reyes"), knock("asha")
    name = f"{NASTY} Reyes"
    assert "Nobody to ring" in asha.get("/courses/tasks").text
    asha.post(tonight.press(name), {"say": "absent"})
    clock.shift(DAY)
    asha = knock("asha")
    text = asha.get("/courses/tasks").text
    assert "Ring today" in text
    assert NASTY not in text
    (task,) = tonight.rows(Task)
    assert "There is a problem" in asha.post(f"/courses/tasks/{task.id}", {"what_was_said": " "}).text
    answer = asha.post(f"/courses/tasks/{task.id}", {"what_was_said": "Works late."}, follow=True)
    assert "Nobody to ring" in answer.text
    assert "Works late." in asha.get(f"/courses/tasks/{task.id}").text
    with unit_of_work(tonight.world.leeds):
        raw = db.connection().exec_driver_sql("SELECT what_was_said FROM course_tasks").scalar_one()
    assert "Works late" not in raw


def test_the_list_of_those_about_to_drop_out_stays_when_they_were_rung(evening, knock, clock):
    tonight, asha = evening(), knock("asha")
    for number in (1, 2):
        asha.post(tonight.press(number=number), {"say": "absent"})
        clock.shift(WEEK)
        asha = knock("asha")
    text = asha.get("/courses/tasks").text
    assert "2 missed in a row, 0 of 4 had" in text
    assert "Not rung yet" in text
    asha.post(f"/courses/tasks/{tonight.rows(Task)[0].id}", {"what_was_said": "Will come."})
    text = asha.get("/courses/tasks").text
    assert "Nobody to ring" in text
    assert ">Rung<" in text
    asha.post(tonight.press(number=3), {"say": "attended"})
    assert "2 missed in a row" not in asha.get("/courses/tasks").text


def test_making_a_session_up_elsewhere(evening, set_up, knock, clock):
    tonight, asha = evening(), knock("asha")
    asha.post(tonight.press(), {"say": "absent"})
    with set_up() as make:
        edition = db.get_one(
            Participation, (tonight.world.leeds, tonight.on_it["Paula Reyes"])
        ).course.edition
        other = a_course(make, edition=edition, title="Calm mornings", starts_in=DAY)
        there = other.contacts[0].id
        other_path = f"/courses/{other.id}/contacts/{there}"
    address = f"{tonight.press()}/make-up"
    assert "Calm mornings" in asha.get(address).text
    assert asha.post(address, {}).status_code == 422
    assert asha.post(address, {"where": str(new_id())}).status_code == 422
    key = {"idempotency_key": str(new_id())}
    for _ in range(2):
        answer = asha.post(address, {"where": str(there), **key})
        assert answer.location == f"{tonight.path()}#participant-{tonight.on_it['Paula Reyes']}"
    assert "Makes it up at Calm mornings, Tue 3 Mar" in asha.get(tonight.path()).text
    assert "Give this place back" in asha.get(address).text

    clock.shift(DAY)
    asha = knock("asha")
    assert "Here to make up a session" in asha.get(other_path).text
    answer = asha.post(f"{other_path}/people/{tonight.on_it['Paula Reyes']}", {"say": "here"}, htmx=True)
    assert "Here since 10am" in answer.text
    assert tonight.presence() == [Presence.MADE_UP]
    assert "Made up at Calm mornings" in asha.get(tonight.path()).text
    assert "They have had this session" in asha.get(address).text


def test_a_place_elsewhere_is_given_back_and_a_word_is_enough(evening, set_up, knock):
    tonight, asha = evening(), knock("asha")
    asha.post(tonight.press(), {"say": "absent"})
    with set_up() as make:
        edition = db.get_one(
            Participation, (tonight.world.leeds, tonight.on_it["Paula Reyes"])
        ).course.edition
        there = a_course(make, edition=edition, title="Calm mornings", starts_in=DAY).contacts[0].id
    address = f"{tonight.press()}/make-up"
    asha.post(address, {"where": str(there)})
    asha.post(f"{address}/cancellation")
    assert "Makes it up" not in asha.get(tonight.path()).text
    asha.post(address, {"where": "by-word"})
    assert tonight.presence() == [Presence.MADE_UP]


def test_closing_the_register_from_here(evening, knock, clock):
    tonight, asha = evening("Paula Reyes", "Ann Other"), knock("asha")
    asha.post(tonight.press(), {"say": "here"})
    assert asha.post(f"{tonight.path()}/closing").status_code == 409
    clock.shift(timedelta(hours=2))
    asha = knock("asha")
    assert "Close the register" in asha.get(tonight.path()).text
    answer = asha.post(f"{tonight.path()}/closing", follow=True)
    assert "The register is closed: 1 person did not come" in answer.text
    assert tonight.presence("Ann Other") == [Presence.MISSED]
    assert asha.post(tonight.press("Ann Other"), {"say": "here"}).status_code == 409
    asha.post(f"{tonight.path()}/reopening")
    asha.post(tonight.press("Ann Other"), {"say": "late"})
    assert tonight.presence("Ann Other") == [Presence.ATTENDED]
    assert asha.post(f"{tonight.path(3)}/closing").status_code == 404


def test_ending_a_course(evening, knock, clock):
    tonight, asha = evening("Paula Reyes", "Ann Other"), knock("asha")
    asha.post(tonight.press(), {"say": "here"})
    assert "This course goes on" in asha.get(f"/courses/{tonight.course_id}/ending").text
    assert asha.post(f"/courses/{tonight.course_id}/ending").status_code == 409
    clock.shift(3 * WEEK)
    asha = knock("asha")
    assert f"/courses/{tonight.course_id}/ending" in asha.get(tonight.path(4)).text
    text = asha.get(f"/courses/{tonight.course_id}/ending").text
    assert "Dropped out: 1 participant" in text
    assert asha.post(f"/courses/{tonight.course_id}/ending").status_code == 303
    assert {row.standing for row in tonight.rows(Participation)} == {Standing.DROPPED_OUT, Standing.WITHDRAWN}
    for number in (2, 3):  # what is put right after the end still counts
        asha.post(tonight.press(number=number), {"say": "here" if number == 2 else "attended"})
    assert "Completed" in asha.get(tonight.path(3)).text
    assert 'value="undo"' in asha.get(tonight.path(3)).text
    assert "This course is over" in asha.get(f"/courses/{tonight.course_id}/ending").text


def test_the_list_of_calls_makes_as_many_statements_however_long_it_is(evening, knock, world, clock):
    names = [f"Carer {number}" for number in range(4)]
    tonight, asha = evening(*names), knock("asha")
    counts = []
    for some in (names[:1], names[1:]):
        for name in some:
            asha.post(tonight.press(name), {"say": "absent"})
        asha.get("/courses/tasks")
        with counting(world) as made:
            asha.get("/courses/tasks")
        counts.append(len(made))
    assert counts[0] == counts[1] <= 10
