"""What a carer is written to about: who may choose it, and that it follows the person."""

import pytest
from sqlalchemy import select

from families import queries, service
from families.models import Person
from kernel.db import db, find, unit_of_work
from messaging import queries as messages
from messaging import service as messaging
from messaging.models import MessageSettings, Suppression
from messaging.service.answering import STOPPED
from messaging.terms import Channel, Group, Way

ASKED = {
    "reminders": "email",
    "questions": "usual",
    "news": "neither",
    "bookings": "usual",
    "courses": "usual",
}
CHOSEN = {Group.REMINDERS: Way.EMAIL, Group.NEWS: Way.NEITHER}


@pytest.fixture
def family(set_up, known):
    """Paula, who can be written to and texted, known at Seacroft; her council sends texts."""
    with set_up() as make:
        paula, mia = make.family("Mia Reyes", account="paula")
        paula.email, paula.phone = "paula.r@people.example", "07700 900111"
        known(make, paula.household_id)
        db.add(MessageSettings(texts=True, ways={}))
        zofia, *_ = make.family("Jan Łuczak", carer="Zofia Łuczak")
        return {"house": paula.household_id, "paula": paula.id, "mia": mia.id, "zofia": zofia.id}


def wishes(world, person_id):
    with unit_of_work(world.leeds):
        return dict(messages.wishes_of(person_id))


@pytest.mark.parametrize(
    ("who", "path"), [("paula", "/my-family/messages"), ("asha", "/families/people/{paula}/messages")]
)
def test_a_parent_chooses_or_staff_on_her_word(world, knock, family, who, path):
    visitor, path = knock(who), path.format(**family)

    shown = visitor.get(path).text
    assert "paula.r@people.example" in shown
    assert "+447700900111" in shown
    assert "We always tell you" in shown
    assert "choices are kept" in visitor.post(path, ASKED, follow=True).text

    assert wishes(world, family["paula"]) == CHOSEN
    assert visitor.post(path, {**ASKED, "bookings": "neither"}).status_code == 422


def test_nobody_chooses_for_somebody_else(world, knock, family):
    asha = knock("asha")

    for nobody in ("zofia", "mia"):
        assert asha.post(f"/families/people/{family[nobody]}/messages", ASKED).status_code == 404
    assert knock("paula").get(f"/families/people/{family['paula']}/messages").status_code == 403
    assert wishes(world, family["zofia"]) == {}


def test_wishes_follow_into_the_record_that_stays_and_are_forgotten_with_who_leaves(make):
    paula, pola, dan = (make.carer(name) for name in ("Paula Reyes", "Paula Reyes", "Dan Cole"))
    dan.household_id = paula.household_id
    for one, way in ((pola, Way.BOTH), (dan, Way.TEXT)):
        messaging.choose(one.id, {Group.REMINDERS: way})

    service.merge_people(paula, pola)
    service.leave(dan)

    assert [dict(messages.wishes_of(one.id)) for one in (paula, pola, dan)] == [
        {Group.REMINDERS: Way.BOTH}, {}, {},
    ]  # fmt: skip


def broken(person):
    return [row.address for row in queries.broken_addresses([person.id]).get(person.id, [])]


def live():
    wanted = select(Suppression).where(Suppression.lifted_at.is_(None))
    return {row.address: row.person_id for row in db.scalars(wanted)}


@pytest.mark.parametrize(
    ("channel", "field", "written", "address"),
    [
        (Channel.EMAIL, "email", "Paula.R@people.example", "paula.r@people.example"),
        (Channel.TEXT, "phone", "07700 900111", "+447700900111"),
    ],
)
def test_what_does_not_work_is_told_until_the_record_has_another(make, channel, field, written, address):
    paula, dan = make.carer(), make.carer("Dan Cole")
    for one in (paula, dan):
        service.change_person(one, **{field: written})
    messaging.suppress(address, channel, "no such address", person_id=paula.id)

    assert broken(paula) == broken(dan) == [address]
    service.change_person(paula, known_as="Polly")
    assert live() == {address: paula.id}
    service.change_person(paula, **{field: ""})
    assert live() == {address: dan.id}, "it does not work for the other one either"
    service.change_person(dan, **{field: ""})
    assert live() == {}


def test_a_number_whose_owner_wants_no_texts_stays_so_and_merged_people_take_it_along(make):
    paula, pola = make.carer(), make.carer()
    service.change_person(pola, phone="07700 900111")
    messaging.suppress("+447700900111", Channel.TEXT, STOPPED, person_id=pola.id)

    service.merge_people(paula, pola)
    service.change_person(find(Person, paula.id), phone="07700 900222")

    assert live() == {"+447700900111": paula.id}


@pytest.mark.parametrize(
    "page",
    [
        "/families/{house}",
        "/families/people/{paula}",
        "/families/{house}/sessions",
        "/families/{house}/bookings",
    ],
)
def test_staff_are_warned_where_they_reach_for_it(world, knock, family, page):
    with unit_of_work(world.leeds):
        messaging.suppress(
            "+447700900111", Channel.TEXT, "the network knows no such number", person_id=family["paula"]
        )

    shown = knock("asha").get(page.format(**family)).text

    assert "07700 900111</bdi>: the network knows no such number (2 March 2026)" in shown
