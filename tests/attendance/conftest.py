"""What the tests of registers begin with."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bookings.models import Booking, FamilyAtHub, Place
from bookings.terms import Channel, Standing
from families.terms import PersonKind
from kernel.clock import now
from kernel.db import db
from kernel.ids import new_id


def book(session, *party, standing=Standing.CONFIRMED):
    """Give a party a place, the first being the carer."""
    when = {
        Standing.CONFIRMED: {"confirmed_at": now()},
        Standing.OFFERED: {"expires_at": now() + timedelta(hours=1)},
        Standing.CANCELLED: {"cancelled_at": now()},
        Standing.WAITING: {"queue_no": 1},
    }[standing]
    adults = sum(person.kind == PersonKind.CARER for person in party)
    booking = Booking(
        session_id=session.id, household_id=party[0].household_id, carer_id=party[0].id, channel=Channel.WEB,
        reference=new_id().hex[-8:], standing=standing, adults=adults, children=len(party) - adults, **when,
    )  # fmt: skip
    db.add(booking)
    db.flush()
    for person in party:
        db.add(Place(booking_id=booking.id, session_id=session.id, person_id=person.id))
    if not db.query(FamilyAtHub).filter_by(household_id=booking.household_id, hub_id=session.hub_id).count():
        db.add(FamilyAtHub(household_id=booking.household_id, hub_id=session.hub_id))
    db.flush()
    return booking


@pytest.fixture
def session_now(make) -> Callable:
    """A session that began five minutes ago."""
    return lambda **parts: make.session(starts_in=-timedelta(minutes=5), **parts)
