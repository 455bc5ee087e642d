"""Coming to a course and leaving it: referred, offered, booked, withdrawn, dropped out, moved elsewhere."""

from uuid import UUID

from programmes.models import Participation
from programmes.terms import Source


def refer(
    *, programme_id: UUID, household_id: UUID, person_id: UUID, source: Source, referred_by: str = "",
    reason: str = "", course_id: UUID | None = None, hub_id: UUID | None = None, child_id: UUID | None = None,
    partner_id: UUID | None = None,
) -> Participation:  # fmt: skip
    """Keep a referral of somebody to a programme, or to one of its courses."""
    raise NotImplementedError


def offer(participation: Participation, course_id: UUID) -> None:
    """Offer somebody a place on a course, and keep it for them for a week."""
    raise NotImplementedError


def accept(participation: Participation) -> None:
    """Take up the place that is offered."""
    raise NotImplementedError


def decline(participation: Participation, why: str = "") -> None:
    """Turn the place or the referral down."""
    raise NotImplementedError


def book(
    *, course_id: UUID, household_id: UUID, person_id: UUID, child_id: UUID | None = None,
    partner_id: UUID | None = None, creche_children: int = 0, interpreter: str = "", access_needs: str = "",
) -> Participation:  # fmt: skip
    """Give somebody a place on a course and at all its group sessions to come."""
    raise NotImplementedError


def withdraw(participation: Participation, why: str) -> None:
    """Leave a course before it started for them."""
    raise NotImplementedError


def drop_out(participation: Participation, why: str) -> None:
    """Leave a course after it started for them."""
    raise NotImplementedError


def transfer(participation: Participation, course_id: UUID, why: str) -> Participation:
    """Move somebody to another course of the same programme; what they attended counts there."""
    raise NotImplementedError


def complete(participation: Participation) -> None:
    """Say that somebody completed the course."""
    raise NotImplementedError
