"""Two records of one person, both of whom an announcement is for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from correspondence import queries
from correspondence.service import announcements as service
from correspondence.terms import AnnouncementStanding
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
