"""What was told of those who take part, and what they take home."""

from marshmallow import Schema, fields

from hubs.terms import SessionStanding
from kernel.web.fields import said
from outcomes.terms import Occasion, Respondent
from programmes.terms import ContactKind, Presence, Standing


class StepSchema(Schema):
    """That somebody came to stand elsewhere."""

    standing = fields.Enum(Standing, by_value=True)
    taken_at = fields.AwareDateTime()
    who = fields.String(allow_none=True, metadata=said("Who of staff said so; null for the family."))
    has_why = fields.Boolean(metadata=said("Whether there is something to read of why."))


class StepWithWhySchema(Schema):
    """Why somebody came to stand elsewhere."""

    standing = fields.Enum(Standing, by_value=True)
    taken_at = fields.AwareDateTime()
    why = fields.String()


class ReasonsSchema(Schema):
    """What was told in confidence."""

    referred_by = fields.String(metadata=said("Name and organisation, when a professional referred."))
    reason = fields.String()
    interpreter = fields.String()
    access_needs = fields.String()
    steps = fields.List(fields.Nested(StepWithWhySchema))


class CourseDateSchema(Schema):
    """A contact of somebody's course, and when it is for them."""

    contact_id = fields.UUID(attribute="id")
    number = fields.Integer()
    kind = fields.Enum(ContactKind, by_value=True)
    title = fields.String()
    minutes = fields.Integer()
    must_attend = fields.Boolean()
    on_date = fields.Date(metadata=said("The day, or the Monday of the week in which appointments are made."))
    starts_at = fields.AwareDateTime(allow_none=True, metadata=said("Null while no time is picked."))
    ends_at = fields.AwareDateTime(allow_none=True)
    room = fields.String(allow_none=True)
    standing = fields.Enum(
        SessionStanding,
        by_value=True,
        allow_none=True,
        metadata=said("Where its session stands; null for calls."),
    )
    slot_id = fields.UUID(allow_none=True, metadata=said("The time that they picked."))
    presence = fields.Enum(Presence, by_value=True, allow_none=True)


class OwnScoreSchema(Schema):
    """What one's own answers came to."""

    instrument = fields.String()
    scale = fields.String()
    respondent = fields.Enum(Respondent, by_value=True)
    occasion = fields.Enum(Occasion, by_value=True)
    value = fields.Float()


class ProgressSchema(Schema):
    """What somebody attended, and what their own answers came to."""

    contacts = fields.Integer(metadata=said("How many they attended or made up."))
    of = fields.Integer()
    minutes = fields.Integer()
    scores = fields.List(fields.Nested(OwnScoreSchema))
