"""Coming to stand elsewhere: the only code that writes where somebody stands."""

from datetime import datetime

from kernel.clock import now
from kernel.db import actor, db
from kernel.journal import record
from programmes import rules
from programmes.errors import CannotMove
from programmes.events import ParticipationMoved
from programmes.models import Participation, Step
from programmes.terms import Standing

STAMPS = {
    Standing.REFERRED: "referred_at",
    Standing.OFFERED: "offered_at",
    Standing.BOOKED: "booked_at",
    Standing.STARTED: "started_at",
}


def begin(participation: Participation, why: str = "") -> Participation:
    """Keep somebody who is new, standing where the row says."""
    db.add(participation)
    db.flush()
    _step(participation, why, participation.referred_at)
    return participation


def move(participation: Participation, to: Standing, why: str = "") -> None:
    """Let somebody stand elsewhere, and keep who said so, when and why; CannotMove when that is impossible."""
    if participation.standing == to:
        return
    if not rules.may_move(participation.standing, to):
        raise CannotMove
    at = now()
    going_back = participation.standing in (Standing.STARTED, Standing.COMPLETED, Standing.DROPPED_OUT)
    participation.standing = to
    if stamp := STAMPS.get(to):
        if not (going_back and getattr(participation, stamp)):
            setattr(participation, stamp, at)
        participation.ended_at = None
    else:
        participation.ended_at = at
    db.flush()
    _step(participation, why, at)


def _step(participation: Participation, why: str, at: datetime) -> None:
    db.add(
        Step(
            participation_id=participation.id,
            standing=participation.standing,
            taken_at=at,
            taken_by=actor(),
            why=why or None,
        )
    )
    db.flush()
    record(
        ParticipationMoved(
            subject=participation.id,
            standing=participation.standing.value,
            course=participation.course_id,
        )
    )
