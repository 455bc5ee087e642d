"""What the schemas of questionnaires are made of."""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

MOST_ITEMS = 200
MOST_POINTS = 10_000
FINEST = -4


class Points(fields.Decimal):
    """A number of points of a scale, exact as it is written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=_sensible, **kwargs)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else float(value)


def _sensible(points: Decimal) -> None:
    exponent = points.as_tuple().exponent
    if not -MOST_POINTS <= points <= MOST_POINTS or not isinstance(exponent, int) or exponent < FINEST:
        raise ValidationError("Give a number of points with at most four decimal places.")
