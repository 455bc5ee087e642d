"""The pages of questionnaires."""

from outcomes.views import alerts, answering, change_rules, instruments, room
from outcomes.views.door import blueprint

__all__ = ["alerts", "answering", "blueprint", "change_rules", "instruments", "room"]
