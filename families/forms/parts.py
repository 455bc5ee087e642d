"""What the forms of families are made of."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from wtforms import (  # type: ignore[attr-defined]
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import EmailInput, TelInput

from families import rules
from families.terms import Relationship
from kernel.web.forms import EmailAddress, Line, choices

YES_NO = choices([("yes", "Yes"), ("no", "No")])
BORN, AWAITED = "born", "awaited"


def one_line(label: str, missing: str | None = None, longest: int = 100, **kwargs: Any) -> Line:
    """Return a field for one line of text; with ``missing`` it must be filled in, and that is said."""
    first = InputRequired(missing) if missing else Optional()
    too_long = Length(max=longest, message=f"Must be {longest} characters or fewer")
    return Line(label, [first, too_long], **kwargs)


def several_lines(label: str, longest: int = 2000, **kwargs: Any) -> TextAreaField:
    """Return a field for some lines of text that may be empty."""
    too_long = Length(max=longest, message=f"Must be {longest} characters or fewer")
    return TextAreaField(label, [Optional(), too_long], filters=[_trimmed], **kwargs)


def _trimmed(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").strip().splitlines())


class PhoneNumber:
    """Accepts any number that could be rung, in the way it was written; empty is fine."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and (problem := rules.phone_problem(field.data)):
            raise ValidationError(problem)


def phone_number(label: str = "Phone number", missing: str | None = None, **attributes: str) -> Line:
    """Return a field for a telephone number."""
    first = InputRequired(missing) if missing else Optional()
    return Line(label, [first, Length(max=40), PhoneNumber()], widget=TelInput(), render_kw=attributes)


def email_address(missing: str | None = None, **attributes: str) -> Line:
    """Return a field for an e-mail address."""
    first = InputRequired(missing) if missing else Optional()
    return Line(
        "Email address", [first, Length(max=254), EmailAddress()], widget=EmailInput(), render_kw=attributes
    )


def choice(label: str, words: Any, missing: str, **kwargs: Any) -> RadioField:
    """Return radios of which one must be chosen."""
    return RadioField(label, [InputRequired(missing)], choices=words, validate_choice=True, **kwargs)


def relationship_to(
    label: str, *, missing: str = "Choose what they are to the child", needed: bool = True
) -> SelectField:
    """Return a list of what a carer can be to a child."""
    first = InputRequired(missing) if needed else Optional()
    return SelectField(label, [first], choices=choices([("", "Choose"), *Relationship.choices()]))


def home_language() -> SelectField:
    """Return a field for a language, which nobody has to tell."""
    return SelectField("Language spoken at home", [Optional()], choices=_grouped(rules.language_choices()))


def ethnic_group(label: str = "Ethnic group") -> SelectField:
    """Return a field for an ethnic group, which nobody has to answer."""
    return SelectField(label, [Optional()], choices=_grouped(rules.ethnicity_choices()))


def _grouped(groups: dict[str, list[tuple[str, str]]]) -> list[SelectChoice]:
    return [
        SelectChoice(value, label, optgroup=group)
        for group, pairs in groups.items()
        for value, label in pairs
    ]


class Checked:
    """A form whose fields are also looked at together, when each has been looked at alone."""

    def together(self) -> Iterator[tuple[Any, str]]:
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)  # type: ignore[misc]
        for field, sentence in self.together():
            field.errors = [*field.errors, sentence]
            good = False
        return bool(good)


class BornOrAwaited(Checked):
    """A child is born or awaited; a date belongs to each."""

    date_of_birth: Any
    due_date: Any
    awaited: Any
    given_name: Any

    def born_on(self) -> date | None:
        """Return the date of birth of a child who is born."""
        return self.date_of_birth.data if self.awaited.data == BORN else None

    def due_on(self) -> date | None:
        """Return the due date of a child who is awaited."""
        return self.due_date.data if self.awaited.data == AWAITED else None

    def validate(self, extra_validators: Any = None) -> bool:
        # The date that belongs to the other answer is hidden: what is wrong with it does not matter.
        hidden = self.date_of_birth if self.awaited.data == AWAITED else self.due_date
        hidden.process_errors = []
        return super().validate(extra_validators)

    def together(self) -> Iterator[tuple[Any, str]]:
        if self.awaited.data == AWAITED and not (self.due_date.data or self.due_date.errors):
            yield self.due_date, "Enter the due date"
        if self.awaited.data == BORN and not (self.date_of_birth.data or self.date_of_birth.errors):
            yield self.date_of_birth, "Enter the date of birth"
        if self.awaited.data == BORN and not (self.given_name.data or self.given_name.errors):
            yield self.given_name, "Enter a first name"
