"""Announcements, through the door."""

import re

import pytest
from sqlalchemy import event, select, update

from correspondence.models import Announcement
from families.models import Person
from kernel import outbox
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.permissions import Permission
from messaging.models import MessageSettings
from tests.correspondence.conftest import typed
from tests.knocking import links


@pytest.fixture
def asked(world):
    """What the database is asked meanwhile."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    yield statements
    event.remove(world.engine, "before_cursor_execute", note)


def test_a_manager_writes_looks_and_sends_and_sees_how_far_it_is(seacroft, knock, world, post):
    beth = knock("beth")
    assert "There are no announcements yet" in beth.get("/announcements").text
    assert "Every hub" not in beth.get("/announcements/new").text

    key = str(new_id())
    written = beth.post("/announcements", typed(seacroft, idempotency_key=key))
    again = beth.post("/announcements", typed(seacroft, idempotency_key=key))
    assert written.location == again.location
    address = written.location

    looked = beth.get(address).text
    assert "2 people" in beth.get(address, htmx=True).text, (
        "it is not on its way yet: there is no part to ask for"
    )
    for said in (
        "2 people",
        "Nadia",
        "Omar",
        "Families known at Seacroft",
        "<strong>later</strong>",
        "Send it now",
    ):
        assert said in looked, said

    beth.post(f"{address}/request")
    sending = beth.get(address).text
    assert "Stop sending" in sending
    assert f'hx-get="{address}"' in sending
    outbox.drain(world.leeds)
    assert sorted(letter["To"] for letter in post.letters) == ["nadia@people.example", "omar@people.example"]
    part = beth.get(address, htmx=True)
    assert "2 of 2 people done" in part.text
    assert "<html" not in part.text
    with unit_of_work(world.leeds):
        announcement = db.scalars(select(Announcement)).one()
        announcement.standing, announcement.finished_at = "sent", now()
    assert beth.get(address, htmx=True).headers["HX-Refresh"] == "true"
    assert "Stop sending" not in beth.get(address).text
    assert address in links(beth.get("/announcements"))


def test_a_draft_is_changed_and_one_that_goes_is_not(seacroft, knock):
    beth = knock("beth")
    address = beth.post(
        "/announcements", typed(seacroft, audience="children", age_to="2", age_to_unit="years", expected="y")
    ).location
    form = beth.get(f"{address}/words").text
    assert 'value="2"' in form
    assert beth.post(f"{address}/words", typed(seacroft, topic="Closed on Friday")).location == address
    assert "Closed on Friday" in beth.get(address).text
    beth.post(f"{address}/request")

    assert beth.get(f"{address}/words").location == address
    assert beth.post(f"{address}/words", typed(seacroft)).status_code == 409


def test_nobody_sends_or_overwrites_what_a_colleague_has_just_written(seacroft, knock, world):
    def seen(page):
        return re.search(r'name="seen" value="(\w+)"', page.text)[1]

    beth, adam = knock("beth"), knock("adam")
    address = beth.post("/announcements", typed(seacroft)).location
    looked, form = beth.get(address), beth.get(f"{address}/words")
    theirs = typed(seacroft, words="Bring cake.", seen=seen(adam.get(f"{address}/words")))
    assert adam.post(f"{address}/words", theirs).location == address

    late = beth.post(f"{address}/request", {"seen": seen(looked)}, follow=True)
    assert "Somebody else has changed this since you opened it" in late.text
    assert "Bring cake" in late.text
    assert "Send it now" in late.text
    mine = typed(seacroft, words="Bring tea.", seen=seen(form))
    refused = beth.post(f"{address}/words", mine)
    assert refused.status_code == 422
    assert "Save again to use your words, not theirs" in refused.text
    assert "Bring tea" in refused.text
    counted = beth.post(f"{address}/length", mine)
    assert seen(counted) == seen(form), "to have it counted is not to have read theirs"

    assert beth.post(f"{address}/words", {**mine, "seen": seen(refused)}).location == address
    beth.post(f"{address}/request", {"seen": seen(beth.get(address))})
    with unit_of_work(world.leeds):
        announcement = db.scalars(select(Announcement)).one()
        assert (announcement.words, announcement.standing) == ("Bring tea.", "sending")


def test_a_second_person_approves_what_is_large(seacroft, set_up, knock, world, post):
    with set_up():
        db.add(MessageSettings(approve_above=1, ways={}))
    beth, adam = knock("beth"), knock("adam")
    address = beth.post("/announcements", typed(seacroft)).location
    assert "Ask for approval" in beth.get(address).text
    beth.post(f"{address}/request")

    own = beth.get(address).text
    assert "it cannot be you" in own
    assert "Approve and send" not in own
    assert beth.post(f"{address}/approval").status_code == 409
    others = adam.get(address).text
    assert "Approve and send" in others
    assert "Nadia" not in others, "an administrator sees no families"
    outbox.drain(world.leeds)
    assert post.letters == []

    adam.post(f"{address}/approval")
    outbox.drain(world.leeds)
    assert len(post.letters) == 2


def test_it_is_stopped_by_a_button(seacroft, knock, world, post):
    beth = knock("beth")
    address = beth.post("/announcements", typed(seacroft)).location
    beth.post(f"{address}/request")
    beth.post(f"{address}/stop")
    outbox.drain(world.leeds)

    assert post.letters == []
    stopped = beth.get(address).text
    assert "Stopped by" in stopped
    assert "Beth" in stopped


@pytest.mark.parametrize("asked_for", [False, True], ids=["a draft", "one that waits for a second person"])
def test_what_never_went_says_so_and_counts_nothing(seacroft, set_up, knock, asked_for):
    with set_up():
        db.add(MessageSettings(approve_above=1, ways={}))
    beth = knock("beth")
    address = beth.post("/announcements", typed(seacroft)).location
    if asked_for:
        beth.post(f"{address}/request")

    stopped = beth.post(f"{address}/stop", follow=True).text

    assert "Nothing of this is sent" in stopped
    assert "It was stopped before anything was sent" in stopped
    assert "hubs-stats" not in stopped


def test_whoever_stops_what_has_just_gone_is_not_told_that_it_was_stopped(seacroft, knock, world, post):
    beth = knock("beth")
    address = beth.post("/announcements", typed(seacroft)).location
    beth.post(f"{address}/request")
    outbox.drain(world.leeds)
    with unit_of_work(world.leeds):
        db.scalars(select(Announcement)).one().standing = "sent"

    late = beth.post(f"{address}/stop", follow=True).text

    assert "It had gone to everybody before you stopped it" in late
    assert "Stopped" not in late
    assert "What became of it" in late


def test_who_has_no_address_is_counted_apart_before_it_goes(seacroft, set_up, knock, world):
    with set_up():
        omar = db.scalars(select(Person).where(Person.given_name == "Omar")).one()
        omar.email, omar.phone = "", "07700 900123"
    beth = knock("beth")
    address = beth.post("/announcements", typed(seacroft)).location
    no_texts = beth.get(address).text
    assert "2 people" in no_texts
    assert "1 of them cannot get it, because no email address of theirs is known" in no_texts
    with set_up():
        db.add(MessageSettings(texts=True, ways={}))
    assert "cannot get it" not in beth.get(address).text, "his number is known"
    beth.post(f"{address}/words", typed(seacroft, words="x" * 900))
    assert "1 of them cannot get it" in beth.get(address).text, "it is too long for a text message"
    with set_up():
        db.execute(update(Person).values(email="", phone=""))

    nobody = beth.get(address).text
    assert "Nobody would get this now" in nobody
    assert "2 people cannot get it" in nobody
    assert "Send it now" not in nobody
    assert beth.post(f"{address}/request").status_code == 409


def test_nobody_else_comes_near_it(seacroft, knock, world, set_up):
    with set_up() as make:
        other = make.hub("Harehills", team=())
    adam = knock("adam")
    own = knock("beth").post("/announcements", typed(seacroft)).location
    hidden = adam.post("/announcements", typed(other)).location
    everywhere = adam.post("/announcements", typed(None)).location
    assert "Families known at any hub" in adam.get(everywhere).text

    beth, carl = knock("beth"), knock("carl")
    assert beth.post("/announcements", typed(other)).status_code == 422, "it is not on her list"
    for address in (hidden, everywhere):
        assert beth.get(address).status_code == 404
        for what in ("words", "length", "request", "approval", "stop"):
            assert beth.post(f"{address}/{what}", typed(seacroft)).status_code == 404
    assert carl.get(own).status_code == 404
    assert carl.post(f"{own}/stop").status_code == 404
    for who in ("asha", "paula"):
        visitor = knock(who)
        assert visitor.get("/announcements").status_code == 403
        assert visitor.get(own).status_code == 403
        assert visitor.post("/announcements", typed(seacroft)).status_code == 403


def test_a_council_lead_writes_for_every_hub_and_approves_and_sees_no_families(
    seacroft, set_up, knock, world, post
):
    with set_up():
        db.add(MessageSettings(approve_above=1, ways={}))
    lena, adam, beth = knock("lena"), knock("adam"), knock("beth")
    assert "/announcements" in links(lena.get("/"))
    assert "Every hub" in lena.get("/announcements/new").text
    everywhere = lena.post("/announcements", typed(None)).location
    looked = lena.get(everywhere).text
    assert "2 people" in looked
    assert "Nadia" not in looked
    lena.post(f"{everywhere}/request")
    assert lena.post(f"{everywhere}/approval").status_code == 409
    assert "it cannot be you" in lena.get(everywhere).text
    adam.post(f"{everywhere}/approval")
    outbox.drain(world.leeds)
    assert len(post.letters) == 2

    theirs = beth.post("/announcements", typed(seacroft)).location
    beth.post(f"{theirs}/request")
    assert beth.get(everywhere).status_code == 404
    lena.post(f"{theirs}/approval")
    outbox.drain(world.leeds)
    assert len(post.letters) == 4


def test_a_list_and_a_page_ask_a_constant_number_of_things(seacroft, knock, world, asked):
    beth = knock("beth")
    address = beth.post("/announcements", typed(seacroft)).location
    beth.get("/announcements")
    asked.clear()
    beth.get("/announcements")
    few = len(asked)
    for number in range(12):
        beth.post("/announcements", typed(seacroft, topic=f"Number {number}"))
    asked.clear()
    beth.get("/announcements")
    assert len(asked) == few
    asked.clear()
    beth.get(address)
    assert len(asked) <= 17, "\n".join(asked)


def test_machines_write_count_ask_approve_and_stop(seacroft, app, api_key, set_up):
    with set_up():
        db.add(MessageSettings(approve_above=1, ways={}))
    told = {
        "topic": "New", "words": "Come!", "audience": "children", "hub_id": str(seacroft.id), "to_months": 47,
        "district": "ls14 1aa",
    }  # fmt: skip

    def call(method, path, key, body=None, host="leeds.test"):
        return app.test_client().open(
            f"/api/v1/announcements{path}", method=method, json=body, base_url=f"http://{host}",
            headers={"Authorization": f"Bearer {key}"},
        )  # fmt: skip

    beth, adam = api_key("beth"), api_key("adam")
    written = call("POST", "", beth, told)
    assert written.status_code == 201, written.text
    one = f"/{written.json['id']}"
    assert written.json["district"] == "LS14"
    assert call("GET", f"{one}/reach", beth).json == {
        "people": 2, "without_address": 0, "without_news": 0, "approve_above": 1,
    }  # fmt: skip
    assert call("PUT", one, beth, {**told, "topic": "Newer"}).json["topic"] == "Newer"
    assert call("POST", f"{one}/request", beth).json["standing"] == "asked"
    assert call("POST", f"{one}/approval", beth).status_code == 409
    assert call("POST", f"{one}/approval", adam).json["standing"] == "sending"
    assert call("GET", f"{one}/progress", beth).json["copies"] == 0
    assert call("POST", f"{one}/stop", beth).json["standing"] == "stopped"
    assert [row["topic"] for row in call("GET", "", beth).json] == ["Newer"]
    assert call("POST", "", beth, {**told, "words": "((name))"}).status_code == 422
    assert call("POST", "", beth, {**told, "hub_id": None}).status_code == 404
    assert call("POST", "", beth, {**told, "way": "neither"}).status_code == 422
    assert call("GET", one, api_key("carl"), host="york.test").status_code == 404
    lena = api_key("lena")
    assert call("GET", one, lena).json["topic"] == "Newer"
    everywhere = call("POST", "", lena, {**told, "hub_id": None})
    assert everywhere.status_code == 201, everywhere.text
    assert call("POST", f"/{everywhere.json['id']}/request", lena).json["standing"] == "asked"
    assert call("POST", f"/{everywhere.json['id']}/approval", lena).status_code == 409
    assert call("GET", f"/{everywhere.json['id']}", beth).status_code == 404
    assert call("GET", "", api_key("asha")).status_code == 403
    assert call("POST", "", api_key("beth", Permission.MANAGE_HUBS), told).status_code == 403
