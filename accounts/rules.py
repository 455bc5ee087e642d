"""What roles may do. Pure."""

from accounts.terms import Role
from kernel.permissions import Permission

_WORKER = {
    Permission.SEE_ROTA,
    Permission.SEE_FAMILIES,
    Permission.MANAGE_FAMILIES,
    Permission.SEE_CARE,
    Permission.MANAGE_BOOKINGS,
    Permission.TAKE_REGISTERS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COUNCIL_ADMIN: frozenset(
        {
            Permission.MANAGE_COUNCIL,
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_HUBS,
            Permission.MANAGE_TIMETABLE,
            Permission.SEE_ROTA,
            Permission.SEE_REPORTS,
        }
    ),
    Role.COUNCIL_LEAD: frozenset({Permission.SEE_REPORTS, Permission.SEE_ROTA}),
    Role.HUB_MANAGER: frozenset(
        {
            *_WORKER,
            Permission.SEE_SAFEGUARDING,
            Permission.MANAGE_HUBS,
            Permission.MANAGE_TIMETABLE,
            Permission.SEE_REPORTS,
        }
    ),
    Role.HUB_WORKER: frozenset(_WORKER),
    Role.PARENT: frozenset({Permission.BOOK_FOR_OWN_FAMILY}),
    Role.OPERATOR: frozenset({Permission.MANAGE_COUNCILS}),
}

COUNCIL_WIDE = {Role.COUNCIL_ADMIN, Role.COUNCIL_LEAD}
"""Roles that see all hubs; the others see the hubs in whose teams they are."""


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    """Return all that holders of these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
