"""What the forms of the house are made of."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from typing import Any, TypeVar

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import Field, SelectChoice, StringField  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from kernel.db import wholly
from kernel.errors import Unacceptable

T = TypeVar("T")
MONTHS = ("january february march april may june july august september october november december").split()
POSTCODE = re.compile(r"^(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})$")


IN_OUR_WORDS = {
    "Not a valid choice.": "Choose from the list",
    "Invalid Choice: could not coerce.": "Choose from the list",
    "Not a valid integer value.": "Enter a whole number, like 8",
    "Not a valid decimal value.": "Enter a number",
    "Not a valid date value.": "Enter a real date",
    "Not a valid time value.": "Enter a time, like 9:30am",
}
"""What WTForms says of itself, as people are told it where a field has no sentence of its own."""


class _Words:
    """Says what WTForms says in the words of the house."""

    def gettext(self, said: str) -> str:
        return IN_OUR_WORDS.get(said, said)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return one if number == 1 else many


class Form(FlaskForm):  # type: ignore[misc]
    """A form of the house. Only the fields that it names are read: whatever else is sent is ignored."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """With the words of the house."""

        def get_translations(self, form: Any) -> _Words:
            """Return what says the sentences of fields that have none of their own."""
            return _Words()

    _fields: dict[str, Any]
    on_top: tuple[str, ...] = ()
    """Fields of a form made from others that stand first on its page: mistakes are told in the page's order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields = {**{name: self._fields[name] for name in self.on_top}, **self._fields}

    def problems(self) -> dict[str, list[str]]:
        """Return the sentences about each field that cannot be used."""
        return {name: list(sentences) for name, sentences in self.errors.items() if sentences}

    def blame(self, refusal: Unacceptable, *, fields: Mapping[str, str] | None = None) -> None:
        """Put what a service refused beside the fields of these names, or above the form; ``fields`` renames."""
        for part, sentence in refusal.problems.items():
            field = self._fields.get((fields or {}).get(part, part))
            if field is None or hasattr(field, "entries"):
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]
        if not refusal.problems:
            self.form_errors.append(str(refusal))


def accepted(form: Form, do: Callable[[], object], *, fields: Mapping[str, str] | None = None) -> bool:
    """Say whether a form came back in order and what it asks for was done; what was refused is said in the form."""
    return made(form, lambda: (do(),), fields=fields) is not None


def made(form: Form, do: Callable[[], T], *, fields: Mapping[str, str] | None = None) -> T | None:
    """Return what was made of a form that came back in order, or None after saying in it what was refused.

    What is refused leaves nothing behind, however far it had come.
    """
    if not form.validate_on_submit():
        return None
    try:
        with wholly():
            return do()
    except Unacceptable as refusal:
        form.blame(refusal, fields=fields)
        return None


class Question(Form):
    """A form that only asks, sent with GET: it needs no token."""

    class Meta(Form.Meta):
        """Without a token."""

        csrf = False


class Line(StringField):
    """One line of text: trimmed, runs of white space made one, nothing unprintable kept."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = one_line(valuelist[0])


def one_line(written: str) -> str:
    """Return a text as one line, with nothing unprintable in it."""
    return " ".join("".join(c for c in written if c.isprintable() or c.isspace()).split())


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return values and labels as a select, radios or checkboxes offer them."""
    return [SelectChoice(value, label) for value, label in pairs]


class DateInput(Field):
    """A date in three boxes of one name: day, month (a number or a name) and year. What was typed is kept."""

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.typed: tuple[str, str, str] = ("", "", "")

    def process_data(self, value: date | None) -> None:
        self.data = value
        if value:
            self.typed = (str(value.day), str(value.month), str(value.year))

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        day, month, year = (*(v.strip() for v in valuelist), "", "", "")[:3]
        self.typed = (day, month, year)
        self.data = None
        if not any(self.typed):
            return
        missing = [
            name for name, value in zip(("day", "month", "year"), self.typed, strict=True) if not value
        ]
        if missing:
            raise ValueError(f"The date must include a {' and a '.join(missing)}")
        try:
            self.data = date(_year(year), _month(month), _number(day))
        except ValueError:
            raise ValueError("Enter a real date, for example 27 3 2024") from None


class TimeInput(StringField):
    """A time of day such as ``9:30``, ``09:30`` or ``9.30am``."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if isinstance(self.data, time) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", valuelist[0].strip().lower())
        try:
            if not found:
                raise ValueError
            hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
            if half:
                if not 1 <= hour <= 12:
                    raise ValueError
                hour = hour % 12 + (12 if half == "pm" else 0)
            self.data = time(hour, minute)  # type: ignore[assignment]
        except ValueError:
            self.data = None
            raise ValueError("Enter a time, for example 9:30am or 13:30") from None


class Postcode:
    """Accepts a postcode of the United Kingdom in any spacing and writes it the usual way; empty is fine."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            return
        tidy = tidy_postcode(field.data)
        if not POSTCODE.match(tidy):
            raise ValidationError("Enter a full UK postcode, for example YO30 6QX")
        field.data = tidy


class EmailAddress:
    """Accepts an e-mail address that could exist; empty is fine."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            return
        try:
            field.data = validate_email(
                field.data, check_deliverability=False, test_environment=True
            ).normalized
        except EmailNotValidError:
            raise ValidationError(
                "Enter an email address in the correct format, like name@example.com"
            ) from None


def tidy_postcode(written: str) -> str:
    """Return a postcode in capitals with one space before its last three characters."""
    packed = re.sub(r"[^A-Z0-9]", "", written.upper())
    return f"{packed[:-3]} {packed[-3:]}" if len(packed) > 3 else packed


def _number(written: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", written):
        raise ValueError
    return int(written)


def _month(written: str) -> int:
    word = written.lower()
    for place, name in enumerate(MONTHS, start=1):
        if len(word) >= 3 and name.startswith(word):
            return place
    return _number(written)


def _year(written: str) -> int:
    year = _number(written)
    if year < 1900:
        raise ValueError
    return year
