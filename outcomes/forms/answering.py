"""What somebody says who answers a questionnaire."""

from collections.abc import Sequence

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from kernel.web.forms import Form
from outcomes.forms import missing

NOT_SAID = "none"
"""The answer of somebody who would rather not say."""
CHOOSE = "Choose an answer, or “I’d rather not say”"
LONGEST_GOAL = 200


class AnswerForm(Form):
    """The answer to one question."""

    answer = RadioField("Your answer", choices=[])

    def offer(self, choices: Sequence[tuple[int, str]], *, not_said: str) -> None:
        """Let one of these be answered, or nothing be said."""
        self.answer.choices = [
            *((str(value), label) for value, label in choices),
            (NOT_SAID, not_said),
        ]
        missing(self.answer, CHOOSE)

    def said(self) -> int | None:
        """Return the code of the answer, or None."""
        return None if self.answer.data == NOT_SAID else int(self.answer.data)


class GoalsForm(Form):
    """What somebody wants to be different."""

    first = TextAreaField(
        "First goal",
        validators=[Length(max=LONGEST_GOAL, message="The first goal must be 200 characters or fewer")],
    )
    second = TextAreaField(
        "Second goal",
        validators=[
            Optional(),
            Length(max=LONGEST_GOAL, message="The second goal must be 200 characters or fewer"),
        ],
    )
    third = TextAreaField(
        "Third goal",
        validators=[
            Optional(),
            Length(max=LONGEST_GOAL, message="The third goal must be 200 characters or fewer"),
        ],
    )

    def words(self) -> list[str]:
        """Return the goals that were written down, in their order."""
        written = [(field.data or "").strip() for field in (self.first, self.second, self.third)]
        return [goal for goal in written if goal]


class LookForm(Form):
    """In which language and size somebody reads the questions."""

    language = SelectField("Language of the questions", choices=[])
    large_print = BooleanField("Large print")
