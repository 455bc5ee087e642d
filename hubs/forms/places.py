"""Forms of hubs, rooms, opening times and teams."""

import re
from datetime import time
from typing import Any

from wtforms import Field, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import TextInput

from hubs.rules.times import read_times
from hubs.terms import HubKind, Weekday
from kernel import prose
from kernel.web.choices import Number, RowChoice, WordChoice, at_most
from kernel.web.forms import EmailAddress, Form, Line, Postcode

LONG = 4000


class HubForm(Form):
    """What is known about a hub."""

    name = Line(
        "Name of the hub", validators=[InputRequired("Enter the name of the hub"), at_most(120, "The name")]
    )
    kind = WordChoice(
        "What kind of place it is",
        HubKind,
        missing="Say what kind of place it is",
        default=HubKind.FAMILY_HUB,
    )
    area = Line(
        "Area",
        description="Families find hubs by area, for example Tang Hall",
        validators=[Optional(), at_most(80, "The area")],
    )
    also_known_as = Line(
        "Also known as",
        description="Other names that people use for it",
        validators=[Optional(), at_most(200, "Other names")],
    )
    address = TextAreaField(
        "Address, without the postcode", validators=[Optional(), at_most(400, "The address")]
    )
    postcode = Line("Postcode", validators=[Optional(), Postcode()])
    phone = Line("Telephone number", validators=[Optional(), at_most(40, "The telephone number")])
    email = Line("Email address", validators=[Optional(), EmailAddress()])
    accessibility = TextAreaField(
        "Getting in and around",
        description="For example step-free access, parking, changing places, hearing loop",
        validators=[Optional(), at_most(LONG)],
    )


class OpeningLine(Field):
    """The stretches of a day in which a hub is open, as people write them: ``9am to 12pm, 1pm to 4:30pm``."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(prose.times(starts, ends) for starts, ends in self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read each stretch."""
        written = valuelist[0].strip() if valuelist else ""
        self.data = []
        if not written or re.fullmatch(r"closed|-", written, re.IGNORECASE):
            return
        self.data = [self._stretch(part) for part in re.split(r"[,;&]|\band\b", written) if part.strip()]

    def _stretch(self, written: str) -> tuple[time, time]:
        found = read_times(written.strip())
        if not found.value:
            raise ValueError(f"Enter the opening times on {self.label.text} like 9am to 5pm")
        return found.value.starts, found.value.ends


class OpeningForm(Form):
    """When a hub is open."""

    monday = OpeningLine("Monday")
    tuesday = OpeningLine("Tuesday")
    wednesday = OpeningLine("Wednesday")
    thursday = OpeningLine("Thursday")
    friday = OpeningLine("Friday")
    saturday = OpeningLine("Saturday")
    sunday = OpeningLine("Sunday")

    @property
    def days(self) -> list[Any]:
        """Return the fields, Monday first."""
        return [self[day.value] for day in Weekday]


class RoomForm(Form):
    """What is known about a room."""

    name = Line(
        "Name of the room", validators=[InputRequired("Enter the name of the room"), at_most(80, "The name")]
    )
    people = Number(
        "How many people it may hold",
        description="Adults and children together. Leave empty if you do not know",
        validators=[Optional(), NumberRange(1, 5000, message="Enter a number of people between 1 and 5,000")],
    )


class TeamForm(Form):
    """Who joins the team of a hub."""

    account_id = RowChoice("Name", missing="Choose somebody who works for the council")
