"""What the schemas of programmes are made of."""

from datetime import date, time
from typing import Any

from marshmallow import ValidationError, fields, validate

from kernel.web.fields import LineField


def said(words: str) -> dict[str, str]:
    """Return what the document says of a field."""
    return {"description": words}


def line(longest: int, words: str = "", *, least: int = 0, **kwargs: Any) -> LineField:
    """Return a field of one line."""
    return LineField(validate=validate.Length(least, longest), metadata=said(words), **kwargs)


def text(longest: int, words: str = "", *, least: int = 0, **kwargs: Any) -> fields.String:
    """Return a field of several lines."""
    return fields.String(
        validate=[validate.Length(least, longest), _printable], metadata=said(words), **kwargs
    )


def whole(least: int, most: int, words: str = "", **kwargs: Any) -> fields.Integer:
    """Return a field of a whole number, both ends included."""
    return fields.Integer(strict=True, validate=validate.Range(least, most), metadata=said(words), **kwargs)


def day(words: str, **kwargs: Any) -> fields.Date:
    """Return a field of a day."""
    return fields.Date(validate=_sensible, metadata=said(words), **kwargs)


def wall_time(words: str, **kwargs: Any) -> fields.Time:
    """Return a field of a time that clocks in England show."""
    return fields.Time(format="%H:%M", validate=_wall, metadata=said(words), **kwargs)


def _sensible(day: date) -> None:
    if not date(2000, 1, 1) <= day < date(2100, 1, 1):
        raise ValidationError("Give a date between 2000 and 2099.")


def _wall(at: time) -> None:
    if at.tzinfo or at.second or at.microsecond:
        raise ValidationError("Give the time that clocks in England show, in hours and minutes.")


def _printable(words: str) -> None:
    if "\x00" in words:
        raise ValidationError("This text holds a character that cannot be kept.")
