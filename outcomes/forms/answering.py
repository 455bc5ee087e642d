"""What somebody says who answers a questionnaire. What the forms say themselves comes in the language of the page."""

from collections.abc import Sequence
from typing import Protocol

from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from kernel.web.forms import Form
from outcomes.forms import missing

NOT_SAID = "none"
"""The answer of somebody who would rather not say."""
LONGEST_GOAL = 200


class Says(Protocol):
    """Says a phrase in the language of the page."""

    def __call__(self, key: str, **fields: object) -> str:
        """Return the words of a key."""


class AnswerForm(Form):
    """The answer to one question."""

    answer = RadioField("Your answer", choices=[])

    def offer(self, choices: Sequence[tuple[int, str]], *, not_said: str, say: Says) -> None:
        """Let one of these be answered, or nothing be said."""
        self.answer.choices = [
            *((str(value), label) for value, label in choices),
            (NOT_SAID, not_said),
        ]
        missing(self.answer, say("choose", not_said=not_said))

    def said(self) -> int | None:
        """Return the code of the answer, or None."""
        return None if self.answer.data == NOT_SAID else int(self.answer.data)


class GoalsForm(Form):
    """What somebody wants to be different."""

    first = TextAreaField()
    second = TextAreaField()
    third = TextAreaField()

    def speak(self, say: Says) -> None:
        """Let the fields be called what they are in the language of the page."""
        for field, key in zip(self.fields(), ("first_goal", "second_goal", "third_goal"), strict=True):
            field.label.text = say(key)

    def is_well(self, say: Says) -> bool:
        """Say whether there is a goal and none is too long; what is wrong stands with its field."""
        if not self.validate_on_submit():
            return False
        for field in self.fields():
            if len(field.data or "") > LONGEST_GOAL:
                field.errors = [say("goal_too_long", goal=field.label.text, most=LONGEST_GOAL)]
        if not self.words():
            self.first.errors = [say("no_goal")]
        return not self.errors

    def fields(self) -> list[TextAreaField]:
        """Return the fields of the goals, in their order."""
        return [self.first, self.second, self.third]

    def words(self) -> list[str]:
        """Return the goals that were written down, in their order."""
        written = [(field.data or "").strip() for field in self.fields()]
        return [goal for goal in written if goal]


class LookForm(Form):
    """In which language and size somebody reads the questions."""

    language = SelectField(choices=[])
    large_print = BooleanField()

    def offer(self, languages: Sequence[tuple[str, str]], say: Says) -> None:
        """Let one of these languages be chosen."""
        self.language.choices = languages
        self.language.label.text = say("language")
        self.large_print.label.text = say("large_print")
        missing(self.language, say("choose_language"))
