"""Forms of hubs, of what they offer and of the timetable."""

from hubs.forms.offers import ActivityForm
from hubs.forms.places import HubForm, OpeningForm, RoomForm, TeamForm
from hubs.forms.timetable import (
    BecauseForm,
    EndForm,
    EntryForm,
    MoveForm,
    PlacesForm,
    PlanForm,
    Repeats,
    ScopeForm,
    SessionForm,
    ShiftForm,
    as_moved,
    as_repeated,
)

__all__ = [
    "ActivityForm",
    "BecauseForm",
    "EndForm",
    "EntryForm",
    "HubForm",
    "MoveForm",
    "OpeningForm",
    "PlacesForm",
    "PlanForm",
    "Repeats",
    "RoomForm",
    "ScopeForm",
    "SessionForm",
    "ShiftForm",
    "TeamForm",
    "as_moved",
    "as_repeated",
]
