"""Registers, as machines take them."""

from datetime import timedelta

import pytest

from attendance.terms import Mark
from kernel.ids import new_id
from kernel.permissions import Permission
from tests.attendance.test_views import Scene, counting

TAKES = Permission.TAKE_REGISTERS


@pytest.fixture
def scene(set_up, world):
    return lambda *children, **parts: Scene(set_up, world, *children, **parts)


@pytest.fixture
def machine(app, api_key):
    def made(who, *scopes):
        key, host = api_key(who, *scopes), "york.test" if who == "carl" else "leeds.test"

        def ask(method, path, body=None, **headers):
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            return app.test_client().open(
                f"/api/v1/attendance{path}", method=method, json=body, base_url=f"http://{host}",
                headers={"Authorization": f"Bearer {key}", **told},
            )  # fmt: skip

        return ask

    return made


def test_the_people_of_a_register_are_listed_by_page(scene, machine):
    play = scene("Mia Reyes", "Noah Reyes")
    ask = machine("asha", TAKES)
    answer = ask("GET", f"/{play.session_id}?page_size=2")
    assert [line["given_name"] for line in answer.json] == ["Mia", "Noah"]
    assert answer.json[0]["age_months"] == 25
    assert answer.json[0]["mark"] is None
    assert "date_of_birth" not in answer.json[0]
    assert '"total": 3' in answer.headers["X-Pagination"]
    assert (
        ask("GET", f"/{play.session_id}?page_size=2", If_None_Match=answer.headers["ETag"]).status_code == 304
    )


def test_somebody_is_marked_once_for_each_key(scene, machine):
    play = scene()
    ask = machine("asha", TAKES)
    path = f"/{play.session_id}/people/{play.mia.id}"
    first = ask("POST", path, {"said": "here"}, Idempotency_Key="one")
    assert first.status_code == 200
    assert first.json["mark"] == "here"
    ask("POST", path, {"said": "left"}, Idempotency_Key="two")
    again = ask("POST", path, {"said": "here"}, Idempotency_Key="one")
    assert again.json == first.json
    read = ask("GET", path)
    assert read.json["left_at"]
    assert ask("GET", path, If_None_Match=read.headers["ETag"]).status_code == 304
    assert ask("POST", path, {"said": "dance"}).status_code == 422
    assert ask("POST", path, {"said": "undo"}).json["left_at"] is None


def test_a_family_walks_in(scene, set_up, machine):
    play = scene()
    with set_up() as make:
        ann, bo = make.family("Bo Ash", carer="Ann Ash")
    ask = machine("asha", TAKES)
    body = {"household_id": str(ann.household_id), "person_ids": [str(ann.id), str(bo.id)]}
    answer = ask("POST", f"/{play.session_id}/walk-ins", body)
    assert answer.status_code == 201
    assert {line["mark"] for line in answer.json} == {"here"}
    assert {line["booking_id"] for line in answer.json} == {None}
    assert ask("POST", f"/{play.session_id}/walk-ins", {**body, "person_ids": []}).status_code == 422
    assert (
        ask("POST", f"/{play.session_id}/walk-ins", {**body, "household_id": str(new_id())}).status_code
        == 404
    )


def test_heads_are_counted_and_set(scene, machine):
    play = scene()
    ask = machine("asha", TAKES)
    assert ask("POST", f"/{play.session_id}/heads", {"children": 4}).json["children_counted"] == 4
    path = f"/{play.session_id}/register"
    tag = ask("GET", path).headers["ETag"]
    assert ask("PATCH", path, {"adults_counted": 2}).status_code == 428
    changed = ask("PATCH", path, {"adults_counted": 2, "notes": "Loud"}, If_Match=tag)
    assert changed.status_code == 200
    assert (changed.json["adults_counted"], changed.json["children_counted"]) == (2, 4)
    assert changed.headers["ETag"] == ask("GET", path).headers["ETag"]
    stale = ask("PATCH", path, {"notes": "Quiet"}, If_Match=tag)
    assert stale.status_code == 412
    assert ask("GET", path).json["notes"] == "Loud"
    assert ask("POST", f"/{play.session_id}/heads", {"children": 1001}).status_code == 422


def test_a_register_is_closed_and_opened_again(scene, machine, clock):
    play = scene()
    ask = machine("asha", TAKES)
    path = f"/{play.session_id}/closure"
    assert ask("POST", path).status_code == 409
    clock.shift(timedelta(hours=2))
    assert ask("POST", path).json["closed_at"]
    assert ask("POST", path).status_code == 200
    assert set(play.said().values()) == {Mark.ABSENT}
    mark = f"/{play.session_id}/people/{play.mia.id}"
    refused = ask("POST", mark, {"said": "here"})
    assert refused.status_code == 409
    assert refused.mimetype == "application/problem+json"
    assert ask("DELETE", path).json["closed_at"] is None
    assert ask("POST", mark, {"said": "here"}).status_code == 200


def test_no_machine_reaches_another_hub_or_council_or_goes_beyond_its_scopes(set_up, world, machine):
    with set_up() as make:
        elsewhere = make.hub("Harehills", team=())
    play = Scene(set_up, world, hub=elsewhere)
    doors = [
        ("GET", "", None), ("GET", f"/people/{play.mia.id}", None),
        ("POST", f"/people/{play.mia.id}", {"said": "here"}),
        ("POST", "/walk-ins", {"household_id": str(play.paula.household_id), "person_ids": [str(play.mia.id)]}),
        ("POST", "/heads", {"adults": 1}), ("GET", "/register", None), ("PATCH", "/register", {"notes": "x"}),
        ("POST", "/closure", None), ("DELETE", "/closure", None),
    ]  # fmt: skip
    for who, status in (("asha", 404), ("carl", 404), ("lena", 403)):
        ask = machine(who)
        for method, path, body in doors:
            answer = ask(method, f"/{play.session_id}{path}", body, If_Match='"x"')
            assert answer.status_code == status, f"{who}: {method} {path}: {answer.status_code}"
    assert machine("asha", Permission.SEE_ROTA)("GET", f"/{play.session_id}").status_code == 403
    assert play.said() == {}


def test_a_list_makes_as_many_statements_however_long_it_is(scene, machine, world):
    ask = machine("asha", TAKES)
    ask("GET", f"/{new_id()}")
    counts = []
    for children in (["Mia Reyes"], [f"Kit{n} Reyes" for n in range(20)]):
        play = scene(*children)
        with counting(world) as made:
            assert ask("GET", f"/{play.session_id}").status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1]
