# ruff: noqa: DTZ001, E501 - a spreadsheet's moments have no zone, and its rows are long

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubs.rules.ages import read_age_limits, read_ages
from hubs.rules.days import ONCE, find_weekdays, read_frequency, read_weekdays
from hubs.rules.reading import name_key, read_booking, read_cost, read_day, read_hub_kind, read_term_time
from hubs.rules.times import TimeRange, find_times, read_times
from hubs.terms import BookingMode, HubKind, Weekday


@pytest.mark.parametrize(
    ("written", "starts", "ends"),
    [
        ("10am - 12noon", "10:00", "12:00"),
        ("9.30 - 11.30am", "09:30", "11:30"),
        ("1-2.30pm", "13:00", "14:30"),
        ("10:00-11:30", "10:00", "11:30"),
        ("9.30am to 11am", "09:30", "11:00"),
        ("noon till 2", "12:00", "14:00"),
        ("0930-1130", "09:30", "11:30"),
        ("930-1130", "09:30", "11:30"),
        ("0900-1400 hrs", "09:00", "14:00"),
        ("10 – 11.30", "10:00", "11:30"),
        ("11-1", "11:00", "13:00"),
        ("11 - 1pm", "11:00", "13:00"),
        ("9-3pm", "09:00", "15:00"),
        ("10-12pm", "10:00", "12:00"),
        ("10am-12", "10:00", "12:00"),
        ("12-2pm", "12:00", "14:00"),
        ("12 midday - 1pm", "12:00", "13:00"),
        ("10 a.m. - 11.30 a.m.", "10:00", "11:30"),
        ("10 o'clock to 11", "10:00", "11:00"),
        ("between 10 and 11.30am", "10:00", "11:30"),
        ("6pm - 7.30", "18:00", "19:30"),
        ("10:00:00 - 11:30:00", "10:00", "11:30"),
        ("9:30-15:00", "09:30", "15:00"),
    ],
)
def test_times_are_read_as_people_write_them(written, starts, ends):
    found = read_times(written)

    assert found.value == TimeRange(time.fromisoformat(starts), time.fromisoformat(ends))
    assert not found.warning
    assert found.how.startswith("From ")


@pytest.mark.parametrize(
    ("written", "starts", "ends"),
    [
        ("1-2.30", "13:00", "14:30"),
        ("7-9", "07:00", "09:00"),
        ("3.15-4.15", "15:15", "16:15"),
        ("01:00-02:00", "01:00", "02:00"),
        ("8am-7pm", "08:00", "19:00"),
    ],
)
def test_times_that_are_assumed_say_so(written, starts, ends):
    found = read_times(written)

    assert found.value == TimeRange(time.fromisoformat(starts), time.fromisoformat(ends))
    assert found.warning.endswith("Check it.")


@pytest.mark.parametrize(
    "written",
    ["10am", "1pm to late", "22:00-02:00", "2 - 1pm", "10-11 and 1-2", "10am-2pm & 4-5pm", "0-5 years", "9.5-11",
     "morning", "10pm - midnight", "25:00-26:00", datetime(2026, 11, 10)],
)  # fmt: skip
def test_times_that_cannot_be_told_are_said_plainly(written):
    found = read_times(written)

    assert found.value is None
    assert found.problem.endswith(".")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("10:00", "11:30"),
        (time(10), time(11, 30)),
        (0.416666667, 0.479166667),
        ("0.4166667", "0.4791667"),
        (datetime(1899, 12, 30, 10), timedelta(hours=11, minutes=30)),
        (10, 11.3),
        ("10am", "11.30"),
    ],
)
def test_a_start_and_an_end_may_stand_in_two_cells(first, last):
    assert read_times(first, last).value == TimeRange(time(10), time(11, 30))


def test_a_start_and_a_length_will_do():
    assert read_times("10am", lasts="1 hr 30 mins").value == TimeRange(time(10), time(11, 30))
    assert read_times(time(10), lasts="90 minutes").value == TimeRange(time(10), time(11, 30))


def test_times_are_found_beside_ages():
    found, rest = find_times("Baby group 0-12 months 10-11.30am")

    assert found.value == TimeRange(time(10), time(11, 30))
    assert rest == "Baby group 0-12 months"


def _twelve(at, dot, tight):
    minutes = f"{dot}{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'' if tight else ' '}{'am' if at.hour < 12 else 'pm'}"


quarters = st.integers(6 * 4, 23 * 4 + 3).map(lambda n: time(n // 4, n % 4 * 15))
JOINTS = ["-", " - ", " – ", "—", " to ", " till ", " until "]


@given(st.tuples(quarters, quarters).filter(lambda two: two[0] < two[1]), st.sampled_from(JOINTS), st.data())
def test_a_time_that_is_written_in_any_style_reads_back(times, joint, data):
    starts, ends = times
    dot, tight = data.draw(st.sampled_from([".", ":"])), data.draw(st.booleans())
    style = data.draw(
        st.sampled_from(["twelve", "twenty-four", "military", "half said", "cells", "typed", "fraction"])
    )

    if style == "typed":
        found = read_times(starts, ends)
    elif style == "fraction":
        found = read_times(*((at.hour * 60 + at.minute) / 1440 for at in times))
    elif style == "cells":
        found = read_times(_twelve(starts, dot, tight), _twelve(ends, dot, tight))
    elif style == "twenty-four":
        found = read_times(f"{starts:%H:%M}{joint}{ends:%H:%M}")
    elif style == "military":
        found = read_times(f"{starts:%H%M}{joint}{ends:%H%M}")
    elif style == "half said" and (starts.hour < 12) == (ends.hour < 12) and starts.hour != 12:
        bare = _twelve(starts, dot, True)[:-2]
        found = read_times(f"{bare}{joint}{_twelve(ends, dot, tight)}")
    else:
        found = read_times(f"{_twelve(starts, dot, tight)}{joint}{_twelve(ends, dot, tight)}")

    assert found.value == TimeRange(starts, ends)


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text):
    for read in (
        read_times,
        read_weekdays,
        read_frequency,
        read_ages,
        read_term_time,
        read_cost,
        read_booking,
    ):
        found = read(text)
        assert found.value is None or not found.problem
    read_day(text, of="From")


M, T, W, TH, F, SA, SU = Weekday


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Tuesdays", [T]),
        ("Tue", [T]),
        ("every Weds", [W]),
        ("Thursday's", [TH]),
        ("Mon & Wed", [M, W]),
        ("Mon, Wed and Fri", [M, W, F]),
        ("Mon/Wed", [M, W]),
        ("Tues. and Thurs.", [T, TH]),
        ("Mon-Fri", [M, T, W, TH, F]),
        ("Monday to Friday", [M, T, W, TH, F]),
        ("Fri – Sun", [F, SA, SU]),
        ("weekdays", [M, T, W, TH, F]),
        ("weekends", [SA, SU]),
        (datetime(2026, 12, 12), [SA]),
    ],
)
def test_weekdays_are_read_as_people_write_them(written, expected):
    assert read_weekdays(written).value == tuple(expected)


def test_a_misspelt_weekday_is_read_with_a_warning():
    found = read_weekdays("Wednsday")

    assert found.value == (W,)
    assert "Check it" in found.warning


@pytest.mark.parametrize("written", ["Summer", "Bank holidays", "sunshine club", "M/W/F"])
def test_what_is_no_weekday_is_not_taken_for_one(written):
    assert find_weekdays(written)[0].value is None


@pytest.mark.parametrize(
    ("written", "weeks"),
    [
        ("Every other Wed", 2), ("fortnightly", 2), ("2 weeks", 2), ("every 2 weeks", 2), ("Every two weeks", 2),
        ("alternate Tuesdays", 2), ("once a fortnight", 2), ("every second Tuesday", 2), (2, 2), ("weekly", 1),
        ("1 week", 1), ("every week", 1), ("Weekly on Tuesday", 1), ("each Friday", 1), (1, 1), ("Tuesdays", 1),
        ("one-off", ONCE),
    ],
)  # fmt: skip
def test_how_often_is_read_as_people_write_it(written, weeks):
    assert read_frequency(written).value == weeks


@pytest.mark.parametrize(
    "written",
    ["first Monday of the month", "1st & 3rd Tuesday", "Monthly", "every 3 weeks", "last Friday of each month",
     "Week A", "bi-weekly", "second Tuesday of the month", "termly", "ad hoc"],
)  # fmt: skip
def test_how_often_that_the_timetable_cannot_do_is_said_plainly(written):
    assert "every 2 weeks" in read_frequency(written).problem


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("0-5 years", 0, 71), ("0 – 3 yrs", 0, 47), ("0-5", 0, 71), ("birth to 5", 0, 71), ("under 5s", 0, 59),
        ("Under 5’s", 0, 59), ("U5s", 0, 59), ("up to 1 year", 0, 12), ("0-18 months", 0, 18), ("0-12m", 0, 12),
        ("18m-3yrs", 18, 36), ("6 months - 2 years", 6, 24), ("12 months to 3", 12, 36), ("8+", 96, None),
        ("5 and over", 60, None), ("from 6 weeks", 1, None), ("2 yrs +", 24, None), ("all ages", None, None),
        ("3 years", 36, 47), ("1-4 year olds", 12, 59), ("Children aged 0 to 5", 0, 71), ("0-19 (25 with SEND)", 0, 239),
        ("2½-4 years", 30, 59),
    ],
)  # fmt: skip
def test_ages_are_read_as_people_write_them(written, first, last):
    found = read_ages(written)

    assert (found.value.from_months, found.value.to_months) == (first, last)
    assert found.how
    assert not found.warning


def test_ages_with_a_later_limit_for_special_needs():
    assert read_ages("0 to 19, or up to 25 with SEND").value.to_send == 311


def test_ages_in_words_are_assumed_and_say_so():
    assert "Check it" in read_ages("pre-school").warning
    assert read_ages("pre-school").value.to_months == 59


@pytest.mark.parametrize(
    "written", ["6 weeks - crawling", "bump to 2", "non-mobile babies", "11-4", datetime(2026, 5, 1)]
)
def test_ages_that_are_not_understood_are_left_open(written):
    found = read_ages(written)

    assert found.value is None
    assert found.warning


def test_ages_of_two_columns_take_their_unit_from_the_heading():
    assert read_age_limits(0, 3).value.to_months == 47
    assert read_age_limits(6, 18, unit="months").value.to_months == 18
    assert read_age_limits(None, 5).value.to_months == 71
    assert read_age_limits(8, None).value.from_months == 96


@pytest.mark.parametrize(
    ("written", "term_only"),
    [
        ("yes", True), ("TTO", True), ("term time only", True), ("Term-time", True), ("excluding school holidays", True),
        ("No sessions during school holidays", True), ("not in half term", True), ("no", False), ("all year", False),
        ("all year round", False), ("runs during school holidays", False), ("", None), (None, None), (True, True),
    ],
)  # fmt: skip
def test_term_time_is_read_as_people_write_it(written, term_only):
    assert read_term_time(written).value is term_only


def test_holidays_only_is_not_supported_and_says_so():
    assert read_term_time("school holidays only").problem


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("free", "free"), ("No charge", "free"), ("£0", "free"), ("£2.50", "£2.50"), ("£1 per child", "£1 per child"),
        ("50p", "50p"), ("£3.00/session", "£3"), (2.5, "£2.50"), ("2.50", "£2.50"), ("£2 per family", "£2 per family"),
    ],
)  # fmt: skip
def test_costs_are_read_as_people_write_them(written, said):
    assert str(read_cost(written).value) == said


@pytest.mark.parametrize("written", ["£1 first child, 50p siblings", "£2-£4", "TBC", "under 5s", "from £2"])
def test_costs_that_are_not_one_price_are_left_open(written):
    assert read_cost(written).value is None
    assert read_cost(written).warning


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        ("drop-in", "drop_in"), ("just turn up", "drop_in"), ("No need to book", "drop_in"), ("no", "drop_in"),
        ("Booking not required", "drop_in"), ("booking required", "bookable"), ("book via Eventbrite", "bookable"),
        ("yes", "bookable"), ("by appointment", "bookable"), ("Referral only", "bookable"), (True, "bookable"),
    ],
)  # fmt: skip
def test_booking_is_read_as_people_write_it(written, mode):
    assert read_booking(written).value == BookingMode(mode)


def test_dates_are_read_day_first():
    assert read_day("01/09/2025", of="From").value == date(2025, 9, 1)
    assert read_day("09/25/2025", of="From").problem
    assert read_day("16 Aug", of="From").problem == "‘16 Aug’ does not say which year."


def test_the_kind_of_a_place_is_read_or_told_from_its_name():
    assert read_hub_kind("family_hub", name="X").value == HubKind.FAMILY_HUB
    assert read_hub_kind(None, name="Oak Children’s Centre").value == HubKind.FAMILY_HUB
    assert read_hub_kind(None, name="Acomb Explore").value == HubKind.COMMUNITY_VENUE


def test_names_are_the_same_however_they_are_pointed():
    assert name_key("Clifton Children’s  Centre") == name_key("CLIFTON CHILDRENS CENTRE")
    assert name_key("Stay & Play") == name_key("stay and play")
