"""What a carer is written to about: who may choose it, and that it follows the person."""

import pytest
from sqlalchemy import select

from accounts.models import Account
from families import queries, service
from families.models import Person
from families.terms import ConsentKind
from kernel.clock import now
from kernel.db import acts, db, find, unit_of_work
from messaging import queries as messages
from messaging import service as messaging
from messaging.models import MessageSettings, Suppression
from messaging.service.answering import STOPPED
from messaging.terms import Channel, Group, Never, Way

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
    assert "07700 900111" in shown
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


OLD, NEW = "paula@people.example", "paula.new@people.example"


def test_an_address_with_which_somebody_still_signs_in_is_not_written_to_again_because_her_record_has_another(
    make,
):
    paula, _ = make.family(account="paula")
    messaging.suppress(OLD, Channel.EMAIL, "no such address", person_id=paula.id)
    assert broken(paula) == [OLD]

    service.change_person(paula, email=NEW)

    assert broken(paula) == [], "what goes to her record’s address goes"
    assert live() == {OLD: paula.id}, "a link to sign in would go to the one that does not work"


def test_who_signs_in_with_another_address_is_written_to_there_and_the_old_one_is_hers_no_more(make):
    paula, _ = make.family(account="paula")
    messaging.suppress(OLD, Channel.EMAIL, "no such address", person_id=paula.id)

    service.invite(paula, NEW)

    assert (queries.recipient(paula.id).email, broken(paula)) == (NEW, [])
    assert live() == {OLD: None}, "somebody could still ask for a link to sign in there"


def test_a_new_address_to_sign_in_that_does_not_work_either_stays_so(make):
    paula, _ = make.family(account="paula")
    messaging.suppress(OLD, Channel.EMAIL, "no such address", person_id=paula.id)
    messaging.suppress(NEW, Channel.EMAIL, "mailbox full")

    service.invite(paula, NEW)

    assert broken(paula) == [NEW]


def test_an_address_that_signs_nobody_in_any_more_is_forgotten(make):
    paula, _ = make.family(account="paula")
    messaging.suppress(OLD, Channel.EMAIL, "no such address", person_id=paula.id)
    find(Account, paula.account_id).disabled_at = now()

    service.invite(paula, NEW)

    assert live() == {}


def agrees(who, household_id, agreed):
    acts(who)
    service.answer_consent(household_id, ConsentKind.NEWS, agreed)


def test_a_parent_who_agrees_to_news_gets_it_though_she_had_switched_it_off(make, clock):
    paula, _ = make.family(account="paula")
    dan = make.carer("Dan Cole", household=paula.household)
    for one in (paula, dan):
        messaging.choose(one.id, {Group.NEWS: Way.NEITHER, Group.REMINDERS: Way.NEITHER})
    agrees(make.cast["asha"], paula.household_id, True)
    assert messages.wishes_of(paula.id)[Group.NEWS] == Way.NEITHER, (
        "staff wrote down what the family agreed to"
    )

    clock.shift(60)
    agrees(make.cast["paula"], paula.household_id, False)
    clock.shift(60)
    agrees(make.cast["paula"], paula.household_id, True)

    assert messages.wishes_of(paula.id) == {Group.REMINDERS: Way.NEITHER}
    assert messages.wishes_of(dan.id)[Group.NEWS] == Way.NEITHER, "the other carer has said nothing"


def test_the_page_says_that_no_news_comes_until_the_family_agrees(world, knock, family):
    paula, path = knock("paula"), "/my-family/messages"
    assert "Your family has not agreed to news about activities" in paula.get(path).text
    assert (
        "Their family has not agreed"
        in knock("asha").get(f"/families/people/{family['paula']}/messages").text
    )

    with unit_of_work(world.leeds):
        service.answer_consent(family["house"], ConsentKind.NEWS, True)

    assert "has not agreed" not in paula.get(path).text


def test_the_page_says_that_nobody_is_texted_whose_number_must_not_be_used(world, knock, family):
    assert "We do not text" not in knock("paula").get("/my-family/messages").text
    with unit_of_work(world.leeds):
        service.set_contact_rules(find(Person, family["paula"]), [Never.TEXT])

    shown = knock("paula").get("/my-family/messages").text

    assert "We do not text you: what should go by text message goes by email." in shown
    assert "07700 900111" not in shown


def test_the_page_says_in_which_language(world, knock, family):
    with unit_of_work(world.leeds):
        find(Person, family["paula"]).language = "pl"

    assert "in Polish or else in English" in knock("paula").get("/my-family/messages").text


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


def test_the_link_in_a_letter_to_a_record_that_is_gone_still_stops_it(world, knock, family, set_up):
    with set_up() as make:
        twice, thrice = make.carer("Paula Reyes"), make.carer("Paula Reyes")
        link = f"/messages/choices/{messaging.one_step(messaging.CHOICES, thrice.id)}?about=news"
        service.merge_people(twice, thrice)
        service.merge_people(find(Person, family["paula"]), twice)

    answer = knock().open(link, method="POST", data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert wishes(world, family["paula"]) == {Group.NEWS: Way.NEITHER}
