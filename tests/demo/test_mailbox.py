"""What the demo's mailbox keeps."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import Envelope

from app.demo.mailbox import Mailbox, readable


def letter() -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "Your place at Messy play – confirmed"
    made.set_content("Dear Zoë, see http://york.localhost:8000/links/" + "a" * 90)
    made.add_alternative("<p>Dear Zoë</p>", subtype="html")
    made.add_attachment(
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", params={"method": "REQUEST"}
    )
    return made


def test_a_letter_can_be_read_as_it_is():
    kept = readable(letter().as_bytes()).decode()

    assert "Dear Zoë, see http://york.localhost:8000/links/" + "a" * 90 in kept
    assert "BEGIN:VCALENDAR" in kept


def test_a_letter_is_still_the_same_letter():
    kept = message_from_bytes(readable(letter().as_bytes()), policy=policy.default)

    assert kept["Subject"] == "Your place at Messy play – confirmed"
    assert [part.get_content() for part in kept.walk() if not part.is_multipart()] == [
        part.get_content() for part in letter().walk() if not part.is_multipart()
    ]


def test_each_person_gets_a_file_and_no_address_leads_out_of_the_folder(tmp_path):
    envelope = Envelope()
    envelope.original_content = letter().as_bytes()
    envelope.rcpt_tos = ["amy@example.org", "../../etc/passwd@example.org"]

    asyncio.run(Mailbox(tmp_path / "mail").handle_DATA(None, None, envelope))

    names = sorted(file.name.partition("_")[2] for file in (tmp_path / "mail").iterdir())
    assert names == ["..-..-etc-passwd@example.org.eml", "amy@example.org.eml"]
