"""Running a course, as machines do: who runs it, how its contacts went, whom to ring, what was told in confidence."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from bookings.models import FamilyAtHub
from families.models import RecordOpening
from families.terms import Opened
from kernel.clock import now, today
from kernel.db import db, find
from programmes.models import Course, Edition, Participation, Step, Task
from programmes.terms import CourseStanding, Standing, TaskKind
from tests.hubs.test_api import Machine
from tests.programmes.a_course import a_course, a_programme, joins


@pytest.fixture
def machine(app, api_key):
    return lambda who, *scopes: Machine(
        app, api_key(who, *scopes), "york.test" if who == "carl" else "leeds.test"
    )


@pytest.fixture
def course(set_up):
    """A course of Asha's whose first evening is now, with Paula on it."""
    with set_up() as make:
        course = a_course(make)
        paula, _ = make.family("Mia Reyes", account="paula")
        db.add(FamilyAtHub(hub_id=course.hub_id, household_id=paula.household_id))
        on_it = joins(
            course,
            paula,
            reason="ZQX tired",
            access_needs="ZQX ramp",
            interpreter="Polish",
            creche_children=1,
        )
        db.add(Step(participation_id=on_it.id, standing=Standing.BOOKED, taken_at=now(), why="ZQX rang"))
        missed = Task(
            course_id=course.id, participation_id=on_it.id, contact_id=course.contacts[0].id, kind=TaskKind.MISSED,
            due_on=today(),
        )  # fmt: skip
        db.add(missed)
        db.flush()
        return {
            "path": f"/courses/{course.id}", "id": str(course.id), "edition": str(course.edition_id),
            "on_it": f"/participations/{on_it.id}", "participation": str(on_it.id), "task": str(missed.id),
            "contacts": [str(contact.id) for contact in course.contacts], "asha": str(make.cast["asha"]),
            "beth": str(make.cast["beth"]), "hub": str(course.hub_id), "paula": str(paula.id),
        }  # fmt: skip


def opened(set_up):
    with set_up():
        return [one.what for one in db.query(RecordOpening)]


def refused(machine, method, path, body=None, *, by=("adam",)):
    """Whoever has no business there is told so, and Carl finds nothing."""
    answers = {who: machine(who)(method, path, body).status_code for who in (*by, "carl")}
    assert answers == {**dict.fromkeys(by, 403), "carl": 404}


def test_accreditations_are_kept_changed_and_taken_off(course, machine):
    adam = machine("adam")
    wanted = {"account_id": course["asha"], "what": "Calm parents", "trained_on": "2025-01-10"}
    made = adam("POST", "/accreditations", wanted, Idempotency_Key="a")
    assert made.status_code == 201, made.text
    assert made.json["standing"] == "missing"
    path = f"/accreditations/{made.json['id']}"
    assert adam("POST", "/accreditations", wanted).status_code == 422, "it is there already"

    tag = adam("GET", path).headers["ETag"]
    dates = {"accredited_on": "2025-03-01", "expires_on": "2026-03-20"}
    changed = adam("PATCH", path, dates, If_Match=tag)

    assert changed.json == {**made.json, **dates, "standing": "expiring"}
    assert adam("PATCH", path, {"note": "x"}, If_Match=tag).status_code == 412
    tag = changed.headers["ETag"]
    assert adam("PATCH", path, {"expires_on": "2020-01-01"}, If_Match=tag).status_code == 422
    assert adam("GET", "/accreditations?what=Calm%20parents").json == [changed.json]
    assert adam("GET", "/accreditations?what=Other").json == []
    refused(machine, "GET", path, by=("asha", "paula"))
    assert adam("DELETE", path).status_code == 204
    assert adam("GET", "/accreditations").json == []


def test_a_course_is_prepared_opened_staffed_and_ended(course, set_up, machine):
    beth = machine("beth")
    with set_up():
        find(Course, UUID(course["id"])).standing = CourseStanding.DRAFT
    assert machine("paula")("GET", f"{course['path']}/availability").status_code == 404
    assert beth("GET", f"{course['path']}/availability").json["because"] == ["This course is not open yet."]
    refused(machine, "POST", f"{course['path']}/opening", by=("asha", "paula"))
    assert beth("POST", f"{course['path']}/opening").json["standing"] == "open"
    room = machine("paula")("GET", f"{course['path']}/availability").json
    assert (room["can_join"], room["places_left"], room["creche_left"]) == (True, 11, 3)

    path = f"{course['path']}/facilitators"
    read = beth("GET", path)
    assert read.json == {"facilitators": [{"account_id": course["asha"], "part": "leads"}]}
    both = {"facilitators": [*read.json["facilitators"], {"account_id": course["beth"], "part": "helps"}]}
    assert beth("PUT", path, both, If_Match=read.headers["ETag"]).json == both
    assert beth("PUT", path, both, If_Match=read.headers["ETag"]).status_code == 412
    assert machine("asha")("PUT", path, both, If_Match="x").status_code == 403
    refused(machine, "GET", path, by=("paula",))

    asha = machine("asha")
    assert asha("GET", f"{course['path']}/ending").json == {"completed": 0, "dropped_out": 0, "withdrawn": 1}
    assert asha("POST", f"{course['path']}/ending").status_code == 409, "it goes on"
    with set_up():
        find(Course, UUID(course["id"])).last_date = date(2026, 3, 2)
    assert asha("POST", f"{course['path']}/ending").json["standing"] == "ended"
    assert asha("GET", course["on_it"]).json["standing"] == "withdrawn"
    refused(machine, "POST", f"{course['path']}/ending", by=("adam", "paula"))


def test_what_a_contact_covered_is_kept_once_it_is_read(course, machine):
    asha, path = machine("asha"), f"{course['path']}/contacts/{course['contacts'][0]}/notes"
    read = asha("GET", path)
    assert (read.json["checklist"], read.json["covered"]) == (["Welcome", "Role play"], None)
    wanted = {"covered": [1], "minutes": 85, "notes": "We sang."}

    kept = asha("PUT", path, wanted, If_Match=read.headers["ETag"])

    assert {**kept.json, **wanted} == kept.json
    assert kept.json["noted_at"]
    assert asha("PUT", path, wanted, If_Match=read.headers["ETag"]).status_code == 412
    assert asha("PUT", path, {"covered": [9]}, If_Match=kept.headers["ETag"]).status_code == 422
    refused(machine, "GET", path, by=("adam", "paula"))


def test_a_register_is_closed_and_opened_again(course, set_up, machine, clock):
    asha, path = machine("asha"), f"{course['path']}/contacts/{course['contacts'][0]}/closure"
    assert asha("POST", path).status_code == 409, "the evening is not over"
    clock.shift(timedelta(hours=4))
    assert asha("POST", path).json == {"absent": 1}
    assert asha("POST", path).json == {"absent": 0}
    assert asha("DELETE", path).status_code == 204
    assert asha("POST", path.replace(course["contacts"][0], course["contacts"][2])).status_code == 404
    refused(machine, "POST", path, by=("adam",))


def test_times_are_offered_and_told_with_who_picked_them(course, machine):
    asha, path = machine("asha"), f"{course['path']}/contacts/{course['contacts'][2]}/slots"
    wanted = {
        "account_id": course["asha"],
        "day": "2026-03-16",
        "starts": "09:30",
        "minutes": 30,
        "number": 2,
    }
    made = asha("POST", path, wanted, Idempotency_Key="s")
    assert made.status_code == 201, made.text
    assert [one["starts_at"][:16] for one in made.json] == ["2026-03-16T09:30", "2026-03-16T10:00"]
    assert asha("POST", path, wanted).status_code == 422, "Asha is in one place at a time"
    assert machine("paula")("POST", f"{course['on_it']}/slots/{made.json[0]['id']}").status_code == 200
    picked = [one["participation_id"] for one in asha("GET", path).json]
    assert picked == [course["participation"], None]
    refused(machine, "GET", path, by=("adam", "paula"))
    refused(machine, "POST", path, wanted, by=("adam", "paula"))

    taken, free = (f"{path}/{one['id']}" for one in made.json)
    assert asha("DELETE", taken).status_code == 409, "somebody has picked it"
    refused(machine, "POST", f"{taken}/release", by=("adam", "paula"))
    assert asha("POST", f"{taken}/release").json["participation_id"] is None
    assert asha("POST", f"{taken}/release").status_code == 200
    assert [asha("DELETE", one).status_code for one in (taken, free, free)] == [204, 204, 404]


def test_whom_to_ring_is_listed_and_done_with_what_was_said(course, machine):
    asha, path = machine("asha"), f"/course-tasks/{course['task']}"
    assert [one["id"] for one in asha("GET", f"/course-tasks?course_id={course['id']}").json] == [
        course["task"]
    ]
    assert asha("GET", "/course-tasks?kind=about_to_drop_out").json == []
    assert asha("POST", f"{path}/completion", {"what_was_said": " "}).status_code == 422
    refused(machine, "POST", f"{path}/completion", {"what_was_said": "x"}, by=("adam", "paula"))

    done = asha("POST", f"{path}/completion", {"what_was_said": "ZQX"})

    assert done.json["done_at"], done.text
    assert "ZQX" not in done.text
    assert asha("GET", "/course-tasks").json == []
    assert asha("GET", path).json["what_was_said"] == "ZQX"
    refused(machine, "GET", path)


def test_what_was_told_in_confidence_is_read_with_a_trace(course, set_up, machine):
    asha = machine("asha")
    needs = asha("GET", f"{course['path']}/needs")
    assert needs.json == [
        {"participation_id": course["participation"], "creche_children": 1, "interpreter": "Polish", "has_needs": True}
    ]  # fmt: skip
    steps = asha("GET", f"{course['on_it']}/steps")
    assert [one["has_why"] for one in steps.json if one["standing"] == "booked"][-1]
    assert "ZQX" not in needs.text + steps.text + asha("GET", course["on_it"]).text
    assert opened(set_up) == []

    told = asha("GET", f"{course['on_it']}/reasons").json

    assert (told["reason"], told["access_needs"]) == ("ZQX tired", "ZQX ramp")
    assert "ZQX rang" in [one["why"] for one in told["steps"]]
    here = f"{course['path']}/contacts/{course['contacts'][0]}{course['on_it']}/needs"
    assert asha("GET", here).json == {"interpreter": "Polish", "access_needs": "ZQX ramp"}
    assert opened(set_up) == [Opened.REFERRAL, Opened.REFERRAL]
    for path in (f"{course['on_it']}/reasons", f"{course['on_it']}/steps", f"{course['path']}/needs", here):
        refused(machine, "GET", path, by=("adam", "paula"))
    assert len(opened(set_up)) == 2


def test_a_contact_is_made_up_in_a_parallel_group(course, set_up, machine):
    with set_up() as make:
        a_course(make, edition=find(Edition, UUID(course["edition"])), title="Thursdays",
                 starts_in=timedelta(days=3))  # fmt: skip
        elsewhere = str(a_course(make, edition=a_programme(make, "Another"), title="No").contacts[0].id)
    asha, path = machine("asha"), f"{course['on_it']}/doses/{course['contacts'][1]}"
    found = asha("GET", f"{path}/parallel-sessions").json
    assert {one["course"] for one in found} == {"Thursdays"}

    made = asha("POST", f"{path}/make-up", {"contact_id": found[0]["contact_id"]}, Idempotency_Key="m")

    assert made.status_code == 201, made.text
    assert made.json["made_up_at_id"] == found[0]["contact_id"]
    assert asha("POST", f"{path}/make-up", {"contact_id": elsewhere}).status_code == 409
    refused(machine, "POST", f"{path}/make-up", {"contact_id": elsewhere}, by=("adam", "paula"))
    assert asha("DELETE", f"{path}/make-up").status_code == 204
    assert asha("GET", path).json["made_up_at_id"] is None


def test_a_parent_takes_home_dates_progress_and_a_certificate(course, set_up, machine):
    paula = machine("paula")
    dates = paula("GET", f"{course['on_it']}/dates").json
    assert [one["contact_id"] for one in dates] == course["contacts"]
    assert dates[0]["starts_at"]
    assert dates[2]["starts_at"] is None
    calendar = paula("GET", f"{course['on_it']}/calendar")
    assert calendar.mimetype == "text/calendar"
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    progress = paula("GET", f"{course['on_it']}/progress").json
    assert (progress["contacts"], progress["of"], progress["scores"]) == (0, 4, [])
    certificate = f"{course['on_it']}/certificate"
    assert paula("GET", certificate).status_code == 409, "not yet"
    with set_up():
        on_it = find(Participation, UUID(course["participation"]))
        on_it.standing, on_it.ended_at = Standing.COMPLETED, now()
    for who in (paula, machine("asha")):
        pdf = who("GET", certificate)
        assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    people = f"{course['on_it']}/people"
    assert machine("asha")("GET", f"{people}/{course['paula']}/certificate").mimetype == "application/pdf"
    assert machine("asha")("GET", f"{people}/{course['id']}/certificate").status_code == 404
    told = machine("asha")("GET", f"{course['path']}/results").json
    assert told["people"] == [
        {"participation_id": course["participation"], "standing": "completed", "contacts": 0}
    ]
    assert (told["contacts"], told["measures"]["booked"], told["changes"]) == (4, 1, [])
    refused(machine, "GET", f"{course['path']}/results", by=("paula", "lena"))
    for who, path, status in (
        ("carl", "dates", 404), ("carl", "certificate", 404), ("asha", "calendar", 403), ("asha", "progress", 403),
        ("adam", "dates", 403),
    ):  # fmt: skip
        assert machine(who)("GET", f"{course['on_it']}/{path}").status_code == status
