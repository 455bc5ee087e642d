"""What happens to programmes and their courses."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class ProgrammeAdded(Happening):
    """A council offers another programme. The subject is the programme."""


@dataclass(frozen=True, kw_only=True)
class ProgrammeChanged(Happening):
    """What is said of a programme was changed. The subject is the programme."""


@dataclass(frozen=True, kw_only=True)
class EditionMade(Happening):
    """A programme is run another way from now on. The subject is the edition."""

    programme: UUID


@dataclass(frozen=True, kw_only=True)
class CourseSetUp(Happening):
    """A course was set up. The subject is the course."""

    programme: UUID


@dataclass(frozen=True, kw_only=True)
class CourseChanged(Happening):
    """A course was changed. The subject is the course."""


@dataclass(frozen=True, kw_only=True)
class CourseCalledOff(Happening):
    """A course does not take place. The subject is the course."""


@dataclass(frozen=True, kw_only=True)
class ContactDated(Happening):
    """A contact of a course has another day, or another week. The subject is the contact of the course."""

    course: UUID


@dataclass(frozen=True, kw_only=True)
class CourseEnded(Happening):
    """A course is over, and everybody on it has completed it or not. The subject is the course."""


@dataclass(frozen=True, kw_only=True)
class ParticipationMoved(Happening):
    """Somebody stands elsewhere: referred, offered, booked, started … The subject is the participation."""

    standing: str
    course: UUID | None


@dataclass(frozen=True, kw_only=True)
class PartnerChanged(Happening):
    """Somebody else, or nobody, shares somebody's place from now on. The subject is the participation."""

    partner: UUID | None


@dataclass(frozen=True, kw_only=True)
class NeedsChanged(Happening):
    """It was said anew what somebody needs who takes part. The subject is the participation."""


@dataclass(frozen=True, kw_only=True)
class InterestShown(Happening):
    """Somebody would like to know of the next course of a programme. The subject is the interest."""

    programme: UUID


@dataclass(frozen=True, kw_only=True)
class SlotPicked(Happening):
    """A parent picked a time for a call or visit. The subject is the participation."""

    slot: UUID


@dataclass(frozen=True, kw_only=True)
class SlotLetGo(Happening):
    """A time for a call or visit that somebody had picked is free again. The subject is the participation."""

    slot: UUID


@dataclass(frozen=True, kw_only=True)
class DoseSaid(Happening):
    """What is known of a participant and a contact changed. The subject is the participation."""

    contact: UUID
    presence: str


@dataclass(frozen=True, kw_only=True)
class ContactNoted(Happening):
    """The facilitator said what a contact covered. The subject is the contact of the course."""


@dataclass(frozen=True, kw_only=True)
class TaskDone(Happening):
    """Somebody was rung. The subject is the participation."""


@dataclass(frozen=True, kw_only=True)
class AccreditationNoted(Happening):
    """Somebody's accreditation was entered, changed or taken off. The subject is the accreditation."""
