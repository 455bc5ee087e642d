"""The pages about messages."""

from messaging.views import choosing
from messaging.views.door import blueprint

__all__ = ["blueprint", "choosing"]
