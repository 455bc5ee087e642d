"""Messages for machines: the same verbs as the pages."""

from messaging.api import wordings
from messaging.api.door import blueprint

__all__ = ["blueprint", "wordings"]
