"""What is counted, against a count by hand."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import event

from attendance.models import Attendance, Register
from attendance.terms import CAME, Mark
from families.terms import PersonKind
from hubs.terms import ActivityKind, SessionStanding
from kernel.clock import now
from kernel.db import db
from kernel.ids import new_id
from reports import queries
from reports.rules import Wanted, month_of, months_between, percentage
from reports.terms import AgeBand, Measure

FIRST, LAST = date(2025, 12, 1), date(2026, 3, 1)


@pytest.fixture
def history(make):
    """Sessions and registers of three months at two hubs, thrown by dice, and the same as plain facts."""
    dice = Random(4)
    families = [make.family(f"Mia {n}", f"Leo {n}", carer=f"Carer {n}") for n in range(6)]
    hubs = [make.hub("Seacroft"), make.hub("Harehills", team=())]
    activities = [
        make.activity("Stay and play", most_families=5),
        make.activity(
            "Messy play", counted_in="children", most_children=6, kind=ActivityKind.MUSIC_ARTS_DANCE
        ),
    ]
    facts = []
    for day in range(1, 80, 2):
        hub, activity = dice.choice(hubs), dice.choice(activities)
        session = make.session(
            starts_in=-timedelta(days=day), hub=hub, activity=activity, families=activity.most_families,
            most_children=activity.most_children,
        )  # fmt: skip
        if dice.random() < 0.2:
            session.standing, session.called_off_at = SessionStanding.CALLED_OFF, now()
            facts.append((session, activity, None, []))
            continue
        register = Register(session_id=session.id, closed_at=now() if dice.random() < 0.8 else None,
                            adults_counted=dice.randrange(3), children_counted=dice.randrange(3))  # fmt: skip
        db.add(register)
        marks = [
            _mark(session, person, dice)
            for family in dice.sample(families, dice.randrange(4))
            for person in family
        ]
        facts.append((session, activity, register, marks))
    db.flush()
    return hubs, facts


def _mark(session, person, dice):
    row = Attendance(
        session_id=session.id, hub_id=session.hub_id, on_date=session.on_date, person_id=person.id,
        household_id=person.household_id, kind=person.kind, mark=dice.choice(list(Mark)), marked_at=now(),
        age_months={"Mia": 26, "Leo": 70}.get(person.given_name),
    )  # fmt: skip
    db.add(row)
    return row


@pytest.mark.parametrize("kind", [None, ActivityKind.MUSIC_ARTS_DANCE])
def test_every_measure_equals_a_count_by_hand(history, kind):
    hubs, facts = history
    found = queries.comparison(Wanted(first=FIRST, last=LAST, kind=kind))

    for hub in [None, *(h.id for h in hubs)]:
        for month in [None, *months_between(FIRST, LAST)]:
            mine = [
                f for f in facts
                if (hub is None or f[0].hub_id == hub) and (kind is None or f[1].kind == kind)
                and f[0].on_date >= FIRST and (month is None or month_of(f[0].on_date) == month)
            ]  # fmt: skip
            came = [m for f in mine for m in f[3] if m.mark in CAME]
            heads = sum(f[2].adults_counted + f[2].children_counted for f in mine if f[2])
            assert found.value(Measure.VISITS, hub, month) == len(came) + heads
            assert found.value(Measure.CHILDREN, hub, month) == len(
                {m.person_id for m in came if m.kind is PersonKind.CHILD}
            )
            assert found.value(Measure.FAMILIES, hub, month) == len({m.household_id for m in came})
            assert found.value(Measure.HELD, hub, month) == sum(f[2] is not None for f in mine)
            assert found.value(Measure.CALLED_OFF, hub, month) == sum(f[2] is None for f in mine)
            assert found.value(Measure.FILL, hub, month) == _fill(mine)


def _fill(facts):
    used = places = 0
    for _, activity, register, marks in facts:
        if register is None or register.closed_at is None:
            continue
        came = [m for m in marks if m.mark in CAME]
        families = activity.most_children is None
        used += (
            len({m.household_id for m in came}) if families else sum(m.kind is PersonKind.CHILD for m in came)
        )
        places += activity.most_families if families else activity.most_children
    return percentage(used, places)


def test_an_age_band_counts_children_of_that_age_on_the_day(history):
    _, facts = history
    found = queries.comparison(Wanted(first=FIRST, last=LAST, band=AgeBand.TWO))

    expected = sum(
        m.mark in CAME and m.age_months == 26 for f in facts for m in f[3] if f[0].on_date >= FIRST
    )
    assert found.value(Measure.VISITS, None, None) == expected


def test_who_booked_and_did_not_come_is_counted_only_where_the_register_is_closed(make):
    family = make.family()
    from bookings.models import Booking
    from bookings.terms import Channel, Standing

    for closed in (True, False):
        session = make.session(starts_in=-timedelta(days=1))
        booking = Booking(
            session_id=session.id, household_id=family[0].household_id, reference=new_id().hex, channel=Channel.WEB,
            standing=Standing.CONFIRMED, adults=1, children=1,
        )  # fmt: skip
        db.add_all([booking, Register(session_id=session.id, closed_at=now() if closed else None)])
        db.flush()
        for person, mark in zip(family, (Mark.ABSENT, Mark.HERE), strict=True):
            row = _mark(session, person, Random(1))
            row.mark, row.booking_id = mark, booking.id
    db.flush()

    found = queries.comparison(Wanted(first=LAST, last=LAST))

    assert found.value(Measure.NO_SHOWS, None, None) == 50.0


def test_the_comparison_takes_three_statements_whatever_it_counts(history):
    asked = []
    connection = db.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))

    queries.comparison(Wanted(first=FIRST, last=LAST))

    assert len(asked) == 3
