"""Correspondence for machines: the same verbs as the pages."""

from correspondence.api import announcements, choices, history
from correspondence.api.door import blueprint

__all__ = ["announcements", "blueprint", "choices", "history"]
