"""What those on a course were asked, and who of them must be looked after."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from families.models import Person
from kernel.db import db
from outcomes import queries as outcomes
from outcomes.models import RiskAlert
from programmes.models import Participation

MOST = 500


def alerts_of_course(course_id: UUID) -> Sequence[tuple[RiskAlert, str]]:
    """Return the alerts about those on a course that nobody has seen to, each with the name of whom it is about."""
    on_it = select(Participation.id).where(Participation.course_id == course_id)
    about_ids = db.scalars(on_it.order_by(Participation.id).limit(MOST)).all()
    alerts = outcomes.open_alerts(about_ids) if about_ids else []
    names = names_of([alert.asking.respondent_id for alert in alerts])
    return [(alert, names[alert.asking.respondent_id]) for alert in alerts]


def names_of(person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what these people are called, in one statement."""
    if not person_ids:
        return {}
    wanted = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).limit(MOST)
    return {person.id: person.name for person in db.scalars(wanted)}
