"""The pages of what goes between a council and its families."""

from correspondence.views import addresses, announcements, history, inbox
from correspondence.views.door import blueprint

__all__ = ["addresses", "announcements", "blueprint", "history", "inbox"]
