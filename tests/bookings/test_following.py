"""What the timetable is told about bookings, and what bookings do when it changes."""

from datetime import time

import pytest
from sqlalchemy import select

from bookings import service
from bookings.terms import Channel
from hubs.models import Session
from hubs.service import timetable
from hubs.terms import Scope, Weekday
from kernel.clock import today
from kernel.db import db


@pytest.fixture
def entry(make):
    """Stay and play at Seacroft, on Tuesdays at ten."""
    return timetable.add_entry(
        hub_id=make.hub().id, activity_id=make.activity(most_families=8).id, room_id=None, weekday=Weekday.TUESDAY,
        starts=time(10), ends=time(11), every_weeks=1, first_date=today(), last_date=None, term_time_only=False,
        not_on_bank_holidays=True,
    )  # fmt: skip


@pytest.fixture
def booking(make, entry):
    """A family's place in the second of them."""
    carer, child = make.family()
    return service.book(
        sessions(entry)[1].id, household_id=carer.household_id, person_ids=[carer.id, child.id], carer_id=carer.id,
        channel=Channel.STAFF,
    )  # fmt: skip


def sessions(entry):
    return db.scalars(select(Session).where(Session.entry_id == entry.id).order_by(Session.starts_at)).all()


def test_a_change_to_the_timetable_says_which_bookings_it_touches(entry, booking):
    plan = timetable.preview_change(entry, Scope.ALL, {"starts": time(13), "ends": time(14)})

    assert plan.touches == 1


def test_ending_an_entry_calls_off_what_is_booked_and_takes_the_rest_away(entry, booking):
    timetable.end_entry(entry, today(), because="The room is being painted.")

    assert [s.id for s in sessions(entry)] == [booking.session_id]
    assert booking.standing == "cancelled"
    assert "painted" in booking.cancelled_because
