"""Programmes, their editions, courses, those who take part, and how each contact went."""

from programmes.models.contacts import Dose, Slot, Task
from programmes.models.courses import Course, CourseContact, Facilitator
from programmes.models.offer import Accreditation, Edition, EditionContact, Programme
from programmes.models.people import Interest, Participation, Step

__all__ = [
    "Accreditation",
    "Course",
    "CourseContact",
    "Dose",
    "Edition",
    "EditionContact",
    "Facilitator",
    "Interest",
    "Participation",
    "Programme",
    "Slot",
    "Step",
    "Task",
]
