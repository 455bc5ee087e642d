"""Announcements: who they are for, who lets them go, and what becomes of each copy."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from bookings.models import Booking
from bookings.terms import Channel, Standing
from correspondence import rules
from correspondence.errors import AlreadyGone, AnotherPersonNeeded, NobodyToTell, NotAsked
from correspondence.models import Announcement
from correspondence.queries import announcements, audience
from correspondence.service import announcements as service
from correspondence.terms import AnnouncementStanding, Audience, Wanted
from families.models import Caring, Consent, ContactRules, Person
from families.terms import ConsentKind, Relationship, Responsibility
from kernel import claims, outbox
from kernel.clock import now, today
from kernel.db import db, find, unit_of_work
from kernel.errors import NotFound, Unacceptable
from kernel.ids import new_id
from kernel.outbox import Promise
from messaging import service as messaging
from messaging.models import Message, MessageSettings, Wish
from messaging.terms import Group, NotSent, Way
from tests.correspondence.town import Town, progress_of, signed_in
from tests.post import words


def those(**wanted):
    people = audience.people(Wanted(**wanted), after=None, limit=100)
    assert audience.count(Wanted(**wanted)).people == len(people)
    return {find(Person, one).given_name for one in people}


def test_families_known_at_a_hub_get_it_unless_they_did_not_agree_to_news_or_have_left(town):
    town.family("Anna")
    town.family("Noor", news=False)
    town.family("Unasked", news=None)
    town.family("Elsewhere", at=town.other)
    town.family("Gone").left_at = now()
    changed = town.family("Changed")
    db.add(Consent(household_id=changed.household_id, kind=ConsentKind.NEWS, agreed=False,
                   answered_at=now() + timedelta(hours=1)))  # fmt: skip
    db.flush()

    assert those(audience=Audience.HUB, hub_id=town.hub.id) == {"Anna"}
    assert those(audience=Audience.HUB) == {"Anna", "Elsewhere"}
    assert audience.count(Wanted(audience=Audience.HUB, hub_id=town.hub.id)).without_news == 3


def test_whoever_booked_on_these_days_gets_it_once_however_often_they_come(town):
    def book(carer, days, standing=Standing.CONFIRMED, hub=None):
        session = town.make.session(starts_in=timedelta(days=days), hub=hub)
        db.add(
            Booking(
                session_id=session.id, household_id=carer.household_id, carer_id=carer.id, reference=str(new_id()),
                channel=Channel.WEB, standing=standing, adults=1, children=1,
                cancelled_at=now() if standing == Standing.CANCELLED else None,
            )
        )  # fmt: skip
        db.flush()

    twice = town.family("Twice")
    book(twice, 7)
    book(twice, 8)
    book(town.family("Late"), 15)
    book(town.family("Cancelled"), 8, Standing.CANCELLED)
    book(town.family("Elsewhere"), 8, hub=town.other)

    monday = today() + timedelta(days=7)
    week = {"audience": Audience.BOOKED, "first": monday, "last": monday + timedelta(days=6)}
    assert those(**week, hub_id=town.hub.id) == {"Twice"}
    assert those(**week) == {"Twice", "Elsewhere"}


def test_carers_of_a_child_of_an_age_get_it_in_both_households(town):
    mother = town.family("Anna", born=date(2025, 3, 3), postcode="LS14 1AA")  # eleven months until tomorrow
    father = town.family("Bert", born=date(2019, 1, 1), postcode="LS8 2BB")
    child = db.scalars(select(Caring.child_id).where(Caring.carer_id == mother.id)).one()
    db.add(Caring(carer_id=father.id, child_id=child, relationship=Relationship.FATHER,
                  responsibility=Responsibility.YES))  # fmt: skip
    town.family("Cleo", born=date(2025, 3, 2))  # one year old today
    town.family("Dina", due=today() + timedelta(days=30), postcode="LS1 4AA")
    under_one = {"audience": Audience.CHILDREN, "from_months": 0, "to_months": 11}

    assert those(**under_one) == {"Anna", "Bert"}
    assert those(**under_one, expected=True) == {"Anna", "Bert", "Dina"}
    assert those(audience=Audience.CHILDREN, from_months=12, to_months=23) == {"Cleo"}
    assert those(**under_one, expected=True, district="LS14") == {"Anna", "Bert"}
    assert those(**under_one, expected=True, district="LS1") == {"Dina"}, "LS14 is another district"
    assert those(**under_one, hub_id=town.other.id) == set()


def test_nobody_learns_from_an_announcement_where_the_other_carer_goes(town, stage):
    mother = town.family("Anna")
    home = town.make.carer("Bert Reyes")
    home.household_id = mother.household_id
    elsewhere = town.family("Carl", at=town.other)
    child = db.scalars(select(Caring.child_id).where(Caring.carer_id == mother.id)).one()
    db.add(Caring(carer_id=elsewhere.id, child_id=child, relationship=Relationship.FATHER,
                  responsibility=Responsibility.YES))  # fmt: skip
    db.flush()
    babies = {"audience": Audience.CHILDREN, "to_months": 11, "hub_id": town.hub.id}
    assert those(**babies) == {"Anna", "Carl"}
    assert those(audience=Audience.HUB, hub_id=town.hub.id) == {"Anna", "Bert"}
    here = {**babies, "hub_id": None, "district": "LS14"}
    assert those(**here) == {"Anna", "Carl"}

    db.add(ContactRules(person_id=mother.id, never=["text", "place"], set_at=now()))
    db.flush()

    assert those(**babies) == set()
    assert those(audience=Audience.HUB, hub_id=town.hub.id) == set()
    assert those(**here) == set(), "nor where the child lives"
    assert those(**{**babies, "hub_id": None}) == {"Anna", "Carl"}, "this tells of no hub"


def test_a_manager_writes_to_the_families_of_her_own_hubs_alone(town, stage):
    with pytest.raises(NotFound):
        town.write(hub_id=town.other.id)
    with pytest.raises(NotFound):
        town.write(hub_id=None)

    others = town.write(town.adam, hub_id=town.other.id)
    everybodys = town.write(town.adam, hub_id=None)
    own = town.write()
    for hidden in (others, everybodys):
        with pytest.raises(NotFound):
            service.ask(hidden, by=town.beth)
    assert db.scalars(announcements.listed(seen_by=town.beth)).all() == [own]
    assert set(db.scalars(announcements.listed(seen_by=town.adam))) == {own, others, everybodys}


def test_only_who_may_open_families_is_told_a_few_first_names(town):
    for name in ("Anna", "Bibi", "Cleo", "Dina", "Eve", "Fay"):
        town.family(name)
    town.family("Elsewhere", at=town.other)

    shown = audience.sample(Wanted(audience=Audience.HUB), seen_by=town.beth)
    assert len(shown) == audience.SAMPLE
    assert set(shown) < {"Anna", "Bibi", "Cleo", "Dina", "Eve", "Fay"}
    assert audience.sample(Wanted(audience=Audience.HUB), seen_by=town.adam) == []


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"words": "Dear ((name))"}, "words"),
        ({"words": "Dear ((First name)), hello"}, "words"),
        ({"words": "x" * 900, "way": Way.TEXT}, "words"),
        ({"words": "  "}, "words"),
        ({"audience": Audience.BOOKED}, "first"),
        ({"audience": Audience.BOOKED, "first": date(2026, 3, 9), "last": date(2026, 3, 8)}, "last"),
        ({"audience": Audience.CHILDREN, "from_months": 12, "to_months": 11}, "to_months"),
        ({"audience": Audience.CHILDREN, "to_months": 11, "district": "Leeds"}, "district"),
    ],
)
def test_what_cannot_be_sent_is_refused_where_it_is_written(town, told, field):
    with pytest.raises(Unacceptable) as refused:
        town.write(**told)
    assert list(refused.value.problems) == [field]


def test_a_large_announcement_needs_the_word_of_a_second_person(town, stage):
    db.add(MessageSettings(approve_above=1, ways={}))
    town.family("Anna")
    small = town.write()
    service.ask(small, by=town.beth)
    assert small.standing == AnnouncementStanding.SENDING, "one is not more than one"
    with pytest.raises(NotAsked):
        service.approve(small, by=town.adam)

    town.family("Bibi")
    large = town.write()
    service.ask(large, by=town.beth)
    service.ask(large, by=town.beth)
    assert (large.standing, large.people) == (AnnouncementStanding.ASKED, 2)
    assert db.scalar(select(func.count(Promise.id))) == 1, "of the small one"
    with pytest.raises(AnotherPersonNeeded):
        service.approve(large, by=town.beth)
    with pytest.raises(AlreadyGone):
        service.rewrite(large, topic="x", words="y", way=Way.EMAIL, wanted=announcements.wanted_of(large),
                        by=town.beth)  # fmt: skip

    service.approve(large, by=town.adam)
    service.approve(large, by=town.adam)
    assert large.standing == AnnouncementStanding.SENDING
    assert db.scalar(select(func.count(Promise.id))) == 2


def test_what_nobody_would_get_is_not_sent(town):
    with pytest.raises(NobodyToTell):
        service.ask(town.write(), by=town.beth)


def test_it_does_not_exist_in_another_council(stage):
    with unit_of_work(stage.leeds):
        written = Town(stage).write()
    with unit_of_work(stage.york), pytest.raises(NotFound):
        announcements.find_announcement(written.id, seen_by=signed_in("carl", stage))


def _sending(stage, *names, **told):
    with unit_of_work(stage.leeds):
        town = Town(stage)
        people = [town.family(name) for name in names]
        announcement = town.write(**told)
        service.ask(announcement, by=town.beth)
        return town, announcement.id, people


def test_each_person_gets_one_copy_whatever_is_done_twice(stage, post, clock, monkeypatch):
    monkeypatch.setattr("correspondence.jobs.announcements.PAGE", 2)
    _, announcement_id, people = _sending(stage, "Anna", "Bibi", "Cleo")
    with unit_of_work(stage.leeds):
        db.add(Wish(person_id=people[1].id, group=Group.NEWS, way=Way.NEITHER))
    outbox.drain(stage.leeds)

    with unit_of_work(stage.leeds):  # everything once more, as after a crash
        db.execute(update(Promise).where(Promise.topic != "announcement.settled").values(done_at=None))
    clock.shift(timedelta(minutes=1))
    outbox.drain(stage.leeds)

    assert sorted(letter["To"] for letter in post.letters) == ["anna@people.example", "cleo@people.example"]
    standing, progress = progress_of(stage, announcement_id)
    assert standing == AnnouncementStanding.SENT
    assert (progress.sent, progress.not_sent, progress.waiting) == (2, {NotSent.NOT_WANTED: 1}, 0)

    letter = post.letters[0]
    assert letter["Subject"] == "New opening times"
    assert "/messages/choices/" in letter["List-Unsubscribe"]
    html = letter.get_body(("html",)).get_content()
    assert "<strong>an hour later</strong>" in html
    assert '<a href="https://leeds.example/hubs"' in html
    assert "We open an hour later" in words(letter)


def test_the_stop_button_stops_what_has_not_gone(stage, post, clock):
    many = claims.BATCH + 2
    town, announcement_id, _ = _sending(stage, *(f"Anna{number}" for number in range(many)))
    outbox.drain(stage.leeds, at_most=2)
    went = len(post.letters)
    assert 0 < went < many

    with unit_of_work(stage.leeds, actor=stage.cast["beth"]):
        service.stop(find(Announcement, announcement_id), by=town.beth)
        service.stop(find(Announcement, announcement_id), by=town.beth)
    clock.shift(timedelta(minutes=1))
    outbox.drain(stage.leeds)

    assert len(post.letters) == went
    standing, progress = progress_of(stage, announcement_id)
    assert standing == AnnouncementStanding.STOPPED
    assert (progress.sent, progress.waiting) == (went, many - went)


def test_at_night_it_waits_for_the_morning(stage, post, clock):
    _, announcement_id, _ = _sending(stage, "Anna")
    clock.shift(timedelta(hours=13))
    outbox.drain(stage.leeds)
    assert post.letters == []
    assert progress_of(stage, announcement_id)[1].waiting == 1

    clock.shift(timedelta(hours=11))
    outbox.drain(stage.leeds)
    assert len(post.letters) == 1


def test_people_who_match_no_more_when_it_goes_get_none(stage, post):
    _, _, people = _sending(stage, "Anna", "Bibi")
    with unit_of_work(stage.leeds):
        find(Person, people[0].id).left_at = now()
    outbox.drain(stage.leeds)

    assert [letter["To"] for letter in post.letters] == ["bibi@people.example"]


def test_whoever_wants_no_news_or_has_left_by_the_morning_gets_none_and_it_is_finished(stage, post, clock):
    clock.shift(timedelta(hours=12))
    _, announcement_id, people = _sending(stage, "Anna", "Bibi", "Cleo", "Dina")
    outbox.drain(stage.leeds)
    clock.shift(timedelta(hours=1))
    with unit_of_work(stage.leeds):
        home = people[0].household_id
        db.add(Consent(household_id=home, kind=ConsentKind.NEWS, agreed=False, answered_at=now()))
        db.add(ContactRules(person_id=people[2].id, never=["place"], set_at=now()))
        find(Person, people[3].id).left_at = now()
    clock.shift(timedelta(hours=9))
    outbox.drain(stage.leeds)

    assert [letter["To"] for letter in post.letters] == ["bibi@people.example"]
    clock.shift(timedelta(hours=2))
    outbox.drain(stage.leeds)
    standing, progress = progress_of(stage, announcement_id)
    assert (standing, progress.copies, progress.sent) == (AnnouncementStanding.SENT, 1, 1)


@pytest.mark.parametrize("agreed", [True, False], ids=["still wanted", "wanted no more"])
def test_a_copy_that_did_not_arrive_goes_by_another_way_when_the_rest_have_long_gone(
    stage, post, notify, clock, agreed
):
    with unit_of_work(stage.leeds):
        notify.serves()
        town = Town(stage)
        anna, bibi = town.family("Anna"), town.family("Bibi")
        anna.phone, bibi.phone = "07700 900123", "07700 900124"
        announcement = town.write(way=Way.TEXT, words="We open an hour later")
        service.ask(announcement, by=town.beth)
        announcement_id = announcement.id
    outbox.drain(stage.leeds)
    clock.shift(timedelta(minutes=1))
    outbox.drain(stage.leeds)
    assert progress_of(stage, announcement_id)[0] == AnnouncementStanding.SENT
    assert (len(notify.texts), len(post.letters)) == (2, 0)

    with unit_of_work(stage.leeds):
        lost = db.scalars(select(Message.reference).where(Message.person_id == anna.id)).one()
        messaging.failed(lost, "permanent-failure", address_is_bad=True)
        if not agreed:
            refused = Consent(
                household_id=anna.household_id, kind=ConsentKind.NEWS, agreed=False, answered_at=now()
            )
            db.add(refused)
    outbox.drain(stage.leeds)

    assert [letter["To"] for letter in post.letters] == ["anna@people.example"] * agreed
    standing, progress = progress_of(stage, announcement_id)
    assert (standing, progress.copies, progress.sent) == (AnnouncementStanding.SENT, 2, 2)
    assert progress.failed == (not agreed)


def test_it_reads_in_a_text_message_without_the_signs_of_markdown(town):
    look = service.look(town.write())

    assert look.text.startswith(
        "We open an hour later on Friday.\n\n- Tea at ten\n- Our page: https://leeds.example/hubs"
    )
    assert "http://leeds.test/messages/choices/" in look.text
    assert look.length.parts == 2


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (0, 0, "of under 1 month"),
        (0, 11, "of up to 11 months"),
        (0, 47, "from birth to 3 years"),
        (0, 30, "from birth to 30 months"),
        (12, 23, "of 1 year"),
        (24, 59, "of 2 to 4 years"),
        (28, 28, "of 28 months"),
        (3, 8, "of 3 to 8 months"),
        (24, 30, "of 24 to 30 months"),
    ],
)
def test_an_age_is_said_as_it_was_meant(first, last, said):
    wanted = Wanted(
        audience=Audience.CHILDREN, from_months=first, to_months=last, expected=True, district="YO30"
    )

    assert rules.who(wanted, "Clifton") == (
        f"Families with a child {said}, or expecting a baby, who lives in YO30, known at Clifton"
    )
