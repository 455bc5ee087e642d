"""Forms of the timetable: entries, sessions, the rota, and the agreement to a plan."""

from datetime import time
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import NumberRange, Optional, ValidationError

from hubs.forms.offers import PLACES
from hubs.models import Session, TimetableEntry
from hubs.terms import Scope, ShiftPart, Weekday
from kernel.clock import wall
from kernel.web.choices import Needed, Number, RowChoice, Sensible, WordChoice, at_most
from kernel.web.forms import DateInput, Form, Line, TimeInput

NO_ROOM = "No room of its own"
EVERY: dict[Any, str] = {1: "Every week", 2: "Every 2 weeks"}
RUNS: dict[str, Any] = {"no": "All year", "yes": "In school term time only"}


class Times(Form):
    """From when until when, and in which room."""

    starts = TimeInput("Starts at", validators=[Needed("Enter a start time")])
    ends = TimeInput("Ends at", validators=[Needed("Enter an end time")])
    room_id = RowChoice("Room", missing="Choose one of the rooms of this hub")

    def validate_ends(self, field: Any) -> None:
        """Refuse to end before it starts."""
        if isinstance(self.starts.data, time) and field.data and field.data <= self.starts.data:
            raise ValidationError("The end time must be after the start time")


class Repeats(Times):
    """When an entry takes place."""

    weekday = WordChoice("Day", Weekday, missing="Choose a day of the week")
    every_weeks = RadioField("How often", coerce=int, choices=EVERY, default=1)
    last_date = DateInput(
        "Last date", description="Leave empty if it goes on", validators=[Optional(), Sensible()]
    )
    term_time_only = RadioField("When it runs", choices=RUNS, default="no")
    not_on_bank_holidays = BooleanField("Not on bank holidays", default=True)

    def repeats(self) -> dict[str, Any]:
        """Return what was typed, in the words of the service."""
        names = ("weekday", "starts", "ends", "room_id", "every_weeks", "last_date", "not_on_bank_holidays")
        return {
            **{name: self[name].data for name in names},
            "term_time_only": self.term_time_only.data == "yes",
        }


class EntryForm(Repeats):
    """A new entry of the timetable."""

    on_top = ("activity_id", "weekday", "starts", "ends", "room_id", "every_weeks", "first_date")

    activity_id = RowChoice(
        "Activity", missing="Choose an activity", validators=[Needed("Choose an activity")]
    )
    first_date = DateInput("First date", validators=[Needed("Enter the first date"), Sensible()])

    def parts(self) -> dict[str, Any]:
        """Return the whole entry, in the words of the service."""
        return {
            **self.repeats(),
            "activity_id": self.activity_id.data,
            "first_date": self.first_date.data,
        }


class MoveForm(Times):
    """Another time or room for one session."""

    on_top: tuple[str, ...] = ("on_date",)

    on_date = DateInput("Date", validators=[Needed("Enter the date"), Sensible()])

    def changes(self) -> dict[str, Any]:
        """Return what was typed, in the words of the service."""
        return {name: self[name].data for name in ("on_date", "starts", "ends", "room_id")}


class SessionForm(MoveForm):
    """A session of its own."""

    on_top = ("activity_id", "on_date")

    activity_id = RowChoice(
        "Activity", missing="Choose an activity", validators=[Needed("Choose an activity")]
    )


class EndForm(Form):
    """The last day of an entry."""

    last_date = DateInput("Last date", validators=[Needed("Enter the last date"), Sensible()])


class ScopeForm(Form):
    """Which sessions a change is for."""

    scope = WordChoice("What do you want to change?", Scope, missing="Choose what you want to change")


class BecauseForm(Form):
    """Why a session is called off."""

    because = Line(
        "Why it is called off",
        description="Families who booked are told this, for example “The heating has broken down”",
        validators=[Needed("Enter a reason. Families are told this"), at_most(300, "The reason")],
    )


class PlanForm(Form):
    """That somebody has seen what a change does, and agrees to it."""

    seen = HiddenField()
    because = Line(
        "What families of sessions that are called off are told",
        description="For example “The group has come to its end”",
        validators=[at_most(300, "The reason")],
    )


class PlacesForm(Form):
    """How many may come to one session."""

    most_families = Number("Families", validators=[Optional(), NumberRange(1, 1000, message=PLACES)])
    most_children = Number("Children", validators=[Optional(), NumberRange(1, 1000, message=PLACES)])
    most_adults = Number("Adults", validators=[Optional(), NumberRange(1, 1000, message=PLACES)])

    def places(self) -> dict[str, int | None]:
        """Return what was typed, in the words of the service."""
        return {name: self[name].data for name in ("most_families", "most_children", "most_adults")}


class ShiftForm(Form):
    """Who works at a session."""

    account_id = RowChoice(
        "Name",
        missing="Choose somebody who works for the council",
        validators=[Needed("Choose somebody who works for the council")],
    )
    part = WordChoice("Part", ShiftPart, missing="Choose what they do", default=ShiftPart.LEADS)


def as_repeated(entry: TimetableEntry) -> dict[str, Any]:
    """Return an entry as the form shows it."""
    names = ("weekday", "starts", "ends", "room_id", "every_weeks", "last_date", "not_on_bank_holidays")
    return {
        **{name: getattr(entry, name) for name in names},
        "term_time_only": "yes" if entry.term_time_only else "no",
    }


def as_moved(session: Session) -> dict[str, Any]:
    """Return a session as the form shows it."""
    starts, ends = wall(session.starts_at), wall(session.ends_at)
    return {
        "on_date": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "room_id": session.room_id,
    }
