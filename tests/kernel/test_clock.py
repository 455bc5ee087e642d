"""Wall time in England, on ordinary days and on the two that are not."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import at_wall_time, day_bounds, wall

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_ten_o_clock_stays_ten_o_clock_through_both_changes():
    days = date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)
    shown = [wall(at_wall_time(day, time(10))).time() for day in days]

    assert shown == [time(10)] * 3
    assert at_wall_time(date(2026, 3, 28), time(10)).hour == 10
    assert at_wall_time(date(2026, 3, 29), time(10)).hour == 9


def test_the_hour_that_happens_twice_is_taken_the_first_time():
    assert at_wall_time(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_moved_on():
    assert wall(at_wall_time(date(2027, 3, 28), time(1, 30))).time() == time(2, 30)


def test_days_have_23_24_or_25_hours():
    lengths = [
        end - start
        for start, end in map(day_bounds, (date(2026, 3, 29), date(2026, 6, 1), date(2026, 10, 25)))
    ]

    assert lengths == [timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)]


@given(DAYS, st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_wall_time_reads_back_unless_it_does_not_exist(day, at):
    shown = wall(at_wall_time(day, at))

    assert shown.date() == day
    assert shown.time() == at or at.hour == 1
