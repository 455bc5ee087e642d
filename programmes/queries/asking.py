"""What those on a course were asked, and who of them must be looked after."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.queries import Person as SignedIn
from families.models import Person
from kernel.db import db
from outcomes import queries as outcomes
from outcomes.models import RiskAlert
from programmes.models import Course, Participation
from programmes.queries.sight import seen_by

MOST = 500


def alerts_of_course(course_id: UUID) -> Sequence[tuple[RiskAlert, str]]:
    """Return the alerts about those on a course that nobody has seen to, each with the name of whom it is about."""
    on_it = select(Participation.id).where(Participation.course_id == course_id)
    about_ids = db.scalars(on_it.order_by(Participation.id).limit(MOST)).all()
    alerts = outcomes.open_alerts(about_ids) if about_ids else []
    names = names_of([alert.asking.respondent_id for alert in alerts])
    return [(alert, names[alert.asking.respondent_id]) for alert in alerts]


def courses_with_alerts(seen: SignedIn) -> Sequence[Any]:
    """Return the courses that somebody sees on which somebody must be looked after: id and title."""
    waiting = (
        select(Participation.course_id)
        .join(RiskAlert, RiskAlert.about_id == Participation.id)
        .where(RiskAlert.settled_at.is_(None))
    )
    worrying = select(Course.id, Course.title).where(seen_by(seen), Course.id.in_(waiting))
    return db.execute(worrying.order_by(Course.first_date, Course.title, Course.id).limit(MOST)).all()


def names_of(person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what these people are called, in one statement."""
    if not person_ids:
        return {}
    wanted = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).limit(MOST)
    return {person.id: person.name for person in db.scalars(wanted)}
