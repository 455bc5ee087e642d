"""Programmes, courses and those who take part, for machines: the same verbs as the pages."""

from programmes.api import (
    accreditations,
    contacts,
    course_results,
    courses,
    making_up,
    moving,
    participations,
    programmes,
    results,
    slots,
    standing,
    taking_home,
    tasks,
    told,
)
from programmes.api.door import blueprint

__all__ = [
    "accreditations", "blueprint", "contacts", "course_results", "courses", "making_up", "moving", "participations",
    "programmes", "results", "slots", "standing", "taking_home", "tasks", "told",
]  # fmt: skip
