"""Those who would like to know of the next course of a programme, and that they are told when one opens."""

from uuid import UUID

from sqlalchemy import select, update

from families.models import Person
from families.terms import PersonKind
from kernel.clock import now, today
from kernel.db import db, find
from kernel.errors import NotFound, Unacceptable
from kernel.journal import on, record
from kernel.outbox import promise
from programmes.events import CourseChanged, CourseSetUp, InterestShown
from programmes.models import Course, Interest, Programme
from programmes.rules import joining as rules
from programmes.terms import CourseStanding


def show_interest(programme_id: UUID, household_id: UUID, person_id: UUID) -> Interest:
    """Keep that somebody would like to be told; asking again changes nothing."""
    programme, person = find(Programme, programme_id), find(Person, person_id, lock=True)
    if programme.ended_at:
        raise Unacceptable(f"{programme.name} is no longer offered.")
    if person.kind != PersonKind.CARER or person.left_at or person.household_id != household_id:
        raise NotFound("person")
    if shown := interest_of(programme_id, person_id):
        return shown
    interest = Interest(
        programme_id=programme_id, household_id=household_id, person_id=person_id, since=now()
    )
    db.add(interest)
    db.flush()
    record(InterestShown(subject=interest.id, programme=programme_id))
    return interest


def leave(interest: Interest) -> None:
    """Take somebody off the list; asking again changes nothing."""
    interest.left_at = interest.left_at or now()
    db.flush()


def no_longer(programme_id: UUID, person_id: UUID) -> None:
    """Take somebody off the list who has a place now."""
    db.execute(
        update(Interest)
        .where(
            Interest.programme_id == programme_id, Interest.person_id == person_id, Interest.left_at.is_(None)
        )
        .values(left_at=now())
    )


def interest_of(programme_id: UUID, person_id: UUID) -> Interest | None:
    """Return the interest that somebody shows in a programme, if they do."""
    return db.scalar(
        select(Interest).where(
            Interest.programme_id == programme_id, Interest.person_id == person_id, Interest.left_at.is_(None)
        )
    )


def is_news(course: Course) -> bool:
    """Say whether those who are interested are told of a course: families book it, and it is still to come."""
    open_now = course.standing == CourseStanding.OPEN and rules.families_book(course.way_in)
    return open_now and course.first_date > today()


@on(CourseSetUp)
def tell_of_new(happening: CourseSetUp) -> None:
    """Promise that those who are interested are told of a new course."""
    _tell(happening.subject)


@on(CourseChanged)
def tell_of_opened(happening: CourseChanged) -> None:
    """Promise it too for a course that opens later than it was set up. Each course is told of once."""
    _tell(happening.subject)


def _tell(course_id: UUID) -> None:
    if is_news(find(Course, course_id)):
        promise("programme.course_opened", key=f"programme.course_opened:{course_id}", course_id=course_id)
