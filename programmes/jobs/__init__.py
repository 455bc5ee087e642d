"""Programmes, in the background."""

from programmes.jobs import asking, letters, running

__all__ = ["asking", "letters", "running"]
