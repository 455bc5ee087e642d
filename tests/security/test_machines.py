"""The API with another council's ids in addresses and bodies (A4), and with more than it asks for (A5)."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.security.crawling import PARENT, YORK, Crawler, State, Visitor, words_in
from tests.security.filling import UUID_WORD
from tests.security.furnished import Furniture
from tests.security.test_forms import twins

pytestmark = pytest.mark.thorough

MANY = {
    "tenant_id": "0190a0a0-4242-7242-8242-424242424242", "id": "0190a0a0-4242-7242-8242-424242424242",
    "standing": "confirmed", "role": "operator", "price": 424242424, "created_at": "2026-01-01T00:00:00Z",
    "reference": "MASSASSIGNED", "completed_at": "2026-01-01T00:00:00Z", "account_id": "0190a0a0-4242-7242-8242-424242424242",
}  # fmt: skip


def asked_of(visitor: Visitor, own: Furniture) -> list[tuple[str, str, dict[str, Any]]]:
    """Return a good request for each verb of the API that takes a body or changes something."""
    one = {table: str(ids[0]) for table, ids in own.ids.items() if ids}
    house, session = own.households["paula"], one["sessions"]
    carer, child = (str(person) for person in own.ids["people"][:2])
    over, child2 = str(own.ids["sessions"][1]), str(own.ids["people"][2])
    party = {"person_ids": [carer, child], "household_id": str(house)}
    bookings = [
        ("POST", "/bookings", {"session_id": str(own.sessions["free"]), **party}),
        ("POST", "/waiting-list", {"session_id": str(own.sessions["full"]), **party}),
        ("POST", f"/waiting-list/{own.ids['bookings'][1]}/acceptance", {}),
        ("POST", f"/bookings/{own.ids['bookings'][0]}/cancellation", {}),
    ]
    waits = own.ids["participations"][1]
    joining = [
        (
            "POST",
            f"/programmes/{own.ids['programmes'][-1]}/interests",
            {"household_id": str(house), "person_id": carer},
        ),
        ("POST", f"/participations/{waits}/decline", {"why": "No time"}),
        ("POST", "/participations", {"course_id": str(own.ids["courses"][-1]), **comes(house, carer, child)}),
    ]
    if visitor == PARENT:
        return [*bookings, *joining]
    new = {"starts": "16:00", "ends": "17:00", "room_id": one["rooms"]}
    repeats = {**new, "weekday": "friday", "first_date": "2026-04-03"}
    where = {"hub_id": one["hubs"], "activity_id": one["activities"]}
    family = f"/families/{house}"
    return [
        *bookings,
        ("POST", "/families/", {"hub_id": one["hubs"], "carer": {"given_name": "Nia"}, "children": []}),
        ("PATCH", family, {"address": "2 New Street"}),
        ("POST", f"{family}/children", {"given_name": "Bo", "date_of_birth": "2025-01-02"}),
        ("PATCH", f"{family}/children/{child}", {"known_as": "Bobby"}),
        ("PUT", f"{family}/people/{child}/care", {"allergies": "None", "medical": "", "needs": ""}),
        ("POST", "/hubs", {"name": "Gipton"}),
        ("PATCH", f"/hubs/{one['hubs']}", {"area": "North"}),
        ("POST", f"/hubs/{one['hubs']}/rooms", {"name": "Red room"}),
        ("POST", "/activities", {"title": "Baby massage"}),
        ("PATCH", f"/activities/{one['activities']}", {"bring": "A towel"}),
        ("POST", "/sessions", {**where, **new, "on_date": "2026-03-12"}),
        ("PATCH", f"/sessions/{session}", {"room_id": one["rooms"], "most_families": 9}),
        ("POST", "/timetable-entries", {**where, **repeats}),
        ("POST", "/timetable-entries/preview", {**where, **repeats}),
        ("PATCH", f"/timetable-entries/{one['timetable_entries']}", {"room_id": one["rooms"], "ends": "11:30"}),
        ("POST", f"/timetable-entries/{one['timetable_entries']}/preview", {**repeats, "weekday": "tuesday"}),
        ("POST", f"/attendance/{over}/people/{child}", {"said": "here"}),
        ("POST", f"/attendance/{over}/walk-ins", {"household_id": str(house), "person_ids": [child2]}),
        ("POST", f"/attendance/{over}/heads", {"adults": 1, "children": 0}),
        ("PATCH", f"/attendance/{over}/register", {"notes": "Quiet"}),
        ("POST", f"/timetable-entries/{one['timetable_entries']}/ending", {"last_date": "2026-05-01"}),
        ("POST", f"/sessions/{session}/cancellation", {"because": "Snow"}),
        *of_courses(own),
        *joining,
    ]  # fmt: skip


def of_courses(own: Furniture) -> list[tuple[str, str, dict[str, Any]]]:
    """Return good requests about programmes and their courses."""
    first = own.ids["courses"][0]
    programme, edition = own.ids["programmes"][0], str(own.ids["editions"][0])
    on_it, call = own.ids["participations"][0], own.ids["course_contacts"][2]
    contacts = [{"kind": "group", "title": "First", "minutes": 60}]
    runs = {"hub_id": str(own.hubs["paula"]), "first_date": "2026-03-17", "starts": "18:00", "places": 8}
    asked = own.ids["askings"][1]
    return [
        *of_running(own),  # before anybody's presence is said, which ends the tasks about them
        ("POST", "/programmes", {"name": "Own ways"}),
        ("PATCH", f"/programmes/{programme}", {"suits": "You"}),
        ("POST", f"/programmes/{programme}/editions", {"contacts": contacts, "late_start_until": 1}),
        ("POST", "/courses/preview", {**runs, "edition_id": edition}),
        ("POST", "/courses", {**runs, "edition_id": edition, "title": "Another"}),
        ("PATCH", f"/courses/{first}", {"places": 9}),
        ("PUT", f"/participations/{on_it}/doses/{call}", {"presence": "attended"}),
        ("POST", f"/askings/{asked}/paper", {"answers": [{"item": 1, "answer": 1}]}),
    ]


def of_running(own: Furniture) -> list[tuple[str, str, dict[str, Any]]]:
    """Return good requests about running a course, and about what a council keeps for it."""
    one = {table: str(ids[0]) for table, ids in own.ids.items() if ids}
    course, person = f"/courses/{one['courses']}", own.people["will"]
    group, call = own.ids["course_contacts"][0], own.ids["course_contacts"][2]
    times = {"account_id": str(person), "day": "2026-04-02", "starts": "08:00", "minutes": 30, "number": 2}
    band = {"from": 0, "to": 5, "name": "Low"}
    bands = {
        "instrument": "gad7",
        "scale": "total",
        "respondent": "parent",
        "bands": [band],
        "source": "Table 2",
    }
    return [
        ("PUT", f"{course}/facilitators", {"facilitators": [{"account_id": str(person)}]}),
        ("PUT", f"{course}/contacts/{group}/notes", {"covered": [0], "notes": "Lively"}),
        ("POST", f"{course}/contacts/{call}/slots", times),
        ("POST", f"{course}/opening", {}),
        ("POST", f"/course-tasks/{one['course_tasks']}/completion", {"what_was_said": "All well"}),
        ("POST", f"/alerts/{one['risk_alerts']}/settlement", {"done": "Rang her"}),
        ("POST", "/accreditations", {"account_id": str(person), "what": "Other", "trained_on": "2026-01-05"}),
        ("PATCH", f"/accreditations/{one['accreditations']}", {"note": "Number 7"}),
        ("POST", "/bands", bands),
        ("POST", f"/bands/{one['council_bands']}/withdrawal", {}),
        ("POST", f"/wordings/{one['wordings']}/withdrawal", {}),
    ]


def comes(house: UUID, carer: str, child: str) -> dict[str, str]:
    """Return who comes to a course, about whom."""
    return {"household_id": str(house), "person_id": carer, "child_id": child}


def ask(crawler: Crawler, method: str, path: str, body: dict[str, Any]) -> Any:
    """Ask the API, with the tag of what is read when it is to be changed."""
    path = f"/api/v1{path}"
    headers = {}
    if method in {"PATCH", "PUT"}:
        headers["If-Match"] = crawler.open(path).headers.get("ETag", '"none"')
    return crawler.open(path, method=method, json=body, headers=headers)


@pytest.mark.parametrize("visitor", [PARENT, YORK], ids=lambda v: v.name)
def test_what_belongs_to_another_council_cannot_be_named_by_a_machine(world, councils, knock_as, visitor):
    crawler = knock_as(visitor)
    own, other = councils[visitor.host], councils["york" if visitor.host == "leeds" else "leeds"]
    swap = twins(own, other)
    faults, tried = [], 0
    with State(world) as state:
        before, theirs = state.of(own.council), state.of(other.council)
        for method, path, body in asked_of(visitor, own):
            whole = json.dumps([path, body])
            for mine in dict.fromkeys(UUID_WORD.findall(whole)):
                foreign_path, foreign = json.loads(whole.replace(mine, str(swap[mine])))
                answer = ask(crawler, method, foreign_path, foreign)
                tried += 1
                own_family = visitor == PARENT and mine == body.get("household_id")
                if answer.status_code not in {404, 422} | ({409, 200, 201} if own_family else set()):
                    faults.append(f"{method} {foreign_path} {foreign} answered {answer.status_code}")
                elif not own_family and state.of(own.council) != before:
                    faults.append(f"{method} {foreign_path} {foreign} changed something")
                before = state.of(own.council)
        assert state.of(other.council) == theirs
    assert faults == [], "\n".join(faults)
    assert tried > (8 if visitor == PARENT else 40)
    assert set(UUID_WORD.findall(words_in(world, own.council))) & set(map(str, swap.values())) == set()


@pytest.mark.parametrize("visitor", [PARENT, YORK], ids=lambda v: v.name)
def test_a_machine_cannot_say_more_than_it_is_asked(world, councils, knock_as, visitor):
    crawler, own = knock_as(visitor), councils[visitor.host]
    for method, path, body in asked_of(visitor, own):
        known = {**MANY, **body} if body else {}
        answer = ask(crawler, method, path, known)
        assert answer.status_code in ({422} if body else {200, 404, 409}), (path, answer.text)
    assert "MASSASSIGNED" not in words_in(world, own.council)
    assert "424242424" not in words_in(world, own.council)


@pytest.mark.parametrize("visitor", [PARENT, YORK], ids=lambda v: v.name)
def test_what_the_attacks_are_made_from_is_taken(councils, knock_as, visitor):
    """The good requests of the tests above are good: what is refused there is refused for the one thing that is wrong."""
    crawler = knock_as(visitor)
    answers = {
        f"{method} {path}": ask(crawler, method, path, body)
        for method, path, body in asked_of(visitor, councils[visitor.host])
    }
    refused = {request: a.text for request, a in answers.items() if a.status_code not in {200, 201}}
    assert refused == {}
