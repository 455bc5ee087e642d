"""The pages about messages."""

from messaging.views import choosing, queues
from messaging.views.door import blueprint

__all__ = ["blueprint", "choosing", "queues"]
