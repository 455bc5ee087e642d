"""The dates of somebody on a course as appointments for a calendar (RFC 5545). They name nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress

from kernel.london import LONDON

PRODUCT = "-//Family Hubs//Courses//EN"


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """One date: a meeting of the group, a call or a visit."""

    contact_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class Dates:
    """What a calendar is told. ``sequence`` grows with every change; ``off`` takes them out of the calendar again."""

    participation_id: UUID
    sequence: int
    appointments: Sequence[Appointment]
    council: str
    contact: str
    address: str
    off: bool = False

    def as_file(self, *, now: datetime) -> bytes:
        """Return the iCalendar file: METHOD:PUBLISH, or METHOD:CANCEL when they are off."""
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "CANCEL" if self.off else "PUBLISH")
        for appointment in self.appointments:
            calendar.add_component(self._event(appointment, now))
        days = [appointment.starts_at.date() for appointment in self.appointments] or [now.date()]
        year = timedelta(days=366)
        calendar.add_missing_timezones(min(days) - year, max(days) + year)
        return bytes(calendar.to_ical())

    def _event(self, appointment: Appointment, now: datetime) -> Event:
        event = Event()
        host = self.address.split("/")[2].partition(":")[0]
        event.add("uid", f"{self.participation_id}-{appointment.contact_id}@{host}")
        event.add("sequence", self.sequence)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", appointment.starts_at.astimezone(LONDON))
        event.add("dtend", appointment.ends_at.astimezone(LONDON))
        event.add("summary", appointment.title)
        if appointment.place:
            event.add("location", appointment.place)
        event.add("status", "CANCELLED" if self.off else "CONFIRMED")
        event.add("class", "PRIVATE")
        event.add("url", self.address)
        if self.contact:
            organiser = vCalAddress(f"mailto:{self.contact}")
            organiser.params["cn"] = self.council
            event.add("organizer", organiser)
        return event
