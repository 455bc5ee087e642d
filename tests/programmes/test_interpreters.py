"""The language in which somebody needs an interpreter comes from their record, wherever they join."""

from uuid import UUID

import pytest

from families.models import Person
from families.queries import interpreter_for
from kernel.db import db, find
from programmes.models import Participation
from programmes.service import joining
from programmes.terms import Source
from tests.hubs.test_api import Machine
from tests.programmes import making


@pytest.fixture
def course(set_up):
    with set_up() as make:
        paula, *_ = make.family("Mia Reyes", account="paula")
        paula.language, paula.needs_interpreter = "pl", True
        db.flush()
        course = making.course(make)
        return course.id, course.programme_id, paula.id, paula.household_id


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"language": "pl", "needs_interpreter": True}, "Polish"),
        ({"language": "pl"}, ""),
        ({"needs_interpreter": True}, "Ask which language"),
        ({"language": "bfi", "needs_interpreter": True}, "British Sign Language"),
    ],
)
def test_the_record_says_which_language(parts, said):
    assert interpreter_for(Person(**{"language": "", "needs_interpreter": False, **parts})) == said


def test_a_parent_finds_it_filled_in_and_can_change_it(course, knock):
    page = knock("paula").get(f"/programmes/courses/{course[0]}/joining").text
    assert 'value="Polish"' in page
    form = {"child": "none", "partner": "none", "interpreter": ""}
    checked = knock("paula").post(f"/programmes/courses/{course[0]}/joining/check", form).text
    assert "Polish" not in checked


def test_it_comes_with_a_referral_and_stands_on_the_form_of_staff(course, set_up, knock):
    course_id, programme_id, paula, home = course
    with set_up() as make:
        another = making.course(make, of=making.programme(make, "Another"))
        referred = joining.refer(
            programme_id=programme_id, household_id=home, person_id=paula, source=Source.GP
        )
        assert referred.interpreter == "Polish"
        joining.offer(referred, course_id)
        joining.accept(referred)
        assert find(Participation, referred.id).interpreter == "Polish"
        early = joining.refer(
            programme_id=another.programme_id, household_id=home, person_id=paula, source=Source.GP
        )
        early.interpreter, early_id = "", early.id
    assert 'value="Polish"' in knock("beth").get(f"/courses/participants/{early_id}/booking").text


def test_a_machine_need_not_say_it(course, app, api_key, set_up):
    paula = Machine(app, api_key("paula"), "leeds.test")
    booked = paula("POST", "/participations", {"course_id": str(course[0])}).json["id"]
    with set_up():
        assert find(Participation, UUID(booked)).interpreter == "Polish"


def test_staff_write_down_later_what_somebody_needs_and_are_not_shown_what_was_told_before(
    course, set_up, knock, app, api_key
):
    course_id, _, paula, home = course
    with set_up():
        on_it = joining.book(
            course_id=course_id, household_id=home, person_id=paula, access_needs="A ramp"
        ).id
    beth, path = knock("beth"), f"/courses/participants/{on_it}/needs"

    assert "A ramp" not in beth.get(path).text
    assert knock("carl").get(path).status_code == 404
    too_long = beth.post(path, {"interpreter": "x" * 61, "access_needs": "A lift"})
    assert too_long.status_code == 422
    assert "A lift" in too_long.text, "nothing typed is lost"
    beth.post(path, {"interpreter": "Farsi", "access_needs": ""})
    with set_up():
        assert (find(Participation, on_it).interpreter, find(Participation, on_it).access_needs) == (
            "Farsi",
            "A ramp",
        )
    Machine(app, api_key("beth"), "leeds.test")(
        "PUT", f"/participations/{on_it}/needs", {"access_needs": "A lift"}
    )
    with set_up():
        assert (find(Participation, on_it).interpreter, find(Participation, on_it).access_needs) == (
            "Farsi",
            "A lift",
        )
