"""From which change on a scale counts, as staff enter it."""

from typing import Any

from wtforms import DecimalField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from kernel.web.forms import Form
from outcomes.forms import missing
from outcomes.rules import Instrument


class Figure(DecimalField):
    """A number with a decimal point, which says what to write when it is none."""

    def __init__(self, label: str, *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, validators=[InputRequired(missing)], places=None, **kwargs)
        self.missing = missing

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; one that has no end is none."""
        try:
            super().process_formdata([value.strip() for value in valuelist])
            if self.data is not None and not self.data.is_finite():
                raise ValueError
        except ValueError:
            self.data = None
            raise ValueError(self.missing) from None


class ChangeRuleForm(Form):
    """From which change on a scale counts."""

    scale = SelectField("Scale", choices=[])
    deviation = Figure(
        "Standard deviation of the scores",
        missing="Enter the standard deviation as a number, such as 4.2",
        description="Among people like those who answer, before they were helped. For example, 4.2",
    )
    reliability = Figure(
        "Reliability",
        missing="Enter the reliability as a number between 0 and 1, such as 0.85",
        description="Between 0 and 1: Cronbach’s alpha, or between two times. For example, 0.85",
    )
    source = TextAreaField(
        "Where the figures come from",
        description="The publication, table and year, so that others can check them",
        validators=[
            InputRequired("Say where the figures come from"),
            Length(max=1000, message="The source must be 1,000 characters or fewer"),
        ],
    )

    def offer(self, instrument: Instrument) -> None:
        """Let a scale of this instrument be chosen that has no published rule."""
        self.scale.choices = [(one.code, one.name) for one in instrument.scales if one.change is None]
        missing(self.scale, "Choose a scale")
