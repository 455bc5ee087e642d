"""Those who take part, as staff see them: who waits for a course, who is on one, and how they came there."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from accounts.models import Account
from accounts.queries import Person as SignedIn
from families.models import Person
from hubs.models import Hub
from hubs.queries import hub_ids_seen_by
from kernel.clock import today
from kernel.db import db
from programmes.models import Course, Dose, Participation, Programme, Step
from programmes.queries.sight import seen_by
from programmes.terms import COUNTS, LIVE, CourseStanding, Standing

FIRST = (Standing.STARTED, Standing.BOOKED, Standing.OFFERED, Standing.REFERRED, Standing.COMPLETED)
Partner, Child = aliased(Person), aliased(Person)
MOST_STEPS = 100


def waiting(person: SignedIn, programme_id: UUID | None = None) -> Select[*tuple[Any, ...]]:
    """Return the statement for those who are referred and have no place yet, the oldest first.

    Columns: id, referred_at, source, hub, programme, given_name, family_name, course.
    """
    wanted = (
        select(
            Participation.id, Participation.referred_at, Participation.source, Hub.name.label("hub"),
            Programme.name.label("programme"), Person.given_name, Person.family_name, Course.title.label("course"),
        )
        .join(Person, Person.id == Participation.person_id)
        .join(Programme, Programme.id == Participation.programme_id)
        .outerjoin(Course, Course.id == Participation.course_id)
        .outerjoin(Hub, Hub.id == Participation.hub_id)
        .where(Participation.standing == Standing.REFERRED, _seen(person))
        .order_by(Participation.referred_at, Participation.id)
    )  # fmt: skip
    return wanted.where(Participation.programme_id == programme_id) if programme_id else wanted


def _seen(person: SignedIn) -> ColumnElement[bool]:
    """Return the condition of ``sight.find_participation``: by course, or else by the hub where they would come."""
    hub_ids = hub_ids_seen_by(person)
    if hub_ids is None:
        return Participation.id.is_not(None)
    by_course = Participation.course_id.in_(select(Course.id).where(seen_by(person)))
    by_hub = Participation.course_id.is_(None) & or_(
        Participation.hub_id.is_(None), Participation.hub_id.in_(hub_ids)
    )
    return by_course | by_hub


def on_course(course_id: UUID, *, over: bool = False) -> Select[*tuple[Any, ...]]:
    """Return the statement for those on a course, or for those who left it, those who started first.

    Columns: id, standing, source, referred_at, started_at, offer_until, creche_children, interpreter, has_needs,
    has_reason, given_name, family_name, household_id, partner, child, dose.
    """
    dose = (
        select(func.count(Dose.id))
        .where(Dose.participation_id == Participation.id, Dose.presence.in_(COUNTS))
        .correlate(Participation)
        .scalar_subquery()
    )
    place = case(
        {standing: number for number, standing in enumerate(FIRST)}, value=Participation.standing, else_=9
    )
    here = (*LIVE, Standing.COMPLETED)
    return (
        select(
            Participation.id, Participation.standing, Participation.source, Participation.referred_at,
            Participation.started_at, Participation.offer_until, Participation.creche_children,
            Participation.interpreter, Participation.access_needs.is_not(None).label("has_needs"),
            Participation.reason.is_not(None).label("has_reason"), Person.given_name, Person.family_name,
            Participation.household_id, Partner.given_name.label("partner"), Child.given_name.label("child"),
            dose.label("dose"),
        )
        .join(Person, Person.id == Participation.person_id)
        .outerjoin(Partner, Partner.id == Participation.partner_id)
        .outerjoin(Child, Child.id == Participation.child_id)
        .where(
            Participation.course_id == course_id,
            Participation.standing.not_in(here) if over else Participation.standing.in_(here),
        )
        .order_by(place, Person.family_name_key, Person.name_key, Participation.id)
    )  # fmt: skip


def steps_of(participation_id: UUID) -> Sequence[Any]:
    """Return how somebody came to stand where they stand: standing, taken_at, who, has_why."""
    return db.execute(
        select(
            Step.standing, Step.taken_at, Account.name.label("who"), Step.why.is_not(None).label("has_why")
        )
        .outerjoin(Account, Account.id == Step.taken_by)
        .where(Step.participation_id == participation_id)
        .order_by(Step.taken_at, Step.id)
        .limit(MOST_STEPS)
    ).all()


def reasons_of(participation_id: UUID) -> Sequence[Step]:
    """Return the steps for which somebody said why. Showing them is logged."""
    told = select(Step).where(Step.participation_id == participation_id, Step.why.is_not(None))
    return db.scalars(told.order_by(Step.taken_at, Step.id).limit(MOST_STEPS)).all()


def open_courses(programme_id: UUID, person: SignedIn) -> Sequence[Course]:
    """Return the open courses of a programme that somebody of staff sees, the next first."""
    return db.scalars(
        select(Course)
        .where(
            Course.programme_id == programme_id,
            Course.standing == CourseStanding.OPEN,
            Course.last_date >= today(),
            seen_by(person),
        )
        .options(joinedload(Course.hub), joinedload(Course.edition))
        .order_by(Course.first_date, Course.id)
        .limit(100)
    ).all()


def names(person_ids: Collection[UUID | None]) -> dict[UUID, str]:
    """Return the names of these people."""
    wanted = [person_id for person_id in person_ids if person_id]
    rows = db.execute(select(Person.id, Person.given_name, Person.family_name).where(Person.id.in_(wanted)))
    return {row.id: f"{row.given_name} {row.family_name}".strip() for row in rows}
