"""Who may book, who is next and until when, without a database."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings import rules
from bookings.rules import Before, Comer, Limits, Party, Taken, Waiter
from hubs.models import Activity, Room, Session
from hubs.terms import BookingMode, CountedIn, SessionStanding
from kernel.ids import new_id
from kernel.london import wall

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ADULT = Comer(False)
TODDLER = Comer(True, born=date(2024, 1, 15))
DAY = timedelta(days=1)


def session(
    starts_in: timedelta = 3 * DAY, standing: SessionStanding = SessionStanding.PLANNED, **parts: Any
) -> Session:
    limits = {name: parts.pop(name, None) for name in ("most_families", "most_children", "most_adults")}
    room = Room(name="Blue", people=parts.pop("people")) if "people" in parts else None
    usual = {
        "mode": BookingMode.BOOKABLE, "age_from_months": 0, "age_to_months": 59, "counted_in": CountedIn.FAMILIES,
        "closes_minutes_before": 0, "one_per_day": False, "opens_days_before": None, "children_per_adult": None,
    }  # fmt: skip
    starts = NOW + starts_in
    return Session(
        activity=Activity(title="Stay and play", **{**usual, **parts}), room=room, starts_at=starts,
        ends_at=starts + timedelta(hours=1), on_date=wall(starts).date(), standing=standing, **limits,
    )  # fmt: skip


def reasons(one: Session, *comers: Comer, **how: Any) -> tuple[str, ...]:
    return rules.may_come(one, comers or (ADULT, TODDLER), now=NOW, **how).reasons


def test_a_party_of_the_right_age_may_come():
    assert rules.may_come(session(), (ADULT, TODDLER), now=NOW).allowed


def test_a_session_that_is_called_off_or_over_or_has_started_cannot_be_booked():
    assert reasons(session(standing=SessionStanding.CALLED_OFF)) == ("This session has been called off.",)
    assert reasons(session(timedelta(0))) == ("This session has started.",)
    assert reasons(session(timedelta(hours=-1))) == ("This session is over.",)


def test_staff_may_book_until_a_session_ends():
    assert not reasons(session(timedelta(minutes=-59)), by_staff=True)
    assert reasons(session(timedelta(minutes=-60)), by_staff=True) == ("This session is over.",)


def test_one_just_comes_to_what_is_drop_in():
    assert reasons(session(mode=BookingMode.DROP_IN)) == (
        "You do not need to book. You can just come along.",
    )


def test_booking_opens_at_midnight_in_england():
    in_summer = session(timedelta(days=90), opens_days_before=7)
    opens = datetime(2026, 5, 23, 23, 0, tzinfo=UTC)

    assert (
        "Booking opens on Sunday 24 May 2026."
        in rules.may_come(in_summer, None, now=opens - timedelta(seconds=1)).reasons
    )
    assert rules.may_come(in_summer, None, now=opens).allowed


def test_booking_closes_before_the_start():
    closed = session(timedelta(hours=2), closes_minutes_before=120)

    assert reasons(closed) == ("Booking closed at 10am on Monday 2 March 2026.",)
    assert not reasons(closed, by_staff=True)


@pytest.mark.parametrize(
    ("born", "first", "last", "said"),
    [
        (date(2025, 3, 5), 0, 11, "too old"),
        (date(2025, 3, 6), 0, 11, None),
        (date(2025, 3, 6), 12, 23, "too young"),
        (date(2025, 3, 5), 12, 23, None),
    ],
)
def test_what_counts_is_the_age_on_the_day(born, first, last, said):
    told = " ".join(reasons(session(age_from_months=first, age_to_months=last), ADULT, Comer(True, born)))

    assert (said or "") in told
    assert bool(told) == bool(said)


def test_a_leap_day_child_is_a_year_old_on_the_first_of_march():
    baby = Comer(True, born=date(2024, 2, 29))
    on_the_28th, on_the_1st = (
        session(timedelta(days=-2), age_to_months=23),
        session(timedelta(days=-1), age_to_months=23),
    )

    assert "too old" not in " ".join(reasons(on_the_28th, ADULT, baby))
    assert "too old" in " ".join(reasons(on_the_1st, ADULT, baby))


def test_every_child_must_be_of_the_right_age_and_none_is_named():
    older = Comer(True, born=date(2018, 1, 1))

    (told,) = reasons(session(), ADULT, TODDLER, older)

    assert told == (
        "This session is for children of these ages: birth to 4 years. One of the children is too old on that day."
    )


def test_a_child_who_is_not_born_yet_comes_where_ages_begin_at_birth():
    unborn = Comer(True, due=date(2026, 6, 1))

    assert not reasons(session(), ADULT, unborn)
    assert "not born yet" in " ".join(reasons(session(age_from_months=6), ADULT, unborn))


def test_staff_may_book_a_child_whose_age_nobody_knows():
    assert "Add the date of birth" in " ".join(reasons(session(), ADULT, Comer(True)))
    assert not reasons(session(), ADULT, Comer(True), by_staff=True)


def test_adults_come_alone_where_they_are_counted_or_all_ages_come():
    assert "Choose at least one child" in " ".join(reasons(session(), ADULT))
    assert not reasons(session(counted_in=CountedIn.ADULTS), ADULT)
    assert not reasons(session(age_to_months=228), ADULT)


def test_small_children_come_with_an_adult_and_big_ones_alone():
    ten = Comer(True, born=date(2016, 1, 1))
    youth = session(age_from_months=96, age_to_months=215)

    assert "At least one adult must come with the children." in reasons(session(), TODDLER)
    assert not reasons(youth, ten)
    assert reasons(session(age_from_months=96, age_to_months=215, children_per_adult=3), ten)


def test_an_adult_brings_so_many_children():
    party = (ADULT, TODDLER, TODDLER)

    assert reasons(session(children_per_adult=1), *party) == (
        "Each adult can bring up to 1 child. Add another adult, or choose fewer children.",
    )
    assert not reasons(session(children_per_adult=1), ADULT, *party)


def test_nobody_is_no_party():
    assert rules.may_come(session(), (), now=NOW).reasons == ("Choose who is coming.",)


def test_one_booking_a_day_counts_only_where_the_activity_says_so():
    assert not reasons(session(), booked_that_day=True)
    assert "one each day" in " ".join(reasons(session(one_per_day=True), booked_that_day=True))


def test_all_reasons_are_given():
    told = reasons(
        session(opens_days_before=1, children_per_adult=1, one_per_day=True, age_to_months=11),
        ADULT, TODDLER, TODDLER, booked_here=True, booked_that_day=True,
    )  # fmt: skip

    assert len(told) == 5


def test_being_full_alone_lets_one_wait():
    full = session(most_families=1)
    party, taken = Party(1, 1), Taken(1, 1, 1, 2)
    may_come = rules.may_come(full, (ADULT, TODDLER), now=NOW)

    taking = rules.may_take(may_come, full, taken, (), party, list_open=True)
    late = rules.may_take(may_come, full, taken, (), party, list_open=False)

    assert (taking.reasons, taking.may_wait, late.may_wait) == (("This session is full.",), True, False)
    assert rules.may_wait(taking, list_open=True).allowed
    assert "too late to join" in " ".join(rules.may_wait(late, list_open=False).reasons)


def test_a_party_that_never_fits_cannot_wait():
    small = session(most_children=1)
    may_come = rules.may_come(small, (ADULT, TODDLER, TODDLER), now=NOW)

    taking = rules.may_take(may_come, small, Taken(), (), Party(1, 2), list_open=True)

    assert (taking.allowed, taking.may_wait) == (False, False)
    assert taking.reasons == ("Your party is larger than this session can take.",)


def test_what_is_left_is_told_in_the_unit_of_the_activity():
    left = rules.room_left(Limits(8, 10, None, 30), Taken(3, 6, 3, 9), counted_in=CountedIn.CHILDREN)

    assert (left.told, left.families, left.adults, left.people, left.full) == (4, 5, None, 21, False)
    assert rules.room_left(Limits(), Taken(3, 6, 3, 9), counted_in=CountedIn.ADULTS).told is None


# Turns

limit = st.none() | st.integers(0, 12)
limits = st.builds(Limits, limit, limit, limit, limit)
parties = st.builds(Party, st.integers(0, 3), st.integers(0, 4)).filter(lambda party: sum(party) > 0)
queues = st.lists(
    st.builds(lambda party, skipped: Waiter(new_id(), party, skipped), parties, st.integers(0, 3)), max_size=8
)


def taking(seated: list[Party]) -> Taken:
    taken = Taken()
    for party in seated:
        taken += party
    return taken


@given(limits, st.lists(parties, max_size=6), parties)
def test_who_fits_leaves_no_limit_exceeded_and_who_does_not_would(most, seated, party):
    taken = taking(seated)
    then = (
        taken.families + 1, taken.children + party.children, taken.adults + party.adults,
        taken.people + party.adults + party.children,
    )  # fmt: skip
    exceeded = [
        n for n, m in zip(then, (most.families, most.children, most.adults, most.people), strict=True)
        if m is not None and n > m
    ]  # fmt: skip

    assert rules.fit(most, taken, party) == (not exceeded)
    assert taken + party - party == taken


@given(limits, st.lists(parties, max_size=6), queues)
def test_turns_fill_the_room_in_order_and_pass_nobody_too_often(most, seated, queue):
    taken = taking(seated)
    passed: dict[Any, int] = {}

    for move in rules.next_turns(most, taken, queue):
        assert rules.fit(most, taken, move.offered.party)
        earlier = queue[: queue.index(move.offered)]
        for waiter in move.passed:
            assert waiter.id in {w.id for w in earlier}
            assert not rules.fit(most, taken, waiter.party)
            passed[waiter.id] = passed.get(waiter.id, 0) + 1
        taken += move.offered.party
        queue = [w for w in queue if w != move.offered]

    for waiter in queue:
        if waiter.id in passed:
            assert waiter.skipped + passed[waiter.id] <= rules.MOST_SKIPS
    for waiter in queue:
        assert not rules.fit(most, taken, waiter.party)
        holds_up = waiter.skipped + passed.get(waiter.id, 0) >= rules.MOST_SKIPS
        if holds_up and rules.fit(most, Taken(), waiter.party):
            assert rules.passed_by_newcomer(most, [waiter._replace(skipped=rules.MOST_SKIPS)]) is None
            break


@given(st.lists(parties, max_size=5), st.lists(parties, min_size=1, max_size=6))
def test_where_only_families_count_the_queue_is_served_strictly_in_order(seated, waiting):
    most = Limits(families=len(seated) + 3)
    queue = [Waiter(new_id(), party) for party in waiting]

    moves = rules.next_turns(most, taking(seated), queue)

    assert [move.offered for move in moves] == queue[:3]
    assert not any(move.passed for move in moves)


def test_a_party_that_would_not_fit_an_empty_session_holds_nobody_up():
    giant, small = Waiter(new_id(), Party(2, 9), rules.MOST_SKIPS), Waiter(new_id(), Party(1, 1))

    (move,) = rules.next_turns(Limits(children=4), Taken(), [giant, small])

    assert (move.offered, move.passed) == (small, ())


# Times

moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
mornings, evenings = st.times(time(5), time(11)), st.times(time(17), time(23))


@given(moments, st.integers(1, 96), st.integers(0, 60 * 24 * 10), mornings, evenings)
def test_an_offer_lapses_while_people_are_awake_and_in_time(now, hours, minutes_to_start, morning, evening):
    starts = now + timedelta(minutes=minutes_to_start)

    until = rules.offer_expiry(now, hours=hours, starts_at=starts, waking_from=morning, waking_until=evening)

    if until is None:
        assert starts - now < timedelta(hours=27)
    else:
        assert now + timedelta(minutes=30) <= until <= starts - timedelta(hours=2)
        assert morning <= wall(until).time().replace(microsecond=0) <= evening
        assert until <= now + timedelta(hours=hours + 20)


@pytest.mark.parametrize(
    ("now", "starts", "until"),
    [
        ("2026-03-02 10:00", "2026-03-09 10:00", "2026-03-03 10:00"),
        ("2026-03-02 23:00", "2026-03-09 10:00", "2026-03-04 09:00"),  # not at eleven at night
        ("2026-03-02 02:00", "2026-03-09 10:00", "2026-03-03 09:00"),  # nor at two: at nine
        ("2026-03-02 10:00", "2026-03-03 09:00", "2026-03-02 21:00"),  # the evening before an early session
        ("2026-03-02 10:00", "2026-03-02 14:00", "2026-03-02 12:00"),  # two hours before the start
        ("2026-03-02 10:00", "2026-03-02 12:20", None),  # too late for an answer
        ("2026-03-02 22:00", "2026-03-03 09:00", None),  # nobody is awake in between
        ("2026-03-28 22:00", "2026-04-09 10:00", "2026-03-30 08:00"),  # nine in summer time
        ("2026-10-24 22:30", "2026-11-09 10:00", "2026-10-26 09:00"),  # and in winter time again
    ],
)
def test_offers_lapse_at_hours_of_england(now, starts, until):
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    given = rules.offer_expiry(
        moment(now), hours=24, starts_at=moment(starts), waking_from=time(8), waking_until=time(21)
    )

    assert given == (until and moment(until))


def test_hours_that_make_no_sense_are_never_night():
    until = rules.offer_expiry(
        NOW, hours=16, starts_at=NOW + 5 * DAY, waking_from=time(8), waking_until=time(0)
    )

    assert until == NOW + timedelta(hours=16)


def test_a_hold_ends_with_the_session():
    assert rules.hold_expiry(NOW, minutes=15, ends_at=NOW + timedelta(minutes=5)) == NOW + timedelta(
        minutes=5
    )


def reminded(
    starts: str, *befores: Before, now: datetime = NOW, awake: tuple[int, int] = (8, 21)
) -> list[str]:
    """Return when families are reminded of a session, as clocks in England show it."""
    told = rules.reminders(
        datetime.fromisoformat(starts),
        befores,
        now=now,
        awake_from=time(awake[0]),
        awake_until=time(awake[1]),
    )
    return [f"{wall(one.at):%Y-%m-%d %H:%M}" for one in told]


EVENING_BEFORE, THREE_HOURS = Before(days=2, at=time(18)), Before(hours=3)


def test_reminders_come_in_their_order_and_never_for_an_hour_that_has_passed():
    assert reminded("2026-03-12 13:00+00:00", THREE_HOURS, EVENING_BEFORE) == [
        "2026-03-10 18:00",
        "2026-03-12 10:00",
    ]
    assert reminded("2026-03-03 13:00+00:00", THREE_HOURS, EVENING_BEFORE) == ["2026-03-03 10:00"]
    assert reminded("2026-03-03 10:00+00:00", Before(hours=24)) == []
    assert reminded("2026-03-12 13:00+00:00", Before(days=0, at=time(13))) == [], "it has started"


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        (
            "2026-03-29 12:00+00:00",
            ["2026-03-27 18:00", "2026-03-28 12:00"],
        ),  # 1pm, the clocks go forward that night
        (
            "2026-10-25 12:00+00:00",
            ["2026-10-23 18:00", "2026-10-24 13:00"],
        ),  # noon, the clocks go back that night
    ],
)
def test_hours_before_are_real_and_times_of_day_are_those_of_the_clock(starts, told):
    assert reminded(starts, EVENING_BEFORE, Before(hours=24)) == told


def test_reminders_that_fall_together_are_one_whatever_the_hour_of_asking():
    both = Before(hours=24), Before(days=1, at=time(10))
    assert reminded("2026-03-12 10:00+00:00", *both) == ["2026-03-11 10:00"]
    over_the_change = "2026-10-25 10:00+00:00"
    assert reminded(over_the_change, *both) == ["2026-10-24 10:00"], "they would be an hour apart"
    assert reminded(over_the_change, *both, now=datetime(2026, 10, 24, 9, 30, tzinfo=UTC)) == []


def test_a_reminder_waits_for_the_morning_unless_the_session_is_sooner():
    assert reminded("2026-03-12 09:30+00:00", THREE_HOURS) == ["2026-03-12 08:00"]
    assert reminded("2026-03-12 07:30+00:00", THREE_HOURS) == ["2026-03-12 04:30"]
    assert reminded("2026-03-12 09:30+00:00", Before(hours=10), THREE_HOURS) == ["2026-03-12 08:00"]
    assert reminded("2026-03-12 09:30+00:00", THREE_HOURS, awake=(8, 0)) == ["2026-03-12 06:30"]


@pytest.mark.parametrize(
    ("due", "starts", "until"),
    [
        ("2026-03-12 13:00", "2026-03-13 13:00", "2026-03-12 15:00"),
        ("2026-03-12 20:50", "2026-03-13 13:00", "2026-03-13 10:00"),  # the night does not count
        ("2026-03-12 20:50", "2026-03-13 09:30", "2026-03-13 09:30"),  # nor what comes after the start
        ("2026-03-28 20:00", "2026-03-29 13:00", "2026-03-29 09:00"),  # 10am: the clocks go forward
    ],
)
def test_a_reminder_that_is_late_goes_for_two_hours_in_which_people_are_awake(due, starts, until):
    due, starts, until = (datetime.fromisoformat(f"{moment}+00:00") for moment in (due, starts, until))
    assert rules.goes_until(due, starts, awake_from=time(8), awake_until=time(21)) == until


@given(
    st.one_of(
        st.builds(Before, st.integers(1, 336), st.none(), st.none()),
        st.builds(
            Before,
            st.none(),
            st.integers(0, 14),
            st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        ),
    )
)
def test_a_rule_is_read_as_it_was_written(before):
    assert rules.read_before(before.code) == before
    assert before.words
