"""The pages on which courses are set up, looked at, changed and called off."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from accounts.models import Membership
from accounts.terms import Role
from hubs.models import RoomSlot, Session, Shift
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db, find
from programmes.models import Course, CourseContact
from programmes.queries import courses as queries
from programmes.queries import editions
from programmes.service import accreditations, courses, templates
from programmes.terms import CourseStanding, Part
from tests.hubs.test_views_places import counting


@pytest.fixture
def coordinator(set_up):
    """Make Asha a coordinator too."""
    with set_up() as make:
        make.hub()
        db.add(Membership(account_id=make.cast["asha"], role=Role.COORDINATOR))


@pytest.fixture
def group(set_up, coordinator):
    """Return the ids of the first edition of Group Triple P, and of the hub."""
    with set_up() as make:
        programme = templates.adopt("triple-p-group")
        edition = next(e for e in editions.editions_of(programme.id) if e.number == 1)
        return edition.id, make.hub().id


def typed(group, **parts):
    edition_id, hub_id = group
    usual = {
        "edition": str(edition_id), "hub": str(hub_id), "title": "Group Triple P, Tuesdays", "room_id": "",
        "first_date": ["10", "3", "2026"], "starts": "10am", "term_time_only": "yes", "places": "8",
        "creche_places": "2",
        "age_from_years": "2", "age_to_years": "11", "way_in": "both", "about": "Bring a friend",
        "facilitators-0-account_id": "", "facilitators-0-part": "leads",
    }  # fmt: skip
    return {**usual, **parts}


def the_course():
    return db.scalars(select(Course)).one()


def test_a_course_is_set_up_from_a_template(set_up, knock, world, group):
    asha = knock("asha")
    assert "Set up a course" in asha.get("/courses").text
    choose = asha.get("/courses/new").text
    assert "5 group sessions and 3 calls" in choose
    assert "Choose a programme" in asha.get("/courses/new?chosen=yes&edition=").text
    form = asha.get(f"/courses/new?edition={group[0]}&hub={group[1]}").text
    assert "Group Triple P, Seacroft" in form
    assert 'value="12"' in form

    me = {"facilitators-0-account_id": str(world.cast["asha"])}
    plan = asha.post("/courses/plan", typed(group, **me)).text
    for words in (
        "8 contacts, Tuesday 10 March 2026 to Tuesday 28 April 2026", "Tuesday 31 March 2026, 10am to midday",
        "In the week of Monday 6 April 2026", "has no accreditation in Group Triple P on record",
        "Set up this course", "2 crèche places",
    ):  # fmt: skip
        assert words in plan
    again = asha.post("/courses/plan", typed(group, again="yes", **me)).text
    assert "Bring a friend" in again

    sent = typed(group, idempotency_key="once", **me)
    answer = asha.post("/courses", sent)
    assert answer.status_code == 303
    assert asha.post("/courses", sent).headers["Location"] == answer.headers["Location"]
    page = asha.get(answer.headers["Location"]).text
    for words in (
        "Group Triple P, Tuesdays",
        "0 of 8",
        "Accreditation not on record",
        "Call this course off",
    ):
        assert words in page
    with set_up():
        course = the_course()
        assert (course.age_to_years, course.creche_places) == (11, 2)
        assert db.scalar(select(func.count(Shift.id))) == 5
    upcoming = asha.get("/courses?show=upcoming").text
    assert "Group Triple P, Tuesdays" in upcoming
    assert "0 of 8 places taken" in upcoming


def test_what_is_typed_wrong_is_said(knock, group):
    asha = knock("asha")
    wrong = asha.post("/courses/plan", typed(group, title="", starts="late", places="0"))
    assert wrong.status_code == 422
    for words in ("Enter the name of the course", "Enter a time, for example", "Enter a number of places"):
        assert words in wrong.text
    past = asha.post("/courses/plan", typed(group, first_date=["2", "2", "2026"]))
    assert past.status_code == 422
    assert "today or later" in past.text
    for door in ("/courses/plan", "/courses"):
        ages = asha.post(door, typed(group, age_from_years="12", age_to_years="3"))
        assert ages.status_code == 422
        assert "The oldest age must be" in ages.text
    nothing_chosen = asha.get("/courses/new?chosen=yes")
    assert nothing_chosen.text.count("Choose a programme") == 2
    assert "<title>Error: " in nothing_chosen.text
    assert asha.post("/courses", typed(("nonsense", "nonsense"))).status_code == 404


def test_a_room_that_is_taken_leaves_nothing_half_made(set_up, knock, group):
    with set_up() as make:
        room = make.room()
        edition = editions.find_edition(group[0])
        courses.set_up(
            edition, hub_id=group[1], room_id=room.id, title="The other", first_date=date(2026, 3, 24),
            starts=time(11), places=5,
        )  # fmt: skip
    asha = knock("asha")
    plan = asha.post("/courses/plan", typed(group, room_id=str(room.id))).text
    assert "The room is taken for 2 sessions" in plan
    assert "Set up this course" not in plan

    with set_up():
        before = [
            db.scalar(select(func.count(model.id))) for model in (Course, CourseContact, Session, RoomSlot)
        ]
    refused = asha.post("/courses", typed(group, room_id=str(room.id)))
    assert refused.status_code == 409
    assert "Blue room is taken" in refused.text
    with set_up():
        assert before == [
            db.scalar(select(func.count(model.id))) for model in (Course, CourseContact, Session, RoomSlot)
        ]


@pytest.fixture
def course_id(set_up, group):
    """Return the id of a course on Tuesdays, run by Asha."""
    with set_up() as make:
        return courses.set_up(
            editions.find_edition(group[0]), hub_id=group[1], room_id=None, title="Tuesdays",
            first_date=date(2026, 3, 10), starts=time(10), places=8,
            facilitators={make.cast["asha"]: Part.LEADS},
        ).id  # fmt: skip


def test_a_course_is_changed_staffed_and_called_off(set_up, knock, world, course_id):
    asha = knock("asha")
    at = f"/courses/{course_id}"
    assert 'value="8"' in asha.get(f"{at}/details").text
    fresh = {"title": "Mornings", "about": "", "places": "10", "creche_places": "0", "age_from_years": "0",
             "age_to_years": "12", "way_in": "referral"}  # fmt: skip
    assert asha.post(f"{at}/details", {**fresh, "title": ""}).status_code == 422
    assert asha.post(f"{at}/details", fresh).status_code == 303
    assert "Mornings" in asha.get(at).text

    assert "Asha" in asha.get(f"{at}/facilitators").text
    beth = str(world.cast["beth"])
    rows = {"facilitators-0-account_id": beth, "facilitators-0-part": "leads",
            "facilitators-1-account_id": beth, "facilitators-1-part": "helps"}  # fmt: skip
    twice = asha.post(f"{at}/facilitators", rows)
    assert twice.status_code == 422
    assert "Choose each facilitator once" in twice.text
    rows["facilitators-1-account_id"] = str(world.cast["asha"])
    assert asha.post(f"{at}/facilitators", rows).status_code == 303
    with set_up():
        parts = {one.account.name: one.part for one in queries.facilitators_of(course_id)}
        assert sorted(parts.values()) == [Part.HELPS, Part.LEADS]
        assert db.scalar(select(func.count(Shift.id))) == 10

    assert "Its sessions to come are called off" in asha.get(f"{at}/cancellation").text
    assert asha.post(f"{at}/cancellation", {"because": ""}).status_code == 422
    assert asha.post(f"{at}/cancellation", {"because": "Nobody can lead it"}).status_code == 303
    page = asha.get(at).text
    assert "This course was called off: Nobody can lead it" in page
    assert "Change the course" not in page
    with set_up():
        assert {s.standing for s in queries.sessions_of(course_id)} == {SessionStanding.CALLED_OFF}
        assert find(Course, course_id).standing == CourseStanding.CALLED_OFF
    assert asha.post(f"{at}/details", fresh).status_code == 409


def test_a_facilitator_sees_the_course_and_changes_nothing(set_up, knock, world):
    with set_up() as make:
        edition = editions.editions_of(templates.adopt("triple-p-group").id)[0]
        course = courses.set_up(
            edition, hub_id=make.hub().id, room_id=None, title="Tuesdays", first_date=date(2026, 3, 10),
            starts=time(10), places=8, facilitators={make.cast["asha"]: Part.LEADS},
        )  # fmt: skip
    asha = knock("asha")
    page = asha.get(f"/courses/{course.id}").text
    assert "Tuesdays" in page
    for words in ("Change the course", "Change the facilitators", "Call this course off"):
        assert words not in page
    assert "Set up a course" not in asha.get("/courses").text
    for path in ("/courses/new", f"/courses/{course.id}/details", f"/courses/{course.id}/cancellation"):
        assert asha.get(path).status_code == 403
    for path in (
        "/courses",
        "/courses/plan",
        f"/courses/{course.id}/facilitators",
        f"/courses/{course.id}/opening",
    ):
        assert asha.post(path).status_code == 403


def test_a_course_is_prepared_and_opened_later(set_up, knock, group):
    asha = knock("asha")
    assert "Later, when you open it" in asha.post("/courses/plan", typed(group, opens="no")).text
    at = asha.post("/courses", typed(group, opens="no")).headers["Location"]
    assert "Families do not find this course yet" in asha.get(at).text
    assert "Being prepared" in asha.get("/courses?show=upcoming").text
    assert asha.post(f"{at}/opening").status_code == 303
    assert "Families do not find this course yet" not in asha.get(at).text
    with set_up():
        assert the_course().standing == CourseStanding.OPEN


def test_each_sees_the_courses_of_their_hubs_and_their_own(set_up, knock, world, course_id):
    with set_up() as make:
        other = make.hub("Harehills", team=())
        edition = editions.find_edition(find(Course, course_id).edition_id)
        hers = courses.set_up(
            edition, hub_id=other.id, room_id=None, title="Elsewhere", first_date=date(2026, 3, 11),
            starts=time(10), places=8, facilitators={make.cast["beth"]: Part.LEADS},
        )  # fmt: skip
    beth, asha = knock("beth"), knock("asha")
    assert "Elsewhere" in beth.get("/courses?show=upcoming").text
    assert "Tuesdays" in beth.get("/courses?show=upcoming").text
    assert "Elsewhere" not in asha.get("/courses?show=upcoming").text
    assert asha.get(f"/courses/{hers.id}").status_code == 404
    assert asha.get(f"/courses/new?edition={edition.id}&hub={other.id}").status_code == 404
    assert (
        "Elsewhere"
        in beth.get(f"/courses?show=upcoming&hub={other.id}&programme={edition.programme_id}").text
    )
    assert "/timetable/sessions/" not in beth.get(f"/courses/{hers.id}").text
    assert "/timetable/sessions/" in beth.get(f"/courses/{course_id}").text
    assert "There are no courses here" in beth.get("/courses?show=ended").text
    for who in ("adam", "lena", "paula"):
        assert knock(who).get("/courses").status_code == 403
    assert knock("carl").get(f"/courses/{course_id}").status_code == 404


def test_a_course_that_runs_and_one_that_ended(set_up, knock, course_id, clock):
    clock.shift(timedelta(days=10))
    asha = knock("asha")
    assert "Tuesdays" in asha.get("/courses").text
    part = asha.get("/courses?show=running", htmx=True).text
    assert part.strip().startswith('<div id="results"')
    with set_up():
        course = find(Course, course_id)
        course.standing, course.ended_at = CourseStanding.ENDED, now()
    assert "Tuesdays" in asha.get("/courses?show=ended").text
    assert "Ended" in asha.get(f"/courses/{course_id}").text


def test_the_pages_make_as_many_statements_however_much_there_is(set_up, knock, world, course_id):
    asha = knock("asha")
    paths = (
        "/courses?show=upcoming",
        f"/courses/{course_id}",
        "/courses/new",
        "/courses/programmes/accreditations",
    )
    [asha.get(path) for path in paths]
    with counting(world) as few:
        [asha.get(path) for path in paths]
    with set_up() as make:
        staff = {make.cast["beth"]: Part.HELPS, make.cast["asha"]: Part.LEADS}
        courses.staff(find(Course, course_id), staff)
        for code in ("triple-p-group-teen", "solihull-understanding-your-child"):
            programme = templates.adopt(code)
            edition = editions.editions_of(programme.id)[0]
            for n in range(2):
                courses.set_up(
                    edition, hub_id=make.hub().id, room_id=None, title=f"{code} {n}", first_date=date(2026, 3, 12),
                    starts=time(9 + 3 * n), places=9, facilitators=staff,
                )  # fmt: skip
            for who in ("asha", "beth"):
                accreditations.note(make.cast[who], programme.accreditation, accredited_on=date(2025, 1, 1))
    with counting(world) as many:
        [asha.get(path) for path in paths]
    assert len(few) == len(many)
    assert len(many) < 60
