"""What people choose about the messages that they get, and that it is kept."""

import pytest
from sqlalchemy import select

from kernel.db import db, unit_of_work
from kernel.errors import Unacceptable
from kernel.ids import new_id
from kernel.journal import Entry
from messaging import queries, rules, service
from messaging.models import MessageSettings
from messaging.rules import House
from messaging.terms import Channel, Group, Way
from tests.knocking import Knocker
from tests.limited import *  # noqa: F403

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PAULA = new_id()


@pytest.fixture
def link(world):
    """The address behind the link in a letter to Paula."""
    with unit_of_work(world.leeds):
        return f"/messages/choices/{service.one_step(service.CHOICES, PAULA)}"


def wishes(world):
    with unit_of_work(world.leeds):
        return dict(queries.wishes_of(PAULA))


def test_a_wish_is_kept_changed_and_taken_back(leeds):
    service.choose(PAULA, {Group.REMINDERS: Way.BOTH, Group.NEWS: Way.NEITHER})
    service.choose(PAULA, {Group.REMINDERS: Way.EMAIL})
    service.choose(PAULA, {Group.NEWS: None, Group.REMINDERS: Way.EMAIL})

    assert queries.wishes_of(PAULA) == {Group.REMINDERS: Way.EMAIL}
    told = db.scalars(select(Entry.facts).where(Entry.subject == PAULA))
    assert sorted((facts["group"], facts["way"]) for facts in told) == [
        ("news", "as usual"), ("news", "neither"), ("reminders", "both"), ("reminders", "email"),
    ], "what did not change is not noted"  # fmt: skip


@pytest.mark.parametrize(
    ("group", "way"), [(Group.BOOKINGS, Way.NEITHER), (Group.ACCOUNT, Way.TEXT), (Group.STAFF, None)]
)
def test_what_must_be_told_cannot_be_switched_off(leeds, group, way):
    with pytest.raises(Unacceptable):
        service.choose(PAULA, {group: way})


def test_two_records_of_one_person_keep_what_either_has_switched_off(leeds):
    gone = new_id()
    service.choose(PAULA, {Group.REMINDERS: Way.BOTH, Group.NEWS: Way.TEXT})
    service.choose(gone, {Group.REMINDERS: Way.EMAIL, Group.NEWS: Way.NEITHER, Group.COURSES: Way.TEXT})

    service.join_wishes(kept=PAULA, gone=gone)

    assert queries.wishes_of(gone) == {}
    assert queries.wishes_of(PAULA) == {
        Group.REMINDERS: Way.BOTH, Group.NEWS: Way.NEITHER, Group.COURSES: Way.TEXT,
    }  # fmt: skip


@pytest.mark.parametrize("channels", [{Channel.EMAIL}, {*Channel}])
def test_only_what_a_council_can_do_is_offered_and_nothing_that_must_be_told_can_be_stopped(channels):
    for choice in rules.choosable(House(channels=frozenset(channels))):
        ways = {way for way, _ in choice.ways}
        assert (Way.NEITHER in ways) == rules.can_be_stopped(choice.group)
        assert (Way.BOTH in ways) == (Channel.TEXT in channels)
        assert bool(choice.why) == (Way.NEITHER not in ways)


def test_what_the_council_has_switched_off_is_not_asked_about():
    off = House(ways={"announcement": Way.NEITHER, "course-opened": Way.NEITHER})

    assert Group.NEWS not in {choice.group for choice in rules.choosable(off)}


def test_the_page_behind_the_link_tells_nothing_and_keeps_what_is_chosen(world, knock, link):
    with unit_of_work(world.leeds):
        db.add(MessageSettings(texts=True, ways={}))
    visitor = knock()

    shown = visitor.get(link)
    assert "paula" not in shown.text.casefold().replace(link.casefold(), "")
    assert "otherwise" not in shown.text
    assert wishes(world) == {}, "looking changes nothing, so that a scanner of mail does not"
    told = {
        "reminders": "both",
        "bookings": "usual",
        "courses": "text",
        "questions": "neither",
        "news": "neither",
    }
    assert "Your choices are kept" in visitor.post(link, told).text

    assert wishes(world) == {
        Group.REMINDERS: Way.BOTH, Group.COURSES: Way.TEXT, Group.QUESTIONS: Way.NEITHER, Group.NEWS: Way.NEITHER,
    }  # fmt: skip
    assert 'name="reminders" type="radio" value="both" checked' in visitor.get(link).text


def test_what_is_not_offered_is_refused(world, knock, link):
    told = {"reminders": "text", "questions": "usual", "news": "nonsense"}
    answer = knock().post(link, told)

    assert answer.status_code == 422
    assert knock().open(link, method="POST", data=told).status_code == 400, (
        "a form like any other needs its token"
    )
    assert "Choose" in answer.text
    assert wishes(world) == {}


@pytest.mark.parametrize(
    ("about", "stopped"),
    [
        ("?about=reminders", {Group.REMINDERS}),
        ("?about=bookings", set()),
        ("?about=nonsense", {Group.REMINDERS, Group.QUESTIONS, Group.NEWS}),
        ("", {Group.REMINDERS, Group.QUESTIONS, Group.NEWS}),
    ],
)
def test_a_mail_program_stops_it_in_one_step_without_cookie_or_token(world, knock, link, about, stopped):
    answer = knock().open(link + about, method="POST", data=ONE_CLICK)

    assert answer.status_code == 200
    assert wishes(world) == dict.fromkeys(stopped, Way.NEITHER)


@pytest.mark.parametrize("about", [Group.REMINDERS, Group.QUESTIONS, Group.NEWS])
def test_whoever_opens_the_link_stops_what_the_message_was_about_with_one_button(world, knock, link, about):
    visitor, path = knock(), f"{link}?about={about}"
    assert f"You come from a message about: {about.label.lower()}." in visitor.get(path).text
    assert "Stop these messages" not in visitor.get(link).text
    assert "Stop these messages" not in visitor.get(f"{link}?about=bookings").text
    assert knock().open(path, method="POST", data={"stop": "yes"}).status_code == 400, "a form like any other"

    assert "You get no more of these messages" in visitor.post(path, {"stop": "yes"}).text

    assert wishes(world) == {about: Way.NEITHER}
    assert "Stop these messages" not in visitor.get(path).text


def test_a_mail_program_that_unsubscribes_many_is_not_turned_away(limited, link):
    gmail = Knocker(limited, "leeds.test")

    assert {gmail.open(link, method="POST", data=ONE_CLICK).status_code for _ in range(65)} == {200}


def test_a_link_of_another_council_or_for_something_else_is_none(world, knock, link):
    with unit_of_work(world.leeds):
        other = service.one_step("cancel", PAULA)

    for where, path in ((None, f"/messages/choices/{other}"), ("york", link)):
        assert knock(None, where).open(path).status_code == 404
        assert knock(None, where).open(path, method="POST", data=ONE_CLICK).status_code == 404
    assert wishes(world) == {}
