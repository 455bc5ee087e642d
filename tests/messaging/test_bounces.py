"""Letters that came back: what mail servers say, and what becomes of the message and the address."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.db import db, unit_of_work
from kernel.ids import new_id
from messaging import queries, rules, service
from messaging.models import Suppression
from messaging.terms import Letter, MessageStanding, Recipient

BOOKED = Letter(kind="booking-confirmed", says={"session": "Stay and play"})

REPORT = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: leeds@hubs.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4F1B2C

{about}

--B
Content-Type: {head}

Return-Path: <{sent_by}>
From: Leeds City Council Family Hubs <{sent_by}>
To: {to}
Message-ID: {reference}
Subject: Your place is booked

--B--
"""
POSTFIX = """Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.people.example
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected: User unknown"""
EXIM = """Action: failed
Final-Recipient: rfc822;<{to}>
Status: 5.0.0
Remote-MTA: dns; mx.people.example
Diagnostic-Code: smtp; 550 5.1.1 no such user here"""
EXCHANGE = """Original-Recipient: rfc822;{to}
Final-Recipient: rfc822;{to}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"""
FULL = """Final-Recipient: rfc822; {to}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full"""
OF_OURS = """Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.8
Diagnostic-Code: smtp; 550 5.1.8 Sender address rejected: Domain not found"""
BY_NUMBER = """Final-Recipient: rfc822; {to}
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; host 185.5.1.20 [5.1.1.20] said: 552 5.2.2. Mailbox full"""
LATE = """Final-Recipient: rfc822; {to}
Action: delayed
Status: 4.4.1"""
FORWARDED = """Final-Recipient: rfc822; somebody@else.example
Action: failed
Status: 5.1.1"""


def report(
    about, reference, *, to="paula@people.example", sent_by="leeds@hubs.example", head="message/rfc822"
):
    """Return what a mail server writes about a letter."""
    written = REPORT.format(about=about.format(to=to), head=head, to=to, sent_by=sent_by, reference=reference)
    return written.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("head", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(
    ("about", "bad"),
    [(POSTFIX, True), (EXIM, True), (EXCHANGE, True), (FULL, False), (OF_OURS, False), (BY_NUMBER, False)],
    ids=str,
)
def test_what_mail_servers_say_is_understood(about, bad, head):
    assert rules.bounce(report(about, "<1@hubs.example>", head=head)) == rules.Bounce(
        reference="<1@hubs.example>",
        sent_by="leeds@hubs.example",
        addresses=frozenset({"paula@people.example"}),
        address_is_bad=bad,
    )


def test_what_is_late_or_another_letter_is_no_bounce():
    question = EmailMessage()
    question["From"], question["Message-ID"] = "paula@people.example", "<2@people.example>"
    question.set_content("Can I bring my sister?")

    assert rules.bounce(report(LATE, "<1@hubs.example>")) is None
    assert rules.bounce(question.as_bytes()) is None
    assert rules.bounce(b"") is None
    assert rules.bounce(b"Content-Type: message/rfc822\n\n" * 5000) is None


@given(
    st.binary(max_size=300)
    | st.tuples(st.integers(0, 1200), st.binary(max_size=8)).map(
        lambda cut: (whole := report(POSTFIX, "<1@hubs.example>"))[: cut[0]] + cut[1] + whole[cut[0] + 8 :]
    )
)
def test_whatever_is_piped_ends_nothing(raw):
    assert rules.bounce(raw) is None or rules.bounce(raw).reference


@pytest.fixture
def pipe(app, world):
    """Pipe a letter that came back, as a mail server does; return what is said."""

    def piped(raw):
        return app.test_cli_runner().invoke(args=["messaging", "bounced"], input=raw)

    return piped


@pytest.fixture
def sent(world, post):
    """A message that went, its reference, and in whose name."""
    about = new_id()
    with unit_of_work(world.leeds):
        service.send(BOOKED, to=Recipient(email="Paula@people.example"), about=about)
        (note,) = queries.sent_about(about)
    (letter,) = post.letters
    return about, note.reference, str(letter["From"].addresses[0].addr_spec)


def told(world, about):
    with unit_of_work(world.leeds):
        (note,) = queries.sent_about(about)
        return note.standing, [one.address for one in db.scalars(select(Suppression))]


def test_a_letter_that_came_back_has_failed_and_its_address_is_given_up(world, sent, pipe):
    about, reference, sent_by = sent
    for _ in range(2):
        answer = pipe(report(POSTFIX, reference, sent_by=sent_by))
        assert (answer.exit_code, answer.output) == (0, "Noted.\n")

    assert told(world, about) == (MessageStanding.FAILED, ["paula@people.example"])


@pytest.mark.parametrize("about", [FULL, FORWARDED], ids=["a full mailbox", "one to which it is forwarded"])
def test_an_address_is_kept_that_may_work_tomorrow(world, sent, pipe, about):
    letter, reference, sent_by = sent

    pipe(report(about, reference, sent_by=sent_by))

    assert told(world, letter) == (MessageStanding.FAILED, [])


@pytest.mark.parametrize(
    "wrong", ["another council", "another house", "another letter", "no letter", "nothing"]
)
def test_what_is_not_ours_changes_nothing(world, sent, pipe, wrong):
    about, reference, sent_by = sent
    raw = {
        "another council": report(POSTFIX, reference, sent_by=sent_by.replace("leeds", "york")),
        "another house": report(POSTFIX, reference, sent_by="leeds@elsewhere.example"),
        "another letter": report(POSTFIX, "<1@hubs.example>", sent_by=sent_by),
        "no letter": report(POSTFIX, "<1\x00@hubs.example>", sent_by=sent_by),
        "nothing": b"",
    }[wrong]

    answer = pipe(raw)

    assert (answer.exit_code, answer.output) == (0, "Nothing of ours came back.\n")
    assert told(world, about) == (MessageStanding.SENT, [])
