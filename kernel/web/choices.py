"""Fields that offer rows of the council and words of the house; numbers and dates as people write them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import DecimalField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from kernel.web.forms import Form, choices
from kernel.words import Word

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def at_most(characters: int, what: str = "This") -> Length:
    """Accept a text that is no longer than so many characters."""
    return Length(max=characters, message=f"{what} must be {characters:,} characters or fewer")


class Number(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, with or without commas."""
        try:
            super().process_formdata([value.replace(",", "").strip() for value in valuelist])
        except ValueError:
            raise ValueError("Enter a whole number, like 8") from None


class Pounds(DecimalField):
    """An amount in pounds."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, with or without its sign."""
        try:
            super().process_formdata([value.replace("£", "").replace(",", "").strip() for value in valuelist])
            if self.data is not None and not self.data.is_finite():
                raise ValueError
        except ValueError:
            self.data = None
            raise ValueError("Enter an amount in pounds, like 2.50") from None


class Menu(SelectField):
    """One of several choices, as a menu; ``missing`` is what is said when it is none of them."""

    def __init__(self, label: str, *, missing: str, choices: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(label, choices=dict(choices), **kwargs)
        self.invalid_value_message = self.invalid_choice_message = missing


class RowChoice(Menu):
    """One row of a list: the value is its id, or nothing."""

    def __init__(self, label: str, *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, missing=missing, choices={}, coerce=_id, **kwargs)

    def offer(self, rows: Any, *, nothing: str = "") -> None:
        """Offer rows by their names, after a line for nothing when there is one."""
        named = {str(row.id): getattr(row, "name", None) or row.title for row in rows}
        self.choices = {"": nothing, **named} if nothing else named

    def group(self, groups: Mapping[str, Iterable[Any]], *, nothing: str) -> None:
        """Offer rows by their names in groups, after a line for nothing."""
        named = [
            SelectChoice(str(row.id), row.name, optgroup=group)
            for group, rows in groups.items()
            for row in rows
        ]
        self.choices = [SelectChoice("", nothing, optgroup=""), *named]


class WordMenu(Menu):
    """One of the words of a long list, as a menu."""

    def __init__(self, label: str, words: type[Word], *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, missing=missing, choices=dict(words.choices()), coerce=words, **kwargs)


class WordChoice(RadioField):
    """One of the words of a short list, as radio buttons."""

    def __init__(self, label: str, words: type[Word], *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, choices=dict(words.choices()), coerce=words, **kwargs)
        self.invalid_value_message = self.invalid_choice_message = missing


class Ticks(SelectMultipleField):
    """Any of several choices, as checkboxes."""

    option_widget = CheckboxInput()
    widget = ListWidget(prefix_label=False)

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.invalid_value_message = self.invalid_choice_message = "Choose from the list"


def one_each(questions: Iterable[Any]) -> Form:
    """Return a form of radio buttons made while it runs: a name, label, hint, options and what is chosen for each."""
    fields = {
        one.name: RadioField(
            one.label, choices=choices(one.options), default=one.chosen, description=one.hint
        )
        for one in questions
    }
    form = type("OneEach", (Form,), fields)()
    assert isinstance(form, Form)
    return form


def answers_of(form: Form) -> dict[str, str]:
    """Return what was chosen in a form that was made by ``one_each``, by name."""
    return {field.name: field.data for field in form if isinstance(field, RadioField)}


def known(typed: str, choices: Iterable[tuple[str, str]]) -> str:
    """Return what was typed into an address if it is one of these choices, and nothing otherwise."""
    return typed if any(typed == value for value, _ in choices) else ""


def _id(written: Any) -> UUID | None:
    return UUID(str(written)) if written else None


class Needed:
    """Refuse to go without, in words of its own; what could not be read keeps its own sentence."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse nothing."""
        if field.data in (None, "") and not field.process_errors:
            raise StopValidation(self.message)


class Sensible:
    """Accepts a date of this century; none is fine."""

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse other centuries."""
        if field.data and not EARLIEST <= field.data < LATEST:
            raise ValidationError("Enter a date between 2000 and 2099")
