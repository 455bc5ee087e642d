"""In whose inbox a text is that comes in: the hub's whose message it answers, and never nobody's."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from accounts.models import Account
from bookings.models import FamilyAtHub
from correspondence.models import Announcement
from correspondence.terms import Audience
from hubs.models import TeamMember
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from messaging import service as messaging
from messaging.models import Message, TextReply
from messaging.terms import Channel, MessageStanding, ReplyStanding
from programmes.models import Participation
from programmes.terms import Source, Standing
from tests.programmes import a_course

NUMBER, WORDS = "+447700900123", "Is there parking? 🚗"


class Texted:
    """Nadia of Seacroft, who was texted about something, and what she answers."""

    def __init__(self, set_up):
        self.set_up = set_up
        with set_up() as make:
            self.hub = make.hub(team=("asha",)).id
            self.nadia, _ = make.family("Mia Reyes", carer="Nadia Reyes")
            self.author = db.scalar(select(Account.id).where(Account.name.startswith("Beth")))

    def announcement(self, hub_id: UUID | None) -> UUID:
        with self.set_up():
            row = Announcement(
                topic="Closed on Friday", words="We are closed.", audience=Audience.HUB, wanted={}, hub_id=hub_id,
                written_at=now(), written_by=self.author,
            )  # fmt: skip
            db.add(row)
            db.flush()
            return row.id

    def answers(self, about: UUID, kind: str = "announcement") -> UUID | None:
        """Return in whose inbox the answer is to a text about something."""
        with self.set_up():
            db.add(
                Message(
                    kind=kind, about=about, person_id=self.nadia.id, channel=Channel.TEXT, address=NUMBER,
                    key=str(new_id()), sent_at=now(), standing=MessageStanding.DELIVERED,
                )
            )  # fmt: skip
            db.flush()
            assert messaging.received(NUMBER, WORDS, reference=str(new_id())) == ReplyStanding.WAITING
            return db.scalars(select(TextReply.hub_id)).one()


@pytest.fixture
def texted(set_up, world):
    return Texted(set_up)


def test_what_is_answered_to_a_hubs_announcement_is_read_by_that_hub_and_says_to_which(texted, knock):
    assert texted.answers(texted.announcement(texted.hub)) == texted.hub

    page = knock("asha").get("/answers-by-text").text
    assert WORDS in page
    assert "An announcement, “Closed on Friday”" in page
    assert WORDS not in knock("adam").get("/answers-by-text").text, "he reads no family's texts"


@pytest.mark.parametrize("closed", [False, True])
def test_what_is_answered_to_an_announcement_for_every_hub_is_read_where_the_family_is_known(
    texted, set_up, closed
):
    with set_up() as make:
        other = make.hub("Harehills", team=())
        for days, hub_id in ((9, texted.hub), (8, other.id)):
            since = now() - timedelta(days=days)
            db.add(FamilyAtHub(hub_id=hub_id, household_id=texted.nadia.household_id, created_at=since))
        other.closed_at = now() if closed else None

    assert texted.answers(texted.announcement(None)) == (texted.hub if closed else other.id)


def test_where_no_hub_knows_the_family_that_is_read_by_those_who_manage(texted, knock):
    assert texted.answers(texted.announcement(None)) is None

    assert WORDS in knock("beth").get("/answers-by-text").text
    assert "Nothing waits" in knock("asha").get("/answers-by-text").text


@pytest.mark.parametrize("on_a_course", [True, False], ids=["on a course", "none found yet"])
def test_what_is_answered_to_a_letter_about_a_course_is_read_by_its_hub(texted, set_up, on_a_course):
    with set_up() as make:
        course = a_course.a_course(make, hub=make.hub())
        taking_part = Participation(
            programme_id=course.programme_id, hub_id=None if on_a_course else texted.hub,
            course_id=course.id if on_a_course else None, household_id=texted.nadia.household_id,
            person_id=texted.nadia.id, source=Source.GP, standing=Standing.REFERRED, referred_at=now(),
        )  # fmt: skip
        about = a_course.add(taking_part).id

    assert texted.answers(about, "course-called-off") == texted.hub


@pytest.mark.parametrize("how", ["nobody is in the team", "the last one cannot sign in any more"])
def test_a_text_for_a_hub_where_nobody_is_left_is_read_by_those_who_manage(texted, knock, world, how):
    texted.answers(texted.announcement(texted.hub))
    assert WORDS not in knock("beth").get("/answers-by-text").text

    with unit_of_work(world.leeds):
        if how.startswith("nobody"):
            db.execute(delete(TeamMember))
        else:
            db.execute(update(Account).where(Account.id == world.cast["asha"]).values(disabled_at=now()))

    assert WORDS in knock("beth").get("/answers-by-text").text
    assert "Answers by text (1)" in " ".join(knock("beth").get("/timetable").text.split())


def test_whoever_sees_to_a_text_beside_its_family_stays_there_and_is_told_when_there_are_more(
    texted, knock, set_up
):
    about, family = texted.announcement(texted.hub), texted.nadia.household_id
    texted.answers(about)
    with set_up():
        db.add(FamilyAtHub(hub_id=texted.hub, household_id=family))
    asha, here = knock("asha"), f"/families/{family}/messages"
    page = asha.get(here).text
    assert f'name="back" value="{here}"' in page
    assert "The newest 30" not in page
    done = re.search(r'action="(/answers-by-text/[^"]+)"', page)[1]

    assert asha.post(done, {"back": here}).location == here
    with set_up():
        for number in range(30):
            messaging.received(NUMBER, f"{number} more", reference=str(new_id()))
    assert "The newest 30" in asha.get(here).text


def test_a_text_is_seen_to_once_by_whoever_comes_first(texted, knock, world):
    texted.answers(texted.announcement(texted.hub))
    with unit_of_work(world.leeds):
        done = f"/answers-by-text/{db.scalars(select(TextReply.id)).one()}/settlement"

    assert knock("asha").post(done).status_code == 303
    assert knock("asha").post(done).status_code == 303, "a second click"
    with unit_of_work(world.leeds):
        reply = db.scalars(select(TextReply)).one()
        assert (reply.standing, reply.settled_by) == (ReplyStanding.SETTLED, world.cast["asha"])
