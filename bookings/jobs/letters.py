"""What letters about bookings are made of.

They name no child and say nothing about a family to whoever holds them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bookings.models import Booking
from bookings.terms import LIVE, party_words
from families import queries as families
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel import prose
from kernel.db import db, here
from kernel.errors import NotFound
from kernel.journal import Entry
from messaging import service as messaging
from messaging.terms import PARTY, At, Letter, Never, Phrase, Recipient, Span, Value, Way

CANCEL, ACCEPT = "cancel-booking", "accept-offer"

PARTS = joinedload(Booking.session).options(
    joinedload(Session.activity), joinedload(Session.hub), joinedload(Session.room)
)


def read_booking(booking_id: UUID) -> Booking:
    """Return a booking with all that a letter tells of its session, in one statement, or in none if it was read."""
    if booking := db.get(Booking, (here(), booking_id), options=[PARTS]):
        return booking
    raise NotFound("Booking")


def told_by(booking: Booking) -> Recipient:
    """Return how the carer who is told about a booking is reached, or nowhere."""
    return families.recipient(booking.carer_id) if booking.carer_id else Recipient()


def address_of(booking: Booking) -> str:
    """Return the address to which we write about a booking, for a page to tell; nothing when it is not safe to."""
    return told_by(booking).written_to


def appointment(booking: Booking) -> bytes:
    """Return the session of a booking as an iCalendar file, or what takes it out of the calendar again."""
    session = booking.session
    off = session.standing == SessionStanding.CALLED_OFF or booking.standing not in LIVE
    # A calendar may be one that a family shares.
    unseen = Never.PLACE in told_by(booking).never
    title = messaging.APPOINTMENT if unseen else session.activity.title
    told = messaging.Appointment(
        key=str(booking.id),
        title=f"{title} (called off)" if off else title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place="" if unseen else _where(session),
        note=f"What to bring: {session.activity.bring}" if session.activity.bring and not unseen else "",
    )
    page = "/bookings" if unseen else f"/sessions/{session.id}"
    return messaging.calendar([told], sequence=_changes(booking), page=page, unseen=unseen, off=off)


def _changes(booking: Booking) -> int:
    """Return how often a booking or its session has changed: a number that grows with every version."""
    about = (booking.id, booking.session_id)
    return db.scalar(select(func.count(Entry.id)).where(Entry.subject.in_(about))) or 0


def send(booking: Booking, kind: str, **parts: Any) -> str:
    """Write a letter about a booking, and send it; the parts are those of ``letter_about``."""
    return post(booking, letter_about(booking, kind, **parts))


def post(booking: Booking, letter: Letter, *, key: str = "") -> str:
    """Send a letter about a booking; without a key, once for each change of the booking or its session."""
    key = key or f"{letter.kind}:{booking.id}:{_changes(booking)}"
    return messaging.send(letter, to=told_by(booking), about=booking.id, key=key)


def letter_about(
    booking: Booking, kind: str, *, reference: bool = False, bring: bool = False,
    action: tuple[str, str] | None = None, small_links: list[tuple[str, str]], calendar: bytes | None = None,
    useless_after: datetime | None = None, way: Way | None = None, **says: Value,
) -> Letter:  # fmt: skip
    """Return a letter with all that its words may tell of a booking.

    ``reference``, ``bring``: whether its list of facts has the reference, and the price and what to bring.
    """
    session = booking.session
    return Letter(
        kind=kind,
        says={
            "session": session.activity.title,
            "day": At(session.starts_at, "short_day"),
            "weekday": At(session.starts_at, "day"),
            "time": At(session.starts_at, "clock"),
            "when": Span(session.starts_at, session.ends_at),
            "where": _where(session),
            "hub": session.hub.name,
            "places": _party(booking),
            "reference": booking.reference,
            "bring": session.activity.bring,
            **says,
        },
        facts=_facts(booking, reference=reference, bring=bring),
        action=action,
        small_links=small_links,
        calendar=calendar,
        useless_after=useless_after,
        session_id=booking.session_id,
        way=way,
    )


def _facts(booking: Booking, *, reference: bool, bring: bool) -> list[tuple[str, Value]]:
    session = booking.session
    facts: list[tuple[str, Value]] = [
        ("Session", session.activity.title),
        ("When", Span(session.starts_at, session.ends_at)),
        ("Where", _where(session)),
        ("Places", _party(booking)),
    ]
    if session.activity.price_pence and bring:
        price = prose.money(session.activity.price_pence)
        facts.append(("Price", Phrase("((price)) for each family", {"price": price})))
    if bring and session.activity.bring:
        facts.append(("What to bring", session.activity.bring))
    if reference:
        facts.append(("Reference", booking.reference))
    return facts


def _party(booking: Booking) -> Phrase:
    adults, children = booking.adults, booking.children
    return Phrase(
        PARTY, {"adults": str(adults), "children": str(children)}, english=party_words(adults, children)
    )


def _where(session: Session) -> str:
    hub = session.hub
    room = f"{session.room.name}, " if session.room else ""
    return ", ".join(filter(None, (f"{room}{hub.name}", hub.address, hub.postcode)))


def cancel_link(booking: Booking) -> tuple[str, str]:
    """Return the link by which the family says that it does not come."""
    return "Cancel this booking", f"/b/{messaging.one_step(CANCEL, booking.id)}"


def leave_link(booking: Booking) -> tuple[str, str]:
    """Return the link by which the family waits no more."""
    return "Leave the waiting list", cancel_link(booking)[1]
