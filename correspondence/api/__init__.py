"""Correspondence for machines: the same verbs as the pages."""

from correspondence.api.door import blueprint

__all__ = ["blueprint"]
