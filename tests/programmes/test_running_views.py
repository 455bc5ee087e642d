"""The page of one session, for those who run the course."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from attendance.models import Attendance
from attendance.terms import Mark
from families.models import RecordOpening
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from outcomes.models import Asking, RiskAlert
from outcomes.terms import AskingStanding, Occasion, Respondent
from programmes.models import CourseContact, Participation, Slot, Task
from programmes.terms import Presence
from tests.knocking import links
from tests.programmes.a_course import WEEK, a_course, a_programme, joins
from tests.programmes.evening import Evening, counting

DAY = timedelta(days=1)
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def evening(set_up, world):
    return lambda *names, **parts: Evening(set_up, world, *names, **parts)


def test_tonight_shows_who_is_on_the_course_and_what_they_need(evening, knock):
    tonight = evening(interpreter="Polish", creche_children=2, access_needs="A chair with arms")
    text = knock("asha").get(tonight.path()).text
    for words in (
        "Paula Reyes",
        "0 of 4 sessions so far",
        "Polish",
        "2 children",
        "What helps them to take part",
    ):
        assert words in text
    assert "A chair with arms" not in text
    assert "Did not come" in text


def test_opening_what_helps_somebody_is_logged(evening, knock):
    tonight = evening(access_needs=f"A chair with arms {NASTY}")
    answer = knock("asha").get(f"{tonight.press()}/needs", htmx=True)
    assert "A chair with arms" in answer.text
    assert NASTY not in answer.text
    (logged,) = tonight.rows(RecordOpening)
    assert (logged.person_id, logged.account_id) == (
        tonight.people["Paula Reyes"],
        tonight.world.cast["asha"],
    )
    assert knock("asha").get(f"{tonight.press()}/needs").status_code == 200


def test_a_press_marks_the_register_and_both_pages_show_it(evening, knock):
    tonight, asha = evening("Paula Reyes", "Ann Other"), knock("asha")
    answer = asha.post(tonight.press(), {"say": "here"}, htmx=True)
    assert answer.text.count("hx-swap-oob") == 2
    assert "Here since 10am" in answer.text
    assert "1 of 4 sessions so far" in answer.text
    assert "Ann Other" not in answer.text
    (said,) = tonight.rows(Attendance)
    assert (said.mark, said.session_id) == (Mark.HERE, tonight.rows(CourseContact)[0].session_id)
    assert "Here since 10am" in asha.get(f"/registers/{said.session_id}").text
    assert tonight.presence() == [Presence.ATTENDED]
    asha.post(tonight.press(), {"say": "undo"}, htmx=True)
    assert tonight.presence() == []


def test_a_press_without_scripts_leads_back_to_the_button(evening, knock):
    tonight, asha = evening(), knock("asha")
    paula = tonight.people["Paula Reyes"]
    for say, button in (("late", "late"), ("undo", "late"), ("absent", "absent"), ("apologies", "apologies")):
        answer = asha.post(tonight.press(), {"say": say})
        assert answer.status_code == 303
        assert answer.location == f"{tonight.path()}#{button}-{paula}"
        assert f'id="{button}-{paula}"' in asha.get(tonight.path()).text


@pytest.mark.parametrize("say", ["", "left", "attended", "nonsense"])
def test_nonsense_is_not_said_of_anybody(evening, knock, say):
    tonight = evening()
    assert knock("asha").post(tonight.press(), {"say": say}).status_code == 422
    assert tonight.presence() == []


def test_a_call_is_marked_without_a_register(evening, knock):
    tonight, asha = evening(), knock("asha")
    answer = asha.post(tonight.press(number=3), {"say": "attended"}, htmx=True)
    assert "Had it" in answer.text
    assert tonight.presence() == [Presence.ATTENDED]
    assert tonight.rows(Attendance) == []
    answer = asha.post(tonight.press(number=3), {"say": "undo"})
    assert answer.location.endswith(f"#attended-{tonight.people['Paula Reyes']}")
    assert tonight.presence() == []
    assert asha.post(tonight.press(number=3), {"say": "here"}).status_code == 422


def test_an_evening_to_come_says_when_it_opens(evening, knock):
    tonight, asha = evening(), knock("asha")
    assert "can be said from Monday 9 March 2026" in asha.get(tonight.path(2)).text
    assert asha.post(tonight.press(number=2), {"say": "here"}).status_code == 409


def test_who_missed_last_time_is_shown_with_their_number(evening, knock, clock):
    tonight, asha = evening(), knock("asha")
    asha.post(tonight.press(), {"say": "absent"})
    clock.shift(WEEK)
    text = knock("asha").get(tonight.path(2)).text
    assert "Missed last time" in text
    assert 'href="tel:01904551550"' in text
    (task,) = tonight.rows(Task)
    assert f"/courses/tasks/{task.id}" in text
    asha = knock("asha")
    asha.post(tonight.press(number=2), {"say": "absent"})
    assert "About to drop out" in asha.get(tonight.path(2)).text


def test_what_was_covered_is_kept_and_not_written_over(evening, knock):
    tonight, asha = evening(), knock("asha")
    form = {"covered": ["1"], "minutes": "85", "notes": f"Went well {NASTY}", "noted_before": ""}
    assert asha.post(f"{tonight.path()}/notes", form).location == f"{tonight.path()}#went"
    (contact,) = tonight.rows(CourseContact, CourseContact.id == tonight.contacts[0])
    assert (contact.covered, contact.took_minutes, contact.noted_by) == ([1], 85, tonight.world.cast["asha"])
    text = asha.get(tonight.path()).text
    assert "Went well" in text
    assert NASTY not in text
    late = asha.post(f"{tonight.path()}/notes", {**form, "notes": "Mine"})
    assert late.status_code == 409
    assert "Somebody else has changed this" in late.text
    assert "Went well" in late.text
    for wrong in ({"minutes": "0"}, {"minutes": "long"}, {"covered": ["7"]}, {"notes": "x" * 4001}):
        answer = asha.post(f"{tonight.path()}/notes", {**form, **wrong})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text


def test_offering_times_for_a_call(evening, knock):
    tonight, asha = evening(), knock("asha")
    form = {
        "account_id": str(tonight.world.cast["asha"]), "day": ["17", "3", "2026"], "starts": "9:30am",
        "each": "20", "number": "3", "gap": "10", "idempotency_key": str(new_id()),
    }  # fmt: skip
    for _ in range(2):
        answer = asha.post(f"{tonight.path(3)}/times", form)
        assert answer.location == f"{tonight.path(3)}#times"
    assert len(tonight.rows(Slot)) == 3
    text = asha.get(tonight.path(3)).text
    assert "Tuesday 17 March 2026, 10:30am to 10:50am" in text
    assert "Free" in text
    for wrong in (
        {"starts": "soon"},
        {"number": "99"},
        {"day": ["1", "3", "2026"]},
        {"account_id": str(new_id())},
    ):
        answer = asha.post(f"{tonight.path(3)}/times", {**form, **wrong, "idempotency_key": str(new_id())})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert asha.post(f"{tonight.path(1)}/times", {**form, "idempotency_key": str(new_id())}).status_code in (
        422,
        404,
    )


def test_what_is_not_answered_and_who_needs_looking_after(evening, knock):
    tonight, asha = evening("Paula Reyes", "Li Wei"), knock("asha")
    with unit_of_work(tonight.world.leeds):
        for name, standing in (("Paula Reyes", AskingStanding.ASKED), ("Li Wei", AskingStanding.ANSWERED)):
            person, answered = tonight.people[name], standing == AskingStanding.ANSWERED
            asking = Asking(
                instrument="bpses", version="1", occasion=Occasion.BEFORE, respondent=Respondent.PARENT,
                respondent_id=person, subject_id=person, about_id=tonight.on_it[name], title="Calm evenings",
                opens_at=now() - DAY, closes_at=now() + WEEK, standing=standing,
                answered_at=now() if answered else None,
            )  # fmt: skip
            db.add(asking)
            db.flush()
            if answered:
                db.add(RiskAlert(asking_id=asking.id, about_id=asking.about_id, item=9, raised_at=now()))
    answer = asha.get(tonight.path())
    assert answer.text.index("Look after <bdi>Li Wei</bdi> today") < answer.text.index("<h1")
    assert "Not answered yet: Brief Parental Self-Efficacy Scale" in answer.text
    leads = [address for address in links(answer) if address.startswith("/questionnaires/a")]
    assert len(leads) == 3
    for address in leads:
        assert asha.get(address).status_code in (200, 303), address


def test_two_parents_are_marked_one_by_one(evening, set_up, knock):
    tonight = evening()
    with set_up() as make:
        course = db.get_one(Participation, (tonight.world.leeds, tonight.on_it["Paula Reyes"])).course
        mum, _ = make.family(carer="Mum Pair")
        dad = make.carer(
            "Dad Pair", household=db.get_one(type(mum.household), (mum.tenant_id, mum.household_id))
        )
        tonight.on_it["pair"] = joins(course, mum, dad).id
        tonight.people["Dad Pair"] = dad.id
    asha = knock("asha")
    answer = asha.post(
        tonight.press("pair"), {"say": "here", "person": str(tonight.people["Dad Pair"])}, htmx=True
    )
    assert "Mum Pair and Dad Pair" in answer.text
    assert tonight.presence("pair") == [Presence.ATTENDED]
    stranger = {"say": "here", "person": str(tonight.people["Paula Reyes"])}
    assert asha.post(tonight.press("pair"), stranger).status_code == 404


def test_two_people_who_mark_at_once_lose_nothing(evening, set_up, knock):
    tonight = evening("Paula Reyes", "Ann Other", runs=("asha", "beth"))
    with set_up() as make:
        course = db.get_one(Participation, (tonight.world.leeds, tonight.on_it["Paula Reyes"])).course
        mum, _ = make.family(carer="Mum Pair")
        dad = make.carer(
            "Dad Pair", household=db.get_one(type(mum.household), (mum.tenant_id, mum.household_id))
        )
        tonight.on_it["pair"] = joins(course, mum, dad).id
        pair = {"asha": mum.id, "beth": dad.id}

    def press(who):
        knocker = knock(who)
        own = "Paula Reyes" if who == "asha" else "Ann Other"
        say = "absent" if who == "asha" else "here"
        first = knocker.post(tonight.press(own), {"say": "here"}, htmx=True)
        second = knocker.post(tonight.press("pair"), {"say": say, "person": str(pair[who])}, htmx=True)
        return first.status_code, second.status_code

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(press, ("asha", "beth"))) == {(200, 200)}
    assert len(tonight.rows(Attendance)) == 4
    assert [tonight.presence(name) for name in tonight.on_it] == [[Presence.ATTENDED]] * 3


@pytest.mark.parametrize("who", ["beth", "carl"])
def test_others_do_not_find_the_course(evening, set_up, knock, who):
    tonight = evening(access_needs="A chair")
    with set_up() as make:  # Beth manages courses at her own hub; this one is elsewhere
        elsewhere = a_course(
            make,
            title="Elsewhere",
            hub=make.hub("Harehills", team=()),
            edition=a_programme(make, "Far programme"),
        )
        person = make.family(carer="Far Away")[0]
        far = joins(elsewhere, person, access_needs="A chair").id
        path = f"/courses/{elsewhere.id}/contacts/{elsewhere.contacts[0].id}"
        far_task = Task(
            course_id=elsewhere.id, participation_id=far, contact_id=elsewhere.contacts[0].id,
            kind="missed", due_on=elsewhere.first_date,
        )  # fmt: skip
        db.add(far_task)
    other = knock(who)
    for address in (path, f"{path}/people/{far}/needs", f"{path}/people/{far}/make-up", f"/courses/tasks/{far_task.id}",
                    f"/courses/{elsewhere.id}/ending"):  # fmt: skip
        assert other.get(address).status_code == 404, address
    for address, form in (
        (f"{path}/people/{far}", {"say": "here"}),
        (f"{path}/people/{far}/make-up", {"where": "by-word"}),
        (f"{path}/people/{far}/make-up/cancellation", {}),
        (f"{path}/notes", {"notes": "Mine"}),
        (f"{path}/times", {}),
        (f"/courses/tasks/{far_task.id}", {"what_was_said": "Hello"}),
        (f"/courses/{elsewhere.id}/ending", {}),
    ):
        assert other.post(address, form).status_code == 404, address
    assert "Far Away" not in other.get("/courses/tasks").text
    assert tonight.rows(RecordOpening) == []
    asha = knock("asha")  # and nobody reaches one course through another
    assert asha.get(f"{tonight.path()}/people/{far}/needs").status_code == 404
    assert asha.post(f"{tonight.path()}/people/{far}", {"say": "here"}).status_code == 404
    assert asha.get(f"/courses/{elsewhere.id}/contacts/{tonight.contacts[0]}").status_code == 404


@pytest.mark.parametrize("who", [None, "paula", "lena"])
def test_the_pages_are_for_those_who_run_courses(evening, knock, who):
    tonight = evening()
    for address in (tonight.path(), "/courses/tasks"):
        assert knock(who).get(address).status_code in (302, 303, 403)


def test_the_page_makes_as_many_statements_for_one_as_for_twelve(evening, set_up, knock, world):
    tonight, asha = evening(access_needs="A chair", creche_children=1), knock("asha")
    asha.get(tonight.path())
    with counting(world) as short:
        asha.get(tonight.path())
    with set_up() as make:
        course = db.get_one(Participation, (world.leeds, tonight.on_it["Paula Reyes"])).course
        for number in range(11):
            joins(course, make.family(carer=f"Carer {number}")[0], interpreter="Polish")
    with counting(world) as long:
        asha.get(tonight.path())
    assert len(short) == len(long), "\n".join(long)
    assert len(long) <= 22, "\n".join(long)
