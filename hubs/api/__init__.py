"""Hubs, activities, sessions and the timetable for machines: the same verbs as the pages."""

from hubs.api import places, timetable
from hubs.api.door import blueprint

__all__ = ["blueprint", "places", "timetable"]
