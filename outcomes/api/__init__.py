"""Questionnaires for machines: the same verbs as the pages. Answers are never told, but what an alert is about."""

from outcomes.api import alerts, askings, change_rules, instruments, sheets, wordings
from outcomes.api.door import blueprint

__all__ = ["alerts", "askings", "blueprint", "change_rules", "instruments", "sheets", "wordings"]
