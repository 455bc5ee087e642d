import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bookings import service
from bookings.models import Booking, FamilyAtHub
from bookings.terms import Channel
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from tests.conftest import Stage


class Machine:
    """Knocks at the API of Leeds with a key."""

    def __init__(self, app: Any, key: str, host: str = "leeds.test") -> None:
        self.app, self.key, self.host = app, key, host

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client().open(
            f"/api/v1{path}",
            method=method,
            json=body,
            base_url=f"http://{self.host}",
            headers={"Authorization": f"Bearer {self.key}", **told},
        )


@pytest.fixture
def machine(app: Any, api_key: Any) -> Callable[..., Machine]:
    return lambda who, *scopes: Machine(
        app, api_key(who, *scopes), "york.test" if who == "carl" else "leeds.test"
    )


class Cast:
    def __init__(self, set_up: Any, **session: Any) -> None:
        with set_up() as make:
            paula, mia = make.family("Mia Reyes", account="paula")
            self.paula, self.mia, self.home = paula.id, mia.id, paula.household_id
            ann, bo = make.family("Bo Smith", carer="Ann Smith")
            self.ann, self.bo, self.other_home = ann.id, bo.id, ann.household_id
            self.session = make.session(**session).id
        self.party = {"session_id": str(self.session), "person_ids": [str(self.paula), str(self.mia)]}

    def others_book(self, set_up: Any) -> UUID:
        with set_up():
            return service.book(
                self.session,
                household_id=self.other_home,
                person_ids=[self.ann, self.bo],
                carer_id=self.ann,
                channel=Channel.WEB,
            ).id


@pytest.fixture
def cast(set_up: Any) -> Cast:
    return Cast(set_up)


def test_a_parents_key_books_reads_and_cancels_for_her_own_family(machine: Any, cast: Cast):
    paula = machine("paula")

    made = paula("POST", "/bookings", cast.party)
    read = paula("GET", f"/bookings/{made.json['id']}")
    listed = paula("GET", "/bookings")
    again = paula("GET", f"/bookings/{made.json['id']}", If_None_Match=read.headers["ETag"])
    cancelled = paula("POST", f"/bookings/{made.json['id']}/cancellation")
    changed = paula("GET", f"/bookings/{made.json['id']}", If_None_Match=read.headers["ETag"])

    assert made.status_code == 201
    assert made.json["standing"] == "confirmed"
    assert (made.json["adults"], made.json["children"]) == (1, 1)
    assert read.json == made.json
    assert [row["id"] for row in listed.json] == [made.json["id"]]
    assert again.status_code == 304
    assert cancelled.json["standing"] == "cancelled"
    assert changed.status_code == 200


def test_a_hold_keeps_places_until_it_is_confirmed(machine: Any, cast: Cast):
    paula = machine("paula")

    held = paula("POST", "/holds", cast.party)
    confirmed = paula("POST", f"/bookings/{held.json['id']}/confirmation")

    assert (held.status_code, held.json["standing"]) == (201, "held")
    assert held.json["expires_at"]
    assert (confirmed.status_code, confirmed.json["standing"]) == (200, "confirmed")


def test_a_hold_that_is_not_confirmed_in_time_keeps_nothing(machine: Any, cast: Cast, clock: Any):
    paula = machine("paula")
    held = paula("POST", "/holds", cast.party)

    clock.shift(timedelta(minutes=16))
    late = paula("POST", f"/bookings/{held.json['id']}/confirmation")

    assert late.status_code == 409
    assert "not taken up in time" in late.json["detail"]


def test_thirty_requests_at_once_with_one_key_book_once(machine: Any, cast: Cast, world: Stage):
    paula = machine("paula")

    with ThreadPoolExecutor(30) as crowd:
        answers = list(
            crowd.map(lambda _: paula("POST", "/bookings", cast.party, Idempotency_Key="one"), range(30))
        )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    with unit_of_work(world.leeds):
        assert len(db.scalars(select(Booking)).all()) == 1


def test_one_key_for_two_bodies_is_refused(machine: Any, cast: Cast):
    paula = machine("paula")
    paula("POST", "/bookings", cast.party, Idempotency_Key="one")

    other = {**cast.party, "person_ids": [str(cast.paula)]}

    assert paula("POST", "/bookings", other, Idempotency_Key="one").status_code == 422


def test_a_refusal_says_why_as_problem_json(machine: Any, cast: Cast):
    answer = machine("paula")("POST", "/bookings", {**cast.party, "person_ids": [str(cast.mia)]})

    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert "At least one adult must come" in answer.json["detail"]


@pytest.mark.parametrize(
    "body", [{}, {"session_id": "x"}, {"session_id": str(new_id()), "person_ids": []}, [], "x", None]
)
def test_nonsense_is_unacceptable(machine: Any, cast: Cast, body: Any):
    assert machine("paula")("POST", "/bookings", body).status_code in {400, 415, 422}


def test_a_parents_key_reaches_nothing_of_another_family(machine: Any, cast: Cast, set_up: Any):
    other = cast.others_book(set_up)
    paula = machine("paula")

    assert paula("GET", "/bookings").json == []
    assert paula("GET", f"/bookings?household_id={cast.other_home}").json == []
    assert paula("GET", f"/bookings/{other}").status_code == 404
    assert paula("POST", f"/bookings/{other}/cancellation").status_code == 404
    assert paula("GET", f"/waiting-list/{other}").status_code == 404
    assert paula("POST", f"/waiting-list/{other}/acceptance").status_code == 404
    theirs = {"session_id": str(cast.session), "person_ids": [str(cast.ann), str(cast.bo)]}
    assert paula("POST", "/bookings", theirs).status_code == 404


def test_another_councils_key_reaches_nothing(machine: Any, cast: Cast, set_up: Any):
    other = cast.others_book(set_up)

    assert machine("carl")("GET", f"/bookings/{other}").status_code == 404
    assert machine("carl")("GET", "/bookings").json == []


def test_staff_keys_reach_the_bookings_of_their_hubs(machine: Any, cast: Cast, set_up: Any):
    here = cast.others_book(set_up)
    with set_up() as make:
        cast.session = make.session(hub=make.hub("Elsewhere", team=()), starts_in=timedelta(days=2)).id
    elsewhere = cast.others_book(set_up)
    asha = machine("asha")

    assert [row["id"] for row in asha("GET", "/bookings").json] == [str(here)]
    assert asha("GET", f"/bookings/{elsewhere}").status_code == 404
    assert asha("POST", f"/bookings/{elsewhere}/cancellation").status_code == 404
    assert asha("GET", f"/bookings?session_id={new_id()}").json == []


def test_staff_keys_book_for_families_that_are_known_at_their_hubs(machine: Any, cast: Cast, set_up: Any):
    asha = machine("asha")
    party = {**cast.party, "household_id": str(cast.home)}

    unknown = asha("POST", "/bookings", party)
    with set_up() as make:
        db.add(FamilyAtHub(hub_id=make.hub().id, household_id=cast.home))
    known = asha("POST", "/bookings", party)
    nobody = asha("POST", "/bookings", cast.party)

    assert unknown.status_code == 404
    assert known.status_code == 201
    assert nobody.status_code == 422


def test_the_waiting_list_is_joined_and_tells_position_and_reasons(machine: Any, set_up: Any):
    cast = Cast(set_up, families=1, starts_in=timedelta(days=3))
    first = cast.others_book(set_up)
    paula = machine("paula")

    refused = paula("POST", "/bookings", cast.party)
    joined = paula("POST", "/waiting-list", cast.party)
    read = paula("GET", f"/waiting-list/{joined.json['id']}")
    early = paula("POST", f"/waiting-list/{joined.json['id']}/acceptance")
    machine("asha")("POST", f"/bookings/{first}/cancellation")
    listed = paula("GET", "/waiting-list")
    accepted = paula("POST", f"/waiting-list/{joined.json['id']}/acceptance")

    assert refused.status_code == 409
    assert (joined.status_code, joined.json["position"]) == (201, 1)
    assert [row["turn"] for row in read.json["decisions"]] == ["joined"]
    assert early.status_code == 409
    assert listed.json[0]["standing"] == "offered"
    assert accepted.json["standing"] == "confirmed"


def test_availability_is_told_in_numbers_and_words(machine: Any, cast: Cast, set_up: Any):
    cast.others_book(set_up)

    told = machine("paula")("GET", f"/sessions/{cast.session}/availability").json

    assert told["bookable"] is True
    assert told["left"] == 7
    assert told["words"] == "Room for 7 more families"


def test_lists_come_in_pages(machine: Any, cast: Cast, set_up: Any):
    for days in range(2, 6):
        with set_up() as make:
            cast.session = make.session(starts_in=timedelta(days=days)).id
        cast.others_book(set_up)

    answer = machine("asha")("GET", "/bookings?page=2&page_size=3")
    wrong = machine("asha")("GET", "/bookings?page_size=1000")

    assert len(answer.json) == 1
    assert json.loads(answer.headers["X-Pagination"])["total"] == 4
    assert wrong.status_code == 422


def test_the_council_says_when_families_are_reminded(machine: Any):
    adam = machine("adam")
    every = "/reminders/every"
    read = adam("GET", every)
    assert read.json == {"own": [], "in_force": [{"hours": 24, "days": None, "at": None}]}

    two = {"own": [{"hours": 3}, {"days": 2, "at": "18:00"}]}
    put = adam("PUT", every, two, If_Match=read.headers["ETag"])
    assert put.json["in_force"] == [
        {"hours": None, "days": 2, "at": "18:00"},
        {"hours": 3, "days": None, "at": None},
    ]
    assert adam("GET", "/reminders/holiday_club").json["in_force"] == put.json["own"]
    assert adam("PUT", every, two).status_code == 428
    for wrong in ({"hours": 3, "days": 2}, {"days": 2}, {}, {"hours": 0}):
        answer = adam("PUT", every, {"own": [wrong]}, If_Match=put.headers["ETag"])
        assert answer.status_code == 422, wrong
    assert adam("GET", "/reminders/nonsense").status_code == 404
    assert machine("beth")("GET", every).status_code == 403


def test_a_parents_key_says_that_the_family_is_coming(machine: Any, cast: Cast):
    paula = machine("paula")
    made = paula("POST", "/bookings", cast.party).json

    said = paula("POST", f"/bookings/{made['id']}/assurance")

    assert (made["coming_said_at"], said.status_code) == (None, 200)
    assert said.json["coming_said_at"]
