"""Forms of programmes, of how they are run, and of accreditations."""

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, TextAreaField
from wtforms import Form as Fields
from wtforms.validators import NumberRange, Optional

from kernel.web.choices import (
    Needed,
    Number,
    RowChoice,
    Sensible,
    Ticks,
    WordChoice,
    WordMenu,
    at_most,
)
from kernel.web.forms import DateInput, Form, Line
from programmes import rules
from programmes.models import Edition, Programme
from programmes.terms import ContactKind, Unit, WayIn, When

AGE = "Enter an age between 0 and 25"


class ProgrammeForm(Form):
    """What families read about a programme, and how they come to it."""

    name = Line("Name of the programme", validators=[Needed("Enter the name of the programme"), at_most(120)])
    summary = TextAreaField(
        "What it is",
        description="In plain words. Parents and carers read this",
        validators=[Optional(), at_most(4000)],
    )
    suits = TextAreaField(
        "Who it suits",
        description="What parents worry about who come to it",
        validators=[Optional(), at_most(1000)],
    )
    audience = Line(
        "Who it is for",
        description="For example parents and carers of teenagers",
        validators=[Optional(), at_most(200)],
    )
    age_from_years = Number("Youngest age of the child", validators=[Needed(AGE), NumberRange(0, 25, AGE)])
    age_to_years = Number("Oldest age of the child", validators=[Needed(AGE), NumberRange(0, 25, AGE)])
    concerns = Ticks("What it helps with", choices=rules.CONCERNS)
    way_in = WordChoice("How families come to it", WayIn, missing="Choose how families come to it")
    accreditation = Line(
        "What facilitators must be accredited in",
        description="Leave empty when nothing is needed",
        validators=[Optional(), at_most(120)],
    )
    renames = BooleanField("It is the same accreditation under a new name: change it on staff’s records too")

    def __init__(self, programme: Programme | None = None) -> None:
        usual = {"age_from_years": 0, "age_to_years": 18, "way_in": WayIn.BOTH, "concerns": []}
        super().__init__(data=_parts(programme, self.names()) if programme else usual)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of its fields."""
        return (
            "name", "summary", "suits", "audience", "age_from_years", "age_to_years", "concerns", "way_in",
            "accreditation",
        )  # fmt: skip

    def parts(self) -> dict[str, Any]:
        """Return what was typed, in the words of the service."""
        told = {name: self[name].data for name in self.names()}
        blank = ("summary", "suits", "audience", "accreditation")
        return {
            **told,
            **{name: (told[name] or "").strip() for name in blank},
            "concerns": told["concerns"] or [],
        }


class ContactRow(Fields):
    """One row of the table of contacts."""

    kind = WordMenu("Kind", ContactKind, missing="Choose a kind of contact")
    title = Line("Name", validators=[Needed("Enter the name of the contact"), at_most(120)])
    minutes = Number(
        "Minutes",
        validators=[
            Needed("Enter how many minutes it takes"),
            NumberRange(5, 480, "Enter a length between 5 and 480 minutes"),
        ],
    )
    weeks_after = Number(
        "Weeks after the one before",
        validators=[
            Needed("Enter how many weeks after the one before"),
            NumberRange(0, 60, "Enter a number of weeks between 0 and 60"),
        ],
    )
    must_attend = BooleanField("Must be attended")
    checklist = TextAreaField("What it covers, one line each", validators=[Optional(), at_most(2000)])

    def told(self) -> dict[str, Any]:
        """Return the contact, in the words of the service."""
        lines = [" ".join(line.split()) for line in (self.checklist.data or "").splitlines()]
        return {**self.data, "checklist": [line for line in lines if line]}


NEW_CONTACT = {"kind": [ContactKind.GROUP.value], "title": [""], "minutes": ["120"], "weeks_after": ["1"]}
_LIKE_THE_LAST: tuple[str, ...] = ("kind", "minutes")
COUNTED = "Enter a whole number of at least 1"


class EditionForm(Form):
    """How a programme is run: its contacts, group, completion and measures."""

    name = Line(
        "What tells it apart",
        description="For example 5 group sessions and 3 calls",
        validators=[Optional(), at_most(120)],
    )
    source = TextAreaField(
        "Where this comes from",
        description="For example the developer’s handbook, or your own practice",
        validators=[Optional(), at_most(1000)],
    )
    unit = WordChoice("Who takes one place", Unit, missing="Choose who takes one place")
    fewest = Number("Smallest group", validators=[Needed(COUNTED), NumberRange(1, 500, COUNTED)])
    most = Number("Largest group", validators=[Needed(COUNTED), NumberRange(1, 500, COUNTED)])
    facilitators = Number(
        "Facilitators needed", validators=[Needed(COUNTED), NumberRange(0, 20, "Enter a number up to 20")]
    )
    prerequisites = Line("What comes before it", validators=[Optional(), at_most(300)])
    contacts = FieldList(FormField(ContactRow, label="Contact"), label="Contacts", max_entries=60)
    least_contacts = Number(
        "Least number of contacts to complete it", validators=[Needed(COUNTED), NumberRange(1, 60, COUNTED)]
    )
    late_start_until = Number(
        "Last contact at which somebody can start",
        description="2 means that parents can still join at the second contact",
        validators=[Needed(COUNTED), NumberRange(1, 60, COUNTED)],
    )
    measures = Ticks("Questionnaires")
    follow_up_weeks = Number(
        "Weeks after the end at which the follow-up is asked",
        validators=[Optional(), NumberRange(1, 104, "Enter a number of weeks between 1 and 104")],
    )

    moved_row: int | None = None
    """The row of the contacts that was just added or moved: where whoever types goes on."""

    def __init__(
        self, instruments: Sequence[Any], edition: Any = None, *, typed: "MultiDict[str, str] | None" = None
    ) -> None:
        if typed is not None:
            super().__init__(formdata=typed)
        else:
            super().__init__(data=as_typed(edition) if edition else None)
        self.instruments = instruments
        self.measures.choices = {
            f"{one.code}:{respondent}:{when}": f"{one.name}, {respondent.label}, {when.label}"
            for one in instruments
            for respondent in one.respondents
            for when in When
        }

    def parts(self) -> dict[str, Any]:
        """Return what was typed, in the words of the service."""
        names = (
            "name",
            "unit",
            "fewest",
            "most",
            "facilitators",
            "prerequisites",
            "least_contacts",
            "late_start_until",
        )
        return {
            **{name: self[name].data for name in names},
            "source": (self.source.data or "").strip(),
            "measures": self._measures(),
            "contacts": [entry.form.told() for entry in self.contacts.entries],
        }

    def rearranged(self, button: str, typed: "MultiDict[str, str]") -> "EditionForm":
        """Return the form after a row was added, taken away or moved up; what was typed stays, letter by letter."""
        rows = [_typed_row(typed, entry.name) for entry in self.contacts.entries]
        what, _, place = button.partition("-")
        at = int(place) if place.isdigit() else -1
        if what == "add":
            last = rows[-1] if rows else {}
            rows.append({**NEW_CONTACT, **{part: last[part] for part in _LIKE_THE_LAST if part in last}})
            at = len(rows) - 1
        elif what == "remove" and 0 <= at < len(rows) and len(rows) > 1:
            rows.pop(at)
            at = min(at, len(rows) - 1)
        elif what == "up" and 0 < at < len(rows):
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
            at -= 1
        form = EditionForm(self.instruments, typed=_with_rows(typed, rows))
        form.moved_row = at
        return form

    def _measures(self) -> list[dict[str, Any]]:
        asked: dict[tuple[str, str], list[str]] = {}
        for ticked in self.measures.data or []:
            instrument, respondent, when = ticked.split(":")
            asked.setdefault((instrument, respondent), []).append(when)
        return [
            {
                "instrument": instrument,
                "respondent": respondent,
                "when": [when.value for when in When if when.value in whens],
                **({"follow_up_weeks": self.follow_up_weeks.data or 12} if When.FOLLOW_UP in whens else {}),
            }
            for (instrument, respondent), whens in asked.items()
        ]


def _typed_row(typed: "MultiDict[str, str]", name: str) -> dict[str, list[str]]:
    """Return what was typed into the fields of one row, by what they are."""
    start = f"{name}-"
    return {field[len(start) :]: values for field, values in typed.lists() if field.startswith(start)}


def _with_rows(typed: "MultiDict[str, str]", rows: Sequence[dict[str, list[str]]]) -> "MultiDict[str, str]":
    others = [(name, value) for name, value in typed.items(multi=True) if not name.startswith("contacts-")]
    contacts = [
        (f"contacts-{number}-{part}", value)
        for number, row in enumerate(rows)
        for part, values in row.items()
        for value in values
    ]
    return MultiDict([*others, *contacts])


class AccreditationDates(Form):
    """When somebody was trained and accredited, and until when."""

    trained_on = DateInput("Trained on", validators=[Optional(), Sensible()])
    accredited_on = DateInput("Accredited on", validators=[Optional(), Sensible()])
    expires_on = DateInput("Expires on", validators=[Optional(), Sensible()])
    note = Line(
        "Note", description="For example the number of the certificate", validators=[Optional(), at_most(300)]
    )

    def dates(self) -> dict[str, Any]:
        """Return what was typed, in the words of the service."""
        dates = {name: self[name].data for name in ("trained_on", "accredited_on", "expires_on")}
        return {**dates, "note": self.note.data or ""}


class AccreditationForm(AccreditationDates):
    """Who was trained or accredited, in what and when."""

    on_top = ("account_id", "what")

    account_id = RowChoice(
        "Name",
        missing="Choose somebody who works for the council",
        validators=[Needed("Choose somebody who works for the council")],
    )
    what = Line("Accredited in", validators=[Needed("Enter what they are accredited in"), at_most(120)])


def as_typed(edition: Edition) -> dict[str, Any]:
    """Return an edition as the form shows it."""
    names = ("name", "source", "unit", "fewest", "most", "facilitators", "prerequisites", "least_contacts",
             "late_start_until")  # fmt: skip
    ticked = [
        f"{measure['instrument']}:{measure['respondent']}:{when}"
        for measure in edition.measures
        for when in measure["when"]
    ]
    weeks = [measure["follow_up_weeks"] for measure in edition.measures if measure.get("follow_up_weeks")]
    return {
        **_parts(edition, names),
        "contacts": [as_row(contact) for contact in edition.contacts],
        "measures": ticked,
        "follow_up_weeks": weeks[0] if weeks else None,
    }


def as_row(contact: Any) -> dict[str, Any]:
    """Return a contact as a row of the table shows it."""
    names = ("kind", "title", "minutes", "weeks_after", "must_attend")
    return {**_parts(contact, names), "checklist": "\n".join(contact.checklist)}


def _parts(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
