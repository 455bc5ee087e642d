"""What became of those on one course."""

from marshmallow import Schema, fields

from kernel.web.fields import said
from programmes.schemas.results import ChangeSchema
from programmes.terms import Standing


class CourseResultsLineSchema(Schema):
    """What somebody had of a course."""

    participation_id = fields.UUID()
    standing = fields.Enum(Standing, by_value=True)
    contacts = fields.Integer(metadata=said("How many contacts they attended or made up."))


class CourseResultsSchema(Schema):
    """What became of those on a course: together, and each."""

    contacts = fields.Integer(metadata=said("How many contacts the course has."))
    measures = fields.Dict(
        keys=fields.String(),
        values=fields.Float(allow_none=True),
        metadata=said(
            "As `/reports/programmes` defines them; shares as percentages, null without anything to divide."
        ),
    )
    people = fields.List(fields.Nested(CourseResultsLineSchema))
    changes = fields.List(
        fields.Nested(ChangeSchema), metadata=said("What became of scores, of matched pairs.")
    )
