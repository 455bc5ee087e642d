"""Comparisons, as the API writes them down."""

from marshmallow import Schema, fields, validate

from hubs.terms import ActivityKind
from reports.terms import AgeBand, Measure


class ComparisonQuery(Schema):
    first = fields.Date(required=True, metadata={"description": "Any day of the first month"})
    last = fields.Date(
        required=True, metadata={"description": "Any day of the last month, at most 36 months on"}
    )
    hub_id = fields.UUID()
    kind = fields.Enum(ActivityKind, by_value=True)
    age_band = fields.Enum(AgeBand, by_value=True)


class Line(Schema):
    hub_id = fields.UUID(allow_none=True, metadata={"description": "Empty for all hubs that you see"})
    hub = fields.String()
    month = fields.Date(allow_none=True, metadata={"description": "The first day; empty for all months"})
    measures = fields.Dict(
        keys=fields.String(validate=validate.OneOf([m.value for m in Measure])),
        values=fields.Float(allow_none=True),
        metadata={
            "description": "Counts; fill and no_shows are percentages, empty where nothing can be divided"
        },
    )


class ComparisonSchema(Schema):
    definitions = fields.Dict(keys=fields.String(), values=fields.String())
    lines = fields.List(fields.Nested(Line))
