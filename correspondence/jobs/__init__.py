"""Promises of correspondence, and who keeps them."""

from correspondence.jobs import announcements, answers

__all__ = ["announcements", "answers"]
