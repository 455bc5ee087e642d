"""Texts and e-mail by GOV.UK Notify: through its real client, against what stands in for it."""

from typing import Any

from kernel.ids import new_id
from messaging import queries, service
from messaging.terms import Channel, Letter, Recipient
from tests.texting import Notify

COME = Letter(kind="reminder", says={"session": "Stay and Play"})
PAULA = Recipient(phone="07700 900123")


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
