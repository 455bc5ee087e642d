"""What somebody asks to know of programmes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import SelectField

from kernel.web.forms import Question, choices
from programmes.rules.periods import Period


class ResultsForm(Question):
    """Which courses are counted."""

    period = SelectField("Courses that ended in", default="")
    hub = SelectField("Hub", default="")
    programme = SelectField("Programme", default="")

    def __init__(
        self,
        *args: Any,
        periods: Sequence[Period],
        hubs: Sequence[tuple[UUID, str]],
        programmes: Sequence[tuple[UUID, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.periods = {period.code: period for period in periods}
        self.period.choices = choices((period.code, period.name.partition(" (")[0]) for period in periods)
        self.hub.choices = choices([("", "All hubs"), *((str(hub), name) for hub, name in hubs)])
        self.programme.choices = choices(
            [("", "All programmes"), *((str(programme), name) for programme, name in programmes)]
        )
        self.period.data = self.period.data or periods[0].code

    @property
    def chosen(self) -> Period:
        """Return the term or school year that is told of."""
        return self.periods[self.period.data]

    @property
    def hub_id(self) -> UUID | None:
        """Return the hub that is chosen, or None for all."""
        return UUID(self.hub.data) if self.hub.data else None

    @property
    def programme_id(self) -> UUID | None:
        """Return the programme that is chosen, or None for all."""
        return UUID(self.programme.data) if self.programme.data else None
