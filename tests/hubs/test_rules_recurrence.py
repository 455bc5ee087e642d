from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubs.errors import CannotRepeat
from hubs.rules import (
    PlainIntent,
    WhySkipped,
    Window,
    ensure_possible,
    horizon,
    occurrences,
    series,
    split,
    week_of,
)
from hubs.terms import Weekday
from kernel.london import LONDON
from kernel.spreadsheets import read_sheet
from tenants.rules import SchoolCalendar, read_term_dates
from tenants.terms import TermTime


@dataclass(frozen=True)
class EveryDay:
    """A calendar without terms or holidays."""

    off: frozenset[date] = field(default=frozenset())

    def term_time(self, day):
        return TermTime.NO if day in self.off else TermTime.YES

    def term_reason(self, day):
        return "half term"

    def bank_holiday(self, day):
        return "Christmas Day" if (day.month, day.day) == (12, 25) else None


STAFFORDSHIRE = SchoolCalendar(
    read_term_dates(
        read_sheet(Path("tests/data/term-dates/staffordshire-2025-2026.csv").read_bytes()).lines
    ).rows
)
TUESDAY = PlainIntent(
    weekday=Weekday.TUESDAY, starts=time(10), ends=time(11, 30), first_date=date(2025, 9, 1)
)

days = st.dates(date(2023, 1, 1), date(2029, 12, 31))
intents = st.builds(
    PlainIntent,
    weekday=st.sampled_from(Weekday),
    starts=st.times(max_value=time(11, 59)),
    ends=st.times(min_value=time(12), max_value=time(23, 59)),
    first_date=days,
    every_weeks=st.sampled_from([1, 2]),
    last_date=st.none(),
    term_time_only=st.booleans(),
    not_on_bank_holidays=st.booleans(),
)
windows = st.tuples(days, st.integers(0, 800)).map(
    lambda pair: Window(pair[0], pair[0] + timedelta(days=pair[1]))
)
calendars = st.frozensets(days, max_size=60).map(EveryDay)


def held(intent, first, last, calendar=STAFFORDSHIRE):
    return [o.day for o in occurrences(intent, Window(first, last), calendar)]


def test_a_weekly_session_keeps_its_wall_time_when_the_clocks_go_back():
    found = occurrences(TUESDAY, Window(date(2025, 10, 20), date(2025, 11, 5)), STAFFORDSHIRE)

    assert [o.starts_at for o in found] == [
        datetime(2025, 10, 21, 9, tzinfo=UTC),
        datetime(2025, 10, 28, 10, tzinfo=UTC),
        datetime(2025, 11, 4, 10, tzinfo=UTC),
    ]


def test_a_term_time_session_rests_in_half_term_and_says_why():
    found = series(
        replace(TUESDAY, term_time_only=True), Window(date(2025, 10, 20), date(2025, 11, 5)), STAFFORDSHIRE
    )

    assert [o.day for o in found.occurrences] == [date(2025, 10, 21), date(2025, 11, 4)]
    assert [(s.day, s.why) for s in found.skipped] == [(date(2025, 10, 28), WhySkipped.HOLIDAY)]
    assert found.skipped[0].reason == "Tuesday 28 October 2025 is in the school holidays (Autumn half term)."


def test_a_day_outside_every_known_term_is_reported_and_not_guessed():
    found = series(
        replace(TUESDAY, term_time_only=True), Window(date(2027, 1, 5), date(2027, 1, 5)), STAFFORDSHIRE
    )

    assert found.occurrences == ()
    assert found.skipped[0].why == WhySkipped.UNKNOWN_TERM


def test_a_monday_session_stays_away_on_bank_holidays_only_when_it_should():
    monday = replace(TUESDAY, weekday=Weekday.MONDAY)

    assert date(2026, 5, 4) not in held(monday, date(2026, 5, 1), date(2026, 5, 12))
    assert date(2026, 5, 4) in held(
        replace(monday, not_on_bank_holidays=False), date(2026, 5, 1), date(2026, 5, 12)
    )


def test_a_fortnight_is_counted_from_the_week_of_the_first_date():
    avenues = replace(TUESDAY, weekday=Weekday.WEDNESDAY, every_weeks=2, first_date=date(2023, 8, 16))

    assert held(avenues, date(2023, 8, 1), date(2023, 9, 30)) == [
        date(2023, 8, 16),
        date(2023, 8, 30),
        date(2023, 9, 13),
        date(2023, 9, 27),
    ]


def test_a_session_begins_and_ends_with_its_dates_and_leaves_out_what_was_taken_out():
    found = series(
        replace(TUESDAY, first_date=date(2025, 9, 9), last_date=date(2025, 9, 23)),
        Window(date(2025, 9, 1), date(2025, 12, 1)),
        STAFFORDSHIRE,
        except_on={date(2025, 9, 16)},
    )

    assert [o.day for o in found.occurrences] == [date(2025, 9, 9), date(2025, 9, 23)]
    assert found.skipped[0].why == WhySkipped.TAKEN_OUT


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TUESDAY, ends=time(10)),
        replace(TUESDAY, every_weeks=3),
        replace(TUESDAY, last_date=date(2025, 8, 1)),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(CannotRepeat):
        ensure_possible(wrong)


def test_the_horizon_ends_on_a_sunday():
    found = horizon(date(2026, 3, 4), weeks=13)

    assert found.first == date(2026, 3, 4)
    assert found.last == date(2026, 6, 7)
    assert found.last.weekday() == 6


@given(intents, windows, calendars)
def test_every_occurrence_is_on_its_weekday_at_its_wall_time_and_in_order(intent, window, calendar):
    found = occurrences(intent, window, calendar)

    assert [o.day for o in found] == sorted({o.day for o in found})
    for occurrence in found:
        assert Weekday.of(occurrence.day) == intent.weekday
        assert occurrence.day in window
        assert occurrence.day >= intent.first_date
        local = occurrence.starts_at.astimezone(LONDON)
        if intent.starts.hour >= 2:  # the hour that the clocks skip or repeat has its own tests
            assert (local.date(), local.time()) == (occurrence.day, intent.starts)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
@given(times=st.lists(st.times(max_value=time(4)), min_size=2, max_size=2, unique=True).map(sorted))
def test_a_night_session_ends_after_it_starts_even_when_the_clocks_change(day, times):
    intent = PlainIntent(weekday=Weekday.SUNDAY, starts=times[0], ends=times[1], first_date=day)

    (found,) = occurrences(intent, Window(day, day), EveryDay())

    assert found.starts_at < found.ends_at


@given(intents, windows, calendars)
def test_fortnights_keep_their_parity_over_years_and_clock_changes(intent, window, calendar):
    fortnightly = replace(intent, every_weeks=2)

    for occurrence in occurrences(fortnightly, window, calendar):
        assert (week_of(occurrence.day) - week_of(intent.first_date)).days % 14 == 0


@given(intents, windows, calendars)
def test_nothing_takes_place_on_a_day_that_is_left_out(intent, window, calendar):
    found = series(intent, window, calendar)

    assert not {o.day for o in found.occurrences} & {s.day for s in found.skipped}
    for occurrence in found.occurrences:
        assert not (intent.term_time_only and occurrence.day in calendar.off)
        assert not (intent.not_on_bank_holidays and calendar.bank_holiday(occurrence.day))


@given(intents, windows, calendars, st.integers(0, 800))
def test_two_windows_side_by_side_give_what_the_whole_gives(intent, window, calendar, at):
    cut = min(window.first + timedelta(days=at), window.last)
    parts = (Window(window.first, cut), Window(cut + timedelta(days=1), window.last))

    both = [o for part in parts for o in occurrences(intent, part, calendar)]

    assert both == list(occurrences(intent, window, calendar))


@given(intents, st.integers(0, 30))
def test_to_split_an_entry_without_changing_it_changes_no_day(intent, n):
    window = Window(intent.first_date, intent.first_date + timedelta(days=600))
    whole = occurrences(intent, window, EveryDay())
    if n >= len(whole):
        return

    before, after = split(intent, intent, from_day=whole[n].day)

    parts = [] if not n else list(occurrences(before, window, EveryDay()))
    assert parts + list(occurrences(after, window, EveryDay())) == list(whole)
