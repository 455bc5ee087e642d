"""What courses do when something happens to the people on them, or to a course itself."""

from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from families.events import CarerMovedOut, HouseholdsMerged, PeopleMerged, PersonLeft
from kernel.clock import now
from kernel.db import db, find
from kernel.journal import on
from kernel.outbox import promise
from programmes.events import CourseCalledOff
from programmes.models import Interest, Participation
from programmes.queries import joining as queries
from programmes.service.leaving import forget_offer, free, leave
from programmes.service.partners import come_alone
from programmes.service.standing import move
from programmes.terms import LIVE, ON_THE_COURSE, Standing

TWICE = "The same person was on the course twice."
ORDER = (Standing.COMPLETED, Standing.STARTED, Standing.BOOKED, Standing.OFFERED, Standing.REFERRED)
"""Which of two participations of one person stays: the one that came furthest."""


@on(CourseCalledOff)
def end_all(happening: CourseCalledOff) -> None:
    """End the places of a course that does not take place; who was offered one or referred waits for another."""
    for participation in _live_on(happening.subject):
        if participation.standing in ON_THE_COURSE:
            _end(participation)
        else:
            forget_offer(participation)
            move(participation, Standing.REFERRED, "The course was called off.")
            participation.course_id = participation.offer_until = None
            db.flush()


def _end(participation: Participation) -> None:
    started = participation.standing == Standing.STARTED
    move(participation, Standing.DROPPED_OUT if started else Standing.WITHDRAWN, "The course was called off.")
    free(participation)
    promise(
        "course.called_off",
        key=f"course.called_off:{participation.id}",
        participation_id=participation.id,
    )


def _live_on(course_id: UUID) -> list[Participation]:
    live = select(Participation).where(Participation.course_id == course_id, Participation.standing.in_(LIVE))
    return list(db.scalars(live.order_by(Participation.id).with_for_update()).all())


@on(PersonLeft)
def let_leave(happening: PersonLeft) -> None:
    """End the courses of somebody who leaves a family, and take them off lists."""
    theirs = select(Participation).where(
        Participation.person_id == happening.subject, Participation.standing.in_(LIVE)
    )
    for participation in db.scalars(theirs.order_by(Participation.id)).all():
        leave(participation, "They left the family’s record.")
    shared = select(Participation).where(
        Participation.partner_id == happening.subject, Participation.standing.in_(LIVE)
    )
    for participation in db.scalars(shared.order_by(Participation.id)).all():
        come_alone(participation)
    db.execute(
        update(Interest)
        .where(Interest.person_id == happening.subject, Interest.left_at.is_(None))
        .values(left_at=now())
    )


@on(CarerMovedOut)
def move_along(happening: CarerMovedOut) -> None:
    """Let the courses of a carer who lives apart now belong to the new household."""
    for table in (Participation, Interest):
        db.execute(
            update(table)
            .where(table.person_id == happening.subject, table.household_id == happening.before)
            .values(household_id=happening.household)
        )


@on(HouseholdsMerged)
def rename_household(happening: HouseholdsMerged) -> None:
    """Give what a household that was merged has on courses to the one that stays."""
    for table in (Participation, Interest):
        db.execute(
            update(table).where(table.household_id == happening.gone).values(household_id=happening.subject)
        )


@on(PeopleMerged)
def rename_person(happening: PeopleMerged) -> None:
    """Give the courses of somebody with two records to the one that stays; of two places on a course one is ended."""
    stays, gone = happening.subject, happening.gone
    for one in _twice(stays, gone):
        _end_double(one, stays)
    db.flush()
    same = aliased(Interest)
    both = exists(
        select(same.id).where(
            same.programme_id == Interest.programme_id, same.person_id == stays, same.left_at.is_(None)
        )
    )
    db.execute(
        update(Interest)
        .where(Interest.person_id == gone, Interest.left_at.is_(None), both)
        .values(left_at=now())
        .execution_options(synchronize_session="fetch")
    )
    db.execute(update(Interest).where(Interest.person_id == gone).values(person_id=stays))
    for column in (Participation.person_id, Participation.partner_id, Participation.child_id):
        db.execute(update(Participation).where(column == gone).values({column.key: stays}))
    nobody_else = update(Participation).where(Participation.person_id == Participation.partner_id)
    db.execute(nobody_else.values(partner_id=None))


def _twice(stays: UUID, gone: UUID) -> list[Participation]:
    other = aliased(Participation)
    both = exists(
        select(other.id).where(
            other.programme_id == Participation.programme_id,
            other.person_id == stays,
            other.standing.in_(ORDER),
        )
    )
    live = select(Participation).where(
        Participation.person_id == gone, Participation.standing.in_(ORDER), both
    )
    return list(db.scalars(live.order_by(Participation.id)).all())


def _end_double(theirs: Participation, stays: UUID) -> None:
    """End the one of two participations in a programme that came less far, when both still count."""
    for kept in queries.counting_of(theirs.programme_id, stays):
        on_one_course = kept.course_id == theirs.course_id
        if not on_one_course and Standing.COMPLETED in (kept.standing, theirs.standing):
            continue
        first, second = sorted((kept, theirs), key=lambda one: (ORDER.index(one.standing), one.id))
        _close(find(Participation, second.id, lock=True), first)
        if second is theirs:
            return


def _close(double: Participation, kept: Participation) -> None:
    forget_offer(double)
    if double.standing in (Standing.REFERRED, Standing.OFFERED):
        move(double, Standing.WITHDRAWN, TWICE)
        return
    if double.standing == Standing.COMPLETED:
        move(double, Standing.STARTED, TWICE)
    move(double, Standing.TRANSFERRED, TWICE)
    double.transferred_to_id = kept.id
    db.flush()
    if double.course_id != kept.course_id:
        free(double)
