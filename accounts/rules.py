"""What roles may do. Pure."""

from kernel.permissions import Permission as P
from accounts.terms import Role

_WORKER = {
    P.SEE_ROTA, P.SEE_FAMILIES, P.MANAGE_FAMILIES, P.SEE_CARE, P.MANAGE_BOOKINGS, P.TAKE_REGISTERS,
}  # fmt: skip

PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.COUNCIL_ADMIN: frozenset(
        {P.MANAGE_COUNCIL, P.MANAGE_ACCOUNTS, P.MANAGE_HUBS, P.MANAGE_TIMETABLE, P.SEE_ROTA, P.SEE_REPORTS}
    ),
    Role.COUNCIL_LEAD: frozenset({P.SEE_REPORTS, P.SEE_ROTA}),
    Role.HUB_MANAGER: frozenset(
        {*_WORKER, P.SEE_SAFEGUARDING, P.MANAGE_HUBS, P.MANAGE_TIMETABLE, P.SEE_REPORTS}
    ),
    Role.HUB_WORKER: frozenset(_WORKER),
    Role.PARENT: frozenset({P.BOOK_FOR_OWN_FAMILY}),
    Role.OPERATOR: frozenset({P.MANAGE_COUNCILS}),
}

COUNCIL_WIDE = {Role.COUNCIL_ADMIN, Role.COUNCIL_LEAD}
"""Roles that see all hubs; the others see the hubs in whose teams they are."""


def permissions_of(roles: set[Role]) -> frozenset[P]:
    """Return all that holders of these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
