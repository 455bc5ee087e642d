"""Calendar files of the council under way."""

from collections.abc import Sequence

from kernel.clock import now
from messaging import rules
from messaging.service.addresses import own_address
from tenants import queries as tenants


def calendar(
    appointments: Sequence[rules.Appointment], *, sequence: int, page: str, unseen: bool, off: bool = False
) -> bytes:
    """Return appointments as an iCalendar file, or what takes them out again when off; see ``rules.calendar_file``.

    ``page``: the path of the page on which they stand. ``unseen``: whose they are must not be found, and a calendar may
    be one that a family shares, so it names nobody to ask.
    """
    council = tenants.settings()
    return rules.calendar_file(
        appointments,
        sequence=sequence,
        council=council.name if council else "",
        contact=council.contact_email if council and not unseen else "",
        address=own_address(page),
        off=off,
        now=now(),
    )
