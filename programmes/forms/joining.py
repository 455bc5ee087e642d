"""What people type to find a programme, join a course, refer somebody and leave again."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from families.models import Person
from kernel.web.choices import Number, known
from kernel.web.forms import Form, Line, choices
from programmes.rules import CONCERNS
from programmes.terms import Source

LONGEST = 2000
NOBODY = "none"
AGES = [
    ("", "Any age"),
    ("0", "Under 1"),
    *((str(years), f"{years} year{'s' if years > 1 else ''}") for years in range(1, 19)),
]
CONCERN_CHOICES = [("", "Anything"), *CONCERNS.items()]


class Search:
    """Whom a programme should suit, as it was typed; nonsense is left out."""

    def __init__(self, typed: "MultiDict[str, str]") -> None:
        self.age = known(typed.get("age", ""), AGES)
        self.concern = known(typed.get("concern", ""), CONCERN_CHOICES)

    @property
    def years(self) -> int | None:
        """Return the age of the child, when it was told."""
        return int(self.age) if self.age else None

    @property
    def narrowed(self) -> bool:
        """Say whether anything was told."""
        return bool(self.age or self.concern)


class _About(Form):
    """Whom it is about and who comes."""

    child = RadioField(
        "Which child is it about?", validators=[InputRequired("Choose a child, or say that it is none")]
    )
    partner = RadioField("Who is coming?", default=NOBODY)

    def offer(
        self,
        children: Iterable[Person],
        partners: Sequence[Person],
        *,
        alone: str = "Just me",
        both: str = "Me and {}",
    ) -> None:
        """Let these people be chosen."""
        named = [(str(child.id), child.called or "Your baby") for child in children]
        self.child.choices = choices([*named, (NOBODY, "None of them")])
        together = [(str(partner.id), both.format(partner.called)) for partner in partners]
        self.partner.choices = choices([(NOBODY, alone), *together])

    @property
    def child_id(self) -> UUID | None:
        """Return the child that was chosen."""
        return chosen(self.child)

    @property
    def partner_id(self) -> UUID | None:
        """Return the partner that was chosen."""
        return chosen(self.partner)


class PartnerForm(Form):
    """Who takes part with somebody."""

    partner = RadioField("Who takes part with them?", default=NOBODY)

    @property
    def partner_id(self) -> UUID | None:
        """Return the partner that was chosen."""
        return chosen(self.partner)


def _language(label: str) -> Line:
    return Line(
        label,
        validators=[Optional(), Length(max=60, message="The language must be 60 characters or fewer")],
    )


def _help(label: str, hint: str) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        validators=[Optional(), Length(max=LONGEST, message=f"Must be {LONGEST:,} characters or fewer")],
    )


class _Needs(Form):
    """What somebody needs who comes to a course."""

    creche_children = Number(
        "How many children need a crèche place?",
        validators=[Optional(), NumberRange(0, 10, message="Enter a number between 0 and 10")],
        default=0,
    )
    interpreter = _language("If you need an interpreter, which language?")
    access_needs = _help(
        "Is there anything that would help you to take part?",
        "For example step-free access, large print, or a break. Only those who run the course see this",
    )


class NeedsForm(Form):
    """What somebody needs who takes part, as staff write it down later."""

    interpreter = _language("If they need an interpreter, which language?")
    access_needs = _help(
        "What would help them to take part?",
        "What you write here takes the place of what was told before. Leave empty to keep that",
    )


class JoinForm(_About, _Needs):
    """What we need to know of somebody who joins a course."""


class ReferForm(_About):
    """Who is referred to what, by whom and why."""

    on_top = ("programme", "person", "partner", "child")

    programme = SelectField("Programme", validators=[InputRequired("Choose a programme")])
    person = RadioField("Who would take part?", validators=[InputRequired("Choose who would take part")])
    source = SelectField(
        "Who refers them?",
        validators=[InputRequired("Choose who refers them")],
        choices=choices([("", "Choose"), *Source.choices()]),
    )
    referred_by = Line(
        "Their name and organisation",
        validators=[Optional(), Length(max=200, message="Must be 200 characters or fewer")],
    )
    reason = TextAreaField(
        "Why are they referred?",
        description="Kept encrypted. Whoever reads it is written down",
        validators=[Optional(), Length(max=4000, message="Must be 4,000 characters or fewer")],
    )
    hub = SelectField("Where would they like to come?", validators=[Optional()])


class WhyForm(Form):
    """Why somebody leaves."""

    why = TextAreaField(
        "Why?",
        validators=[Optional(), Length(max=LONGEST, message=f"Must be {LONGEST:,} characters or fewer")],
    )


class CourseChoiceForm(WhyForm):
    """Which course somebody is offered, or moved to."""

    course = RadioField("Which course?", validators=[InputRequired("Choose a course")])


class TelephoneForm(CourseChoiceForm, _Needs):
    """On which course somebody is booked who says yes on the telephone, and what they need."""

    on_top = ("course",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.interpreter.label.text = "If they need an interpreter, which language?"
        self.access_needs.label.text = "Is there anything that would help them to take part?"
        self.access_needs.description = "Kept encrypted, for those who run the course"


def chosen(field: Any) -> UUID | None:
    """Return the row that was chosen of radios or a list; None for nobody."""
    return UUID(field.data) if field.data and field.data != NOBODY else None
