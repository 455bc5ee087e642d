"""A family as somebody tells it, before it is kept."""

from dataclasses import dataclass, field
from datetime import date

from families.terms import ConsentKind, Relationship, Responsibility, SendStatus
from messaging.terms import Never

UNNAMED = "Baby"


@dataclass(frozen=True, kw_only=True)
class NewCarer:
    """A carer as told."""

    given_name: str
    family_name: str = ""
    known_as: str = ""
    email: str = ""
    phone: str = ""
    never: frozenset[Never] = frozenset()
    """What must not be done when they are reached, on their own word."""
    language: str = ""
    needs_interpreter: bool = False
    ethnicity: str = ""


@dataclass(frozen=True, kw_only=True)
class NewChild:
    """A child as told, and what the carer who tells is to them."""

    given_name: str = UNNAMED
    family_name: str = ""
    known_as: str = ""
    date_of_birth: date | None = None
    due_date: date | None = None
    language: str = ""
    ethnicity: str = ""
    send: SendStatus = SendStatus.NONE
    allergies: str = ""
    medical: str = ""
    needs: str = ""
    relationship: Relationship = Relationship.OTHER
    responsibility: Responsibility = Responsibility.NOT_KNOWN


@dataclass(frozen=True)
class NewContact:
    """Somebody to ring in an emergency, as told."""

    name: str
    phone: str
    relationship: str = ""


@dataclass(frozen=True)
class DoorChild:
    """A child as told at the door: a name and, when they know it, a birthday."""

    name: str
    born: date | None = None
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class NewFamily:
    """A household as told."""

    carer: NewCarer
    children: tuple[NewChild, ...] = ()
    address: str = ""
    postcode: str = ""
    contacts: tuple[NewContact, ...] = ()
    consents: dict[ConsentKind, bool] = field(default_factory=dict)
