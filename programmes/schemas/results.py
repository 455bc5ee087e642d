"""What became of those who took part: figures for hubs and programmes, and of scores before and after."""

from marshmallow import Schema, fields

from kernel.web.fields import said
from outcomes.terms import Occasion, Respondent


class ResultsWantedSchema(Schema):
    """Which courses are counted: those whose last day lies in a term or school year that is over."""

    period = fields.String(
        load_default="",
        metadata=said("The code of a term or school year, as `periods` lists them. The newest without one."),
    )


class PeriodSchema(Schema):
    """A school term, or a school year: the courses whose last day lies in it are told of once it is over."""

    code = fields.String()
    name = fields.String()
    first = fields.Date(metadata=said("Its first day."))
    end = fields.Date(metadata=said("The first day that is no longer in it."))


class ResultLineSchema(Schema):
    """The figures of a hub and a programme, or of all of them."""

    hub_id = fields.UUID(allow_none=True, metadata=said("Null for all hubs that you see."))
    hub = fields.String()
    programme_id = fields.UUID(allow_none=True, metadata=said("Null for all programmes."))
    programme = fields.String()
    measures = fields.Dict(
        keys=fields.String(),
        values=fields.Float(allow_none=True),
        metadata=said(
            "Shares are percentages. Null where nothing can be divided, and where it is not shown."
        ),
    )
    hidden = fields.List(
        fields.String(),
        metadata=said("Measures that are not shown, since they would tell of fewer than five people."),
    )


class ResultsSchema(Schema):
    """What became of those who took part."""

    period = fields.Nested(PeriodSchema, metadata=said("What is told of."))
    periods = fields.List(
        fields.Nested(PeriodSchema), metadata=said("What can be told of, the newest first.")
    )
    definitions = fields.Dict(keys=fields.String(), values=fields.String())
    lines = fields.List(
        fields.Nested(ResultLineSchema),
        metadata=said("One for each programme at each hub where it ran, and the totals."),
    )


class ChangeLineSchema(Schema):
    """What became of the matched pairs of a hub, or of all."""

    hub_id = fields.UUID(allow_none=True, metadata=said("Null for all hubs that you see."))
    hub = fields.String()
    hidden = fields.Boolean(
        metadata=said("Whether it is not shown, since it would tell of fewer than five people.")
    )
    pairs = fields.Integer(allow_none=True)
    few = fields.Boolean(metadata=said("Whether there are fewer than thirty pairs: to be read with care."))
    mean_before = fields.Float(allow_none=True)
    mean_after = fields.Float(allow_none=True)
    mean_change = fields.Float(allow_none=True)
    low = fields.Float(allow_none=True, metadata=said("Where the 95% interval of the mean change begins."))
    high = fields.Float(allow_none=True)
    improved = fields.Integer(allow_none=True, metadata=said("How many got reliably better."))
    unchanged = fields.Integer(allow_none=True)
    worse = fields.Integer(allow_none=True)
    clinical_before = fields.Integer(allow_none=True)
    left_clinical = fields.Integer(allow_none=True)


class ChangeSchema(Schema):
    """What became of the scores on one scale, between before and a later occasion."""

    instrument = fields.String()
    scale = fields.String()
    respondent = fields.Enum(Respondent, by_value=True)
    occasion = fields.Enum(Occasion, by_value=True)
    name = fields.String()
    better = fields.String(metadata=said("Which way is better, in words."))
    method = fields.String(metadata=said("The rule by which a change counts as reliable; empty without one."))
    lines = fields.List(fields.Nested(ChangeLineSchema))
