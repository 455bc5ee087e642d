"""What somebody asks to be compared."""

from datetime import date
from typing import Any

from wtforms import SelectField
from wtforms.validators import ValidationError

from hubs.terms import ActivityKind
from kernel import prose
from kernel.web.forms import Question, choices
from reports import rules
from reports.terms import AgeBand


class ComparisonForm(Question):
    first = SelectField("From", default="")
    last = SelectField("To", default="")
    hub = SelectField("Hub", default="")
    kind = SelectField(
        "Kind of activity", default="", choices=choices([("", "All kinds"), *ActivityKind.choices()])
    )
    band = SelectField("Age of child", default="", choices=choices([("", "All ages"), *AgeBand.choices()]))

    def __init__(
        self, *args: Any, hubs: list[tuple[Any, str]], earliest: date, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        until = rules.month_of(today)
        months = [(m.isoformat(), prose.month(m)) for m in rules.months_between(earliest, until)]
        self.first.choices = self.last.choices = choices(months[::-1])
        self.hub.choices = choices([("", "All hubs"), *((str(hub), name) for hub, name in hubs)])
        start = max(rules.month_of(earliest), date(until.year - 1, until.month, 1))
        self.first.data = self.first.data or start.isoformat()
        self.last.data = self.last.data or until.isoformat()

    def validate_last(self, field: Any) -> None:
        """The months are in order and not too many."""
        if self.first.errors or field.errors:
            return
        if field.data < self.first.data:
            raise ValidationError("The last month must not be before the first")
        if (
            len(rules.months_between(date.fromisoformat(self.first.data), date.fromisoformat(field.data)))
            > rules.MOST_MONTHS
        ):
            raise ValidationError(f"Choose {rules.MOST_MONTHS} months or fewer")
