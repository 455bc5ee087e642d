"""What the API of programmes shares: its blueprint, and whose business something is."""

from typing import Any
from uuid import UUID

from flask_login import current_user
from flask_smorest import Blueprint

from families import queries as families
from families.models import Person
from kernel.db import find
from kernel.errors import NotFound, Unacceptable
from kernel.permissions import Permission
from kernel.web.access import may, requires
from programmes import queries
from programmes.models import Participation

blueprint = Blueprint(
    "programmes_api", __name__, description="Parenting programmes, their courses, and who takes part."
)
manages = requires(Permission.MANAGE_COURSES)
runs = requires(Permission.MANAGE_COURSES, Permission.RUN_COURSES)
either = requires(Permission.MANAGE_COURSES, Permission.BOOK_FOR_OWN_FAMILY)
anybody = requires(Permission.MANAGE_COURSES, Permission.RUN_COURSES, Permission.BOOK_FOR_OWN_FAMILY)


def is_staff() -> bool:
    """Say whether whoever asks works on courses."""
    return may(Permission.MANAGE_COURSES) or may(Permission.RUN_COURSES)


def own_carer() -> Person:
    """Return the parent whose key it is, or raise NotFound."""
    if carer := families.carer_of(current_user.id):
        return carer
    raise NotFound("family")


def who_comes(told: dict[str, Any]) -> dict[str, UUID]:
    """Return the household and the parent or carer for whom something is asked, or refuse."""
    if not may(Permission.MANAGE_COURSES):
        carer = own_carer()
        if told.get("person_id", carer.id) != carer.id:
            raise NotFound("person")
        return {"household_id": carer.household_id, "person_id": carer.id}
    for name, words in (("household_id", "Name the family."), ("person_id", "Name who takes part.")):
        if name not in told:
            raise Unacceptable(**{name: words})
    families.ensure_may_open(current_user, told["household_id"])
    return {"household_id": told["household_id"], "person_id": told["person_id"]}


def find_participation(participation_id: UUID) -> Participation:
    """Return a participation that the staff see, or one's own and nobody else's of the household, or raise NotFound."""
    if is_staff():
        return queries.find_participation(participation_id, seen=current_user)
    participation, carer = find(Participation, participation_id), own_carer()
    if carer.id in (participation.person_id, participation.partner_id):
        return participation
    raise NotFound("participation")


def is_second(participation: Participation) -> bool:
    """Say whether it is the key of the second of two parents who share a place."""
    carer = None if is_staff() else families.carer_of(current_user.id)
    return carer is not None and carer.id == participation.partner_id
