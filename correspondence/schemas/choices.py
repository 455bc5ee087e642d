"""What the API says about what people are written to about, and about addresses that do not work."""

from marshmallow import Schema, fields

from messaging.terms import Channel, Group, Way, WorksAgain

_WAY = {"description": "Null: as the council usually sends it."}


class ChoicesSchema(Schema):
    """How somebody gets each group of messages. What is left out of a change stays."""

    reminders = fields.Enum(Way, by_value=True, allow_none=True, metadata=_WAY)
    bookings = fields.Enum(Way, by_value=True, allow_none=True, metadata=_WAY)
    courses = fields.Enum(Way, by_value=True, allow_none=True, metadata=_WAY)
    questions = fields.Enum(Way, by_value=True, allow_none=True, metadata=_WAY)
    news = fields.Enum(Way, by_value=True, allow_none=True, metadata=_WAY)


class BrokenAddressSchema(Schema):
    """An address or number at which messages do not arrive."""

    id = fields.UUID(attribute="Suppression.id")
    person_id = fields.UUID(allow_none=True)
    family_id = fields.UUID(attribute="household_id", allow_none=True)
    channel = fields.Enum(Channel, by_value=True, attribute="Suppression.channel")
    address = fields.String(attribute="Suppression.address")
    since = fields.AwareDateTime(attribute="Suppression.since")
    because = fields.String(
        attribute="Suppression.because", metadata={"description": "What the far side said."}
    )


class RestorationSchema(Schema):
    """How somebody knows that an address works again."""

    because = fields.Enum(WorksAgain, by_value=True, required=True)


GROUPS = [Group(name) for name in ChoicesSchema().fields]
