"""The clock over both changes of summer time, and a year in which nobody kept anything."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bench import families as making
from bookings import service as bookings
from bookings.rules import Before
from bookings.terms import Channel
from kernel import chores, outbox
from kernel.clock import at_wall_time, now
from kernel.db import unit_of_work
from kernel.outbox import Wanted, promise_all
from tests.faults.sending import stay_and_play

pytestmark = pytest.mark.faults

STEP = timedelta(minutes=20)
EVENING = time(19, 30)
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("change", "name"), [(date(2026, 10, 25), "clocks go back"), (date(2027, 3, 28), "clocks go forward")]
)
def test_reminders_over_the_change_of_summer_time(installation, figures, change, name):
    """From two days before to two after, the clock put on and back by an hour on the way: each once, in time."""
    begins = at_wall_time(change - timedelta(days=2), time(0, 5))
    with time_machine.travel(begins, tick=False) as clock:
        starts = _book(installation, change)
        jumps = {
            at_wall_time(change, time(hour)): timedelta(hours=by) for hour, by in ((0, 1), (3, -1), (12, -1))
        }
        with unit_of_work(installation.leeds):
            chores.promise_todays()
        while now() < begins + timedelta(days=4, hours=12):
            with unit_of_work(installation.leeds):
                chores.promise_todays()
            outbox.drain(installation.leeds)
            for at in [at for at in jumps if at <= now()]:
                clock.shift(jumps.pop(at))
            clock.shift(STEP)

    told = installation.ask(
        "SELECT address, key LIKE '%%:24h:%%', sent_at FROM messages"
        " WHERE kind = 'reminder' AND standing = 'sent'"
    )
    real = {address: at - starts[address] + timedelta(hours=24) for address, by_hours, at in told if by_hours}
    by_the_clock = {address: at.astimezone(LONDON) for address, by_hours, at in told if not by_hours}
    wrong = [one for one in real.items() if not timedelta() <= one[1] <= STEP + timedelta(hours=1)]
    wrong += [
        (address, at)
        for address, at in by_the_clock.items()
        if not timedelta() <= at.replace(tzinfo=None) - _evening_before(starts[address]) <= STEP
    ]

    assert set(real) == set(by_the_clock) == set(starts), "somebody was not reminded"
    assert not wrong, wrong
    # One confirmation and two reminders.
    assert installation.times_by_mail() == dict.fromkeys(starts, 3)
    figures(
        f"{name}: {len(starts)} sessions around the change, of each a reminder 24 hours before and one at half past"
        " seven the evening before"
    )


def _evening_before(start):
    return datetime.combine(start.astimezone(LONDON).date() - timedelta(days=1), EVENING)


def _book(house, change):
    starts = {}
    with unit_of_work(house.leeds):
        bookings.set_reminders(None, [Before(hours=24), Before(days=1, at=EVENING)])
        hub, play = stay_and_play()
        times = [
            at_wall_time(change + timedelta(days=day), time(hour, minute))
            for day in (-1, 0, 1, 2)
            for hour, minute in ((0, 30), (1, 30), (2, 30), (9, 0), (13, 15), (17, 0))
        ]
        sessions = [making.session(hub, play, at, places=100) for at in times]
        for family, session in zip(making.families(hub.id, len(sessions)), sessions, strict=True):
            bookings.book(
                session.id, household_id=family.household, person_ids=[family.carer, family.child],
                carer_id=family.carer, channel=Channel.STAFF,
            )  # fmt: skip
            starts[family.email] = session.starts_at
    return {email: at for email, at in starts.items() if at - timedelta(hours=24) > now()}


def test_a_year_in_which_nobody_kept_anything(installation, figures):
    """Reminders of sessions that are long over are not sent and say so; what still means something goes, in order."""
    useless, useful = 600, 200
    with unit_of_work(installation.leeds):
        hub, play = stay_and_play()
        families = making.families(hub.id, useless + useful)
        today = now()
        for month in range(12):
            session = making.session(hub, play, today - timedelta(days=30 * (12 - month) - 1), places=1000)
            share = families[month * useless // 12 : (month + 1) * useless // 12]
            made = making.booked(session, share)
            promise_all(
                [
                    Wanted(
                        "booking.reminder",
                        f"old:{booking}",
                        session.starts_at - timedelta(days=1),
                        {"booking_id": booking},
                        f.carer,
                    )
                    for booking, f in zip(made, share, strict=True)
                ]
            )
        to_come = making.session(hub, play, today + timedelta(days=7), places=1000)
        rest = families[useless:]
        still = making.booked(to_come, rest)
        promise_all(
            [
                Wanted(
                    "booking.confirmed",
                    f"late:{booking}",
                    today - timedelta(days=365 - number),
                    {"booking_id": booking},
                    f.carer,
                )
                for number, (booking, f) in enumerate(zip(still, rest, strict=True))
            ]
        )
    tried = outbox.drain(installation.leeds)

    outcomes = dict(
        installation.ask(
            "SELECT topic || ' ' || coalesce(outcome, error, 'open'), count(*) FROM outbox"
            " WHERE dedup_key LIKE 'old:%%' OR dedup_key LIKE 'late:%%' GROUP BY 1"
        )
    )
    order = [one.to for one in installation.sink.taken]
    late = installation.ask(
        "SELECT min(late_seconds), max(late_seconds) FROM messages WHERE kind = 'booking-confirmed'"
    )
    assert tried == useless + useful
    assert outcomes.pop("booking.confirmed sent") == useful
    assert sum(outcomes.values()) == useless
    assert not any("sent" in name.split() or "open" in name for name in outcomes), outcomes
    assert order == [family.email for family in rest], "not in the order in which they came due"
    assert late[0][0] > 100 * 24 * 3600
    figures(
        f"{useless} of no use any more not sent, and why said ({outcomes});"
        f" {useful} sent in order, up to {late[0][1] // 86400} days late"
    )
