from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from icalendar import Calendar

from messaging import rules
from messaging.errors import NotOneAddress
from messaging.terms import Letter

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SENDER = rules.Sender(
    name="City of York Council",
    address="york@hubs.example",
    reply_to="hubs@york.example",
    phone="01904 551550",
    colour="#1d70b8",
    base_url="https://york.hubs.example",
)


def message(**parts: Any) -> rules.Worded:
    words = parts.pop("wording", rules.Wording("Your place is booked", "Come along.", "((link))"))
    usual: dict[str, Any] = {
        "kind": "booking-confirmed",
        "facts": [("When", "Tuesday 3 March 2026")],
        "action": ("See your booking", "/b/abc"),
        "small_links": [("Cancel", "/b/def")],
    }
    return rules.worded(Letter(**{**usual, **parts}), words, SENDER)


def email(**parts: Any) -> Any:
    mail = rules.email(message(**parts), SENDER, to="paula@people.example", key="one", now=NOW)
    return message_from_bytes(mail.as_bytes(), policy=policy.default)


def test_a_letter_goes_in_the_councils_name_and_is_answered_to_the_council():
    mail = email()

    assert mail["From"].addresses[0].display_name == "City of York Council Family Hubs"
    assert mail["From"].addresses[0].addr_spec == "york@hubs.example"
    assert mail["Reply-To"] == "hubs@york.example"


def test_a_letter_says_the_same_as_text_and_as_html():
    mail = email()

    text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()

    assert mail.get_content_type() == "multipart/alternative"
    for part in (text, html):
        for said in (
            "Come along.",
            "Tuesday 3 March 2026",
            "See your booking",
            "https://york.hubs.example/b/def",
        ):
            assert said in part


def test_the_html_of_a_letter_trusts_nobody():
    body = "((session))"
    mail = email(
        says={"session": "<script>alert(1)</script> & Łukasz"}, wording=rules.Wording("A subject", body, "")
    )

    assert "<script>" not in mail.get_body(("html",)).get_content()
    assert "<script>alert(1)</script> & Łukasz" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "bad", ["one\r\nBcc: spy@example.com", "one\nBcc: spy@example.com", "a\rb", "a\x0bb"]
)
def test_an_address_of_several_lines_is_refused_and_a_subject_or_address_for_replies_made_one(bad: str):
    mail = email(says={"session": bad}, wording=rules.Wording("((session))", "x", ""))

    assert mail["Subject"] == " ".join(bad.split())
    assert mail["Bcc"] is None
    with pytest.raises(NotOneAddress):
        rules.email(message(), SENDER, to=bad, key="one", now=NOW)
    asked = rules.email(message(), replace(SENDER, reply_to=bad), to="p@people.example", key="one", now=NOW)
    assert message_from_bytes(asked.as_bytes(), policy=policy.default)["Bcc"] is None


def test_the_same_promise_makes_the_same_message_id_and_another_another():
    assert rules.message_id("one", SENDER.address) == email()["Message-ID"]
    assert rules.message_id("one", SENDER.address) != rules.message_id("two", SENDER.address)


@pytest.mark.parametrize("method", ["PUBLISH", "REQUEST", "CANCEL"])
def test_a_calendar_is_attached_with_its_method(method: str):
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n".encode()

    mail = email(calendar=calendar)

    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == method
    assert attached.get_filename() == "session.ics"
    assert attached.get_content().replace("\n", "\r\n").replace("\r\r", "\r").encode() == calendar
    assert "Come along." in mail.get_body(("plain",)).get_content()


def test_every_script_of_the_world_can_be_in_a_subject():
    assert email(wording=rules.Wording("Ваше место · 場所", "x", ""))["Subject"] == "Ваше место · 場所"


def test_dates_are_kept_apart_in_a_calendar_and_can_be_taken_out_again():
    first, second = (
        rules.Appointment(
            key=f"booking-{day}",
            title="Stay and play",
            starts_at=datetime(2026, 3, day, 10, 0, tzinfo=UTC),
            ends_at=datetime(2026, 3, day, 11, 0, tzinfo=UTC),
        )
        for day in (3, 31)
    )

    file = rules.calendar_file(
        [first, second],
        sequence=2,
        council="City of York Council",
        contact="hubs@york.example",
        address="https://york.hubs.example:5000/sessions/1",
        off=True,
        now=NOW,
    )

    calendar = Calendar.from_ical(file)
    assert calendar["METHOD"] == "CANCEL"
    assert [str(event["UID"]) for event in calendar.events] == [
        "booking-3@york.hubs.example",
        "booking-31@york.hubs.example",
    ]
    assert {event["STATUS"] for event in calendar.events} == {"CANCELLED"}
    assert [event.start.utcoffset() for event in calendar.events] == [timedelta(0), timedelta(hours=1)]
