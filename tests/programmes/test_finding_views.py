from datetime import timedelta
from typing import Any

import pytest

from kernel.db import find
from programmes.models import Programme
from programmes.service import joining
from programmes.terms import CourseStanding, Source, WayIn
from tests.programmes import making
from tests.programmes.cast import Cast

WEEK = timedelta(weeks=1)


@pytest.fixture
def cast(set_up: Any) -> Cast:
    return Cast(set_up)


def test_a_stranger_finds_a_programme_by_age_and_concern(cast, knock, set_up):
    with set_up() as make:
        making.programme(make, "Teen Talk", age_from_years=12, age_to_years=17, concerns=["teenagers"])

    page = knock().get("/programmes?age=3&concern=behaviour").text
    assert "Calm Parenting" in page
    assert "Teen Talk" not in page
    assert "1 programme could suit you" in page

    part = knock().get("/programmes?age=14", htmx=True).text
    assert "Teen Talk" in part
    assert "<html" not in part
    assert "Nothing matches" in knock().get("/programmes?age=18&concern=sleep").text


def test_a_programme_says_what_it_is_and_which_courses_come(cast, knock):
    page = knock().get(f"/programmes/{cast.programme}").text

    assert "Six mornings about calm at home." in page
    assert "Calm Parenting, Monday mornings" in page
    assert "8 places left" in page
    assert "Tell me about the next course" in page


def test_a_course_shows_its_dates_and_place_and_no_names(cast, knock):
    page = knock().get(f"/programmes/courses/{cast.course}").text

    assert "Monday 9 March 2026, 10am to midday" in page
    assert "Seacroft" in page
    assert "Join this course" in page
    assert "Asha" not in page


def test_a_course_by_referral_says_how_to_be_referred(set_up, knock):
    cast = Cast(set_up, way_in=WayIn.REFERRAL)

    page = knock("paula").get(f"/programmes/courses/{cast.course}").text

    assert "Ask your health visitor" in page
    assert "/joining" not in page
    answer = knock("paula").post(f"/programmes/courses/{cast.course}/joining", cast.answers)
    assert answer.status_code == 409


def test_courses_that_nobody_can_join_any_more_stand_below_those_to_come(set_up, knock):
    cast = Cast(set_up, starts_in=-2 * WEEK, title="Half over", contacts=4)
    with set_up() as make:
        making.course(make, of=find(Programme, cast.programme), title="Starts soon")
    page = knock().get(f"/programmes/{cast.programme}").text

    assert (
        page.index("Starts soon") < page.index("It is too late to join this course") < page.index("Half over")
    )
    assert ">1 course, next Mon 9 Mar<" in knock().get("/programmes").text


def test_a_parent_who_was_referred_can_still_book_where_families_do(cast, knock, set_up):
    with set_up():
        joining.refer(
            programme_id=cast.programme, household_id=cast.home, person_id=cast.paula, source=Source.SCHOOL
        )

    page = knock("paula").get(f"/programmes/courses/{cast.course}").text

    assert "You have been referred to this programme." in page
    assert "Join this course" in page


def test_a_course_that_is_being_prepared_is_not_shown(set_up, knock):
    cast = Cast(set_up, standing=CourseStanding.DRAFT)

    assert knock().get(f"/programmes/courses/{cast.course}").status_code == 404


def test_other_councils_have_other_courses(cast, knock):
    carl = knock("carl")

    for path in (f"/programmes/{cast.programme}", f"/programmes/courses/{cast.course}"):
        assert carl.get(path).status_code == 404
    assert "Calm Parenting" not in carl.get("/programmes").text
