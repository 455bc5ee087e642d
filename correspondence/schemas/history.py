"""What the API says about messages that were sent, and texts that came in."""

from marshmallow import Schema, fields

from kernel.web.fields import said
from messaging.terms import Channel, MessageStanding, NotSent, ReplyStanding


class SentMessageSchema(Schema):
    """A message to one person by one channel, and what became of it. Its words are not kept."""

    id = fields.UUID()
    kind = fields.String(metadata=said("Which message it is, such as booking-confirmed."))
    person_id = fields.UUID(allow_none=True)
    session_id = fields.UUID(allow_none=True)
    channel = fields.Enum(Channel, by_value=True)
    address = fields.String(
        allow_none=True, metadata=said("Where it went; null for a family that is not known at your hubs.")
    )
    standing = fields.Enum(MessageStanding, by_value=True)
    because = fields.Enum(NotSent, by_value=True, allow_none=True, metadata=said("Why it was not sent."))
    sent_at = fields.AwareDateTime(metadata=said("When it was handed over, or was not sent."))
    late_seconds = fields.Integer()
    settled_at = fields.AwareDateTime(
        allow_none=True, metadata=said("When we heard that it arrived, or did not.")
    )
    opened_at = fields.AwareDateTime(allow_none=True, metadata=said("When a link in it was first opened."))
    answered_at = fields.AwareDateTime(allow_none=True, metadata=said("When it was answered by text."))


class WaitingTextSchema(Schema):
    """A text that came in, without its words."""

    id = fields.UUID()
    number = fields.String(allow_none=True)
    received_at = fields.AwareDateTime()
    person_id = fields.UUID(allow_none=True)
    family_id = fields.UUID(allow_none=True, metadata=said("Null for a family that you may not open."))
    hub_id = fields.UUID(allow_none=True, metadata=said("Whose inbox it is in; the council's when null."))
    message_id = fields.UUID(allow_none=True, metadata=said("The message that it answers."))
    standing = fields.Enum(ReplyStanding, by_value=True)


class ReadTextSchema(WaitingTextSchema):
    """A text that came in, with its words."""

    words = fields.String()
