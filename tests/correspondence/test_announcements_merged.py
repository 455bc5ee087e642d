"""Two records of one person, for both of whom an announcement is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from correspondence import queries
from correspondence.queries import audience
from correspondence.service import announcements as service
from correspondence.terms import AnnouncementStanding, Audience, Wanted
from families import service as families
from families.models import Household, Person
from kernel import outbox
from kernel.db import db, find, unit_of_work
from messaging import service as messaging
from messaging.models import Message, Suppression
from messaging.terms import Way
from tests.correspondence.town import Town, progress_of


class Twice:
    """Anna, who is on record twice, and Bibi."""

    def __init__(self, stage):
        self.leeds = stage.leeds
        with unit_of_work(self.leeds):
            town = Town(stage)
            self.anna, self.again, _ = town.family("Anna"), town.family("Anna"), town.family("Bibi")
            self.again.email, self.again.phone = "anna.r@people.example", "07700 900123"
            announcement = town.write(way=Way.BOTH, words="We open an hour later")
            service.ask(announcement, by=town.beth)
            self.announcement_id = announcement.id

    def merge(self):
        with unit_of_work(self.leeds):
            mine, theirs = (find(Household, person.household_id) for person in (self.anna, self.again))
            families.merge_households(mine, theirs)
            assert find(Person, self.again.id).left_at


def test_whoever_is_on_record_twice_with_one_address_and_number_gets_one_copy(town):
    def record(name, email, phone="", **parts):
        person = town.family(name, **parts)
        person.email, person.phone = email, phone

    record("Anna", "anna@people.example", "07700 900123")
    record("Anne", "Anna@people.example", "07700 900123")
    record("Partner", "anna@people.example", "07700 900124")
    record("Without", "bibi@people.example", news=False)
    record("Bibi", "bibi@people.example")
    record("Cleo", "")
    record("Dina", "")
    db.flush()
    wanted = Wanted(audience=Audience.HUB, hub_id=town.hub.id)

    told = audience.people(wanted, after=None, limit=100)
    names = {find(Person, one).given_name for one in told}
    assert len(names & {"Anna", "Anne"}) == 1
    assert names - {"Anna", "Anne"} == {"Partner", "Bibi", "Cleo", "Dina"}
    assert audience.people(wanted, after=told[1], limit=2) == told[2:4]
    assert audience.count(wanted) == audience.Counted(people=5, without_address=2, without_news=1)


@pytest.mark.parametrize("when", ["before they go", "in between", "afterwards"])
def test_it_is_finished_and_rightly_counted_whenever_the_two_become_one(stage, post, clock, when):
    twice = Twice(stage)
    outbox.drain(stage.leeds, at_most={"before they go": 1, "in between": 2, "afterwards": 100}[when])
    twice.merge()
    outbox.drain(stage.leeds)
    clock.shift(timedelta(minutes=1))
    outbox.drain(stage.leeds)

    standing, progress = progress_of(stage, twice.announcement_id)
    assert standing == AnnouncementStanding.SENT
    assert (progress.copies, progress.sent, progress.waiting) == (len(post.letters), len(post.letters), 0)
    with unit_of_work(stage.leeds):
        theirs = db.execute(queries.to_family(twice.anna.household_id)).all()
        assert len(theirs) == len(post.letters) - 1, "what was sent to either is with the one that stays"


def test_staff_are_told_of_a_copy_that_does_not_arrive_after_the_two_have_become_one(
    stage, post, notify, clock
):
    with unit_of_work(stage.leeds):
        notify.serves()
    twice = Twice(stage)
    outbox.drain(stage.leeds)
    clock.shift(timedelta(minutes=1))
    outbox.drain(stage.leeds)
    twice.merge()

    with unit_of_work(stage.leeds):
        text = select(Message.reference).where(Message.address == "+447700900123")
        messaging.failed(db.scalars(text).one(), "permanent-failure", address_is_bad=True)
        assert db.scalars(select(Suppression.person_id)).one() == twice.anna.id
    outbox.drain(stage.leeds)

    standing, progress = progress_of(stage, twice.announcement_id)
    assert (standing, progress.copies, progress.sent, progress.failed) == (AnnouncementStanding.SENT, 3, 3, 0)
