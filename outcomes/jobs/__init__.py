"""Questionnaires, in the background."""

from outcomes.jobs import lapsing, letters

__all__ = ["lapsing", "letters"]
