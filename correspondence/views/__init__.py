"""The pages of what goes between a council and its families."""

from correspondence.views import announcements, history, inbox
from correspondence.views.door import blueprint

__all__ = ["announcements", "blueprint", "history", "inbox"]
