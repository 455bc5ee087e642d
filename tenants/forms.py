"""The forms about councils."""

from typing import Any

from wtforms import FileField, IntegerField, RadioField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from kernel.web.forms import DateInput, EmailAddress, Form, Line, TimeInput, choices
from tenants.rules import brand_colour_problem
from tenants.terms import DatesKind


class Whole(IntegerField):
    """A whole number; anything else is answered with the sentence of its range."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError("Enter a whole number, for example 24") from None


def _between(least: int, most: int, unit: str) -> list[Any]:
    return [
        InputRequired(f"Enter a number of {unit}"),
        NumberRange(least, most, message=f"Enter a number of {unit} from {least} to {most}"),
    ]


class SettingsForm(Form):
    name = Line(
        "Name of the council",
        [
            DataRequired("Enter the name of the council"),
            Length(max=100, message="Use 100 characters or fewer"),
        ],
    )
    contact_email = Line(
        "Email address", [DataRequired("Enter an email address that families can write to"), EmailAddress()]
    )
    contact_phone = Line(
        "Telephone number",
        [
            Optional(),
            Regexp(r"^[0-9 +()]{8,20}$", message="Enter a telephone number, like 01904 551 550"),
        ],
    )
    website = Line(
        "Website",
        [
            Optional(),
            Length(max=200, message="Use 200 characters or fewer"),
            Regexp(
                r"^https?://[^\s\"'<>]+\.[^\s\"'<>]+$",
                message="Enter a web address that begins with https://",
            ),
        ],
    )
    brand_colour = Line(
        "Colour",
        [DataRequired("Enter a colour, like #1d70b8")],
        description="The bar at the top of every page, and buttons in emails. For example, #1d70b8. "
        "White letters must be easy to read on it.",
    )
    waking_from = TimeInput("From", [InputRequired("Enter a time, for example 8am")])
    waking_until = TimeInput("Until", [InputRequired("Enter a time, for example 9pm")])
    age_limit = Whole("Oldest age in years", _between(5, 25, "years"))
    age_limit_send = Whole(
        "Oldest age for young people with special educational needs or disabilities", _between(5, 25, "years")
    )
    reminder_hours = Whole(
        "Remind families before a session",
        _between(1, 168, "hours"),
        description="Used until reminders are added under “When families are reminded”.",
    )
    offer_hours = Whole(
        "Time to accept a place from the waiting list",
        _between(1, 168, "hours"),
        description="Only the hours in which messages are sent count.",
    )
    hold_minutes = Whole(
        "Time to finish a booking",
        _between(5, 60, "minutes"),
        description="When another system holds places for a family, they are kept for so long.",
    )
    weeks_ahead = Whole("Plan the timetable ahead", _between(4, 52, "weeks"))

    def validate_brand_colour(self, field: Line) -> None:
        if field.data and (problem := brand_colour_problem(field.data)):
            raise ValidationError(problem)

    def validate_waking_until(self, field: TimeInput) -> None:
        if field.data and self.waking_from.data and field.data <= self.waking_from.data:
            raise ValidationError("Enter a time that is later than the time from which messages are sent")

    def validate_age_limit_send(self, field: Whole) -> None:
        if field.data and self.age_limit.data and field.data < self.age_limit.data:
            raise ValidationError("Enter the same age or an older one")


class TermForm(Form):
    kind = RadioField(
        "What is it?",
        [DataRequired("Choose whether it is a term or a holiday")],
        choices=choices(DatesKind.choices()),
    )
    name = Line(
        "Name",
        [
            DataRequired("Enter a name, for example Autumn term 2026"),
            Length(max=80, message="Use 80 characters or fewer"),
        ],
        description="For example, Autumn term 2026",
    )
    first_day = DateInput("First day")
    last_day = DateInput("Last day")

    def validate_first_day(self, field: DateInput) -> None:
        _needs_date(field, "Enter the first day")

    def validate_last_day(self, field: DateInput) -> None:
        _needs_date(field, "Enter the last day")
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError("The last day must be the same as or after the first day")


def _needs_date(field: DateInput, sentence: str) -> None:
    if not field.process_errors and field.data is None:
        raise ValidationError(sentence)


class CalendarFileForm(Form):
    file = FileField("Spreadsheet", description="A CSV file or an Excel workbook (.xlsx), up to 5 MB")

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Choose a file")


class CouncilForm(Form):
    name = Line("Name of the council", [DataRequired("Enter the name of the council"), Length(max=100)])
    slug = Line(
        "Short name",
        [DataRequired("Enter a short name, such as york")],
        description="Small letters, digits and hyphens. It becomes the web address, and cannot be changed later.",
    )
    contact_email = Line(
        "Email address that families can write to", [DataRequired("Enter an email address"), EmailAddress()]
    )
    admin_name = Line("Their name", [DataRequired("Enter their name"), Length(max=100)])
    admin_email = Line("Their email address", [DataRequired("Enter their email address"), EmailAddress()])
