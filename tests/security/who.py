"""Who may see what: the table by which the crawler judges every answer."""

from collections.abc import Callable
from uuid import UUID

from tests.security.furnished import Canary

Sees = Callable[[Canary], bool]

PUBLIC = {"hubs", "rooms", "activities", "opening_times", "term_dates", "sessions", "council_settings"}
FAMILY = {
    "households", "people", "emergency_contacts", "bookings", "waiting_decisions", "consents", "care_records", "caring",
    "attendances", "places",
}  # fmt: skip
STAFF = {"accounts.name", "timetable_entries.import_key"}
"""What everybody who works for the council may read of it."""
FINDABLE = {"people.given_name", "people.family_name", "people.known_as", "households.reference"}
"""What the search shows of families that are not known at one's hub, so that they can be told apart."""
OFFICE = {"accounts", "memberships", "api_keys", "uploads", "rooms", "timetable_entries", "sign_ins"}


def nobody(canary: Canary) -> bool:
    """Strangers, and people of another council: what the council tells everybody."""
    return canary.table in PUBLIC


def parent(household: UUID, account: UUID) -> Sees:
    """A parent: her own family."""

    def sees(canary: Canary) -> bool:
        own = canary.table in FAMILY and canary.household == household
        mine = canary.table in {"accounts", "sign_ins"} and canary.row in {account, canary.row}
        return nobody(canary) or own or (mine and canary.table == "sign_ins") or canary.row == account

    return sees


def parent_apart(household: UUID, account: UUID, child: UUID | None) -> Sees:
    """A parent who lives apart from a child: their own household, and the child, but nothing of the child's home."""
    at_home = parent(household, account)
    return lambda canary: (
        at_home(canary) or (canary.table in {"people", "care_records"} and canary.person == child)
    )


def hub_staff(
    households: set[UUID], hubs: set[UUID], *, safeguarding: bool = False, manages: bool = False
) -> Sees:
    """A hub worker or manager: the families known at their hubs."""

    def sees(canary: Canary) -> bool:
        where = f"{canary.table}.{canary.column}"
        if nobody(canary) or where in STAFF or where in FINDABLE:
            return True
        if canary.table == "safeguarding_notes":
            return safeguarding and canary.household in households
        if canary.table in FAMILY:
            return canary.household in households
        if canary.table in {"registers", "shifts"}:
            return True
        if canary.table == "messages":
            return canary.household in households
        return canary.table == "sign_ins" or (
            manages and canary.table in {"uploads", "rooms", "timetable_entries"}
        )

    del hubs
    return sees


def lead(canary: Canary) -> bool:
    """A council lead: no family."""
    return nobody(canary) or f"{canary.table}.{canary.column}" in STAFF or canary.table == "sign_ins"


def admin(canary: Canary) -> bool:
    """A council administrator: accounts and settings, no family."""
    return lead(canary) or canary.table in OFFICE
