"""What somebody wants to be different, in their own words: what goal-based outcomes are measured against."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from kernel.db import db
from outcomes.errors import GoalsStand
from outcomes.models import Asking, Goal
from outcomes.queries import GOALS
from outcomes.terms import AskingStanding


def set_goals(about_id: UUID, person_id: UUID, words: Sequence[str]) -> None:
    """Keep somebody's goals in their order, instead of those before, unless these have been rated."""
    rated = select(func.count(Asking.id)).where(
        Asking.about_id == about_id,
        Asking.respondent_id == person_id,
        Asking.instrument == GOALS,
        Asking.standing == AskingStanding.ANSWERED,
    )
    if db.scalar(rated):
        raise GoalsStand
    db.execute(delete(Goal).where(Goal.about_id == about_id, Goal.person_id == person_id))
    wanted = [one.strip() for one in words if one.strip()]
    db.add_all(
        Goal(about_id=about_id, person_id=person_id, number=number, words=one)
        for number, one in enumerate(wanted, start=1)
    )
    db.flush()
