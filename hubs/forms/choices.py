"""Fields that offer the council's own rows, and the words of the house."""

from typing import Any
from uuid import UUID

from wtforms import DecimalField, IntegerField, RadioField, SelectField
from wtforms.validators import Length, ValidationError

from kernel.words import Word


def at_most(characters: int, what: str = "This") -> Length:
    """Accept a text that is no longer than so many characters."""
    return Length(max=characters, message=f"{what} must be {characters:,} characters or fewer")


class Number(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, without commas."""
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


class RowChoice(SelectField):
    """One row of a list: the value is its id, or nothing."""

    def __init__(self, label: str, *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, coerce=_id, choices=[], **kwargs)
        self.missing = missing

    def offer(self, rows: Any, *, nothing: str = "") -> None:
        """Offer rows by their names, after a line for nothing when there is one."""
        named = [(str(row.id), getattr(row, "name", None) or row.title) for row in rows]
        self.choices = [*([("", nothing)] if nothing else []), *named]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the id that was sent."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.missing) from None

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if not any(_id(choice[0]) == self.data for choice in self.choices or []):
            raise ValidationError(self.missing)


class _OneWord:
    """Reads one word of a list, and says in its own words when there is none."""

    missing: str
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the word that was sent."""
        try:
            super().process_formdata(valuelist)  # type: ignore[misc]
        except ValueError:
            raise ValueError(self.missing) from None

    def pre_validate(self, form: Any) -> None:
        """Refuse to go without one."""
        if self.data is None:
            raise ValidationError(self.missing)


class WordChoice(_OneWord, RadioField):
    """One of the words of a short list, as radio buttons."""

    def __init__(self, label: str, words: type[Word], *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, coerce=words, choices=words.choices(), **kwargs)
        self.missing = missing


class WordMenu(_OneWord, SelectField):
    """One of the words of a long list, as a menu."""

    def __init__(self, label: str, words: type[Word], *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, coerce=words, choices=words.choices(), **kwargs)
        self.missing = missing


def _id(written: Any) -> UUID | None:
    return UUID(str(written)) if written else None
