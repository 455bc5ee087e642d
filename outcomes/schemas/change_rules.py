"""Rules of change that a council entered, as the API tells them."""

from marshmallow import Schema, fields

from kernel.web.fields import line, said, text
from outcomes.schemas.parts import Points

AMOUNT = "From how many points on a change counts: 2.77 × deviation × √(1 − reliability)."


class ChangeRuleSchema(Schema):
    """From which change on a scale counts, where nobody published that."""

    id = fields.UUID(dump_only=True)
    instrument = line(40, "Its code.", least=1, required=True)
    scale = line(40, "Its code.", least=1, required=True)
    deviation = Points(required=True, metadata=said("The standard deviation of the scores."))
    reliability = Points(required=True, metadata=said("Between 0 and 1."))
    source = text(1000, "The publication, table and year.", least=1, required=True)
    amount = Points(dump_only=True, metadata=said(AMOUNT))
    method = fields.String(dump_only=True)
    entered_by = fields.UUID(dump_only=True)
    entered_at = fields.AwareDateTime(dump_only=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)
