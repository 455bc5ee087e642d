"""Words that are kept in a column and said to people."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word that is kept in a column, with the label that people see."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make the word; its label goes beside it in the list."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label or value.replace("_", " ").capitalize()
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return words and labels, as a form offers them."""
        return [(word.value, word.label) for word in cls]
