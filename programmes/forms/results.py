"""What somebody asks to know of programmes."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import SelectField
from wtforms.validators import ValidationError

from kernel import prose
from kernel.web.forms import Question, choices

MOST_MONTHS = 36


class ResultsForm(Question):
    """Which courses are counted."""

    first = SelectField("Courses that ended from", default="")
    last = SelectField("To", default="")
    hub = SelectField("Hub", default="")
    programme = SelectField("Programme", default="")

    def __init__(
        self,
        *args: Any,
        hubs: Sequence[tuple[UUID, str]],
        programmes: Sequence[tuple[UUID, str]],
        earliest: date,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        until = today.replace(day=1)
        start = min(earliest, today).replace(day=1)
        months = [(month.isoformat(), prose.month(month)) for month in _months(start, until)]
        self.first.choices = self.last.choices = choices(months[::-1])
        self.hub.choices = choices([("", "All hubs"), *((str(hub), name) for hub, name in hubs)])
        self.programme.choices = choices(
            [("", "All programmes"), *((str(programme), name) for programme, name in programmes)]
        )
        self.first.data = self.first.data or max(start, date(until.year - 1, until.month, 1)).isoformat()
        self.last.data = self.last.data or until.isoformat()

    def validate_last(self, field: Any) -> None:
        """The months are in order and not too many."""
        if self.first.errors or field.errors:
            return
        if field.data < self.first.data:
            raise ValidationError("The last month must not be before the first")
        if len(_months(self.from_month, self.to_month)) > MOST_MONTHS:
            raise ValidationError(f"Choose {MOST_MONTHS} months or fewer")

    @property
    def from_month(self) -> date:
        """Return the first day of the first month."""
        return date.fromisoformat(self.first.data)

    @property
    def to_month(self) -> date:
        """Return the first day of the last month."""
        return date.fromisoformat(self.last.data)

    @property
    def end(self) -> date:
        """Return the first day that is no longer counted."""
        return _next(self.to_month)

    @property
    def hub_id(self) -> UUID | None:
        """Return the hub that is chosen, or None for all."""
        return UUID(self.hub.data) if self.hub.data else None

    @property
    def programme_id(self) -> UUID | None:
        """Return the programme that is chosen, or None for all."""
        return UUID(self.programme.data) if self.programme.data else None


def _months(first: date, last: date) -> list[date]:
    months = []
    while first <= last:
        months.append(first)
        first = _next(first)
    return months


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
