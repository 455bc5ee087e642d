"""The words of correspondence."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.words import Word


class AnnouncementStanding(Word):
    """How far an announcement has come."""

    DRAFT = "draft", "Draft"
    ASKED = "asked", "Waits for a second person"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    STOPPED = "stopped", "Stopped"


class Audience(Word):
    """Who an announcement is for."""

    BOOKED = "booked", "Families with a booking at a hub"
    CHILDREN = "children", "Families with a child of a certain age"
    HUB = "hub", "Families known at a hub"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """For whom an announcement is: an audience, and what narrows it."""

    audience: Audience
    hub_id: UUID | None = None
    """The hub; none asks for those of every hub."""
    first: date | None = None
    last: date | None = None
    """The days between which they have a booking, both included."""
    from_months: int = 0
    to_months: int = 0
    """The ages of the child; the last month counts."""
    expected: bool = False
    """Whether those who expect a baby are wanted, too."""
    district: str = ""
    """Where the child lives: the first part of a postcode, such as ``YO30``."""
