"""Forms of courses: setting one up, changing it, calling it off."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import FieldList, FormField, RadioField, TextAreaField
from wtforms import Form as Fields
from wtforms.validators import NumberRange, Optional, ValidationError

from hubs.models import Hub
from kernel.web.choices import Needed, Number, RowChoice, Sensible, WordChoice, WordMenu, at_most
from kernel.web.forms import DateInput, Form, Line, TimeInput
from programmes.models import Course, Edition
from programmes.terms import CourseStanding, Part, WayIn

NO_ROOM = "No room of its own"
RUNS: dict[str, Any] = {"yes": "In school term time only", "no": "In the school holidays too"}
PLACES = "Enter a number of places between 1 and 500"
CRECHE = "Enter a number of crèche places between 0 and 500"
AGE = "Enter an age between 0 and 25"


class FacilitatorRow(Fields):
    """Somebody, and what they do on a course."""

    account_id = RowChoice("Name", missing="Choose somebody who works for the council")
    part = WordMenu("Part", Part, missing="Choose what they do")


class Facilitated(Form):
    """Who runs a course."""

    facilitators = FieldList(
        FormField(FacilitatorRow, label="Facilitator"), label="Facilitators", max_entries=12
    )

    def offer_staff(self, groups: Mapping[str, Sequence[Any]]) -> None:
        """Offer the staff of the hub, and others."""
        for entry in self.facilitators.entries:
            entry.form.account_id.group(groups, nothing="Nobody")

    def chosen(self) -> dict[UUID, Part]:
        """Return who was chosen, and for which part."""
        rows = [entry.form for entry in self.facilitators.entries]
        return {row.account_id.data: row.part.data for row in rows if row.account_id.data}

    def validate_facilitators(self, field: Any) -> None:
        """Refuse the same person twice."""
        chosen = [entry.form.account_id.data for entry in field.entries if entry.form.account_id.data]
        if len(chosen) != len(set(chosen)):
            raise ValidationError("Choose each facilitator once")


def rows_for(chosen: Mapping[UUID, Part], needed: int) -> list[dict[str, Any]]:
    """Return the rows of facilitators: those chosen, and empty ones."""
    rows: list[dict[str, Any]] = [{"account_id": one, "part": part} for one, part in chosen.items()]
    while len(rows) < max(needed + 1, 3):
        rows.append({"account_id": None, "part": Part.LEADS if len(rows) < max(needed, 1) else Part.HELPS})
    return rows[:12]


class CourseParts(Form):
    """What a course says of itself, and how many may come."""

    title = Line(
        "Name of the course",
        description="What families know it by, for example Group Triple P, Tuesday mornings",
        validators=[Needed("Enter the name of the course"), at_most(120)],
    )
    about = TextAreaField(
        "What families should know about this course", validators=[Optional(), at_most(4000)]
    )
    places = Number("Places", validators=[Needed(PLACES), NumberRange(1, 500, PLACES)])
    creche_places = Number("Crèche places", validators=[Needed(CRECHE), NumberRange(0, 500, CRECHE)])
    age_from_years = Number("Youngest age of the child", validators=[Needed(AGE), NumberRange(0, 25, AGE)])
    age_to_years = Number("Oldest age of the child", validators=[Needed(AGE), NumberRange(0, 25, AGE)])
    way_in = WordChoice("How families come to it", WayIn, missing="Choose how families come to it")

    def parts(self) -> dict[str, Any]:
        """Return what was typed, in the words of the service."""
        names = ("title", "places", "creche_places", "age_from_years", "age_to_years", "way_in")
        return {**{name: self[name].data for name in names}, "about": self.about.data or ""}


OPENS: dict[str, Any] = {
    "yes": "As soon as it is set up",
    "no": "Later, when I open it",
}


class CourseForm(Facilitated, CourseParts):
    """A new course: where, when and with whom."""

    on_top = (
        "title",
        "room_id",
        "first_date",
        "starts",
        "term_time_only",
        "facilitators",
        "places",
        "creche_places",
    )

    room_id = RowChoice("Room", missing="Choose one of the rooms of this hub")
    first_date = DateInput("First date", validators=[Needed("Enter the first date"), Sensible()])
    starts = TimeInput("Starts at", validators=[Needed("Enter a start time")])
    term_time_only = RadioField("When it runs", choices=RUNS, default="yes")
    opens = RadioField("When families can find it", choices=OPENS, default="yes")

    def standing(self) -> CourseStanding:
        """Return whether families see it at once."""
        return CourseStanding.DRAFT if self.opens.data == "no" else CourseStanding.OPEN

    def when(self) -> dict[str, Any]:
        """Return when and where it is, in the words of the service."""
        return {
            "room_id": self.room_id.data,
            "first_date": self.first_date.data,
            "starts": self.starts.data,
            "term_time_only": self.term_time_only.data == "yes",
        }


class FacilitatorsForm(Facilitated):
    """Who runs a course from now on."""


class BecauseForm(Form):
    """Why a course is called off."""

    because = Line(
        "Why it is called off",
        description="Those who booked or were offered a place are told this",
        validators=[Needed("Enter a reason. Those who booked are told this"), at_most(300, "The reason")],
    )


def usual(edition: Edition, hub: Hub) -> dict[str, Any]:
    """Return what a new course of this edition usually has."""
    programme = edition.programme
    return {
        "title": f"{programme.name}, {hub.name}",
        "places": edition.most,
        "creche_places": 0,
        "age_from_years": programme.age_from_years,
        "age_to_years": programme.age_to_years,
        "way_in": programme.way_in,
        "term_time_only": "yes",
        "opens": "yes",
        "facilitators": rows_for({}, edition.facilitators),
    }


def as_typed(course: Course) -> dict[str, Any]:
    """Return a course as the form shows it."""
    names = ("title", "about", "places", "creche_places", "age_from_years", "age_to_years", "way_in")
    return {name: getattr(course, name) for name in names}
