"""What can be allowed."""

from enum import StrEnum


class Permission(StrEnum):
    """What somebody may do. Roles hold several; an API key has some as its scopes."""

    MANAGE_COUNCIL = "council:manage"
    MANAGE_ACCOUNTS = "accounts:manage"
    MANAGE_HUBS = "hubs:manage"
    MANAGE_TIMETABLE = "timetable:manage"
    SEE_ROTA = "rota:see"
    SEE_FAMILIES = "families:see"
    MANAGE_FAMILIES = "families:manage"
    SEE_CARE = "care:see"
    SEE_SAFEGUARDING = "safeguarding:see"
    MANAGE_BOOKINGS = "bookings:manage"
    TAKE_REGISTERS = "registers:take"
    SEE_REPORTS = "reports:see"
    WRITE_ANNOUNCEMENTS = "announcements:write"
    MANAGE_PROGRAMMES = "programmes:manage"
    MANAGE_COURSES = "courses:manage"
    RUN_COURSES = "courses:run"
    BOOK_FOR_OWN_FAMILY = "family:book"
    MANAGE_COUNCILS = "councils:manage"
