"""Many families with an address and a place, for the measurements of messages and for the fault tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from bookings.models import Booking, FamilyAtHub, Place
from bookings.terms import Channel, Standing
from families.models import Caring, Consent, Household, Person
from families.terms import ConsentKind, Entered, PersonKind
from hubs import service as hubs
from hubs.models import Activity, Hub, Session
from hubs.terms import BookingMode
from kernel.clock import now, wall
from kernel.db import db, here
from kernel.ids import new_id
from kernel.outbox import Wanted, promise_all

AT_ONCE = 2000


@dataclass(frozen=True)
class Family:
    """A carer with a child, and how they are reached."""

    household: UUID
    carer: UUID
    child: UUID
    email: str
    phone: str


def families(hub: UUID, count: int, *, prefix: str = "family", by_text: bool = False) -> list[Family]:
    """Make families whose carers have an address; or, ``by_text``, a mobile number alone."""
    made = [
        Family(
            new_id(), new_id(), new_id(),
            "" if by_text else f"{prefix}{n}@people.example",
            f"079{11_000_000 + n:08}" if by_text else "",
        )
        for n in range(count)
    ]  # fmt: skip
    tenant, born = here(), now().date() - timedelta(days=800)
    db.flush()
    _write(
        Household,
        [
            {"tenant_id": tenant, "id": f.household, "reference": f"F{prefix}{n:06}", "postcode": "YO1 1AA", "postcode_key": "YO11AA", "entered": Entered.ONLINE}
            for n, f in enumerate(made)
        ],
    )  # fmt: skip
    people = [
        {"tenant_id": tenant, "id": person, "household_id": f.household, "kind": kind, "given_name": "Robin", "name_key": "robin", "date_of_birth": day, "email": email, "phone": phone}
        for f in made
        for person, kind, day, email, phone in (
            (f.carer, PersonKind.CARER, None, f.email, f.phone), (f.child, PersonKind.CHILD, born, "", ""),
        )
    ]  # fmt: skip
    _write(Person, people)
    _write(
        Caring,
        [{"tenant_id": tenant, "id": new_id(), "carer_id": f.carer, "child_id": f.child} for f in made],
    )
    _write(
        FamilyAtHub,
        [{"tenant_id": tenant, "id": new_id(), "hub_id": hub, "household_id": f.household} for f in made],
    )
    return made


def agree_to_news(who: Sequence[Family]) -> None:
    """Note that these families want to hear what is on."""
    tenant, at = here(), now()
    _write(
        Consent,
        [
            {"tenant_id": tenant, "id": new_id(), "household_id": f.household, "kind": ConsentKind.NEWS, "agreed": True, "answered_at": at}
            for f in who
        ],
    )  # fmt: skip


def stay_and_play() -> Activity:
    """Make an activity for everybody, with room for all."""
    return hubs.add_activity(
        "Stay and play", age_from_months=0, age_to_months=227, mode=BookingMode.BOOKABLE, most_families=1000
    )


def session(hub: Hub, activity: Activity, starts_at: datetime, *, places: int) -> Session:
    """Make a session of an hour."""
    made = Session(
        activity_id=activity.id, hub_id=hub.id, on_date=wall(starts_at).date(), starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1), most_families=places,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def booked(of: Session, who: Sequence[Family]) -> list[UUID]:
    """Book a place for each family, all at once; return the bookings."""
    ids, at, tenant = [new_id() for _ in who], now(), here()
    _write(
        Booking,
        [
            {"tenant_id": tenant, "id": made, "session_id": of.id, "household_id": f.household, "carer_id": f.carer, "reference": made.hex[-10:].upper(), "channel": Channel.WEB, "standing": Standing.CONFIRMED, "adults": 1, "children": 1, "confirmed_at": at}
            for made, f in zip(ids, who, strict=True)
        ],
    )  # fmt: skip
    _write(
        Place,
        [
            {
                "tenant_id": tenant,
                "id": new_id(),
                "booking_id": made,
                "session_id": of.id,
                "person_id": person,
            }
            for made, f in zip(ids, who, strict=True)
            for person in (f.carer, f.child)
        ],
    )
    return ids


def remind(bookings: Sequence[UUID], who: Sequence[Family], *, in_bulk: bool = False) -> None:
    """Promise each booking its reminder, due now."""
    wanted = [
        Wanted(
            "booking.reminder",
            f"booking.reminder:{made}:bench",
            now(),
            {"booking_id": made},
            f.carer,
            in_bulk,
        )
        for made, f in zip(bookings, who, strict=True)
    ]
    for start in range(0, len(wanted), AT_ONCE):
        promise_all(wanted[start : start + AT_ONCE])


def _write(table: type, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        db.execute(insert(table), rows[start : start + AT_ONCE])
