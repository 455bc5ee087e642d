"""Programmes, in the background."""

from programmes.jobs import answers, asking, dates, letters, openings, running

__all__ = ["answers", "asking", "dates", "letters", "openings", "running"]
