"""Forms of questionnaires."""

from typing import Any


def missing(field: Any, sentence: str) -> None:
    """Let a field of choices say this when none of them was chosen."""
    field.invalid_value_message = field.invalid_choice_message = sentence
