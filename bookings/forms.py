"""What people type when they look for sessions and book them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import Form as Fields
from wtforms import RadioField
from wtforms.validators import DataRequired, StopValidation

from bookings.queries import Wanted
from bookings.rules import MOST_DAYS, MOST_HOURS, Before
from families.models import Person
from hubs.terms import ActivityKind
from kernel.web.choices import Number, Ticks, known
from kernel.web.forms import DateInput, Form, TimeInput, choices

WEEKS_SHOWN = 4
LONGEST_WORDS = 100
DAYS = [
    ("", "Any day"),
    ("today", "Today"),
    ("tomorrow", "Tomorrow"),
    ("week", "This week"),
    ("next-week", "Next week"),
]
AGES = [
    ("", "Any age"),
    ("1", "Under 3 months"),
    ("4", "3 to 5 months"),
    ("7", "6 to 8 months"),
    ("10", "9 to 11 months"),
    ("14", "12 to 17 months"),
    ("20", "18 to 23 months"),
    *((str(years * 12 + 6), f"{years} years") for years in range(2, 19)),
]
KINDS = [("", "Anything"), *ActivityKind.choices()]


class _Date(Fields):
    date = DateInput()


class Search:
    """What somebody looks for, as it was typed, with a sentence for each thing that cannot be used."""

    def __init__(self, typed: "MultiDict[str, str]", *, today: date) -> None:
        self.hub = typed.get("hub", "")
        self.day = known(typed.get("day", ""), DAYS)
        self.age = known(typed.get("age", ""), AGES)
        self.kind = known(typed.get("kind", ""), KINDS)
        self.words = " ".join(typed.get("words", "").split())[:LONGEST_WORDS]
        self.with_room = "room" in typed
        self.date: tuple[str, ...] = tuple([*(v.strip() for v in typed.getlist("date")), "", "", ""][:3])
        self.after = _bookmark(typed.get("after", ""))
        self.errors: dict[str, Sequence[str]] = {}
        self.first_day, self.last_day = self._days(today)

    def wanted(self, limit: int = 30) -> Wanted:
        """Return what the timetable is asked for."""
        hub = _id(self.hub)
        return Wanted(
            first_day=self.first_day,
            last_day=self.last_day,
            hub_ids=[hub] if hub else [],
            age_months=int(self.age) if self.age else None,
            kinds=[self.kind] if self.kind else [],
            text=self.words,
            only_with_room=self.with_room,
            after=self.after,
            limit=limit,
        )

    @property
    def narrowed(self) -> bool:
        """Say whether anything is asked for that leaves sessions out."""
        told = (self.hub, self.day, self.age, self.kind, self.words, self.with_room, *self.date)
        return any(told)

    def _days(self, today: date) -> tuple[date, date]:
        if any(self.date):
            asked = _Date(MultiDict([("date", part) for part in self.date]))
            if asked.validate() and asked.date.data:
                return asked.date.data, asked.date.data
            self.errors = {"date": asked.date.errors}
        monday = today - timedelta(days=today.weekday())
        return {
            "today": (today, today),
            "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
            "week": (today, monday + timedelta(days=6)),
            "next-week": (monday + timedelta(days=7), monday + timedelta(days=13)),
        }.get(self.day, (today, today + timedelta(weeks=WEEKS_SHOWN)))


def bookmark(after: tuple[datetime, UUID]) -> str:
    """Return a place in a list as it stands in an address."""
    return f"{after[0].timestamp():.0f}.{after[1].hex}"


class WhoComes(Form):
    people = Ticks("Tick everybody who is coming", validate_choice=False)

    def offer(self, people: Iterable[Person]) -> None:
        """Let these people be ticked."""
        self.people.choices = [(str(person.id), person.called) for person in people]

    def tick(self, person_ids: Iterable[UUID]) -> None:
        """Tick these people."""
        self.people.data = [str(person_id) for person_id in person_ids]

    def chosen(self) -> list[UUID]:
        """Return those who are ticked and can be."""
        offered = {choice[0] for choice in self.people.choices or []}
        return [UUID(person) for person in dict.fromkeys(self.people.data or []) if person in offered]


HOURS, DAYS_BEFORE = "hours", "days"


class ReminderForm(Form):
    """One more reminder."""

    how = RadioField(
        "When is it sent?",
        [DataRequired("Choose when it is sent")],
        choices=choices(
            [(HOURS, "Some hours before the start"), (DAYS_BEFORE, "At a time of day, some days before")]
        ),
    )
    hours = Number("Hours before")
    days = Number("Days before", description="0 is the day of the session.")
    at = TimeInput("Time of day")

    def validate_hours(self, field: Number) -> None:
        """Want a number of hours where it is chosen, and nothing else where it is not."""
        field.errors = []
        if self.how.data == HOURS and not (field.data and 1 <= field.data <= MOST_HOURS):
            raise StopValidation(f"Enter a number of hours from 1 to {MOST_HOURS}")

    def validate_days(self, field: Number) -> None:
        """Want a number of days where it is chosen, and nothing else where it is not."""
        field.errors = []
        if self.how.data == DAYS_BEFORE and not (field.data is not None and 0 <= field.data <= MOST_DAYS):
            raise StopValidation(f"Enter a number of days from 0 to {MOST_DAYS}")

    def validate_at(self, field: TimeInput) -> None:
        """Want a time of day where days are chosen, and nothing else where they are not."""
        field.errors = []
        if self.how.data == DAYS_BEFORE and field.data is None:
            raise StopValidation("Enter a time, for example 6pm")

    def before(self) -> Before:
        """Return what was chosen."""
        if self.how.data == HOURS:
            return Before(hours=self.hours.data)
        at: Any = self.at.data
        return Before(days=self.days.data, at=at)


class WhoMightCome(WhoComes):
    """The same in an address: it only asks, so it needs no token."""

    class Meta:  # noqa: D106
        csrf = False


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _bookmark(typed: str) -> tuple[datetime, UUID] | None:
    seconds, _, session_id = typed.partition(".")
    try:
        return datetime.fromtimestamp(int(seconds), UTC), UUID(session_id)
    except (ValueError, OverflowError, OSError):
        return None
