"""What the API says of messages, and what it is told."""

from marshmallow import Schema, fields, validate

from kernel.web.fields import line, said, text
from messaging.terms import Group, Way

WAYS = [one.value for one in Way]


class FieldSchema(Schema):
    """A named field that the words of a kind may use."""

    name = fields.String(metadata=said("Written in the words as ((name))."))
    means = fields.String()
    sample = fields.String()


class KindSchema(Schema):
    """A kind of message."""

    code = fields.String()
    name = fields.String()
    group = fields.Enum(Group, by_value=True)
    way = fields.Enum(Way, by_value=True, metadata=said("By which way it goes."))
    usual_way = fields.Enum(
        Way, by_value=True, metadata=said("By which way it goes unless the council says otherwise.")
    )
    ways = fields.List(fields.Enum(Way, by_value=True), metadata=said("The ways that can be chosen."))
    optional = fields.Boolean(metadata=said("Whether people can choose not to get it."))
    fields_ = fields.List(fields.Nested(FieldSchema), data_key="fields", attribute="fields")
    own_languages = fields.List(
        fields.String(), metadata=said("Languages in which the council has words of its own.")
    )


class WaySchema(Schema):
    """By which way a kind of message goes from now on; null: as it comes."""

    way = fields.String(required=True, allow_none=True, validate=validate.OneOf(WAYS))


class WordsSchema(Schema):
    """What a kind of message says in a language."""

    subject = line(200, "One line.", least=1, required=True)
    body = text(10_000, "Markdown.", least=1, required=True)
    text = text(1_000, "The text message; empty: none is sent.", load_default="")
    own = fields.Boolean(dump_only=True, metadata=said("Whether the words are the council’s own."))
    made_at = fields.AwareDateTime(
        dump_only=True, allow_none=True, metadata=said("When the council last changed them.")
    )
