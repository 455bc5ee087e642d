"""What somebody who was moved from another course was asked there: it counts here, and is not asked again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from kernel.db import db
from outcomes import queries as outcomes
from outcomes import service as asking
from outcomes.terms import AskingStanding, Occasion
from programmes.models import Participation
from programmes.terms import Standing

MOST_MOVES = 10


def answered_before(participation: Participation) -> set[tuple[str, UUID]]:
    """Return the instruments that were answered before the course from which somebody was moved, and by whom."""
    return {
        (one.instrument, one.respondent_id)
        for one in outcomes.askings_of(came_from(participation))
        if one.occasion == Occasion.BEFORE and one.standing == AskingStanding.ANSWERED
    }


def carry_goals(participation: Participation) -> None:
    """Let the goals that each of them set on the course from which they were moved be theirs on this one."""
    for earlier in came_from(participation):
        people = (participation.person_id, participation.partner_id, participation.child_id)
        for person_id in filter(None, people):
            goals = outcomes.goals_of(earlier, person_id)
            if goals and not outcomes.goals_of(participation.id, person_id):
                asking.set_goals(participation.id, person_id, list(goals.values()))


def came_from(participation: Participation) -> Sequence[UUID]:
    """Return the participations from which somebody was moved to this one, the latest first."""
    found: list[UUID] = []
    to = [participation.id]
    while to and len(found) < MOST_MOVES:
        # While somebody is being moved, the course that they leave does not say yet where they go.
        here = Participation.transferred_to_id.in_(to)
        moving = or_(here, Participation.transferred_to_id.is_(None)) if not found else here
        earlier = select(Participation.id).where(
            Participation.programme_id == participation.programme_id,
            Participation.person_id == participation.person_id,
            Participation.standing == Standing.TRANSFERRED,
            Participation.id.not_in([participation.id, *found]),
            moving,
        )
        to = list(db.scalars(earlier.order_by(Participation.id.desc()).limit(MOST_MOVES)))
        found += to
    return found
