"""Programmes, in the background."""

from programmes.jobs import asking, dates, letters, openings, running

__all__ = ["asking", "dates", "letters", "openings", "running"]
