"""A27: searches, numbers and refusals tell nothing of another council, or of what somebody may not see."""

import re

import pytest

from families.models import Person
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from tests.making import Make
from tests.security.crawling import (
    ADMIN,
    LEAD,
    MANAGER,
    OTHER_PARENT,
    OTHER_WORKER,
    PARENT,
    STRANGER,
    YORK,
    YORK_IN_LEEDS,
)

PAGES = {
    STRANGER: ["/", "/hubs", "/sessions"],
    PARENT: ["/bookings", "/bookings/past", "/my-family", "/sessions"],
    MANAGER: [
        "/families?q=Reyes",
        "/families/duplicates",
        "/registers",
        "/reports",
        "/hubs/manage",
        "/timetable",
    ],
    LEAD: ["/reports", "/reports/comparison.csv", "/timetable"],
    ADMIN: ["/staff", "/settings/history", "/account/keys", "/settings/terms"],
}
LISTS = [
    "/families/", "/hubs", "/activities", "/sessions", "/timetable-entries", "/bookings", "/waiting-list",
    "/comparison/?first=2026-01-01&last=2026-03-31",
]  # fmt: skip


@pytest.fixture
def crowd_york(world):
    """Make York four times as large."""

    def crowding():
        with unit_of_work(world.york):
            make = Make(world.cast)
            for number in range(40):
                make.family(f"Mia Reyes{number}", carer="Paula Reyes")
                hub = make.hub(f"Seacroft {number}", team=("carl",))
                make.session(hub=hub, activity=make.activity(f"Stay and play {number}"))

    return crowding


def _still(text: str) -> str:
    """Return a page without what is new on each answer."""
    text = re.sub(r'nonce="[^"]*"|name="csrf_token"[^>]*|name="idempotency_key"[^>]*', "", text)
    return re.sub(r'value="[\w.-]{60,}"', "", text)


def test_no_page_or_number_of_leeds_moves_when_york_grows(world, councils, knock_as, crowd_york):
    crawlers = {visitor: knock_as(visitor) for visitor in PAGES}

    def look():
        seen = {path: _still(crawlers[v].open(path).text) for v, paths in PAGES.items() for path in paths}
        for path in LISTS:
            answer = crawlers[MANAGER].open(f"/api/v1{path}")
            seen[path] = (answer.status_code, answer.text, answer.headers.get("X-Pagination"))
        seen["search"] = _still(crawlers[MANAGER].send("/families/search", {"q": "Reyes"}).text)
        return seen

    crawlers[MANAGER].open("/families/duplicates")
    before = look()
    crowd_york()
    after = look()

    assert {path for path in before if before[path] != after[path]} == set()
    assert {path for path in LISTS if before[path][0] == 200} >= {"/families/", "/bookings", "/sessions"}


def test_a_search_of_one_council_finds_nobody_of_another(councils, knock_as):
    carl = knock_as(YORK)
    tokens = [t for t, c in councils["leeds"].canaries.items() if c.table in {"people", "households"}]
    for token in tokens[:12]:
        answer = carl.send("/families/search", {"q": token})
        assert answer.status_code == 200
        assert answer.text.count(token) == 1, "what was asked, and nothing else"
        assert carl.open("/api/v1/families/search", method="POST", json={"q": token}).json == []
    stranger = knock_as(YORK_IN_LEEDS)
    assert stranger.open("/api/v1/families/search", method="POST", json={"q": "Reyes"}).status_code == 401


def test_those_without_families_to_see_get_no_search_and_no_numbers(councils, knock_as):
    family = councils["leeds"].households["pete"]
    for visitor in (STRANGER, PARENT, LEAD, ADMIN):
        crawler = knock_as(visitor)
        assert crawler.send("/families/search", {"q": "Reyes"}).status_code in {303, 403}
        for path in ("/api/v1/families/", f"/api/v1/families/{family}", f"/api/v1/families/{new_id()}"):
            answer = crawler.open(path)
            assert answer.status_code in {401, 403}
            assert "X-Pagination" not in answer.headers


def test_a_list_says_how_many_there_are_for_whoever_asks(councils, knock_as):
    """Pages are counted after what may be seen is chosen: totals tell nothing of other hubs and families."""
    leeds = councils["leeds"]
    for visitor, path, hidden in (
        (PARENT, "/bookings", leeds.households["pete"]),
        (OTHER_PARENT, "/bookings", leeds.households["paula"]),
        (OTHER_WORKER, "/bookings", leeds.households["paula"]),
    ):
        answer = knock_as(visitor).open(f"/api/v1{path}")
        told = re.search(r'"total": (\d+)', answer.headers["X-Pagination"])
        assert int(told[1]) == len(answer.json)
        assert str(hidden) not in answer.text


def test_asking_for_another_familys_bookings_gives_ones_own(councils, knock_as):
    paula, leeds = knock_as(PARENT), councils["leeds"]

    own = paula.open("/api/v1/bookings").json
    asked = paula.open(f"/api/v1/bookings?household_id={leeds.households['pete']}").json

    assert {booking["household_id"] for booking in asked} <= {str(leeds.households["paula"])}
    assert len(asked) <= len(own)


def test_whether_another_family_comes_is_not_told(councils, knock_as):
    """To book for somebody else's child, who has a place or has none, is refused in the same words."""
    paula, leeds = knock_as(PARENT), councils["leeds"]
    pete, with_place, without = leeds.ids["people"][-3:]
    answers = [
        paula.open(
            "/api/v1/bookings",
            method="POST",
            json={"session_id": str(leeds.sessions[session]), "person_ids": [str(person)]},
        )
        for session in ("full", "free")
        for person in (pete, with_place, without, new_id())
    ]

    assert {(answer.status_code, answer.json["detail"]) for answer in answers} == {
        (404, answers[0].json["detail"])
    }


def test_an_address_that_york_knows_is_new_in_leeds(world, knock_as):
    adam = knock_as(ADMIN)

    for email in ("carl@people.example", "nobody@people.example"):
        form = {"name": "Somebody", "email": email, "roles": "hub_worker"}
        assert adam.send("/staff", form).status_code == 303


def test_a_name_that_york_has_given_is_free_in_leeds(world, councils, knock_as):
    with unit_of_work(world.york):
        Make(world.cast).hub("Acomb", team=("carl",))
    adam = knock_as(ADMIN)

    assert adam.open("/api/v1/hubs", method="POST", json={"name": "Acomb"}).status_code == 201
    assert adam.open("/api/v1/hubs", method="POST", json={"name": "Acomb"}).status_code == 422


def test_families_that_are_not_known_at_a_hub_are_shown_just_enough_to_know_them(world, councils, knock_as):
    """Will finds Paula's family, and sees names, ages and about where they live."""
    will, leeds = knock_as(OTHER_WORKER), councils["leeds"]
    with unit_of_work(world.leeds):
        paula = find(Person, leeds.ids["people"][0])
        name, phone = paula.family_name, paula.phone
        assert db.get_one(Person, (paula.tenant_id, paula.id))
    told = will.send("/families/search", {"q": name}).text + will.open("/api/v1/families/").text

    assert "LS14 1AA" not in told
    assert "2024-01-15" not in told
    assert "15 January 2024" not in told
    assert not phone or phone not in told
