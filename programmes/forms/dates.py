"""Forms of one date of a course: another day for a session, another week for a call."""

from collections.abc import Sequence

from wtforms import HiddenField

from kernel.web.choices import Needed, RowChoice, Sensible
from kernel.web.forms import DateInput, Form, TimeInput


class Insisting(Form):
    """A form of which something gives pause: sent again after it was read, it is done."""

    anyway = HiddenField()

    def goes_ahead(self, pause: Sequence[str]) -> bool:
        """Say whether nothing gives pause, or whoever sends it has read all that does."""
        told = " ".join(pause)
        if self.anyway.data == told or not told:
            return True
        self.anyway.data = told
        return False


class NewDateForm(Insisting):
    """When and where the group meets for a session that was called off."""

    on_top = ("on_date", "starts", "room_id")

    on_date = DateInput("Day", validators=[Needed("Enter the day"), Sensible()])
    starts = TimeInput("Starts at", validators=[Needed("Enter a start time")])
    room_id = RowChoice("Room", missing="Choose one of the rooms of this hub")


class WeekForm(Form):
    """In which week somebody is rung or met."""

    on_top = ("on_date",)

    on_date = DateInput("A day of the week", validators=[Needed("Enter a day of the week"), Sensible()])
