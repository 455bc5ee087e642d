"""Whether a facilitator is accredited in a programme. Pure."""

from datetime import date, timedelta

from kernel.words import Word

SOON = timedelta(days=60)


class AccreditationStanding(Word):
    """What is known of somebody's accreditation."""

    VALID = "valid", "Accredited"
    EXPIRING = "expiring", "Expires soon"
    EXPIRED = "expired", "Expired"
    MISSING = "missing", "Not on record"


def standing_of(
    *, accredited_on: date | None, expires_on: date | None, on: date, until: date | None = None
) -> AccreditationStanding:
    """Return where an accreditation stands on a day; one that expires before ``until`` expires soon."""
    if accredited_on is None:
        return AccreditationStanding.MISSING
    if expires_on is None:
        return AccreditationStanding.VALID
    if expires_on < on:
        return AccreditationStanding.EXPIRED
    if expires_on <= max(on + SOON, until or on):
        return AccreditationStanding.EXPIRING
    return AccreditationStanding.VALID
