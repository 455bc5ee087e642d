"""Addresses that do not work: who sees which, and writing to one again; wishes for machines."""

import pytest
from sqlalchemy import select

from bookings.models import FamilyAtHub
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.journal import Entry
from messaging import queries as messages
from messaging import service as messaging
from messaging.models import Suppression
from messaging.service.answering import STOPPED
from messaging.terms import Channel, Group, Way

LIST = "/families/addresses"


@pytest.fixture
def broken(set_up):
    """What does not work: of Paula at Seacroft, of Zofia who is known nowhere, of Beth of the staff, of nobody."""
    with set_up() as make:
        paula, *_ = make.family(account="paula")
        zofia, *_ = make.family("Jan Łuczak", carer="Zofia Łuczak")
        db.add(FamilyAtHub(hub_id=make.hub().id, household_id=paula.household_id))
        for channel, address, person in (
            (Channel.TEXT, "+447700900111", paula.id),
            (Channel.EMAIL, "paula@people.example", None),
            (Channel.EMAIL, "zofia@people.example", zofia.id),
            (Channel.EMAIL, "beth@people.example", None),
            (Channel.EMAIL, "nobody@people.example", None),
        ):
            because = STOPPED if channel == Channel.TEXT else "the mail server knows no such address"
            messaging.suppress(address, channel, because, person_id=person)
        ids = {row.address: row.id for row in db.scalars(select(Suppression))}
        return {"paula": paula.id, "zofia": zofia.id, "house": paula.household_id, **ids}


def test_hub_staff_see_those_of_their_own_families_and_the_administrator_those_of_staff(knock, broken):
    asha, adam = knock("asha").get(LIST).text, knock("adam").get(LIST).text

    def seen(text):
        return {
            name for name in ("07700 900111", "paula@", "zofia@", "beth@", "nobody@") if f">{name}" in text
        }

    assert seen(asha) == {"07700 900111", "paula@"}
    assert seen(adam) == {"beth@", "nobody@"}
    assert "Since 2 March 2026: the mail server knows no such address" in asha
    assert "Beth O&#39;Neill-Łukasz" in adam
    assert LIST in knock("asha").get("/families").text


def test_an_address_is_written_to_again_when_somebody_says_how_they_know(world, knock, broken):
    asha, path = knock("asha"), f"{LIST}/{broken['+447700900111']}/restoration"

    assert "Text this number again?" in asha.get(path).text
    assert "only when they have asked you to" in asha.get(path).text
    assert asha.post(path, {"because": "told"}).status_code == 422
    assert "We text this number again" in asha.post(path, {"because": "wanted"}, follow=True).text

    assert "We text this number again" in asha.post(path, {"because": "wanted"}, follow=True).text, "again"
    with unit_of_work(world.leeds):
        [entry] = db.scalars(select(Entry).where(Entry.kind == "SuppressionLifted"))
        assert (entry.subject, entry.actor, entry.facts) == (
            broken["+447700900111"], world.cast["asha"], {"because": "wanted"},
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"), [("asha", 404), ("carl", 404), ("adam", 404), ("lena", 403), ("paula", 403)]
)
def test_nobody_writes_again_to_an_address_of_another_hub(knock, broken, who, status):
    path = f"{LIST}/{broken['zofia@people.example']}/restoration"

    assert knock(who).post(path, {"because": "wanted"}).status_code == status


@pytest.fixture
def ask(knock, api_key):
    """Ask the API with somebody's key: status and answer."""

    def asking(who, method, path, told=None, **headers):
        answer = knock(None, "york" if who == "carl" else None).open(
            f"/api/v1{path}", method=method, json=told,
            headers={"Authorization": f"Bearer {api_key(who)}", **headers},
        )  # fmt: skip
        return answer.status_code, answer.json if answer.data else None, answer.headers.get("ETag", "")

    return asking


@pytest.mark.parametrize(("who", "whose"), [("paula", "mine"), ("asha", "{paula}")])
def test_a_machine_chooses_for_its_own_parent_and_for_staffs_families(world, ask, broken, who, whose):
    path = f"/message-choices/{whose.format(**broken)}"

    status, before, tag = ask(who, "GET", path)
    assert (status, set(before.values())) == (200, {None})
    assert ask(who, "PATCH", path, {"news": "neither"})[0] == 428
    status, after, _ = ask(who, "PATCH", path, {"news": "neither", "reminders": "both"}, **{"If-Match": tag})
    assert (status, after["news"], after["reminders"], after["courses"]) == (200, "neither", "both", None)
    assert ask(who, "PATCH", path, {"bookings": "text"}, **{"If-Match": tag})[0] == 412, (
        "it has changed since"
    )
    _, _, tag = ask(who, "GET", path)
    assert ask(who, "PATCH", path, {"bookings": "neither"}, **{"If-Match": tag})[0] == 422
    with unit_of_work(world.leeds):
        assert messages.wishes_of(broken["paula"]) == {Group.NEWS: Way.NEITHER, Group.REMINDERS: Way.BOTH}


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [("asha", "{zofia}", 404), ("carl", "{paula}", 404), ("paula", "{paula}", 403), ("asha", "mine", 403)],
)
def test_a_machine_chooses_for_nobody_else(ask, broken, who, whose, status):
    assert ask(who, "GET", f"/message-choices/{whose.format(**broken)}")[0] == status


def test_a_machine_lists_what_does_not_work_and_says_that_it_works_again(ask, broken):
    status, listed, _ = ask("asha", "GET", "/broken-addresses")
    assert status == 200
    assert {(row["address"], row["family_id"]) for row in listed} == {
        ("+447700900111", str(broken["house"])), ("paula@people.example", str(broken["house"])),
    }  # fmt: skip
    one = f"/broken-addresses/{broken['paula@people.example']}/restoration"
    assert ask("asha", "POST", one, {"because": "wanted"})[0] == 422
    assert ask("asha", "POST", one, {"because": "told"}, **{"Idempotency-Key": str(new_id())})[0] == 204
    assert len(ask("asha", "GET", "/broken-addresses")[1]) == 1
    assert (
        ask(
            "asha",
            "POST",
            f"/broken-addresses/{broken['zofia@people.example']}/restoration",
            {"because": "told"},
        )[0]
        == 404
    )
