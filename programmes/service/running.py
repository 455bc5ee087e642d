"""What is said while a course runs: who had a contact, what it covered, and that the course is over."""

from collections.abc import Collection
from uuid import UUID

from programmes.models import Course, CourseContact, Dose, Participation
from programmes.terms import Presence


def say(
    participation: Participation,
    contact: CourseContact,
    presence: Presence | None,
    made_up_at: CourseContact | None = None,
) -> Dose | None:
    """Say whether somebody had a contact; None takes back what was said. Group contacts go through the register."""
    raise NotImplementedError


def cover(
    contact: CourseContact, *, covered: Collection[int], minutes: int | None = None, notes: str = ""
) -> None:
    """Keep what a contact covered: the lines of its checklist from 0, how long it took, and notes."""
    raise NotImplementedError


def plan_make_up(participation: Participation, contact: CourseContact, other_contact: CourseContact) -> Dose:
    """Book somebody into the session of a parallel group, where they make up a contact that they miss here."""
    raise NotImplementedError


def end_course(course: Course) -> None:
    """End a course: everybody who started has completed it or dropped out, the others withdrew."""
    raise NotImplementedError


def end_those_over() -> list[UUID]:
    """End the courses whose last contact was over two weeks ago, and return which."""
    raise NotImplementedError
