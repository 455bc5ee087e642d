"""Promises of correspondence, and who keeps them."""

from correspondence.jobs import announcements

__all__ = ["announcements"]
