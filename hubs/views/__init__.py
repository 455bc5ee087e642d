"""The pages of hubs, of the timetable and of their management."""

from hubs.views import activities, places, public
from hubs.views.door import blueprint

__all__ = ["activities", "blueprint", "places", "public"]
