"""What the schemas of the API are made of."""

from datetime import date, time
from typing import Any

from marshmallow import ValidationError, fields, validate

from kernel.web.forms import POSTCODE, one_line, tidy_postcode


class LineField(fields.String):
    """One line of text: trimmed, runs of white space made one, nothing unprintable kept."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return one_line(super()._deserialize(value, attr, data, **kwargs))


class EmailField(LineField):
    """An e-mail address that could exist; empty when it is not known."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        if written:
            validate.Email()(written)
        return written


class PostcodeField(LineField):
    """A postcode of the United Kingdom, in any spacing; empty when it is not known."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        tidy = tidy_postcode(written) if written else ""
        if tidy and not POSTCODE.match(tidy):
            raise ValidationError("Give a full UK postcode, for example YO30 6QX.")
        return tidy


def said(words: str) -> dict[str, str]:
    """Return what the document says of a field."""
    return {"description": words}


def line(longest: int, words: str = "", *, least: int = 0, **kwargs: Any) -> LineField:
    """Return a field of one line."""
    return LineField(validate=validate.Length(least, longest), metadata=said(words), **kwargs)


def text(longest: int, words: str = "", *, least: int | None = None, **kwargs: Any) -> fields.String:
    """Return a field of several lines."""
    return fields.String(validate=validate.Length(least, longest), metadata=said(words), **kwargs)


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
