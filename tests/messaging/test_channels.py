"""How a council says that its messages go, and how GOV.UK Notify calls."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from app.demo.notify.calling import inbound, receipt
from families import service as families
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.journal import Entry
from messaging import queries, service
from messaging.models import MessageSettings, Suppression, TextReply
from messaging.service import channels
from messaging.terms import Letter, MessageStanding, Never, Recipient
from tests.texting import Notify

COME = Letter(kind="reminder", says={"session": "Stay and Play"})
KEY = "leeds-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "6c1fb0a4-0f02-4f4a-9a60-0d8f7f6f9a31"
RECEIPTS, TEXTS = "/messages/notify/receipts", "/messages/notify/texts"


@pytest.fixture
def called(world: Any, notify: Notify, knock: Any) -> Any:
    """Leeds sends by Notify, which knows the word of Leeds; it calls ``called.call(path, told)``."""

    class Called:
        about = new_id()

        def send(self, phone: str) -> Any:
            with unit_of_work(world.leeds):
                service.send(COME, to=Recipient(phone=phone), about=self.about)
            return notify.texts[-1]

        def call(self, path: str, told: Any, *, word: str | None = None, council: str = "leeds") -> Any:
            headers = {"Authorization": f"Bearer {self.word if word is None else word}"}
            return knock(None, council).open(path, method="POST", json=told, headers=headers)

        @property
        def note(self) -> Any:
            with unit_of_work(world.leeds):
                return queries.sent_about(self.about)[0]

    called = Called()
    with unit_of_work(world.leeds):
        called.there = notify.serves()
        called.word = channels.make_callback_word()
    with unit_of_work(world.york):
        called.word_of_york = channels.make_callback_word()
    return called


def test_a_receipt_says_that_a_text_arrived_and_saying_it_twice_changes_nothing(called: Any, notify: Notify):
    text = called.send("07700 900123")
    notify.settle()

    answers = [called.call(RECEIPTS, receipt(text)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert called.note.standing == MessageStanding.DELIVERED


@pytest.mark.parametrize(("phone", "is_bad"), [("07700 900002", True), ("07700 900003", False)])
def test_a_number_that_is_not_there_is_suppressed_and_a_phone_that_is_off_is_not(
    called: Any, world: Any, notify: Notify, phone: str, is_bad: bool
):
    text = called.send(phone)
    notify.settle()

    called.call(RECEIPTS, receipt(text))

    assert called.note.standing == MessageStanding.FAILED
    with unit_of_work(world.leeds):
        assert (db.scalar(select(Suppression)) is not None) == is_bad


def test_only_who_knows_this_councils_word_is_heard(called: Any, world: Any, notify: Notify):
    text = called.send("07700 900123")
    notify.settle()

    for word in ("", "nonsense", called.word_of_york):
        assert called.call(RECEIPTS, receipt(text), word=word).status_code == 403
        assert called.call(TEXTS, inbound(called.there, text.to, "NO"), word=word).status_code == 403
    assert called.note.standing == MessageStanding.SENT
    # York's word opens York's door, where nothing is known of the message.
    other = called.call(RECEIPTS, receipt(text), word=called.word_of_york, council="york")
    assert other.status_code == 503
    assert called.note.standing == MessageStanding.SENT


def test_a_receipt_that_comes_before_its_message_is_kept_is_called_again(
    called: Any, world: Any, notify: Notify
):
    with ThreadPoolExecutor() as notify_itself, unit_of_work(world.leeds):
        service.send(COME, to=Recipient(phone="07700 900123"), about=called.about)
        notify.settle()
        told = receipt(notify.texts[-1])
        assert notify_itself.submit(called.call, RECEIPTS, told).result().status_code == 503

    assert called.call(RECEIPTS, told).json == {"known": True}
    assert called.note.standing == MessageStanding.DELIVERED


@pytest.mark.parametrize(
    "told",
    [
        {"created_at": "2026-03-02T09:29:59.000000Z"},
        {"created_at": "2026-03-02T09:59:00.000000Z", "reference": "a letter about council tax"},
        {"created_at": "2026-03-02T09:59:00.000000Z", "reference": None},
        {"created_at": "2026-03-02T09:59:00", "reference": "0" * 40},
        {"status": "sent"},
    ],
    ids=["long ago", "of another system", "without a name", "without a zone", "under way"],
)
def test_a_receipt_that_will_never_be_ours_is_not_called_again(called: Any, notify: Notify, told: Any):
    text = called.send("07700 900123")
    notify.settle()

    answer = called.call(RECEIPTS, {**receipt(text), "id": str(new_id()), **told})

    assert (answer.status_code, answer.json) == (200, {"known": False})


def test_a_text_that_came_in_is_taken_once(called: Any, world: Any):
    sent = called.send("07700 900123")
    told = inbound(called.there, "+447700900123", "Running late, sorry 🙈")

    assert [called.call(TEXTS, told).status_code for _ in range(2)] == [200, 200]

    with unit_of_work(world.leeds):
        (reply,) = db.scalars(select(TextReply)).all()
        assert (reply.number, reply.words) == (sent.to, "Running late, sorry 🙈")
        assert reply.message_id == queries.sent_about(called.about)[0].id


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([], 400),
        ({}, 400),
        ({"id": 1, "status": "delivered"}, 400),
        ({"id": "x", "status": "y" * 20_000}, 413),
    ],
)
def test_nonsense_is_refused(called: Any, told: Any, status: int):
    assert called.call(RECEIPTS, told).status_code == status


def test_what_a_database_cannot_hold_is_refused_and_is_no_failure(called: Any, knock: Any):
    told = inbound(called.there, "+447700900123", "NO\x00")
    word = {"Authorization": f"Bearer {called.word}"}

    assert called.call(TEXTS, told).status_code == 400
    plain = knock().open(TEXTS, method="POST", data=json.dumps(told), headers=word, content_type="text/plain")
    assert plain.status_code == 400


def test_a_council_enters_its_key_and_never_sees_it_again(world: Any, knock: Any):
    adam = knock("adam")
    form = {
        "texts": "y",
        "notify_key": KEY,
        "text_template": TEMPLATE,
        "email_by": "smtp",
        "approve_above": "50",
    }

    assert adam.post("/settings/messages", form).status_code == 303

    page = adam.get("/settings/messages").text
    assert "ends with <code>22b0</code>" in page
    assert KEY not in page
    with unit_of_work(world.leeds):
        settings = queries.settings()
        assert settings is not None
        assert (settings.notify_key, settings.texts, settings.approve_above) == (KEY, True, 50)
        told = db.scalars(select(Entry).where(Entry.subject == settings.id)).all()
        assert {entry.kind for entry in told} == {"SendingChanged", "NotifyKeyEntered"}
        assert not any(KEY[-36:] in str(entry.facts) for entry in told)

    adam.post("/settings/messages", {**form, "notify_key": "", "pence_each": "2.4p"})
    with unit_of_work(world.leeds):
        assert queries.settings().notify_key == KEY, "an empty box keeps the key"  # type: ignore[union-attr]


def test_texts_without_a_key_or_with_half_of_one_are_not_accepted(world: Any, knock: Any):
    adam = knock("adam")
    form = {"texts": "y", "text_template": TEMPLATE, "email_by": "smtp", "approve_above": "50"}

    assert "Enter the key from GOV.UK Notify" in adam.post("/settings/messages", form).text
    half = adam.post("/settings/messages", {**form, "notify_key": KEY, "text_template": "x"}).text
    assert "Enter the ID of the template for text messages, like" in half
    assert "Enter the key again" in half, "it is never shown, so nobody would know that it is gone"
    assert KEY not in half
    answer = adam.post("/settings/messages", {**form, "notify_key": KEY[:-1]})
    assert (answer.status_code, "Copy the whole key" in answer.text) == (422, True)
    assert KEY[:-1] not in answer.text


def test_the_word_for_notify_is_shown_once_and_replaces_the_one_before(world: Any, knock: Any):
    adam = knock("adam")
    made = [adam.post("/settings/messages/callback").text for _ in range(2)]
    words = [page.partition('spellcheck="false" value="')[2].partition('"')[0] for page in made]

    assert words[1] not in adam.get("/settings/messages/callback").text
    with unit_of_work(world.leeds):
        assert [channels.is_notify(word) for word in words] == [False, True]
        assert words[1] not in db.scalars(select(MessageSettings)).one().callback_hash


def test_somebody_sends_themselves_a_test_message(world: Any, knock: Any, notify: Notify, post: Any):
    adam = knock("adam")
    trial = {"channel": "text", "phone": "07700 900456"}
    assert "has entered no key" in adam.post("/settings/messages/test", trial).text

    with unit_of_work(world.leeds):
        notify.serves()
    adam.post("/settings/messages/test", trial)
    adam.post("/settings/messages/test", {"channel": "email", "email": "adam@people.example"})

    (text,) = notify.texts
    assert (text.to, "test message from Leeds City Council" in text.body) == ("+447700900456", True)
    assert [letter["To"] for letter in post.letters] == ["adam@people.example"]


def test_a_test_message_goes_to_no_number_that_is_suppressed(world: Any, knock: Any, notify: Notify):
    with unit_of_work(world.leeds):
        notify.serves()
        service.suppress("+447700900456", channels.Channel.TEXT, "they asked for no more texts")

    answer = knock("adam").post("/settings/messages/test", {"channel": "text", "phone": "07700 900456"})

    assert (answer.status_code, notify.texts) == (422, [])


@pytest.mark.parametrize("written", ["07700 900456", "+44 7700 900456"])
def test_a_test_message_goes_to_no_number_that_must_not_be_texted(
    set_up: Any, knock: Any, notify: Notify, written: str
):
    with set_up() as make:
        notify.serves()
        her, _ = make.family()
        her.phone = written
        families.set_contact_rules(her, [Never.TEXT], why=None)

    answer = knock("adam").post("/settings/messages/test", {"channel": "text", "phone": "07700 900456"})

    assert (answer.status_code, notify.texts) == (422, [])
