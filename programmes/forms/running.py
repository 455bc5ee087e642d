"""Forms of those who run a course."""

from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from kernel.clock import today
from kernel.web.choices import Number
from kernel.web.forms import DateInput, Form, TimeInput
from programmes.forms.dates import Insisting

LONGEST_NOTES = 4000


class CoverForm(Form):
    """What a contact covered."""

    covered = SelectMultipleField("What you covered", coerce=int, validators=[Optional()])
    minutes = Number(
        "How many minutes it took",
        validators=[Optional(), NumberRange(1, 600, message="Enter a whole number of minutes from 1 to 600")],
    )
    notes = TextAreaField(
        "Notes",
        description="For those who run the course. What you did in another way, and why",
        validators=[Length(max=LONGEST_NOTES, message="Notes can have up to 4,000 characters")],
        filters=[lambda text: (text or "").replace("\r\n", "\n").strip()],
    )
    noted_before = HiddenField()


class SlotsForm(Insisting):
    """Times that are offered to everybody on the course."""

    account_id = SelectField("Who rings, visits or meets them")
    day = DateInput("Day", validators=[InputRequired("Enter the day")])
    starts = TimeInput(
        "The first time",
        description="For example, 9:30am",
        validators=[InputRequired("Enter the first time")],
    )
    each = Number(
        "Minutes each",
        validators=[
            InputRequired("Enter how many minutes each takes"),
            NumberRange(5, 480, "Enter a number of minutes between 5 and 480"),
        ],
    )
    number = Number(
        "How many times",
        validators=[
            InputRequired("Enter how many times you offer"),
            NumberRange(1, 30, "Enter a number between 1 and 30"),
        ],
    )
    gap = Number(
        "Minutes between them",
        validators=[Optional(), NumberRange(0, 240, "Enter a number of minutes between 0 and 240")],
        default=0,
    )

    def asked(self) -> dict[str, Any]:
        """Return what was typed, in the words of the service."""
        told: dict[str, Any] = {name: self[name].data for name in ("day", "starts", "number")}
        return {**told, "minutes": self.each.data or 0, "gap": self.gap.data or 0}

    def validate_day(self, field: DateInput) -> None:
        """Refuse a day that is over."""
        if field.data and field.data < today():
            field.errors = [*field.errors, "Enter a day that is today or later"]


class MakeUpForm(Form):
    """Where somebody makes a contact up."""

    where = SelectField("Session", validators=[InputRequired("Choose a session")])


class RungForm(Form):
    """What was said when somebody was rung."""

    what_was_said = TextAreaField(
        "What was said",
        description="Or that nobody answered. Only those who run the course can read this",
        validators=[
            InputRequired("Enter what was said, or that nobody answered"),
            Length(max=LONGEST_NOTES, message="This can have up to 4,000 characters"),
        ],
    )
