"""What was asked of whom, what it came to, and who must be looked after."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.queries import Person as SignedIn
from kernel.db import db, find
from kernel.errors import NotFound
from outcomes.models import Asking, Goal, RiskAlert, Score
from outcomes.queries.instruments import find_instrument
from outcomes.queries.sights import may_see
from outcomes.rules import Item
from outcomes.terms import OPEN

MOST = 5000
GOALS = "goals"
"""The instrument whose items are the goals that somebody set."""


def askings_of(about_ids: Collection[UUID]) -> Sequence[Asking]:
    """Return everything that was asked about these, in the order in which it opened."""
    asked = select(Asking).where(Asking.about_id.in_(about_ids))
    return db.scalars(asked.order_by(Asking.opens_at, Asking.instrument, Asking.id).limit(MOST)).all()


def scores_of(about_ids: Collection[UUID]) -> Sequence[tuple[Asking, Score]]:
    """Return the scores of what was answered about these, each with what was asked."""
    wanted = (
        select(Asking, Score).join(Score, Score.asking_id == Asking.id).where(Asking.about_id.in_(about_ids))
    )
    ordered = wanted.order_by(Asking.opens_at, Asking.instrument, Asking.id, Score.scale).limit(MOST * 5)
    return [(asking, score) for asking, score in db.execute(ordered)]


def find_asking(asking_id: UUID, *, seen: SignedIn) -> Asking:
    """Return what was asked, for somebody of staff who sees it, or raise NotFound."""
    asking = find(Asking, asking_id)
    if not may_see(seen, asking.about_id):
        raise NotFound("asking")
    return asking


def beside(asking: Asking) -> Sequence[Asking]:
    """Return what else is asked of the same person about the same on the same occasion, and this, oldest first."""
    same = select(Asking).where(
        Asking.about_id == asking.about_id,
        Asking.respondent_id == asking.respondent_id,
        Asking.occasion == asking.occasion,
    )
    return db.scalars(same.order_by(Asking.opens_at, Asking.instrument, Asking.id).limit(20)).all()


def is_open(asking: Asking, *, now: datetime) -> bool:
    """Say whether a questionnaire can be answered at this moment."""
    return asking.standing in OPEN and asking.opens_at <= now < asking.closes_at


def items_of(asking: Asking) -> Sequence[Item]:
    """Return the items that somebody is asked: all, or one for each of their goals."""
    items = find_instrument(asking.instrument).items
    if asking.instrument != GOALS:
        return items
    return items[: len(goals_of(asking.about_id, asking.respondent_id))]


def answers_of(asking: Asking) -> dict[int, int | None]:
    """Return the answers that were saved, by the number of the item; None where somebody would rather not say."""
    return {int(number): value for number, value in json.loads(asking.answers or "{}").items()}


def goals_of(about_id: UUID, person_id: UUID) -> Mapping[int, str]:
    """Return the goals that somebody set, by their number."""
    own = select(Goal).where(Goal.about_id == about_id, Goal.person_id == person_id)
    return {goal.number: goal.words for goal in db.scalars(own.order_by(Goal.number).limit(20))}


def open_alerts(about_ids: Collection[UUID]) -> Sequence[RiskAlert]:
    """Return the alerts about these that nobody has seen to, the oldest first."""
    waiting = (
        select(RiskAlert)
        .where(RiskAlert.about_id.in_(about_ids), RiskAlert.settled_at.is_(None))
        .options(joinedload(RiskAlert.asking))
    )
    return db.scalars(waiting.order_by(RiskAlert.raised_at, RiskAlert.id).limit(500)).all()


def alerts_of_asking(asking_id: UUID) -> Sequence[RiskAlert]:
    """Return the alerts that answers to one questionnaire raised."""
    raised = select(RiskAlert).where(RiskAlert.asking_id == asking_id)
    return db.scalars(raised.order_by(RiskAlert.raised_at, RiskAlert.id).limit(100)).all()


def find_alert(alert_id: UUID, *, seen: SignedIn) -> RiskAlert:
    """Return an alert for somebody of staff who sees it, or raise NotFound."""
    alert = find(RiskAlert, alert_id)
    if not may_see(seen, alert.about_id):
        raise NotFound("alert")
    return alert
