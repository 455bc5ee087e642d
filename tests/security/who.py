"""Who may see what: the table by which the crawler judges every answer."""

from collections.abc import Callable
from uuid import UUID

from tests.security.furnished import Canary

Sees = Callable[[Canary], bool]

PUBLIC = {
    "hubs", "rooms", "activities", "opening_times", "term_dates", "sessions", "council_settings", "programmes", "editions",
    "edition_contacts", "courses", "course_contacts",
}  # fmt: skip
FAMILY = {
    "households", "people", "emergency_contacts", "bookings", "waiting_decisions", "consents", "care_records", "caring",
    "attendances", "places", "participations", "scores", "askings", "goals",
}  # fmt: skip
OF_COURSES = {"participation_steps", "course_tasks", "risk_alerts"}
"""What those who run a course write about a family, and the family does not read on a page."""
NOTES = {"course_contacts.notes"}
"""What a facilitator wrote about a contact of a course."""
REASONS = {"participations.reason"}
"""Why a professional referred a family: read by who sees the course, after a press that leaves a trace."""
STAFF = {"accounts.name", "timetable_entries.import_key"}
"""What everybody who works for the council may read of it."""
FINDABLE = {"people.given_name", "people.family_name", "people.known_as", "households.reference"}
"""What the search shows of families that are not known at one's hub, so that they can be told apart."""
PROGRAMMES = {"accreditations", "wordings", "council_bands", "council_change_rules"}
"""What those who keep the programmes of a council read: who is trained, and under which licence words are used."""
OFFICE = {
    "accounts",
    "memberships",
    "api_keys",
    "uploads",
    "rooms",
    "timetable_entries",
    "sign_ins",
    *PROGRAMMES,
}
SENDING = {
    "message_settings.text_template",
    "message_settings.email_template",
    "message_settings.reply_to_id",
}
"""What administrators read of how a council sends. Nobody reads its key, or the word by which Notify is known."""


def nobody(canary: Canary) -> bool:
    """Strangers, and people of another council: what the council tells everybody."""
    return canary.table in PUBLIC and f"{canary.table}.{canary.column}" not in NOTES


def parent(household: UUID, account: UUID) -> Sees:
    """A parent: her own family."""

    def sees(canary: Canary) -> bool:
        where = f"{canary.table}.{canary.column}"
        own = canary.table in FAMILY and canary.household == household and where not in REASONS
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
    households: set[UUID],
    hub: UUID,
    *,
    safeguarding: bool = False,
    manages: bool = False,
    coordinates: bool = False,
) -> Sees:
    """A hub worker, manager or coordinator: the families known at their hub, and those on its courses."""

    def sees(canary: Canary) -> bool:
        where = f"{canary.table}.{canary.column}"
        if nobody(canary) or where in STAFF or where in FINDABLE:
            return True
        if canary.table == "safeguarding_notes":
            return safeguarding and canary.household in households
        if canary.table in FAMILY | OF_COURSES | {"contact_rules"}:
            return canary.household in households
        if where in NOTES:
            return canary.hub == hub
        if canary.table in PROGRAMMES:
            return manages or coordinates
        if canary.table in {"registers", "shifts"}:
            return True
        if canary.table in {"messages", "text_replies", "message_suppressions"}:
            return canary.household in households
        if canary.table == "announcements":
            return manages and canary.hub == hub
        return canary.table == "sign_ins" or (
            manages and canary.table in {"uploads", "rooms", "timetable_entries"}
        )

    return sees


def lead(canary: Canary) -> bool:
    """A council lead: announcements, and no family."""
    where = f"{canary.table}.{canary.column}"
    return nobody(canary) or where in STAFF or canary.table in {"sign_ins", "announcements"}


def admin(canary: Canary) -> bool:
    """A council administrator: accounts and settings, no family."""
    where = f"{canary.table}.{canary.column}"
    return lead(canary) or canary.table in OFFICE or where in SENDING
