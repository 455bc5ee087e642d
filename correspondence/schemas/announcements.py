"""What the API says about announcements, and what it is told."""

from marshmallow import Schema, fields, validate

from correspondence.rules.announcements import MOST_WORDS, OLDEST
from correspondence.terms import AnnouncementStanding, Audience
from kernel.web.fields import day, line, said, text, whole
from messaging.terms import NotSent, Way

WAYS = (Way.EMAIL, Way.TEXT, Way.BOTH)


class AnnouncementTextSchema(Schema):
    """What is told to many families at once, and to which."""

    topic = line(120, "What it is about: the subject of the email.", least=1, required=True)
    words = text(MOST_WORDS, "Markdown without fields. Names nobody.", least=1, required=True)
    way = fields.Enum(Way, by_value=True, load_default=Way.EMAIL, validate=validate.OneOf(WAYS))
    audience = fields.Enum(Audience, by_value=True, required=True)
    hub_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata=said(
            "The hub; null is every hub, for which the key of a lead or an administrator is needed."
        ),
    )
    first = day("For booked: the first day.", load_default=None, allow_none=True)
    last = day("For booked: the last day.", load_default=None, allow_none=True)
    from_months = whole(0, OLDEST, "For children: the youngest age in months.", load_default=0)
    to_months = whole(0, OLDEST, "For children: the last month of age that counts.", load_default=0)
    expected = fields.Boolean(
        load_default=False, metadata=said("For children: whether those who expect a baby get it, too.")
    )
    district = line(8, "For children: the first part of the child’s postcode, such as YO30.", load_default="")


class AnnouncementSchema(AnnouncementTextSchema):
    """An announcement, and how far it has come."""

    id = fields.UUID(dump_only=True)
    standing = fields.Enum(AnnouncementStanding, by_value=True, dump_only=True)
    written_at = fields.AwareDateTime(dump_only=True)
    written_by = fields.UUID(dump_only=True)
    people = fields.Integer(
        dump_only=True, metadata=said("For how many it was when it was asked to be sent.")
    )
    asked_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    asked_by = fields.UUID(dump_only=True, allow_none=True)
    approved_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    approved_by = fields.UUID(dump_only=True, allow_none=True)
    stopped_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    finished_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class AnnouncementReachSchema(Schema):
    """Who would get an announcement now."""

    people = fields.Integer()
    without_address = fields.Integer(
        metadata=said("How many of these have neither an email address nor, where texts are sent, a number.")
    )
    without_news = fields.Integer(
        metadata=said("How many are left out because their family did not agree to news about activities.")
    )
    approve_above = fields.Integer(
        metadata=said("To more than these it goes only with a second person’s word.")
    )


class AnnouncementNotSentSchema(Schema):
    """How many got none, for one reason."""

    because = fields.Enum(NotSent, by_value=True)
    people = fields.Integer()


class AnnouncementProgressSchema(Schema):
    """How far an announcement is, in people."""

    copies = fields.Integer(metadata=said("How many people it is for, as far as that is worked out."))
    sent = fields.Integer()
    failed = fields.Integer(metadata=said("Of those sent, how many could not be delivered."))
    waiting = fields.Integer()
    not_sent = fields.List(fields.Nested(AnnouncementNotSentSchema))
