"""The pages about messages."""

from messaging.views import channels, choosing, notify, queues, wordings
from messaging.views.door import blueprint

__all__ = ["blueprint", "channels", "choosing", "notify", "queues", "wordings"]
