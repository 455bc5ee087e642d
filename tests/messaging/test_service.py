import smtplib
from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import select

from kernel.db import db, unit_of_work
from kernel.ids import new_id
from messaging import queries, service
from messaging.models import Suppression
from messaging.terms import Letter, MessageStanding, Recipient
from tests.post import Post, words

BOOKED = Letter(kind="booking-confirmed", says={"session": "Stay and Play"})
PAULA = Recipient(email="paula@people.example")


def test_a_letter_is_sent_in_the_name_of_the_council_under_way_and_noted_without_its_words(
    leeds: Any, post: Post
):
    about = new_id()

    assert service.send(BOOKED, to=PAULA, about=about) == service.SENT

    (letter,) = post.letters
    assert letter["To"] == "paula@people.example"
    assert "Leeds City Council" in letter["From"]
    assert "hubs@leeds.example" in words(letter)
    (note,) = queries.sent_about(about)
    assert (note.kind, note.address) == ("booking-confirmed", "paula@people.example")


def test_a_message_of_one_key_goes_once_and_of_another_again(leeds: Any, post: Post):
    about = new_id()

    service.send(BOOKED, to=PAULA, about=about, key="one")
    service.send(BOOKED, to=PAULA, about=about, key="one")
    service.send(BOOKED, to=PAULA, about=about, key="two")

    first, another = (letter["Message-ID"] for letter in post.letters)
    assert first != another


def test_an_address_that_does_not_exist_is_not_tried_for_ever(leeds: Any, post: Post):
    post.answer = "550 No such mailbox"
    about = new_id()

    nobody = Recipient(email="nobody@people.example")

    assert service.send(BOOKED, to=nobody, about=about) == "refused by the mail server"
    (note,) = queries.sent_about(about)
    assert note.standing == MessageStanding.NOT_SENT
    again = service.send(BOOKED, to=nobody, about=new_id())
    assert again == "their address does not work", "nothing is sent there until somebody says that it works"


def test_a_mail_server_that_is_busy_is_tried_again_later(leeds: Any, post: Post):
    post.answer = "451 Try again later"

    with pytest.raises(smtplib.SMTPDataError):
        service.send(BOOKED, to=PAULA, about=new_id())


def test_a_mail_server_that_is_away_is_tried_again_later(leeds: Any, post: Post):
    service.connect(
        smtp_url="smtp://127.0.0.1:1",
        mail_domain="hubs.example",
        base_domain="test",
        base_url=str,
        secret="x",
    )

    with pytest.raises(OSError, match="refused"):
        service.send(BOOKED, to=PAULA, about=new_id())


def test_links_lead_to_the_councils_own_house(leeds: Any, post: Post):
    assert service.own_address("/b/abc") == "http://leeds.test/b/abc"

    letter = Letter(kind="booking-confirmed", action=("See it", "/b/abc"))
    service.send(letter, to=PAULA, about=new_id())
    assert "http://leeds.test/b/abc" in words(post.letters[0])


def test_a_one_step_link_is_good_for_one_purpose_in_one_council(stage: Any, post: Post):
    about = new_id()
    with unit_of_work(stage.leeds):
        token = service.one_step("cancel", about)

        assert service.read_one_step("cancel", token) == about
        assert service.read_one_step("accept", token) is None
        row, _, signature = token.partition(".")
        assert (
            service.read_one_step("cancel", f"{row}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
            is None
        )
    with unit_of_work(stage.york):
        assert service.read_one_step("cancel", token) is None


@pytest.mark.parametrize("nonsense", ["", ".", "abc", "a.b", "é.x", "x" * 500, "AAAA.AAAA"])
def test_nonsense_is_no_one_step_link(leeds: Any, post: Post, nonsense: str):
    assert service.read_one_step("cancel", nonsense) is None


@pytest.mark.parametrize(
    ("answer", "unknown"),
    [
        ("550 No such mailbox", True),
        ("550 5.1.1 No such user", True),
        ("550 5.2.1 Mailbox disabled", True),
        ("550 5.7.1 Relaying denied", False),
        ("550 relay not permitted", False),
        ("550 5.1.8 Sender address rejected: Domain not found", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_given_up_not_all_when_we_are_refused(
    leeds: Any, post: Post, answer: str, unknown: bool
):
    post.answer = answer

    with nullcontext() if unknown else pytest.raises(smtplib.SMTPRecipientsRefused):
        service.send(BOOKED, to=PAULA, about=new_id())

    assert bool(list(db.scalars(select(Suppression)))) == unknown
