"""Decisions about programmes, courses and those who take part. Pure."""

from programmes.rules.dose import (
    Known,
    about_to_drop_out,
    completed,
    dose,
    has_started,
    missed_in_a_row,
    missed_lately,
    presence_of,
    tasks_wanted,
)
from programmes.rules.layout import Layout, last_day, lay_out, weeks_needed
from programmes.rules.shipped import CONCERNS, INSTRUMENTS, Template, problems_of, templates
from programmes.rules.standing import AFTER, may_move

__all__ = [
    "AFTER",
    "CONCERNS",
    "INSTRUMENTS",
    "Known",
    "Layout",
    "Template",
    "about_to_drop_out",
    "completed",
    "dose",
    "has_started",
    "last_day",
    "lay_out",
    "may_move",
    "missed_in_a_row",
    "missed_lately",
    "presence_of",
    "problems_of",
    "tasks_wanted",
    "templates",
    "weeks_needed",
]
