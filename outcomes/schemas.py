"""What the API says about questionnaires, and what it is told. Answers are never told, nor the words of goals."""

from marshmallow import Schema, ValidationError, fields, validate

from kernel.web.fields import LineField
from outcomes.terms import (
    AskingStanding,
    Direction,
    Licence,
    Occasion,
    Respondent,
    Way,
    WordsFrom,
)

MOST_ITEMS = 200


def _about(words: str) -> dict[str, str]:
    return {"description": words}


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
    items = fields.Integer(metadata=_about("How many questions it has."))
    scales = fields.List(fields.Nested(ScaleSchema))
    licence = fields.Enum(Licence, by_value=True)
    licence_note = fields.String()
    words_from = fields.Enum(
        WordsFrom, by_value=True, metadata=_about("Where the words come from that people are asked here.")
    )
    citation = fields.String()


class AskingsWantedSchema(Schema):
    """What is wanted."""

    about_id = fields.UUID(required=True, metadata=_about("The participation for which somebody was asked."))


class AskingSchema(Schema):
    """That somebody is asked to answer a questionnaire."""

    id = fields.UUID()
    instrument = fields.String()
    version = fields.String()
    occasion = fields.Enum(Occasion, by_value=True)
    respondent = fields.Enum(Respondent, by_value=True)
    respondent_id = fields.UUID(metadata=_about("Who answers."))
    subject_id = fields.UUID(metadata=_about("Whom it is about."))
    about_id = fields.UUID()
    language = fields.String()
    opens_at = fields.AwareDateTime()
    closes_at = fields.AwareDateTime()
    standing = fields.Enum(AskingStanding, by_value=True)
    way = fields.Enum(Way, by_value=True, allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)


class ScoreSchema(Schema):
    """What the answers came to on one scale."""

    scale = fields.String()
    value = fields.Float(allow_none=True, metadata=_about("Null: too few questions were answered."))
    band = fields.String()
    clinical = fields.Boolean(
        allow_none=True, metadata=_about("Whether the band usually needs help; null without bands.")
    )


class AnswerSchema(Schema):
    """The answer to one question."""

    item = fields.Integer(strict=True, required=True, validate=validate.Range(1, MOST_ITEMS))
    answer = fields.Integer(
        strict=True,
        required=True,
        allow_none=True,
        validate=validate.Range(-1000, 1000),
        metadata=_about("The code of the answer; null where the person left it out."),
    )


class PaperSchema(Schema):
    """A sheet of paper that somebody filled in."""

    answers = fields.List(
        fields.Nested(AnswerSchema),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
        metadata=_about("What is not named was left out."),
    )


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
        metadata=_about("The labels of each set of answers, in the order of their codes."),
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
        metadata=_about("The licence: from whom, when, its number."),
    )
    attested_at = fields.AwareDateTime(dump_only=True)
