"""What is still to be told of a family that registered at the door."""

from collections.abc import Collection, Mapping, Sized
from datetime import date
from typing import Protocol

from families.terms import ConsentKind


class _Home(Protocol):
    address: str
    postcode: str


class _Child(Protocol):
    date_of_birth: date | None
    due_date: date | None

    @property
    def name(self) -> str: ...


def missing_from(
    household: _Home, children: Collection[_Child], contacts: Sized, consents: Mapping[ConsentKind, bool]
) -> list[str]:
    """Return what to ask for, a line each; none when all is there."""
    missing = [
        f"Date of birth of {child.name}"
        for child in children
        if not child.date_of_birth and not child.due_date
    ]
    if not household.address:
        missing.append("Address")
    if not household.postcode:
        missing.append("Postcode")
    if not contacts:
        missing.append("Emergency contact")
    if len(consents) < len(ConsentKind):
        missing.append("What the family agrees to")
    return missing
