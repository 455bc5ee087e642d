"""A session as an appointment for somebody's calendar (RFC 5545). It names nobody."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress

from kernel.london import LONDON

PRODUCT = "-//Family Hubs//Bookings//EN"


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """What a calendar is told. ``sequence`` grows with every change; ``off`` takes it out of the calendar again."""

    booking_id: UUID
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    council: str
    contact: str
    bring: str
    address: str
    off: bool = False

    def as_file(self, *, now: datetime) -> bytes:
        """Return the iCalendar file: METHOD:PUBLISH, or METHOD:CANCEL when it is off."""
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "CANCEL" if self.off else "PUBLISH")
        calendar.add_component(self._event(now))
        day = self.starts_at.date()
        calendar.add_missing_timezones(day - timedelta(days=366), day + timedelta(days=366))
        return bytes(calendar.to_ical())

    def _event(self, now: datetime) -> Event:
        event = Event()
        event.add("uid", f"{self.booking_id}@{self.address.split('/')[2].partition(':')[0]}")
        event.add("sequence", self.sequence)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", self.starts_at.astimezone(LONDON))
        event.add("dtend", self.ends_at.astimezone(LONDON))
        event.add("summary", f"{self.title} (called off)" if self.off else self.title)
        event.add("location", self.place)
        event.add("status", "CANCELLED" if self.off else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if self.off else "OPAQUE")
        event.add("class", "PRIVATE")
        event.add("url", self.address)
        if self.bring:
            event.add("description", f"What to bring: {self.bring}")
        if self.contact:
            organiser = vCalAddress(f"mailto:{self.contact}")
            organiser.params["cn"] = self.council
            event.add("organizer", organiser)
        return event
