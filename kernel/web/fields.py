"""What the schemas of the API are made of."""

from typing import Any

from marshmallow import fields, validate

from kernel.web.forms import one_line


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
