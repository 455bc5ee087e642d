"""What is worth a second look when a course is set up: never a refusal. Pure."""
# ruff: noqa: D102 - what a protocol asks for says itself

from datetime import date
from typing import Protocol

from kernel import prose
from programmes.rules.accrediting import AccreditationStanding
from programmes.rules.shipped import templates
from programmes.terms import Unit

UNITS = {
    Unit.PARENT: ("parent or carer", "parents or carers"),
    Unit.COUPLE: ("couple or parent", "couples or parents"),
    Unit.FAMILY: ("family", "families"),
}


class Sized(Protocol):
    """How large a group is meant to be; a row of ``editions`` says so."""

    @property
    def unit(self) -> Unit: ...
    @property
    def fewest(self) -> int: ...
    @property
    def most(self) -> int: ...
    @property
    def facilitators(self) -> int: ...


def in_units(unit: Unit, number: int) -> str:
    """Return how many places that is: ``12 parents or carers``."""
    return prose.count(number, *UNITS[unit])


def about_size(edition: Sized, places: int | None, facilitators: int) -> list[str]:
    """Say what is unusual about the number of places and of facilitators."""
    said = []
    if places is not None and places > edition.most:
        said.append(f"This programme is meant for groups of up to {in_units(edition.unit, edition.most)}.")
    if places is not None and places < edition.fewest:
        said.append(
            f"This programme is meant for groups of at least {in_units(edition.unit, edition.fewest)}."
        )
    if facilitators < edition.facilitators:
        needs = prose.count(edition.facilitators, "facilitator")
        said.append(f"This programme needs {needs}. So far you chose {facilitators or 'none'}.")
    return said


def about_ages(code: str, ages: tuple[int, int] | None) -> list[str]:
    """Say how the ages of a course differ from those that the programme was made for."""
    template = templates().get(code)
    if template is None or ages is None:
        return []
    first, last = template.age_from_years, template.age_to_years
    if first <= ages[0] and ages[1] <= last:
        return []
    return [
        f"{template.name} was made for families of children aged {first} to {last}. "
        f"This course is for ages {ages[0]} to {ages[1]}."
    ]


def about_accreditation(
    name: str, what: str, standing: AccreditationStanding, expires_on: date | None
) -> str:
    """Say what is amiss with somebody's accreditation, or nothing."""
    until = prose.date_only(expires_on) if expires_on else ""
    match standing:
        case AccreditationStanding.MISSING:
            return f"{name} has no accreditation in {what} on record."
        case AccreditationStanding.EXPIRED:
            return f"{name}’s accreditation in {what} expired on {until}."
        case AccreditationStanding.EXPIRING:
            return f"{name}’s accreditation in {what} expires on {until}."
        case _:
            return ""
