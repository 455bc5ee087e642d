"""Hubs, activities, sessions and the timetable, as machines read and change them."""

from datetime import timedelta

import pytest

from hubs.models import OpeningTime
from hubs.terms import Weekday
from kernel.db import db
from kernel.ids import new_id
from kernel.permissions import Permission


class Machine:
    """Knocks at the API with a key."""

    def __init__(self, app, key, host="leeds.test"):
        self.app, self.key, self.host = app, key, host

    def __call__(self, method, path, body=None, **headers):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            told["Authorization"] = f"Bearer {self.key}"
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, json=body, base_url=f"http://{self.host}", headers=told
        )


@pytest.fixture
def machine(app, api_key):
    return lambda who, *scopes: Machine(
        app, api_key(who, *scopes), "york.test" if who == "carl" else "leeds.test"
    )


def entry_of(hub, activity, **parts):
    usual = {"weekday": "tuesday", "starts": "10:00", "ends": "11:30", "first_date": "2026-03-03"}
    return {"hub_id": str(hub.id), "activity_id": str(activity.id), **usual, **parts}


def test_public_data_needs_a_key_too(app, world):
    stranger = Machine(app, None)
    for path in ("/hubs", "/activities", "/sessions", "/timetable-entries"):
        assert stranger("GET", path).status_code == 401


def test_a_parents_key_reads_what_is_public_and_no_more(set_up, machine):
    with set_up() as make:
        hub = make.hub()
        hub_id, session = hub.id, make.session(hub=hub)
        db.add(OpeningTime(hub_id=hub_id, weekday=Weekday.MONDAY, starts=hub.created_at.time(), ends="23:59"))
    paula = machine("paula")
    listed = paula("GET", "/hubs").json
    assert [hub["name"] for hub in listed] == ["Seacroft"]
    assert listed[0]["opening_times"][0]["weekday"] == "monday"
    read = paula("GET", f"/hubs/{hub_id}")
    assert read.json["postcode"] == "LS14 6JB"
    assert paula("GET", f"/sessions/{session.id}").json["title"] == "Stay and play"
    assert paula("GET", f"/activities/{session.activity_id}").json["mode"] == "bookable"
    assert paula("GET", "/timetable-entries").status_code == 403
    assert paula("PATCH", f"/hubs/{hub_id}", {"phone": "1"}, If_Match=read.headers["ETag"]).status_code == 403
    assert paula("POST", "/hubs", {"name": "Mine"}).status_code == 403


def test_sessions_are_listed_in_pages_and_by_what_is_asked(set_up, machine):
    with set_up() as make:
        other = make.hub("Harehills")
        for day in range(1, 6):
            make.session(starts_in=timedelta(days=day))
        make.session(hub=other, starts_in=timedelta(days=2), activity=make.activity("Messy play"))
    asha = machine("asha")
    page = asha("GET", "/sessions?page_size=2&page=2")
    assert len(page.json) == 2
    assert '"total": 6' in page.headers["X-Pagination"]
    assert [s["hub"] for s in asha("GET", f"/sessions?hub_id={other.id}").json] == ["Harehills"]
    days = asha("GET", "/sessions?first=2026-03-04&last=2026-03-05").json
    assert {s["on_date"] for s in days} == {"2026-03-04", "2026-03-05"}
    assert asha("GET", "/sessions?standing=called_off").json == []
    assert asha("GET", "/sessions?first=9999-12-31").status_code == 422


def test_a_hub_is_added_once_and_changed_by_who_has_seen_it(machine):
    adam = machine("adam")
    wanted = {"name": "Chapeltown", "kind": "family_hub", "postcode": "ls74np"}
    first = adam("POST", "/hubs", wanted, Idempotency_Key="a")
    again = adam("POST", "/hubs", wanted, Idempotency_Key="a")
    assert first.status_code == 201
    assert first.json == again.json
    assert first.json["postcode"] == "LS7 4NP"
    assert adam("POST", "/hubs", wanted).status_code == 422
    path = f"/hubs/{first.json['id']}"
    tag = adam("GET", path).headers["ETag"]
    assert adam("PATCH", path, {"area": "North"}).status_code == 428
    assert adam("PATCH", path, {"area": "North"}, If_Match='"old"').status_code == 412
    changed = adam("PATCH", path, {"area": "North"}, If_Match=tag)
    assert changed.json["area"] == "North"
    assert changed.json["name"] == "Chapeltown"
    assert adam("GET", path).headers["ETag"] == changed.headers["ETag"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": ""},
        {"name": "x" * 121},
        {"name": "A", "kind": "castle"},
        {"name": "A", "postcode": "nowhere"},
        {"name": "A", "email": "nobody"},
        {"name": "A", "closed_at": "2026-01-01T00:00:00Z"},
        {"name": "A", "tenant_id": str(new_id())},
        {"name": None},
        ["A"],
    ],
)
def test_a_hub_that_cannot_be_is_a_problem(machine, wrong):
    answer = machine("adam")("POST", "/hubs", wrong)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_rooms_and_activities_are_added(set_up, machine):
    with set_up() as make:
        hub = make.hub()
    beth = machine("beth")
    room = beth("POST", f"/hubs/{hub.id}/rooms", {"name": "Sensory room", "people": 12})
    unknown = beth("POST", f"/hubs/{hub.id}/rooms", {"name": "Sensory room", "people": 0, "size": 3}).json
    assert unknown["problems"].keys() == {"people", "size"}
    assert "1" in unknown["problems"]["people"]
    assert room.status_code == 201
    assert [r["name"] for r in beth("GET", f"/hubs/{hub.id}/rooms").json] == ["Sensory room"]
    added = beth("POST", "/activities", {"title": "Baby massage", "most_families": 8, "mode": "bookable"})
    assert added.status_code == 201
    path = f"/activities/{added.json['id']}"
    tag = beth("GET", path).headers["ETag"]
    assert beth("PATCH", path, {"most_families": None}, If_Match=tag).json["most_families"] is None
    wrong = beth("POST", "/activities", {"title": "X", "age_from_months": 10, "age_to_months": 2})
    assert wrong.status_code == 422
    assert "age_to_months" in wrong.json["problems"]


def test_an_entry_is_looked_at_added_changed_and_ended(set_up, machine):
    with set_up() as make:
        hub, activity = make.hub(), make.activity()
    beth = machine("beth")
    wanted = entry_of(hub, activity)
    looked = beth("POST", "/timetable-entries/preview", wanted)
    assert looked.json["added"] > 5
    assert beth("GET", "/timetable-entries").json == []
    added = beth("POST", "/timetable-entries", wanted, Idempotency_Key="e")
    assert added.status_code == 201
    assert beth("POST", "/timetable-entries", wanted, Idempotency_Key="e").json == added.json
    path = f"/timetable-entries/{added.json['id']}"
    assert beth("POST", f"{path}/preview", {"starts": "09:30"}).json["moved"] > 5
    tag = beth("GET", path).headers["ETag"]
    changed = beth("PATCH", path, {"starts": "09:30"}, If_Match=tag)
    assert changed.json["starts"] == "09:30"
    assert beth("PATCH", path, {"starts": "09:00"}, If_Match=tag).status_code == 412
    ended = beth("POST", f"{path}/ending", {"last_date": "2026-03-10"})
    assert ended.json["removed"] > 3
    assert len(beth("GET", f"/sessions?hub_id={hub.id}").json) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "12:00"},
        {"starts": "10:00+01:00"},
        {"starts": "10:00:30"},
        {"every_weeks": 3},
        {"first_date": "0001-01-01"},
        {"last_date": "2026-01-01"},
        {"weekday": "caturday"},
        {"room_id": "x"},
    ],
)
def test_an_entry_that_cannot_be_is_a_problem(set_up, machine, wrong):
    with set_up() as make:
        hub, activity = make.hub(), make.activity()
    answer = machine("beth")("POST", "/timetable-entries", {**entry_of(hub, activity), **wrong})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_a_session_is_added_moved_and_called_off(set_up, machine):
    with set_up() as make:
        hub, activity = make.hub(), make.activity()
    beth = machine("beth")
    wanted = {"hub_id": str(hub.id), "activity_id": str(activity.id), "on_date": "2026-03-05", "starts": "10:00",
              "ends": "11:00", "most_families": 4}  # fmt: skip
    added = beth("POST", "/sessions", wanted, Idempotency_Key="s")
    assert added.status_code == 201
    assert added.json["most_families"] == 4
    path = f"/sessions/{added.json['id']}"
    tag = beth("GET", path).headers["ETag"]
    moved = beth("PATCH", path, {"starts": "09:00", "most_families": 6}, If_Match=tag)
    assert moved.json["starts_at"] == "2026-03-05T09:00:00+00:00"
    assert moved.json["most_families"] == 6
    off = beth("POST", f"{path}/cancellation", {"because": "The boiler broke"})
    assert off.json["standing"] == "called_off"
    assert beth("POST", f"{path}/cancellation", {"because": "Again"}).status_code == 409


def test_what_is_of_another_hub_or_council_is_not_there(set_up, machine):
    with set_up() as make:
        hub = make.hub("Harehills", team=())
        session = make.session(hub=hub)
        entry = {**entry_of(hub, make.activity()), "room_id": str(make.room(hub=hub).id)}
    for who in ("beth", "carl"):
        theirs = machine(who)
        assert theirs("PATCH", f"/hubs/{hub.id}", {}, If_Match="x").status_code == 404
        assert theirs("GET", f"/hubs/{hub.id}/rooms").status_code == 404
        assert theirs("POST", f"/hubs/{hub.id}/rooms", {"name": "A"}).status_code == 404
        assert theirs("PATCH", f"/sessions/{session.id}", {}, If_Match="x").status_code == 404
        assert theirs("POST", f"/sessions/{session.id}/cancellation", {"because": "x"}).status_code == 404
        assert theirs("POST", "/timetable-entries", entry).status_code == 404
        assert theirs("POST", "/timetable-entries/preview", entry).status_code == 404
    carl = machine("carl")
    for path in (f"/hubs/{hub.id}", f"/sessions/{session.id}", f"/activities/{session.activity_id}"):
        assert carl("GET", path).status_code == 404
    assert carl("GET", "/sessions").json == []


def test_a_key_is_bound_to_its_scopes(set_up, machine):
    with set_up() as make:
        hub = make.hub()
    narrow = machine("beth", Permission.SEE_ROTA)
    assert narrow("GET", "/timetable-entries").status_code == 200
    assert narrow("POST", f"/hubs/{hub.id}/rooms", {"name": "A"}).status_code == 403
