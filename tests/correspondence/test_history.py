"""What staff see of messages, through the door."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from bookings.models import FamilyAtHub
from families import service as families
from families.models import Household, RecordOpening
from families.terms import Opened
from kernel.clock import now
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from kernel.journal import Entry
from messaging.models import Message, TextReply
from messaging.terms import Channel, MessageStanding, NotSent, ReplyStanding
from tests.knocking import links

NUMBER, WRITTEN = "+447700900123", "07700 900123"
WORDS = "Running late, <b>Mia</b> has a cough"


class Sent:
    """A family of Seacroft to whom things were sent about a session, and a text that came back."""

    def __init__(self, set_up, council="leeds"):
        with set_up(council) as make:
            self.hub = make.hub(team=("asha", "beth") if council == "leeds" else ())
            self.session = make.session()
            self.carer, _ = make.family("Mia Reyes", carer="Nadia Reyes")
            self.other, _ = make.family("Ali Khan", carer="Omar Khan")
            db.add(FamilyAtHub(hub_id=self.hub.id, household_id=self.carer.household_id))
            asked = self.add("reminder", channel=Channel.TEXT, address=NUMBER, parts=2, late_seconds=720,
                             standing=MessageStanding.DELIVERED, opened_at=now(), answered_at=now())  # fmt: skip
            self.add("session-moved", standing=MessageStanding.NOT_SENT, because=NotSent.TOO_LATE, address="")
            self.add("booking-confirmed", standing=MessageStanding.FAILED, person_id=self.other.id,
                     address="omar@people.example")  # fmt: skip
            self.reply = TextReply(
                number=NUMBER, words=WORDS, reference=str(new_id()), received_at=now(), message_id=asked.id,
                person_id=self.carer.id, hub_id=self.hub.id, standing=ReplyStanding.WAITING,
            )  # fmt: skip
            self.lost = TextReply(
                number="+447700900456", words="Who is this?", reference=str(new_id()), standing=ReplyStanding.WAITING,
                received_at=now() - timedelta(hours=1),
            )  # fmt: skip
            db.add_all([self.reply, self.lost])
        self.family = f"/families/{self.carer.household_id}/messages"
        self.about = f"/timetable/sessions/{self.session.id}/messages"
        self.done = f"/answers-by-text/{self.reply.id}/settlement"

    def add(self, kind, **parts):
        usual = {"person_id": self.carer.id, "address": "nadia@people.example", "sent_at": now()}
        row = Message(
            kind=kind, about=new_id(), session_id=self.session.id, key=str(new_id()), **{**usual, **parts}
        )
        db.add(row)
        db.flush()
        return row


@pytest.fixture
def sent(set_up, world):
    return Sent(set_up)


def test_staff_read_what_was_sent_to_a_family_and_what_came_of_it(sent, knock):
    asha = knock("asha")
    assert sent.family in links(asha.get(f"/families/{sent.carer.household_id}"))

    page = asha.get(sent.family).text

    for said in (
        "A reminder of a session", "by text message in 2 parts to <bdi>", f"<bdi>{WRITTEN}</bdi>",
        "About <bdi>Stay and play, 3 March 2026 at 10am</bdi>",
        "12 minutes late", "Delivered",
        "A link in it was opened 2 March 2026 at 10am", "Answered by text", "Because: too late", "Nadia Reyes",
        "Running late, &lt;b&gt;Mia&lt;/b&gt; has a cough",
    ):  # fmt: skip
        assert said in page, said
    assert "omar@people.example" not in page, "another family's"


def test_what_was_sent_to_two_records_of_one_person_stands_with_the_one_that_stays(sent, knock, set_up):
    with set_up() as make:
        stays = make.carer("Nadia Reyes")
        db.add(FamilyAtHub(hub_id=sent.hub.id, household_id=stays.household_id))
        families.merge_households(
            find(Household, stays.household_id), find(Household, sent.carer.household_id)
        )

    page = knock("asha").get(f"/families/{stays.household_id}/messages").text

    assert "A reminder of a session" in page
    assert "Running late" in page
    assert "Running late" in knock("asha").get("/answers-by-text").text


def test_what_was_sent_about_a_session_shows_addresses_only_of_families_that_are_known(sent, knock):
    asha = knock("asha")
    assert sent.about in links(asha.get(f"/timetable/sessions/{sent.session.id}"))

    page = asha.get(sent.about).text

    assert WRITTEN in page
    assert "Omar Khan" in page, "as in the list of bookings"
    assert "omar@people.example" not in page
    assert f"/families/{sent.other.household_id}" not in page
    assert "Not delivered" in page


def test_a_text_that_waits_is_read_by_the_staff_of_its_hub_and_leaves_one_trace(sent, knock, world):
    asha = knock("asha")
    assert "Answers by text (1)" in " ".join(asha.get("/timetable").text.split())

    for _ in range(2):
        page = asha.get("/answers-by-text").text

    assert "has a cough" in page
    assert "A reminder of a session, Stay and play" in page
    assert "Who is this?" not in page, "without a hub it is the managers'"
    with unit_of_work(world.leeds):
        read = select(func.count()).where(RecordOpening.what == Opened.TEXTS)
        assert db.scalar(read.where(RecordOpening.person_id == sent.carer.id)) == 1

    assert asha.post(sent.done, {"back": "//elsewhere.example"}).location == "/"
    assert "Done. The text stays with the family’s messages" in asha.get("/answers-by-text").text
    assert "Nothing waits" in asha.get("/answers-by-text").text
    assert "has a cough" in asha.get(sent.family).text
    with unit_of_work(world.leeds):
        assert db.scalars(select(Entry.actor).where(Entry.kind == "ReplySettled")).one() == world.cast["asha"]


def test_a_text_without_a_hub_waits_for_those_who_manage(sent, knock):
    assert "Who is this?" in knock("beth").get("/answers-by-text").text
    assert (
        "from <bdi>somebody whose number we do not know</bdi>, 07700 900456"
        in knock("beth").get("/answers-by-text").text
    )
    adams = knock("adam").get("/answers-by-text").text
    assert "Who is this?" in adams
    assert "has a cough" not in adams, "a council's administrator reads no family's texts"


def test_nobody_else_sees_messages(sent, set_up, knock):
    elsewhere = Sent(set_up, "york")
    with set_up():
        db.execute(delete(FamilyAtHub))
    for path in (elsewhere.family, elsewhere.about, sent.family):
        assert knock("asha").get(path).status_code == 404, path
    assert knock("asha").post(elsewhere.done).status_code == 404
    for who in ("lena", "paula"):
        for path in (sent.family, sent.about, "/answers-by-text"):
            assert knock(who).get(path).status_code == 403, (who, path)
    assert knock("adam").post(sent.done).status_code == 404


def test_machines_read_the_same_and_leave_the_same_trace(sent, app, api_key, world):
    keys = {who: api_key(who) for who in ("asha", "adam", "lena", "carl")}

    def call(path, who="asha", method="GET", council="leeds"):
        headers = {"Authorization": f"Bearer {keys[who]}"}
        return app.test_client().open(
            f"/api/v1{path}", method=method, base_url=f"http://{council}.test", headers=headers
        )

    family, about = sent.family, f"/sessions/{sent.session.id}/messages"
    assert {row["standing"] for row in call(family).json} == {"not_sent", "delivered"}
    assert {row["address"] for row in call(about).json} == {NUMBER, "", None}
    (waits,) = call("/text-answers").json
    assert "words" not in waits
    one = f"/text-answers/{waits['id']}"
    assert call(one).json["words"] == WORDS
    with unit_of_work(world.leeds):
        read = select(RecordOpening.account_id).where(RecordOpening.what == Opened.TEXTS)
        assert db.scalars(read).all() == [world.cast["asha"]]

    for path in (family, about, one, f"{one}/settlement"):
        method = "POST" if path.endswith("settlement") else "GET"
        assert call(path, "carl", method, "york").status_code == 404, path
        assert call(path, "lena", method).status_code == 403, path
    assert call(one, "adam").status_code == 404
    assert call(f"{one}/settlement", method="POST").status_code == 204
    assert call("/text-answers").json == []
