"""Programmes, courses and those who take part, for machines: the same verbs as the pages."""

from programmes.api import courses, moving, participations, programmes, results, slots
from programmes.api.door import blueprint

__all__ = ["blueprint", "courses", "moving", "participations", "programmes", "results", "slots"]
