"""Dates as appointments for somebody's calendar (RFC 5545). They name nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress

from kernel.london import LONDON

PRODUCT = "-//Family Hubs//EN"
YEAR = timedelta(days=366)
APPOINTMENT = "Appointment"
"""What an entry is called that must not say what it is."""


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """One date. Under its key a calendar knows it again."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    note: str = ""
    gone: bool = False
    """Whether it leaves the calendar, while others of the same file stay in it."""
    sequence: int | None = None
    """Its own number, where that of the file is not one that grows for it."""


def calendar_file(
    appointments: Sequence[Appointment], *, sequence: int, council: str, contact: str, address: str,
    off: bool = False, now: datetime,
) -> bytes:  # fmt: skip
    """Return an iCalendar file: METHOD:PUBLISH, or METHOD:CANCEL to take them out of the calendar again when off.

    ``sequence`` grows with every change; ``address`` is the page on which they stand.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    for appointment in appointments:
        event = _event(appointment, address, off=off or appointment.gone)
        event.add("sequence", sequence if appointment.sequence is None else appointment.sequence)
        event.add("dtstamp", now.astimezone(UTC))
        if contact:
            event.add("organizer", _organiser(council, contact))
        calendar.add_component(event)
    days = [appointment.starts_at.date() for appointment in appointments]
    calendar.add_missing_timezones(min(days) - YEAR, max(days) + YEAR)
    return bytes(calendar.to_ical())


def _event(appointment: Appointment, address: str, *, off: bool) -> Event:
    event = Event()
    event.add("uid", f"{appointment.key}@{address.split('/')[2].partition(':')[0]}")
    event.add("dtstart", appointment.starts_at.astimezone(LONDON))
    event.add("dtend", appointment.ends_at.astimezone(LONDON))
    event.add("summary", appointment.title)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("url", address)
    if appointment.place:
        event.add("location", appointment.place)
    if appointment.note:
        event.add("description", appointment.note)
    return event


def _organiser(council: str, contact: str) -> vCalAddress:
    organiser = vCalAddress(f"mailto:{contact}")
    organiser.params["cn"] = council
    return organiser
