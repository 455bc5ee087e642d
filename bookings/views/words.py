"""How sessions and bookings are written on pages."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from flask import url_for
from markupsafe import Markup

from bookings.models import Booking
from bookings.queries import Found
from bookings.rules import RoomLeft
from bookings.terms import Standing, party_words, room_words
from hubs.models import Activity, Session
from hubs.terms import BookingMode, CountedIn
from kernel import clock, prose

COLOURS = {
    Standing.CONFIRMED: "green",
    Standing.HELD: "yellow",
    Standing.OFFERED: "orange",
    Standing.WAITING: "blue",
    Standing.CANCELLED: "grey",
    Standing.EXPIRED: "grey",
}


class Line(NamedTuple):
    """A session in a list."""

    href: str
    title: str
    time: str
    place: str
    about: str
    room: str
    open: bool


class Day(NamedTuple):
    """A day of a list."""

    name: str
    sessions: list[Line]


def days(found: Found, *, address: str) -> list[Day]:
    """Return the sessions found, day by day. ``address`` is where a session is shown, with ``{}`` for its id."""
    return [
        Day(day_name(day), [line(row, found.room.get(row.id), address) for row in rows])
        for day, rows in groupby(found.sessions, key=lambda row: row.on_date)
    ]


def day_name(day: date) -> str:
    """Return ``Today, Tuesday 3 March 2026``, or the day alone when it is later than tomorrow."""
    near = {clock.today(): "Today, ", clock.today() + timedelta(days=1): "Tomorrow, "}
    return f"{near.get(day, '')}{prose.day(day)}"


def line(row: Any, room: RoomLeft | None, address: str) -> Line:
    """Return one session of a list."""
    left, is_open = left_words(row.mode, row.counted_in, room)
    about = [
        prose.ages(row.age_from_months, row.age_to_months),
        sentence(row.audience),
        price(row.price_pence),
    ]
    return Line(
        href=address.format(row.id),
        title=row.title,
        time=prose.times(row.starts_at, row.ends_at),
        place=f"{row.hub_name}, {row.area}" if row.area and row.area not in row.hub_name else row.hub_name,
        about=" · ".join(filter(None, about)),
        room=left,
        open=is_open,
    )


def sentence(words: str) -> str:
    """Return a council's own words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def telephone(number: str) -> str:
    """Return a telephone number that a thumb can press."""
    link = Markup('<a class="govuk-link" href="tel:{}">{}</a>')
    return link.format(number.replace(" ", ""), number) if number else ""


def left_words(mode: BookingMode, counted_in: CountedIn, room: RoomLeft | None) -> tuple[str, bool]:
    """Return what is left of a session in words, and whether somebody could come."""
    if mode == BookingMode.DROP_IN or room is None:
        return "Drop in: no need to book", True
    words = room_words(told=room.told, full=room.full, waiting=room.waiting, counted_in=counted_in)
    return words, not (room.full or room.waiting)


def price(pence: int) -> str:
    """Return what a family pays."""
    return "Free" if pence == 0 else f"{prose.money(pence)} for each family"


def when(session: Any) -> str:
    """Return when a session is: ``Tuesday 3 March 2026, 10am to 11:30am``."""
    return f"{prose.day(session.starts_at)}, {prose.times(session.starts_at, session.ends_at)}"


def where(session: Session) -> str:
    """Return where a session is, room and address included."""
    hub = session.hub
    room = f"{session.room.name}, " if session.room else ""
    return ", ".join(filter(None, (f"{room}{hub.name}", hub.address, hub.postcode)))


def facts(session: Session) -> list[dict[str, str]]:
    """Return what a family needs to know to come, for a summary list."""
    activity = session.activity
    told = {
        "Where": where(session),
        "Ages": prose.ages(activity.age_from_months, activity.age_to_months),
        "Who it is for": sentence(activity.audience),
        "Price": price(activity.price_pence),
        "What to bring": activity.bring,
        "Getting in": session.hub.accessibility,
        "Telephone": telephone(session.hub.phone),
    }
    return [{"key": key, "value": value} for key, value in told.items() if value]


def short_facts(session: Session, *, people: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return the session of a booking and who comes, for a summary list."""
    told = {
        "Session": session.activity.title,
        "When": when(session),
        "Where": where(session),
        "Who is coming": prose.listing(list(people)),
        "Price": price(session.activity.price_pence),
        "What to bring": session.activity.bring,
    }
    return [{"key": key, "value": value} for key, value in told.items() if value]


def party(booking: Booking) -> str:
    """Return the size of a booking's party."""
    return party_words(booking.adults, booking.children)


def session_address() -> str:
    """Return where a session is shown to families, with ``{}`` for its id."""
    return url_for("bookings.sessions") + "/{}"


def waiting(room: RoomLeft | None) -> int:
    """Return how many parties wait."""
    return room.waiting if room else 0


def party_rule(activity: Activity) -> str:
    """Return the rule of who may come together, when there is one."""
    most = activity.children_per_adult
    if not most:
        return ""
    return f"One adult can bring up to {most} {'child' if most == 1 else 'children'}."
