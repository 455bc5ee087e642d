"""Texts and e-mail by GOV.UK Notify: through its real client, against what stands in for it."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from kernel import outbox
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.outbox import NotYet
from messaging import queries, service
from messaging.errors import (
    NotifyAway,
    NotifyHasNoKey,
    NotifyMayNotSend,
    NotifyOnTrial,
    NotifyRefusesClock,
    NotifyRefusesKey,
    NotifyReplyAddressMissing,
    NotifyTemplateMissing,
)
from messaging.models import Suppression
from messaging.service import carriers
from messaging.service import notify as carrier
from messaging.terms import Channel, Letter, MessageStanding, Never, NotSent, Recipient
from tests.texting import Notify

COME = Letter(kind="reminder", says={"session": "Stay and Play"})
PAULA = Recipient(phone="07700 900123")
BY_EMAIL = Recipient(email="paula@people.example")


def test_a_text_goes_with_the_councils_own_key_and_template(leeds: Any, notify: Notify):
    notify.serves("York")
    leeds_there = notify.serves("Leeds")
    about = new_id()

    assert service.send(COME, to=PAULA, about=about) == service.SENT

    (text,) = notify.texts
    assert (text.service, text.to) == (leeds_there, "+447700900123")
    assert "Stay and Play" in text.body
    (note,) = queries.sent_about(about)
    assert (note.channel, note.reference) == (Channel.TEXT, text.id)


def test_an_email_goes_by_notify_where_the_council_says_so(leeds: Any, notify: Notify, post: Any):
    there = notify.serves(email_by_notify=True)

    service.send(COME, to=BY_EMAIL, about=new_id())

    (email,) = notify.emails
    assert (email.to, email.reply_to_id) == ("paula@people.example", there.reply_to_id)
    assert "Stay and Play" in email.subject + email.body
    assert post.letters == []


def test_a_name_is_no_link_where_notify_reads_markdown(leeds: Any, notify: Notify):
    notify.serves(email_by_notify=True)
    named = Letter(kind="invitation", says={"name": "[Claim it](https://evil.example)", "hours": "48"})

    service.send(named, to=BY_EMAIL, about=new_id())

    (email,) = notify.emails
    assert "](" not in email.body
    assert "Claim it" in email.body


def test_what_notify_is_told_of_a_message_names_nobody(leeds: Any, notify: Notify):
    notify.serves()
    service.send(COME, to=PAULA, about=new_id(), key="reminder:paula@people.example")

    (text,) = notify.texts
    assert text.reference
    assert "paula" not in text.reference


def test_an_address_that_notify_refuses_is_suppressed(leeds: Any, notify: Notify):
    notify.serves(email_by_notify=True)
    nowhere = Recipient(email="paula@nowhere")

    service.send(COME, to=nowhere, about=new_id())

    assert service.send(COME, to=nowhere, about=new_id()) == "their address does not work"


def test_a_text_that_is_too_long_for_notify_is_refused_and_not_tried_for_ever(leeds: Any, notify: Notify):
    notify.serves()
    about = new_id()
    long = Letter(kind="reminder", says={"session": "Stay and Play" * 100})

    service.send(long, to=PAULA, about=about)

    assert queries.sent_about(about)[0].because == NotSent.REFUSED
    assert db.scalar(select(Suppression)) is None


def test_a_number_abroad_is_refused_and_not_tried_for_ever(leeds: Any, notify: Notify):
    notify.serves()
    about = new_id()

    service.send(COME, to=Recipient(phone="+1 202 555 0143"), about=about)

    (note,) = queries.sent_about(about)
    assert note.standing == MessageStanding.NOT_SENT
    assert notify.texts == []


@pytest.mark.parametrize(
    ("mode", "at_least", "at_most"), [("rate", 1, 60), ("busy", 60, 3600)], ids=["of a minute", "of a day"]
)
def test_a_limit_of_notify_is_waited_for(leeds: Any, notify: Notify, mode: str, at_least: int, at_most: int):
    notify.serves()
    notify.be(mode)
    notify.per_minute = 0 if mode == "rate" else notify.per_minute

    with pytest.raises(NotYet) as wait:
        service.send(COME, to=PAULA, about=new_id())

    pause = wait.value.until - now()
    assert timedelta(seconds=at_least) <= pause <= timedelta(seconds=at_most)


@pytest.mark.parametrize("falls_back", [True, False])
def test_what_a_limit_would_make_too_late_goes_by_email_where_the_council_falls_back(
    leeds: Any, notify: Notify, post: Any, falls_back: bool
):
    notify.serves(falls_back=falls_back)
    notify.be("busy")
    soon = replace(COME, useless_after=now() + timedelta(minutes=30))
    later = replace(COME, useless_after=now() + timedelta(hours=5))
    both = Recipient(phone=PAULA.phone, email=BY_EMAIL.email)

    with nullcontext() if falls_back else pytest.raises(NotYet):
        service.send(soon, to=both, about=new_id())
    with pytest.raises(NotYet):
        service.send(later, to=both, about=new_id())

    assert len(post.letters) == falls_back


@pytest.mark.parametrize(
    ("wrong", "mode", "trouble"),
    [
        ({"notify_key": None}, "well", NotifyHasNoKey),
        ({"notify_key": "nonsense"}, "well", NotifyRefusesKey),
        ({}, "stranger", NotifyRefusesKey),
        ({}, "clock", NotifyRefusesClock),
        ({"notify_key": f"leeds-{uuid4()}-{uuid4()}"}, "well", NotifyRefusesKey),
        ({}, "trial", NotifyOnTrial),
        ({}, "forbidden", NotifyMayNotSend),
        ({"text_template": ""}, "well", NotifyTemplateMissing),
        ({"text_template": "another"}, "well", NotifyTemplateMissing),
        ({}, "error", NotifyAway),
        ({}, "timeout", NotifyAway),
    ],
)
def test_what_staff_must_put_right_is_raised_by_name_and_tells_nothing_else(
    leeds: Any, notify: Notify, monkeypatch: Any, caplog: Any, wrong: Any, mode: str, trouble: Any
):
    monkeypatch.setattr(carrier, "TIMEOUT_SECONDS", 0.1)
    there = notify.serves(**wrong)
    notify.be(mode)

    with pytest.raises(trouble) as raised:
        service.send(COME, to=PAULA, about=new_id())

    assert raised.value.__context__ is None, "what the client raised holds the request"
    assert there.secret not in caplog.text
    assert "900123" not in caplog.text + str(raised.value)


def test_a_notify_that_keeps_silent_is_not_waited_for_by_each_message_in_turn(
    leeds: Any, notify: Notify, monkeypatch: Any
):
    watch = count(0, carriers.TIMEOUT_SECONDS)
    monkeypatch.setattr(carriers, "monotonic", lambda: next(watch))
    monkeypatch.setattr(carrier, "_far_side", carriers.FarSide())
    monkeypatch.setattr(carrier, "TIMEOUT_SECONDS", 0.1)
    notify.serves()
    notify.be("timeout", times=1)

    for _ in range(3):
        with pytest.raises(NotifyAway):
            service.send(COME, to=PAULA, about=new_id())
    assert notify.texts == []
    assert service.send(COME, to=PAULA, about=new_id()) == service.SENT


def test_an_address_for_replies_that_notify_does_not_know_is_told_so(leeds: Any, notify: Notify):
    notify.serves(email_by_notify=True, reply_to_id=str(new_id()))

    with pytest.raises(NotifyReplyAddressMissing):
        service.send(COME, to=BY_EMAIL, about=new_id())


@pytest.mark.parametrize("mode", ["cut", "silence"])
def test_a_message_that_was_taken_before_the_line_went_is_sent_once(
    stage: Any, notify: Notify, clock: Any, monkeypatch: Any, mode: str
):
    monkeypatch.setattr(carrier, "TIMEOUT_SECONDS", 0.1)
    about = new_id()
    monkeypatch.setitem(outbox._keepers, "test.tell", lambda about: service.send(COME, to=PAULA, about=about))
    with unit_of_work(stage.leeds):
        notify.serves()
        outbox.promise("test.tell", key="tell", about=about)

    notify.be(mode, times=1)
    outbox.drain(stage.leeds)
    clock.shift(timedelta(minutes=1))
    outbox.drain(stage.leeds)

    (text,) = notify.texts
    with unit_of_work(stage.leeds):
        (note,) = queries.sent_about(about)
        assert note.reference == text.id
        assert db.scalar(outbox.select(outbox.Promise.outcome)) == service.SENT


def test_what_cannot_be_texted_is_written_where_the_council_falls_back(leeds: Any, notify: Notify, post: Any):
    notify.serves()
    both = Recipient(phone="+1 202 555 0143", email="paula@people.example")

    assert service.send(COME, to=both, about=new_id()) == service.SENT
    assert [letter["To"] for letter in post.letters] == ["paula@people.example"]

    notify.be("stranger")
    here = Recipient(phone="07700 900123", email="paula@people.example")
    assert service.send(COME, to=here, about=new_id()) == service.SENT
    assert (len(post.letters), notify.texts) == (2, [])


def test_what_cannot_be_texted_is_not_written_where_that_is_unsafe_or_not_meant(
    leeds: Any, notify: Notify, post: Any
):
    notify.serves()
    unsafe = Recipient(phone="+1 202 555 0143", email="p@people.example", never=frozenset({Never.EMAIL}))

    service.send(COME, to=unsafe, about=new_id())
    service.suppress("Gone@people.example", Channel.EMAIL, "no such address")
    service.send(COME, to=Recipient(phone="+1 202 555 0143", email="gone@people.example"), about=new_id())
    notify.serves(falls_back=False)
    service.send(COME, to=Recipient(phone="+1 202 555 0143", email="p@people.example"), about=new_id())

    assert post.letters == []


def test_what_came_back_after_it_was_refused_another_way_is_refused_again_and_then_done(
    stage: Any, notify: Notify, post: Any, monkeypatch: Any
):
    about = new_id()
    abroad = Recipient(phone="+1 202 555 0143", email="paula@people.example")
    monkeypatch.setitem(
        outbox._keepers,
        "test.tell",
        lambda about: service.send(COME, to=abroad, about=about, key="tell"),
    )
    with unit_of_work(stage.leeds):
        notify.serves()
        outbox.promise("test.tell", key="tell", about=about)
    outbox.drain(stage.leeds)
    (letter,) = post.letters

    with unit_of_work(stage.leeds):
        service.failed(letter["Message-ID"], "the mail server knows no such address", address_is_bad=True)
    outbox.drain(stage.leeds)

    with unit_of_work(stage.leeds):
        assert {(note.channel, note.standing) for note in queries.sent_about(about)} == {
            (Channel.TEXT, MessageStanding.NOT_SENT), (Channel.EMAIL, MessageStanding.FAILED),
        }  # fmt: skip
        assert db.scalars(select(outbox.Promise.error)).all() == [None]
    assert len(post.letters) == 1


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("says", "is_well"),
    [({}, True), ({"body": "Hello ((Body))"}, True), ({"body": "Hello"}, False), ({"type": "letter"}, False)],
    ids=["as it should be", "with more", "without our words", "of another kind"],
)
def test_a_template_is_known_only_where_it_says_what_we_give_it(
    leeds: Any, notify: Notify, channel: Channel, says: Any, is_well: bool
):
    there = notify.serves()
    template = {Channel.TEXT: there.text_template, Channel.EMAIL: there.email_template}[channel]
    notify.templates[template] = says

    with nullcontext() if is_well else pytest.raises(NotifyTemplateMissing):
        carrier.Notify(queries.settings()).look_up(channel, template)
