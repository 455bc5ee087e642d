"""What a furnished council has of messages: sent ones, wishes, answers, what must not be done, an announcement."""

from typing import Any
from uuid import UUID

from bookings.models import ReminderRule
from correspondence.models import Announcement
from correspondence.terms import Audience
from families.models import ContactRules
from kernel.clock import now
from kernel.db import db
from kernel.ids import new_id
from messaging.models import (
    Message,
    MessageSettings,
    MessageWording,
    Suppression,
    TextReply,
    Wish,
)
from messaging.terms import Channel, Group, ReplyStanding, Way


def furnish_messages(parent: str, carer: Any, booking: Any, hub_id: UUID, worker: UUID) -> None:
    """Give a family messages, wishes, rules of contact, and an answer by text."""
    message = _add(
        Message(
            kind="booking-confirmed", about=booking.id, person_id=carer.id, session_id=booking.session_id,
            address=f"{parent}@people.example", key=str(new_id()), reference=str(new_id()), sent_at=now(),
        )
    )  # fmt: skip
    _add(Wish(person_id=carer.id, group=Group.REMINDERS, way=Way.BOTH))
    _add(
        ContactRules(
            person_id=carer.id, never=["voicemail"], why="Ask for her by name", set_at=now(), set_by=worker
        )
    )
    _add(
        Suppression(
            address=f"old-{parent}@people.example", channel=Channel.EMAIL, since=now(), because="unknown",
            person_id=carer.id,
        )
    )  # fmt: skip
    _add(
        TextReply(
            number="+447700900123", words="Running late", reference=str(new_id()), received_at=now(),
            message_id=message.id, person_id=carer.id, hub_id=hub_id, standing=ReplyStanding.WAITING,
        )
    )  # fmt: skip
    _add(
        Announcement(
            topic="Opening times", words="We open later on Friday.", audience=Audience.HUB, wanted={}, hub_id=hub_id,
            written_at=now(), written_by=worker,
        )
    )  # fmt: skip


def furnish_house_of_messages(worker: UUID) -> None:
    """Give a council its own way to send."""
    _add(MessageSettings(notify_key="key", text_template="t", email_template="e", reply_to_id="r", ways={}))
    _add(
        MessageWording(
            kind="reminder", language="en", subject="Soon: ((session))", body="See you soon.", text="Soon ((link))",
            made_at=now(), made_by=worker,
        )
    )  # fmt: skip
    _add(ReminderRule(kind=None, hours_before=24))


def _add(row: Any) -> Any:
    db.add(row)
    db.flush()
    return row
