"""Programmes, in the background."""

from programmes.jobs import asking, running

__all__ = ["asking", "running"]
