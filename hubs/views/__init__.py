"""The pages of hubs, of the timetable and of their management."""

from hubs.views import activities, entries, imports, places, public, sessions, timetable
from hubs.views.door import blueprint

__all__ = ["activities", "blueprint", "entries", "imports", "places", "public", "sessions", "timetable"]
