"""What happens to families. Ids and plain words only: never a name, an address or what somebody needs."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class FamilyRegistered(Happening):
    """A household became known; ``entered`` says how."""

    entered: str


@dataclass(frozen=True, kw_only=True)
class RegistrationFinished(Happening):
    """What was left open at the door is complete."""


@dataclass(frozen=True, kw_only=True)
class FamilyMet(Happening):
    """A household is known at a hub from now on, because staff there say so."""

    hub: UUID
    because: str


@dataclass(frozen=True, kw_only=True)
class HouseholdMoved(Happening):
    """A household has another address."""


@dataclass(frozen=True, kw_only=True)
class CarerMovedOut(Happening):
    """A carer lives apart now, in a household of their own; the subject is the carer."""

    household: UUID
    before: UUID


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Happening):
    """A carer or child was added to a household; the subject is the person."""

    household: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Happening):
    """Something about a person changed; ``changed`` names what, not to what."""

    changed: str


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Happening):
    """A person was taken out of a household."""

    household: UUID


@dataclass(frozen=True, kw_only=True)
class BabyBorn(Happening):
    """A child who was awaited is born."""


@dataclass(frozen=True, kw_only=True)
class CaringChanged(Happening):
    """A carer is something else to a child than before; the subject is the child."""

    carer: UUID


@dataclass(frozen=True, kw_only=True)
class CaringEnded(Happening):
    """A carer does not look after a child any more; the subject is the child."""

    carer: UUID


@dataclass(frozen=True, kw_only=True)
class CareRecordChanged(Happening):
    """What must be known to look after a person changed."""


@dataclass(frozen=True, kw_only=True)
class ContactRulesChanged(Happening):
    """Something else must not be done when a person is reached; not what, and never why."""


@dataclass(frozen=True, kw_only=True)
class SafeguardingNoteWritten(Happening):
    """A note that few may read was written about a person."""

    note: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentAnswered(Happening):
    """A household agreed to something, or did not."""

    what: str
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class ContactsChanged(Happening):
    """A household has other people to ring in an emergency."""


@dataclass(frozen=True, kw_only=True)
class AccountLinked(Happening):
    """A carer can sign in with an account."""

    account: UUID


@dataclass(frozen=True, kw_only=True)
class SaidNotTheSame(Happening):
    """Somebody said that two people who look alike are two."""

    other: UUID


@dataclass(frozen=True, kw_only=True)
class PeopleMerged(Happening):
    """Two records of one person are one now: the subject stays, ``gone`` is left empty."""

    gone: UUID


@dataclass(frozen=True, kw_only=True)
class HouseholdsMerged(Happening):
    """Two records of one household are one now: the subject stays, ``gone`` is left empty."""

    gone: UUID
