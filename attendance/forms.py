"""The forms of registers."""

from datetime import timedelta

from wtforms import FieldList, FormField, HiddenField, IntegerField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from attendance.errors import NotACount
from attendance.rules import MOST_HEADS
from families.service import DoorChild
from kernel.clock import today
from kernel.web.forms import DateInput, Form, Line, Postcode

LONGEST_NAME = 100
LONGEST_NOTES = 4000
CHILDREN = 4
OLDEST = timedelta(days=26 * 366)


class DayForm(PlainForm):
    day = DateInput("Another day")


class ChildForm(PlainForm):
    name = Line("Name", validators=[Length(max=LONGEST_NAME, message="A name can have up to 100 characters")])
    born = DateInput("Date of birth, if they know it", validators=[Optional()])

    def validate_born(self, field: DateInput) -> None:
        if field.data and not today() - OLDEST < field.data <= today():
            raise ValidationError("Enter a date of birth in the past, for example 27 3 2024")
        if field.data and not self.name.data:
            raise ValidationError("Enter the name of this child as well")


class FamilyForm(Form):
    name = Line(
        "Name of the parent or carer",
        validators=[
            InputRequired(message="Enter the name of the parent or carer"),
            Length(max=LONGEST_NAME, message="A name can have up to 100 characters"),
        ],
    )
    postcode = Line(
        "Postcode",
        validators=[InputRequired(message="Enter their postcode, for example YO30 6QX"), Postcode()],
    )
    children = FieldList(FormField(ChildForm), min_entries=CHILDREN, max_entries=CHILDREN)

    def children_named(self) -> list[DoorChild]:
        """Return the children of whom a name was typed."""
        return [
            DoorChild(entry.form.name.data, entry.form.born.data)
            for entry in self.children
            if entry.form.name.data
        ]


class NotesForm(Form):
    notes = TextAreaField(
        "Notes",
        validators=[Length(max=LONGEST_NOTES, message="Notes can have up to 4,000 characters")],
        filters=[lambda text: (text or "").replace("\r\n", "\n").strip()],
    )
    before = HiddenField()


def _count(label: str) -> IntegerField:
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(0, MOST_HEADS, message=NotACount.message)],
    )


class PaperForm(Form):
    adults = _count("Adults who are not on the list")
    children = _count("Children who are not on the list")
