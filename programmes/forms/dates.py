"""Forms of one date of a course: another day for a session, another week for a call."""

from wtforms import HiddenField

from kernel.web.choices import Needed, RowChoice, Sensible
from kernel.web.forms import DateInput, Form, TimeInput


class NewDateForm(Form):
    """When and where the group meets for a session that was called off."""

    on_top = ("on_date", "starts", "room_id")

    on_date = DateInput("Day", validators=[Needed("Enter the day"), Sensible()])
    starts = TimeInput("Starts at", validators=[Needed("Enter a start time")])
    room_id = RowChoice("Room", missing="Choose one of the rooms of this hub")
    anyway = HiddenField()
    """What gave pause when it was sent: sent again, it is done."""


class WeekForm(Form):
    """In which week somebody is rung or met."""

    on_top = ("on_date",)

    on_date = DateInput("A day of the week", validators=[Needed("Enter a day of the week"), Sensible()])
