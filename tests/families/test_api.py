"""Families, as machines read and change them."""

from datetime import date

import pytest
from sqlalchemy import select

from families import queries, service
from families.models import Household, RecordOpening
from families.service import NewCarer, NewChild, NewFamily
from families.terms import Entered
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.permissions import Permission


@pytest.fixture
def machine(app, api_key):
    def making(who, *scopes):
        key, host = api_key(who, *scopes), "york.test" if who == "carl" else "leeds.test"

        def call(method, path, body=None, **headers):
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            return app.test_client().open(
                f"/api/v1/families{path}", method=method, json=body, base_url=f"http://{host}",
                headers={"Authorization": f"Bearer {key}", **told},
            )  # fmt: skip

        return call

    return making


@pytest.fixture
def reyes(set_up, known):
    with set_up() as make:
        household = service.register(
            NewFamily(
                carer=NewCarer(given_name="Paula", family_name="Reyes", phone="07700900111"),
                children=(
                    NewChild(given_name="Mia", date_of_birth=date(2024, 1, 15), allergies="SECRETNUTS"),
                ),
                address="1 Street",
                postcode="LS14 1AA",
            ),
            entered=Entered.BY_STAFF,
        )
        known(make, household.id)
        paula, mia = queries.people_in(household.id)
        far = service.register(
            NewFamily(carer=NewCarer(given_name="Zofia"), address="FARLANE", postcode="LS9 7AA"),
            entered=Entered.ONLINE,
        )
        return {"house": household.id, "paula": paula.id, "mia": mia.id, "far": far.id, "hub": make.hub().id}


def test_families_are_listed_with_little_and_found_by_name(machine, reyes):
    asha = machine("asha")
    listed = asha("GET", "/?per_page=1")

    assert listed.status_code == 200
    assert '"total": 2' in listed.headers["X-Pagination"]
    assert listed.json[0]["carers"] == ["Paula Reyes"]
    assert listed.json[0]["children"] == [{"given_name": "Mia", "age": "2 years"}]
    found = asha("POST", "/search", {"q": "zof"})
    assert [(family["carers"], family["area"]) for family in found.json] == [(["Zofia"], "LS9")]
    for secret in ("07700900111", "1 Street", "LS14 1AA", "FARLANE"):
        assert secret not in listed.text + found.text


def test_a_record_is_read_without_care_and_that_is_kept(world, machine, reyes):
    read = machine("asha")("GET", f"/{reyes['house']}")

    assert read.json["children"][0]["given_name"] == "Mia"
    assert read.json["carers"][0]["phone"] == "07700900111"
    assert "SECRETNUTS" not in read.text
    assert read.headers["ETag"]
    with unit_of_work(world.leeds):
        assert set(db.scalars(select(RecordOpening.person_id))) == {reyes["paula"], reyes["mia"]}
        assert set(db.scalars(select(RecordOpening.account_id))) == {world.cast["asha"]}


def test_care_needs_a_scope_of_its_own_and_is_kept(world, machine, reyes):
    path = f"/{reyes['house']}/people/{reyes['mia']}/care"
    assert machine("asha", Permission.SEE_FAMILIES)("GET", path).status_code == 403
    asha = machine("asha", Permission.SEE_FAMILIES, Permission.SEE_CARE, Permission.MANAGE_FAMILIES)

    read = asha("GET", path)
    assert read.json["allergies"] == "SECRETNUTS"
    with unit_of_work(world.leeds):
        assert list(db.scalars(select(RecordOpening.what))) == ["care"]
    written = asha("PUT", path, {"allergies": "Milk"}, If_Match=read.headers["ETag"])
    assert written.json == {"allergies": "Milk", "medical": "", "needs": ""}
    assert asha("PUT", path, {"allergies": "Eggs"}, If_Match=read.headers["ETag"]).status_code == 412
    only_reads = machine("asha", Permission.SEE_CARE)
    assert only_reads("PUT", path, {}, If_Match=written.headers["ETag"]).status_code == 404


def test_a_family_is_registered_once(world, machine, reyes):
    asha = machine("asha")
    body = {
        "carer": {"given_name": "Tom", "family_name": "Bell", "phone": "07700 900982", "language": "pl"},
        "children": [{"given_name": "Kit", "date_of_birth": "2025-02-01", "relationship": "father"}],
        "postcode": "ls14 1aa",
        "hub_id": str(reyes["hub"]),
    }

    first = asha("POST", "/", body, Idempotency_Key="k1")
    again = asha("POST", "/", body, Idempotency_Key="k1")

    assert first.status_code == again.status_code == 201
    assert first.json["id"] == again.json["id"]
    assert first.json["postcode"] == "LS14 1AA"
    assert asha("GET", f"/{first.json['id']}").status_code == 200
    with unit_of_work(world.leeds):
        assert len(db.scalars(select(Household.id)).all()) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"postcode": "LEEDS"},
        {"hub_id": str(new_id())},
        {"carer": {"given_name": ""}},
        {"carer": {"given_name": "Tom", "email": "at home"}},
        {"carer": {"given_name": "Tom", "account_id": str(new_id())}},
        {"tenant_id": str(new_id())},
        {"children": [{"given_name": "Kit"}]},
        {"children": [{"given_name": "Kit", "date_of_birth": "1980-01-01"}]},
        {"children": [{"given_name": "Kit", "date_of_birth": "2025-01-01", "due_date": "2026-05-01"}]},
    ],
)
def test_what_cannot_be_is_refused_in_words(machine, reyes, change):
    body = {"carer": {"given_name": "Tom"}, "postcode": "LS14 1AA", "hub_id": str(reyes["hub"]), **change}

    answer = machine("asha")("POST", "/", body)

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_an_address_and_a_child_change_only_as_they_were_read(machine, reyes):
    asha, house = machine("asha"), f"/{reyes['house']}"
    tag = asha("GET", house).headers["ETag"]
    assert asha("PATCH", house, {"address": "2 Street"}).status_code == 428
    changed = asha("PATCH", house, {"address": "2 Street"}, If_Match=tag)
    assert (changed.json["address"], changed.json["postcode"]) == ("2 Street", "LS14 1AA")
    assert asha("PATCH", house, {"address": "3 Street"}, If_Match=tag).status_code == 412

    child = f"{house}/children/{reyes['mia']}"
    tag = asha("GET", child).headers["ETag"]
    assert asha("PATCH", child, {"known_as": "Mimi", "send": "ehcp"}, If_Match=tag).json["known_as"] == "Mimi"


def test_a_child_is_added(machine, reyes):
    asha, house = machine("asha"), f"/{reyes['house']}"

    added = asha("POST", f"{house}/children", {"due_date": "2026-06-01", "relationship": "mother"})

    assert (added.status_code, added.json["given_name"]) == (201, "Baby")
    assert len(asha("GET", f"{house}/children").json) == 2


def test_only_what_is_known_at_ones_hub_is_opened(machine, reyes):
    for who in ("asha", "beth", "carl"):
        call = machine(who)
        for path in ("", "/children", f"/children/{reyes['mia']}", f"/people/{reyes['mia']}/care"):
            assert call("GET", f"/{reyes['far']}{path}").status_code == 404
            assert call("PATCH", f"/{reyes['far']}", {"address": "x"}, If_Match="x").status_code == 404
    assert machine("carl")("GET", f"/{reyes['house']}").status_code == 404
    assert machine("carl")("GET", "/").json == []
    for who in ("paula", "lena", "adam"):
        assert machine(who)("GET", "/").status_code == 403
