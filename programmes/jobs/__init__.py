"""Programmes, in the background."""

from programmes.jobs import asking, letters, openings, running

__all__ = ["asking", "letters", "openings", "running"]
