"""What a mail server may say, and what becomes of the letter, the address and the connection."""

import smtplib
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from kernel.db import db
from kernel.ids import new_id
from messaging import queries, service
from messaging.models import Suppression
from messaging.service import carriers, smtp
from messaging.service.addresses import connected
from messaging.terms import Letter, NotSent, Recipient
from tests.post import Post
from tests.texting import Notify

BOOKED = Letter(kind="booking-confirmed", says={"session": "Stay and Play"})
PAULA = Recipient(email="paula@people.example")


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.2.2 Mailbox full",
        "552 Quota exceeded",
        "552 5.3.4 Message size exceeds fixed limit",
        "554 5.7.1 It looks like spam",
    ],
    ids=["no room", "no room, in fewer words", "too large", "not this one"],
)
def test_what_will_never_be_taken_is_not_tried_again_and_its_address_is_kept(
    leeds: Any, post: Post, answer: str
):
    post.answer = answer
    about = new_id()

    assert service.send(BOOKED, to=PAULA, about=about) == NotSent.REFUSED.label

    assert queries.sent_about(about)[0].because == NotSent.REFUSED
    assert db.scalar(select(Suppression)) is None


def test_what_the_mail_server_will_never_take_is_texted(leeds: Any, post: Post, notify: Notify):
    notify.serves()
    post.answer = "550 5.2.2 Mailbox full"

    service.send(BOOKED, to=Recipient(email=PAULA.email, phone="07700 900123"), about=new_id())

    assert len(notify.texts) == 1


@pytest.mark.parametrize(
    "written",
    [
        "paula@people.example,her.ex@people.example",
        "paula@people.example;her.ex@people.example",
        "family: paula@people.example, her.ex@people.example;",
        "Paula <her.ex@people.example>",
        "paula@people.example her.ex@people.example",
        "paula@",
        "@",
        "paula",
        "paula@people.example\r\nBcc: her.ex@people.example",
    ],
)
def test_what_is_not_one_address_gets_no_letter(leeds: Any, post: Post, written: str):
    service.send(BOOKED, to=Recipient(email=written), about=new_id())

    assert post.letters == []
    assert db.scalars(select(Suppression.address)).all() == [written.casefold()]


def test_an_address_in_other_letters_is_written_to_where_the_mail_server_can(
    leeds: Any, post: Post, monkeypatch: Any
):
    zofia = Recipient(email="żofia@łódź.example")

    assert service.send(BOOKED, to=zofia, about=new_id()) == service.SENT
    assert [letter["To"] for letter in post.letters] == [zofia.email]

    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda *_: False)
    assert service.send(BOOKED, to=zofia, about=new_id()) == NotSent.REFUSED.label


@pytest.mark.parametrize("answer", ["421 4.7.0 Too many connections", "451 Greylisted"])
def test_the_next_letter_goes_after_one_that_is_put_off(leeds: Any, post: Post, answer: str):
    post.answer = answer
    with pytest.raises(smtplib.SMTPDataError):
        service.send(BOOKED, to=PAULA, about=new_id())

    post.answer = "250 OK"
    service.send(BOOKED, to=PAULA, about=new_id())

    assert len(post.letters) == 1


def test_a_letter_never_goes_without_the_encryption_that_was_asked_for(leeds: Any, post: Post):
    there = connected()
    service.connect(**there._replace(smtp_url=there.smtp_url.replace("smtp:", "smtp+starttls:"))._asdict())

    with pytest.raises(smtplib.SMTPNotSupportedError):
        service.send(BOOKED, to=PAULA, about=new_id())
    assert (post.letters, db.scalar(select(Suppression))) == ([], None)

    with pytest.raises(ValueError, match="must begin with"):
        service.connect(**there._replace(smtp_url="smtp+tls://mail.example:587")._asdict())


def test_each_thread_has_a_connection_of_its_own(leeds: Any, post: Post):
    service.send(BOOKED, to=PAULA, about=new_id())
    elsewhere: list[Any] = []
    other = Thread(target=lambda: elsewhere.append(smtp._smtp._open))
    other.start()
    other.join()

    assert smtp._smtp._open is not None
    assert elsewhere == [None]


def test_a_mail_server_that_keeps_silent_is_not_waited_for_by_each_letter_in_turn(leeds: Any, monkeypatch):
    """A black hole costs ten seconds once, not for each of a thousand letters with texts among them."""
    clock, called = [0.0], []

    def silent(url: str) -> smtplib.SMTP:
        called.append(clock[0])
        clock[0] += carriers.TIMEOUT_SECONDS
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out")

    monkeypatch.setattr(carriers, "monotonic", lambda: clock[0])
    monkeypatch.setattr(smtp, "_far_side", carriers.FarSide())
    monkeypatch.setattr(smtp, "_connect", silent)
    monkeypatch.setattr(smtp, "_smtp", smtp.Smtp())
    for _ in range(3):
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            service.send(BOOKED, to=PAULA, about=new_id())
    clock[0] += carriers.SILENT_SECONDS
    with pytest.raises(smtplib.SMTPServerDisconnected):
        service.send(BOOKED, to=PAULA, about=new_id())

    assert called == [0, carriers.TIMEOUT_SECONDS + carriers.SILENT_SECONDS]
