"""Questions about programmes, courses and those who take part."""

from programmes.queries.running import (
    concerned_by,
    find_course_contact,
    find_task,
    known_of,
    make_ups_planned,
    still_on,
    tasks_of,
)
from programmes.queries.sight import find_contact, find_course, find_participation, seen_by

__all__ = [
    "concerned_by",
    "find_contact",
    "find_course",
    "find_course_contact",
    "find_participation",
    "find_task",
    "known_of",
    "make_ups_planned",
    "seen_by",
    "still_on",
    "tasks_of",
]
