"""Questionnaires, the words of a council, and its bands."""

from marshmallow import Schema, ValidationError, fields, validate

from kernel.web.fields import LineField, line, said, text
from outcomes.schemas.parts import MOST_ITEMS, Points
from outcomes.terms import Direction, Licence, Respondent, WordsFrom


class ScaleSchema(Schema):
    """What some of the answers come to."""

    code = fields.String()
    name = fields.String()
    lowest = fields.Float()
    highest = fields.Float()
    direction = fields.Enum(Direction, by_value=True)


class InstrumentSchema(Schema):
    """A questionnaire, without its words."""

    code = fields.String()
    version = fields.String()
    name = fields.String()
    about = fields.String()
    respondents = fields.List(fields.Enum(Respondent, by_value=True))
    age_from = fields.Integer(allow_none=True)
    age_to = fields.Integer(allow_none=True)
    items = fields.Integer(metadata=said("How many questions it has."))
    scales = fields.List(fields.Nested(ScaleSchema))
    licence = fields.Enum(Licence, by_value=True)
    licence_note = fields.String()
    words_from = fields.Enum(
        WordsFrom, by_value=True, metadata=said("Where the words come from that people are asked here.")
    )
    citation = fields.String()


class BandSchema(Schema):
    """A stretch of a scale, both ends included."""

    from_ = Points(data_key="from", required=True)
    to = Points(required=True)
    name = line(80, least=1, required=True)
    clinical = fields.Boolean(
        load_default=False, metadata=said("Whether people in the band usually need help.")
    )


class BandsThatHoldSchema(Schema):
    """How the scores of a scale are read now, with a respondent."""

    scale = fields.String()
    respondent = fields.Enum(Respondent, by_value=True)
    bands = fields.List(fields.Nested(BandSchema))


class InstrumentWithBandsSchema(InstrumentSchema):
    """A questionnaire, the languages it can be asked in, and how its scores are read."""

    languages = fields.List(fields.String())
    bands = fields.List(fields.Nested(BandsThatHoldSchema))


class OfInstrumentSchema(Schema):
    """Of which questionnaire something is wanted."""

    instrument = LineField(
        validate=validate.Length(1, 40), metadata=said("Only those of this questionnaire.")
    )


class BandsSchema(Schema):
    """Bands of a scale that the council entered, with their source."""

    id = fields.UUID(dump_only=True)
    instrument = line(40, "Its code.", least=1, required=True)
    scale = line(40, "Its code.", least=1, required=True)
    respondent = fields.Enum(Respondent, by_value=True, required=True)
    bands = fields.List(fields.Nested(BandSchema), required=True, validate=validate.Length(min=1, max=20))
    source = text(1000, "The publication, table and year.", least=1, required=True)
    entered_by = fields.UUID(dump_only=True)
    entered_at = fields.AwareDateTime(dump_only=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class WordsSchema(Schema):
    """The words of an instrument in one language."""

    intro = fields.String(load_default="", validate=validate.Length(max=4000))
    items = fields.List(
        LineField(validate=validate.Length(1, 500)),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
    )
    responses = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 80)),
        values=fields.List(LineField(validate=validate.Length(1, 200)), validate=validate.Length(max=50)),
        required=True,
        validate=validate.Length(max=20),
        metadata=said("The labels of each set of answers, in the order of their codes."),
    )
    not_said = line(
        80, "“I’d rather not say”, in that language; empty for the usual words of the page.", load_default=""
    )
    go_on = line(
        80, "“Save and continue”, in that language; empty for the usual words of the page.", load_default=""
    )


def _language(code: str) -> None:
    if not (2 <= len(code) <= 12 and code.replace("-", "").isalpha() and code.isascii()):
        raise ValidationError("Give the code of a language, for example pl.")


class WordingSchema(WordsSchema):
    """Words, and on whose word the council may use them."""

    id = fields.UUID(dump_only=True)
    instrument = LineField(required=True, validate=validate.Length(1, 40))
    language = fields.String(load_default="en", validate=_language)
    evidence = LineField(
        required=True,
        validate=validate.Length(1, 400),
        metadata=said("The licence: from whom, when, its number."),
    )
    attested_by = fields.UUID(dump_only=True)
    attested_at = fields.AwareDateTime(dump_only=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)
