"""Two carers of one course, of whom one must not be found: to the other the course is full, and staff are told why."""

import pytest

from families import service as families
from families.models import Caring, Person
from families.terms import Relationship, Responsibility
from kernel.db import db, find
from kernel.errors import NotFound
from messaging.terms import Never
from programmes.errors import GoesUnseen
from programmes.models import Course
from programmes.service import joining, running
from programmes.terms import Standing, Unit
from tests.programmes import making
from tests.programmes.test_api import Machine


class House:
    """Ana, who must not be found and is on a course, and Dan, who signs in; both look after Mia."""

    def __init__(self, make, *, at_home):
        ana, mia = make.family(carer="Ana Reyes")
        dan = make.carer(
            "Dan Cole", household=ana.household if at_home else make.household(), account="paula"
        )
        db.add(
            Caring(
                carer_id=dan.id, child_id=mia.id, relationship=Relationship.FATHER, responsibility=Responsibility.YES
            )
        )  # fmt: skip
        programme = making.programme(make)
        self.course = making.course(make, of=programme, unit=Unit.PARENT).id
        self.other = making.course(make, of=programme, unit=Unit.PARENT, title="Calm Parenting, elsewhere").id
        joining.book(course_id=self.course, household_id=ana.household_id, person_id=ana.id, child_id=mia.id)
        families.set_contact_rules(ana, [Never.PLACE])
        self.ana, self.dan, self.mia, self.programme = ana.id, dan.id, mia.id, programme.id
        self.home, self.his_home = ana.household_id, dan.household_id
        self.answers = {
            "child": str(mia.id), "partner": "none", "creche_children": "0", "interpreter": "", "access_needs": "",
        }  # fmt: skip


@pytest.fixture(params=[True, False], ids=["at home", "apart"])
def house(request, set_up):
    with set_up() as make:
        return House(make, at_home=request.param)


def test_to_the_other_carer_the_course_is_full_on_every_page_and_to_machines(house, knock, app, api_key):
    dan, his = knock("paula"), Machine(app, api_key("paula"), "leeds.test")
    course, join = f"/programmes/courses/{house.course}", f"/programmes/courses/{house.course}/joining"

    pages = [dan.get(page).text for page in (f"/programmes/{house.programme}", course, join)]
    refused = [dan.post(f"{join}{step}", house.answers) for step in ("", "/check")]
    by_machine = his("POST", "/participations", {"course_id": str(house.course), "child_id": str(house.mia)})

    assert "Full" in pages[0]
    assert "Full" in pages[1]
    assert [answer.status_code for answer in (*refused, by_machine)] == [409, 409, 409]
    assert his("GET", f"/courses/{house.course}/availability").json["places_left"] == 0
    for text in (pages[2], *(answer.text for answer in refused)):
        assert "There is no place left on this course." in text
        assert "already" not in text
    assert "already" not in by_machine.text
    assert "8 places left" in knock().get(course).text or "7 places left" in knock().get(course).text
    assert dan.post(f"/programmes/courses/{house.other}/joining", house.answers).status_code == 303


def test_a_carer_who_hides_where_she_goes_is_brought_along_by_nobody_else(set_up, knock, app, api_key):
    with set_up() as make:
        house = House(make, at_home=True)
    dan, his = knock("paula"), Machine(app, api_key("paula"), "leeds.test")
    join = f"/programmes/courses/{house.other}/joining"

    assert "Ana" not in dan.get(join).text
    assert dan.post(join, {**house.answers, "partner": str(house.ana)}).status_code == 422
    asked = {"course_id": str(house.other), "partner_id": str(house.ana)}
    assert his("POST", "/participations", asked).status_code == 404


def test_staff_are_told_why_and_what_to_say(make):
    house = House(make, at_home=False)
    dan = find(Person, house.dan)

    with pytest.raises(GoesUnseen, match="say only that"):
        joining.book(course_id=house.course, household_id=house.his_home, person_id=house.dan)
    on_another = making.participation(find(Course, house.other), dan)
    with pytest.raises(GoesUnseen):
        joining.transfer(on_another, house.course, "")
    parts = [find(Course, course).contacts[0] for course in (house.other, house.course)]
    with pytest.raises(GoesUnseen):
        running.plan_make_up(on_another, *parts)
    on_another.standing = Standing.REFERRED
    db.flush()
    with pytest.raises(GoesUnseen):
        joining.offer(on_another, house.course)


def test_who_hides_where_she_goes_may_bring_another_along_herself(make):
    house = House(make, at_home=True)
    course = making.course(make, of=making.programme(make, "Another"), unit=Unit.PARENT)
    joining.book(
        course_id=course.id,
        household_id=house.home,
        person_id=house.ana,
        partner_id=house.dan,
        by_family=True,
    )
    with pytest.raises(NotFound):
        joining.book(
            course_id=course.id,
            household_id=house.home,
            person_id=house.dan,
            partner_id=house.ana,
            by_family=True,
        )
