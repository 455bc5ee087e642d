"""Announcements, through the door."""

from decimal import Decimal

import pytest
from sqlalchemy import event, func, select

from bookings.models import FamilyAtHub
from correspondence.models import Announcement
from families.models import Consent
from families.terms import ConsentKind
from kernel import outbox
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.permissions import Permission
from messaging.models import MessageSettings
from tests.knocking import links


@pytest.fixture
def seacroft(set_up):
    """A hub with a family that agreed to news, and one more for each further name."""
    with set_up() as make:
        hub = make.hub()
        for name in ("Nadia", "Omar"):
            carer, _ = make.family(f"Mia of {name}", carer=f"{name} Reyes")
            carer.email = f"{name.lower()}@people.example"
            db.add(
                Consent(
                    household_id=carer.household_id, kind=ConsentKind.NEWS, agreed=True, answered_at=now()
                )
            )
            db.add(FamilyAtHub(hub_id=hub.id, household_id=carer.household_id))
        return hub


@pytest.fixture
def asked(world):
    """What the database is asked meanwhile."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    yield statements
    event.remove(world.engine, "before_cursor_execute", note)


def typed(hub, **parts):
    return {
        "topic": "New opening times", "words": "We open **later** on Friday.", "hub_id": str(hub.id) if hub else "",
        "audience": "hub", "way": "email", "age_from": "0", "age_from_unit": "months", "age_to": "11",
        "age_to_unit": "months", **parts,
    }  # fmt: skip


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


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_is_kept(seacroft, knock, world):
    refused = knock("beth").post(
        "/announcements",
        typed(
            seacroft,
            words="Dear ((name))",
            audience="booked",
            first=["9", "3", "2026"],
            last=["8", "3", "2026"],
        ),
    )

    assert refused.status_code == 422
    for said in (
        "Error:", "no fields in double brackets", "The last day must be the same as or after the first day",
        "Dear ((name))",
    ):  # fmt: skip
        assert said in refused.text, said
    with unit_of_work(world.leeds):
        assert db.scalar(select(func.count(Announcement.id))) == 0


def test_everything_that_is_missing_is_said_at_once(seacroft, knock):
    refused = knock("beth").post("/announcements", typed(seacroft, words=" ", audience="booked"))

    assert refused.status_code == 422
    for said in (
        "Enter what the announcement says",
        "Enter the first day",
        "Enter the last day",
    ):
        assert refused.text.count(said) == 2, f"{said}: on top, and beside its field"


def test_whoever_writes_sees_how_long_the_text_message_is_and_what_it_costs(seacroft, set_up, knock, world):
    with set_up():
        db.add(MessageSettings(texts=True, pence_each=Decimal("2.4"), ways={}))
    beth = knock("beth")
    empty = beth.get("/announcements/new")
    assert "here you see how long it is" in empty.text
    assert 'hx-post="/announcements/length"' in empty.text
    assert 'formaction="/announcements/length#length"' in empty.text, "a button, where scripts do not run"

    short = beth.post("/announcements/length", typed(seacroft), htmx=True).text
    assert "charged as 2 text messages for each person: 4.8p." in short
    assert "<h1" not in short
    arabic = beth.post("/announcements/length", typed(seacroft, words="مرحبا " * 9), htmx=True).text
    assert "charged as 4 text messages for each person: 9.6p. Some letters or signs make it longer" in arabic
    assert "too long" in beth.post("/announcements/length", typed(seacroft, words="x" * 900), htmx=True).text

    whole = beth.post("/announcements/length", typed(seacroft, topic="Mine"))
    assert whole.status_code == 200
    for said in ("charged as 2 text messages", 'value="Mine"', "We open **later**"):
        assert said in whole.text, said
    assert "There is a problem" not in whole.text, "nobody has asked to save it yet"
    with unit_of_work(world.leeds):
        assert db.scalar(select(func.count(Announcement.id))) == 0

    address = beth.post("/announcements", typed(seacroft, way="text")).location
    assert "4.8p. That is at most £0.10 for all of them." in " ".join(beth.get(address).text.split())
    assert f'hx-post="{address}/length"' in beth.get(f"{address}/words").text
    assert "2 text messages" in beth.post(f"{address}/length", typed(seacroft), htmx=True).text


def test_an_age_must_be_told_for_families_with_children(seacroft, knock):
    refused = knock("beth").post("/announcements", typed(seacroft, audience="children", age_to=""))

    assert refused.status_code == 422
    assert "Enter the oldest age" in refused.text


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
    assert call("GET", f"{one}/reach", beth).json == {"people": 2, "without_news": 0, "approve_above": 1}
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
