"""The form of an announcement."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from correspondence import rules
from correspondence.models import Announcement
from correspondence.queries.announcements import wanted_of
from correspondence.rules.announcements import MOST_WORDS, NO_SUCH_AGE, OLDEST
from correspondence.terms import Audience, Wanted
from kernel.web.choices import Menu, Number, RowChoice, Sensible, WordChoice, at_most
from kernel.web.forms import DateInput, Form, Line
from messaging.terms import Way

UNITS = {"months": "months", "years": "years"}
BLAMED = {"from_months": "age_from", "to_months": "age_to"}
"""Which field of the form is to blame when the service refuses a part."""


class WhenMeant(Optional):
    """Lets a field be empty that belongs to a choice which may not be made: the form says when it must not be."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


class AnnouncementForm(Form):
    """What is told to many families at once, and to which."""

    topic = Line(
        "What it is about",
        description="The subject of the email. For example, New opening times at Clifton",
        validators=[InputRequired("Enter what the announcement is about"), at_most(120, "The subject")],
    )
    words = TextAreaField(
        "What it says",
        description="Leave a line empty between paragraphs. Begin a line with - for a list. **Two stars** make words "
        "bold. A link is [its words](https://its-address)",
        validators=[
            DataRequired("Enter what the announcement says"),
            at_most(MOST_WORDS, "The announcement"),
        ],
    )
    hub_id = RowChoice("Hub", missing="Choose a hub")
    audience = WordChoice("Which families", Audience, missing="Choose which families get it")
    first = DateInput("From", validators=[WhenMeant(), Sensible()])
    last = DateInput("Until", validators=[WhenMeant(), Sensible()])
    age_from = Number(
        "Youngest age",
        validators=[WhenMeant(), NumberRange(0, OLDEST, message=NO_SUCH_AGE)],
    )
    age_from_unit = Menu("Youngest age in", choices=UNITS, missing="Choose months or years")
    age_to = Number("Oldest age", validators=[WhenMeant(), NumberRange(0, OLDEST, message=NO_SUCH_AGE)])
    age_to_unit = Menu("Oldest age in", choices=UNITS, missing="Choose months or years")
    expected = BooleanField("Also families who are expecting a baby")
    district = Line(
        "Where the child lives",
        description="The first part of the postcode, for example YO30. Leave empty for everywhere",
        validators=[Optional(), at_most(8, "The first part of a postcode")],
    )
    way = WordChoice("How it is sent", Way, missing="Choose how it is sent", default=Way.EMAIL)
    seen = HiddenField()
    """The draft as whoever changes it has read it."""

    def __init__(self, announcement: Announcement | None = None) -> None:
        super().__init__(data=_as_typed(announcement) if announcement else _USUAL)
        self.way.choices = [(way.value, way.label) for way in (Way.EMAIL, Way.TEXT, Way.BOTH)]

    @property
    def of_choices(self) -> dict[Audience, tuple[Any, ...]]:
        """The fields by which each choice of families is narrowed: nothing counts in those of the others."""
        ages = (
            self.age_from,
            self.age_from_unit,
            self.age_to,
            self.age_to_unit,
            self.expected,
            self.district,
        )
        return {Audience.BOOKED: (self.first, self.last), Audience.CHILDREN: ages}

    def offer(self, hubs: Any, *, all_of_them: bool) -> None:
        """Offer these hubs, and every hub to whoever sees them all."""
        if all_of_them:
            self.hub_id.offer(hubs, nothing="Every hub")
            return
        self.hub_id.offer(hubs)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether everything is there that the chosen families are found by."""
        super().validate(extra_validators)
        for choice, fields in self.of_choices.items():
            for field in fields if choice != self.audience.data else ():
                field.errors = []
        fine = not self.errors
        needed: dict[Audience, Mapping[Any, str]] = {
            Audience.BOOKED: {self.first: "Enter the first day", self.last: "Enter the last day"},
            Audience.CHILDREN: {
                self.age_from: "Enter the youngest age, 0 for newborn babies",
                self.age_to: "Enter the oldest age",
            },
        }
        for field, sentence in needed.get(self.audience.data, {}).items():
            if field.data is None and not field.errors:
                field.errors, fine = [sentence], False
        return fine

    def parts(self) -> dict[str, Any]:
        """Return the announcement as it was typed, in the words of the service."""
        return {
            "topic": self.topic.data or "",
            "words": self.words.data or "",
            "way": self.way.data,
            "wanted": Wanted(
                audience=self.audience.data,
                hub_id=self.hub_id.data,
                first=self.first.data,
                last=self.last.data,
                from_months=_first_month(self.age_from.data, self.age_from_unit.data),
                to_months=_last_month(self.age_to.data, self.age_to_unit.data),
                expected=bool(self.expected.data),
                district=rules.district(self.district.data or ""),
            ),
        }


_USUAL = {"way": Way.EMAIL, "age_from": 0, "age_from_unit": "months", "age_to": 11, "age_to_unit": "months"}


def _as_typed(announcement: Announcement) -> dict[str, Any]:
    wanted = wanted_of(announcement)
    typed = {
        "topic": announcement.topic, "words": announcement.words, "way": announcement.way,
        "hub_id": wanted.hub_id, "audience": wanted.audience, "first": wanted.first, "last": wanted.last,
        "expected": wanted.expected, "district": wanted.district,
    }  # fmt: skip
    if wanted.audience != Audience.CHILDREN:
        return {**_USUAL, **typed}
    first, last = wanted.from_months, wanted.to_months
    young = (first // 12, "years") if first and first % 12 == 0 else (first, "months")
    old = (last // 12, "years") if last >= 23 and (last + 1) % 12 == 0 else (last, "months")
    return {
        **typed, "age_from": young[0], "age_from_unit": young[1], "age_to": old[0], "age_to_unit": old[1],
    }  # fmt: skip


def _first_month(age: int | None, unit: str) -> int:
    return (age or 0) * 12 if unit == "years" else age or 0


def _last_month(age: int | None, unit: str) -> int:
    """Return the last month of an age: children of 3 years are meant until the day before they are 4."""
    return (age or 0) * 12 + 11 if unit == "years" else age or 0
