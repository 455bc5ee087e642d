"""The form of an announcement: what is wrong with it, how long it is, and what it offers."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from correspondence.models import Announcement
from hubs.models import Hub
from kernel.clock import now
from kernel.db import db, find, unit_of_work
from messaging.models import MessageSettings
from tests.correspondence.conftest import typed


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


def test_a_link_needs_its_whole_address_since_an_email_has_no_page_to_start_from(seacroft, knock):
    refused = knock("beth").post("/announcements", typed(seacroft, words="See [our page](www.leeds.gov.uk)"))

    assert refused.status_code == 422
    assert "Write the whole address of a link" in refused.text


def test_everything_that_is_missing_is_said_at_once(seacroft, knock):
    refused = knock("beth").post("/announcements", typed(seacroft, words=" ", audience="booked"))

    assert refused.status_code == 422
    for said in (
        "Enter what the announcement says",
        "Enter the first day",
        "Enter the last day",
    ):
        assert refused.text.count(said) == 2, f"{said}: on top, and beside its field"


def test_an_age_must_be_told_for_families_with_children(seacroft, knock):
    refused = knock("beth").post("/announcements", typed(seacroft, audience="children", age_to=""))

    assert refused.status_code == 422
    assert "Enter the oldest age" in refused.text


@pytest.mark.parametrize(
    ("young", "old", "said"),
    [
        (("0", "months"), ("25", "years"), ""),
        (("0", "months"), ("26", "years"), "Enter an age between 0 and 25 years"),
        (("30", "years"), ("31", "years"), "Enter an age between 0 and 25 years"),
        (("2", "years"), ("11", "months"), "The oldest age must not be below the youngest age"),
        (("two", "years"), ("3", "years"), "Enter a whole number, like 8"),
    ],
)
def test_an_age_that_cannot_be_is_refused_for_what_is_wrong_with_it(seacroft, knock, young, old, said):
    written = knock("beth").post(
        "/announcements",
        typed(
            seacroft, audience="children", age_from=young[0], age_from_unit=young[1], age_to=old[0], age_to_unit=old[1]
        ),
    )  # fmt: skip

    assert written.status_code == (422 if said else 303)
    assert said in written.text


@pytest.mark.parametrize("audience", ["hub", "children", "booked"])
def test_what_is_typed_where_another_choice_stands_is_not_looked_at(seacroft, knock, audience):
    nonsense = {
        "booked": {"first": ["31", "2", "2026"], "last": ["1", "", ""]},
        "children": {
            "age_from": "many",
            "age_to": "-3",
            "age_to_unit": "weeks",
            "district": "somewhere in town",
        },
    }
    fine = {"booked": {"first": ["9", "3", "2026"], "last": ["15", "3", "2026"]}}.get(audience, {})
    hidden = {
        name: value for choice in nonsense if choice != audience for name, value in nonsense[choice].items()
    }

    written = knock("beth").post("/announcements", typed(seacroft, audience=audience, **fine, **hidden))

    assert written.status_code == 303, "nobody can mend what is hidden"


def test_nothing_but_the_choice_is_asked_for_while_no_families_are_chosen(seacroft, knock):
    refused = knock("beth").post("/announcements", typed(seacroft, audience="", age_from="many"))

    assert refused.status_code == 422
    assert refused.text.count("Choose which families get it") == 2
    assert "whole number" not in refused.text


def test_it_goes_by_email_where_the_council_sends_no_texts_and_asks_no_way(seacroft, knock, world):
    told = typed(seacroft)
    del told["way"]

    assert "How it is sent" not in knock("beth").get("/announcements/new").text
    assert knock("beth").post("/announcements", told).status_code == 303


@pytest.mark.parametrize("who", ["beth", "adam"])
def test_a_draft_for_a_hub_that_has_closed_does_not_become_anothers(seacroft, set_up, knock, world, who):
    with set_up() as make:
        make.hub("Abbey", team=("beth",))
    writer = knock(who)
    address = writer.post("/announcements", typed(seacroft)).location
    with unit_of_work(world.leeds):
        find(Hub, seacroft.id).closed_at = now()

    assert f'<option value="{seacroft.id}" selected>' in writer.get(f"{address}/words").text
    assert writer.post(f"{address}/words", typed(seacroft, topic="Closed for good")).status_code == 303
    assert writer.post("/announcements", typed(seacroft)).status_code == 422, "nothing new is begun there"
    with unit_of_work(world.leeds):
        assert db.scalars(select(Announcement.hub_id)).all() == [seacroft.id]


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
    assert (
        "4.8p. As up to 3 for those who get the line with the link in another language. "
        "That is at most £0.14 for all of them."
    ) in " ".join(beth.get(address).text.split())
    assert f'hx-post="{address}/length"' in beth.get(f"{address}/words").text
    assert "2 text messages" in beth.post(f"{address}/length", typed(seacroft), htmx=True).text
