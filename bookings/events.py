"""What happens to bookings. The subject is the booking."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class BookingMade(Happening):
    """A party has a place; ``channel`` says how it was booked."""

    session: UUID
    household: UUID
    channel: str


@dataclass(frozen=True, kw_only=True)
class PlaceHeld(Happening):
    """A place is kept for a party for some minutes."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class WaitingListJoined(Happening):
    """A party began to wait."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceOffered(Happening):
    """A place became free and is kept for the party whose turn it is."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class BookingConfirmed(Happening):
    """A place that was held or offered was taken up."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class BookingLapsed(Happening):
    """A place that was held or offered was not taken up in time."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Happening):
    """A place, or the wait for one, was given up."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class BookingChanged(Happening):
    """Other people of the family come instead; the subject is the new booking."""

    session: UUID
    household: UUID
    replaces: UUID


@dataclass(frozen=True, kw_only=True)
class ComingSaid(Happening):
    """A family that was reminded said that it is coming."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class ApologyGiven(Happening):
    """A family that was reminded gave its place up: it sent apologies, and is not one that did not come."""

    session: UUID
    household: UUID


@dataclass(frozen=True, kw_only=True)
class RemindersChanged(Happening):
    """A council reminds families of sessions of a kind, or all others, at other hours. The subject is the council."""

    kind: str
