"""What is asked of whom, what it came to, and who must be looked after."""

from marshmallow import Schema, fields, validate

from kernel.web.fields import said, text
from outcomes.schemas.parts import MOST_ITEMS
from outcomes.terms import AskingStanding, Occasion, Respondent, Way


class AskingsWantedSchema(Schema):
    """What is wanted."""

    about_id = fields.UUID(required=True, metadata=said("The participation for which somebody was asked."))


class AskingSchema(Schema):
    """That somebody is asked to answer a questionnaire."""

    id = fields.UUID()
    instrument = fields.String()
    version = fields.String()
    occasion = fields.Enum(Occasion, by_value=True)
    respondent = fields.Enum(Respondent, by_value=True)
    respondent_id = fields.UUID(metadata=said("Who answers."))
    subject_id = fields.UUID(metadata=said("Whom it is about."))
    about_id = fields.UUID()
    language = fields.String()
    opens_at = fields.AwareDateTime()
    closes_at = fields.AwareDateTime()
    standing = fields.Enum(AskingStanding, by_value=True)
    way = fields.Enum(Way, by_value=True, allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    large_print = fields.Boolean()
    is_open = fields.Boolean(metadata=said("Whether it can be answered now."))
    takes_paper = fields.Boolean(metadata=said("Whether a sheet of paper can be keyed in, or put right."))


class ScoreSchema(Schema):
    """What the answers came to on one scale."""

    scale = fields.String()
    value = fields.Float(allow_none=True, metadata=said("Null: too few questions were answered."))
    band = fields.String()
    clinical = fields.Boolean(
        allow_none=True, metadata=said("Whether the band usually needs help; null without bands.")
    )


class AnswerSchema(Schema):
    """The answer to one question."""

    item = fields.Integer(strict=True, required=True, validate=validate.Range(1, MOST_ITEMS))
    answer = fields.Integer(
        strict=True,
        required=True,
        allow_none=True,
        validate=validate.Range(-1000, 1000),
        metadata=said("The code of the answer; null where the person left it out."),
    )


class PaperSchema(Schema):
    """A sheet of paper that somebody filled in."""

    answers = fields.List(
        fields.Nested(AnswerSchema),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
        metadata=said("What is not named was left out."),
    )


class CodeSchema(Schema):
    """What can be answered."""

    answer = fields.Integer(metadata=said("The code to key in."))
    label = fields.String()


class QuestionSchema(Schema):
    """A question of a sheet."""

    item = fields.Integer()
    words = fields.String()
    answers = fields.List(fields.Nested(CodeSchema))


class SheetSchema(Schema):
    """A questionnaire in its words."""

    language = fields.String()
    intro = fields.String()
    questions = fields.List(fields.Nested(QuestionSchema))


class AlertSchema(Schema):
    """That an answer speaks of despair or harm: somebody must look after this person today."""

    id = fields.UUID()
    asking_id = fields.UUID()
    about_id = fields.UUID(metadata=said("The participation for which it was asked."))
    raised_at = fields.AwareDateTime()
    settled_at = fields.AwareDateTime(allow_none=True)
    settled_by = fields.UUID(allow_none=True)


class AlertWithAnswerSchema(AlertSchema):
    """An alert, what was answered, and what was done."""

    respondent_id = fields.UUID(metadata=said("Who must be looked after."))
    question = fields.String()
    answer = fields.String()
    done = fields.String(allow_none=True)


class SettlementSchema(Schema):
    """What was done about an alert."""

    done = text(
        4000, "Whom you spoke to, what was agreed, who else knows. Kept sealed.", least=1, required=True
    )
