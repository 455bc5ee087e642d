"""Times at which facilitators can ring, visit or meet one participant, and who picked them."""

from datetime import date, time
from uuid import UUID

from programmes.models import CourseContact, Participation, Slot


def offer_slots(
    contact: CourseContact, account_id: UUID, *, day: date, starts: time, minutes: int, number: int, gap: int = 0
) -> list[Slot]:  # fmt: skip
    """Offer times one after another on a day."""
    raise NotImplementedError


def pick(slot: Slot, participation: Participation) -> None:
    """Take a time for somebody, instead of any other that they picked for the same contact."""
    raise NotImplementedError


def let_go(slot: Slot) -> None:
    """Make a time free again; a free one stays free."""
    raise NotImplementedError
