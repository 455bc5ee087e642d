"""The pages about messages."""

from messaging.views.door import blueprint

__all__ = ["blueprint"]
