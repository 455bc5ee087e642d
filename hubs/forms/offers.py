"""The form of an activity."""

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from hubs.models import Activity
from hubs.terms import ActivityKind, BookingMode, CountedIn
from kernel import prose
from kernel.web.choices import Menu, Number, Pounds, WordChoice, WordMenu, at_most
from kernel.web.forms import Form, Line

LONG = 8000
PLACES = "Enter a number between 1 and 1,000, or leave it empty for no limit"
UNITS: dict[str, str] = {"months": "months", "years": "years"}
CLOSES = {
    0: "When the session starts",
    60: "1 hour before",
    120: "2 hours before",
    720: "12 hours before",
    1440: "1 day before",
    2880: "2 days before",
    10080: "1 week before",
}


class ActivityForm(Form):
    """Something that hubs offer."""

    title = Line(
        "Name of the activity",
        validators=[InputRequired("Enter the name of the activity"), at_most(120, "The name")],
    )
    kind = WordMenu("What kind of activity it is", ActivityKind, missing="Choose what kind of activity it is")
    description = TextAreaField(
        "Description",
        description="In plain words. Leave a line empty between paragraphs. Begin a line with - for a list",
        validators=[
            Optional(),
            at_most(LONG, "The description"),
        ],
    )
    bring = Line(
        "What to bring",
        validators=[Optional(), at_most(400)],
    )
    audience = Line(
        "Who it is for", description="For example first-time parents", validators=[Optional(), at_most(200)]
    )
    age_from = Number(
        "Youngest age",
        validators=[
            InputRequired("Enter the youngest age, 0 for newborn babies"),
            NumberRange(0, 312, message="Enter a real age"),
        ],
    )
    age_from_unit = Menu("Youngest age in", choices=UNITS, missing="Choose months or years")
    age_to = Number(
        "Oldest age",
        validators=[InputRequired("Enter the oldest age"), NumberRange(0, 312, message="Enter a real age")],
    )
    age_to_unit = Menu("Oldest age in", choices=UNITS, missing="Choose months or years")
    mode = WordChoice("Do families book?", BookingMode, missing="Say whether families must book")
    price = Pounds(
        "Price for each family",
        description="In pounds. Leave empty if it is free",
        validators=[Optional(), NumberRange(0, 1000, message="Enter a price between nothing and £1,000")],
    )
    counted_in = WordChoice(
        "Which number do families see?", CountedIn, missing="Choose which number families see"
    )
    most_families = Number("Families", validators=[Optional(), NumberRange(1, 1000, message=PLACES)])
    most_children = Number("Children", validators=[Optional(), NumberRange(1, 1000, message=PLACES)])
    most_adults = Number("Adults", validators=[Optional(), NumberRange(1, 1000, message=PLACES)])
    children_per_adult = Number(
        "How many children each adult may bring",
        description="Leave empty if it does not matter",
        validators=[Optional(), NumberRange(1, 50, message="Enter a number of children between 1 and 50")],
    )
    opens_days_before = Number(
        "Booking opens this many days before",
        description="Leave empty to let families book as soon as a session is in the timetable",
        validators=[Optional(), NumberRange(0, 365, message="Enter a number of days between 0 and 365")],
    )
    closes_minutes_before = Menu(
        "Booking closes", coerce=int, choices=CLOSES, missing="Choose when booking closes"
    )
    one_per_day = BooleanField("A family may book only one session of this activity a day")

    def __init__(self, activity: Activity | None = None) -> None:
        super().__init__(data=_as_typed(activity) if activity else _USUAL)
        minutes = activity.closes_minutes_before if activity else 0
        self.closes_minutes_before.choices = _windows(minutes)

    def parts(self) -> dict[str, Any]:
        """Return the activity as it was typed, in the words of the service."""
        return {
            **{name: self[name].data for name in _SAME},
            "description": (self.description.data or "").strip(),
            "bring": self.bring.data or "",
            "audience": self.audience.data or "",
            "price_pence": int((self.price.data or Decimal(0)) * 100),
            "age_from_months": _first_month(self.age_from.data, self.age_from_unit.data),
            "age_to_months": _last_month(self.age_to.data, self.age_to_unit.data),
        }


def closing(minutes: int) -> str:
    """Return when booking closes, as the end of a sentence: ``1 hour before``."""
    said = _closes(minutes)
    return said[0].lower() + said[1:]


def _windows(minutes: int) -> dict[Any, str]:
    return dict(sorted({**CLOSES, minutes: _closes(minutes)}.items()))


def _closes(minutes: int) -> str:
    return CLOSES.get(minutes) or f"{prose.count(minutes, 'minute')} before"


BLAMED = {"age_from_months": "age_from", "age_to_months": "age_to", "price_pence": "price"}
"""Which field of the form is to blame when the service refuses a part."""

_USUAL = {
    "kind": ActivityKind.PARENT_BABY_TODDLER,
    "mode": BookingMode.BOOKABLE,
    "counted_in": CountedIn.FAMILIES,
    "age_from": 0,
    "age_from_unit": "years",
    "age_to": 4,
    "age_to_unit": "years",
    "closes_minutes_before": 0,
}


def _as_typed(activity: Activity) -> dict[str, Any]:
    first, last = activity.age_from_months, activity.age_to_months
    young = (first // 12, "years") if first % 12 == 0 else (first, "months")
    old = (last // 12, "years") if last >= 23 and ((last + 1) % 12 == 0 or last >= 228) else (last, "months")
    return {
        **{name: getattr(activity, name) for name in _SAME},
        "price": Decimal(activity.price_pence) / 100 if activity.price_pence else None,
        "age_from": young[0],
        "age_from_unit": young[1],
        "age_to": old[0],
        "age_to_unit": old[1],
    }


_SAME = (
    "title", "kind", "description", "bring", "audience", "mode", "counted_in", "most_families", "most_children",
    "most_adults", "children_per_adult", "opens_days_before", "closes_minutes_before", "one_per_day",
)  # fmt: skip


def _first_month(age: int | None, unit: str) -> int:
    return (age or 0) * 12 if unit == "years" else age or 0


def _last_month(age: int | None, unit: str) -> int:
    """Return the last month of an age: children of 3 years come until the day before they are 4."""
    return (age or 0) * 12 + 11 if unit == "years" else age or 0
