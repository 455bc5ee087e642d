"""Forms of hubs, of what they offer and of the timetable."""

from hubs.forms.offers import ActivityForm
from hubs.forms.places import HubForm, OpeningForm, RoomForm, TeamForm

__all__ = ["ActivityForm", "HubForm", "OpeningForm", "RoomForm", "TeamForm"]
