"""What staff enter about questionnaires: words, bands, what was done about an alert."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, Field, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import TextArea

from kernel.web.forms import Form, Line
from outcomes.forms import missing
from outcomes.forms.languages import language_choices
from outcomes.rules import Band, Instrument

LONG = 20_000
SET = "answers-"
"""What the names of the fields begin with that take the labels of a set of answers."""
HOLD = "Confirm that the council holds a licence for these words"
NOT_A_BAND = "Line {number}: write a band like “0-13, Close to average” or “17-40, Very high, needs help”"


class Lines(Field):
    """Lines of text, each one thing; empty lines are nothing."""

    widget = TextArea()  # type: ignore[assignment]
    data: list[str]

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the lines."""
        lines = (" ".join(line.split()) for line in (valuelist[0] if valuelist else "").splitlines())
        self.data = [line for line in lines if line]


class BandLines(Lines):
    """Bands of a scale, one on each line: ``17-40, Very high, needs help``."""

    def bands(self) -> list[Band]:
        """Return the bands; ValidationError says which line cannot be read."""
        return [_band(number, line) for number, line in enumerate(self.data, start=1)]


class WordsForm(Form):
    """The words of an instrument in one language."""

    language = SelectField("Language", choices=[], default="en")
    intro = TextAreaField(
        "Opening words",
        description="What stands above every question, such as “Over the last two weeks …”. Empty when nothing does.",
        validators=[Length(max=2000, message="The opening words must be 2,000 characters or fewer")],
    )
    items = Lines("Questions")
    not_said = Line(
        "“I’d rather not say”, in that language",
        description="Leave this and the next empty for the usual words of the page",
        validators=[Optional(), Length(max=80, message="This must be 80 characters or fewer")],
    )
    go_on = Line(
        "“Save and continue”, in that language",
        validators=[Optional(), Length(max=80, message="This must be 80 characters or fewer")],
    )
    hold = BooleanField("The council holds a licence for these words", validators=[InputRequired(HOLD)])
    evidence = TextAreaField(
        "Which licence this is",
        description="From whom, since when, its number, and where it is kept",
        validators=[
            InputRequired("Say which licence you hold"),
            Length(max=2000, message="What you say about the licence must be 2,000 characters or fewer"),
        ],
    )

    def offer(self) -> None:
        """Let a language be chosen."""
        self.language.choices = list(language_choices())

    def label_fields(self) -> list[Any]:
        """Return the fields that take the labels of sets of answers."""
        return [field for name, field in self._fields.items() if name.startswith(SET)]

    def labels(self) -> dict[str, list[str]]:
        """Return the labels of each set of answers."""
        return {
            name.removeprefix(SET): field.data for name, field in self._fields.items() if name.startswith(SET)
        }


def words_form(instrument: Instrument) -> type[WordsForm]:
    """Return the form that takes the words of an instrument: with a field for each of its sets of answers."""
    only = len(instrument.responses) == 1
    fields = {
        f"{SET}{name}": Lines(
            "Answers" if only else f"Answers to {_which(instrument, name)}",
            description=f"One on each line, in the order of the codes {', '.join(str(r.value) for r in responses)}",
        )
        for name, responses in instrument.responses.items()
    }
    return type("WordsForm", (WordsForm,), fields)


class BandsForm(Form):
    """The bands of a scale."""

    scale = SelectField("Scale", choices=[])
    respondent = RadioField("Who answers", choices=[])
    lines = BandLines(
        "Bands",
        description="One on each line: its lowest and highest value, and its name. Add “needs help” where people "
        "in the band usually need it. For example: 17-40, Very high, needs help",
    )
    source = TextAreaField(
        "Where the bands come from",
        description="The publication, table and year, so that others can check them",
        validators=[
            InputRequired("Say where the bands come from"),
            Length(max=1000, message="The source must be 1,000 characters or fewer"),
        ],
    )

    def offer(self, instrument: Instrument) -> None:
        """Let a scale of this instrument be chosen, and who answers it."""
        self.scale.choices = [(scale.code, scale.name) for scale in instrument.scales]
        self.respondent.choices = [(who.value, who.label) for who in instrument.respondents]
        missing(self.respondent, "Choose who answers")
        missing(self.scale, "Choose a scale")

    def validate_lines(self, field: BandLines) -> None:
        """Refuse lines that are no bands."""
        field.bands()


class SettleForm(Form):
    """What was done about an alert."""

    done = TextAreaField(
        "What was done",
        description="Whom you spoke to, what you agreed, and who else knows. This is kept encrypted.",
        validators=[
            InputRequired("Say what was done"),
            Length(max=4000, message="What was done must be 4,000 characters or fewer"),
        ],
    )


def _which(instrument: Instrument, name: str) -> str:
    numbers: Sequence[int] = [item.number for item in instrument.items if item.responses == name]
    if len(numbers) > 6:
        return f"{len(numbers)} of the questions"
    return f"question{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _band(number: int, line: str) -> Band:
    span, _, rest = line.replace("–", "-").partition(",")
    name, _, more = rest.partition(",")
    low, dash, high = span.partition("-")
    try:
        band = Band(
            Decimal(low.strip()), Decimal((high if dash else low).strip()), name.strip(), bool(more.strip())
        )
    except InvalidOperation:
        raise ValidationError(NOT_A_BAND.format(number=number)) from None
    if (
        not band.name
        or not (band.from_.is_finite() and band.to.is_finite())
        or more.strip() not in ("", "needs help")
    ):
        raise ValidationError(NOT_A_BAND.format(number=number))
    return band
