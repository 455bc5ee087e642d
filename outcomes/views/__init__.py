"""The pages of questionnaires."""

from outcomes.views import alerts, answering, instruments, room
from outcomes.views.door import blueprint

__all__ = ["alerts", "answering", "blueprint", "instruments", "room"]
