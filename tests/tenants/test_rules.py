# ruff: noqa: E501 - a spreadsheet's moments have no zone, and its rows are long

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.spreadsheets import read_sheet
from tenants.rules import (
    DatesRead,
    SchoolCalendar,
    bank_holidays,
    brand_colour_problem,
    contrast,
    in_term,
    read_term_dates,
)
from tenants.terms import DatesKind, TermTime

DATA = Path("tests/data/term-dates")


def calendar(name):
    return read_term_dates(read_sheet((DATA / name).read_bytes()).lines).rows


STAFFORDSHIRE, BUCKINGHAMSHIRE = (
    calendar("staffordshire-2025-2026.csv"),
    calendar("buckinghamshire-2026-2027.csv"),
)


@pytest.mark.parametrize(
    ("dates", "day", "answer"),
    [
        (STAFFORDSHIRE, "2025-09-02", TermTime.YES),
        (STAFFORDSHIRE, "2025-10-28", TermTime.NO),
        (STAFFORDSHIRE, "2025-11-01", TermTime.NO),  # the weekend that ends half term
        (STAFFORDSHIRE, "2025-12-20", TermTime.NO),
        (STAFFORDSHIRE, "2026-04-03", TermTime.NO),
        (STAFFORDSHIRE, "2026-07-20", TermTime.NO),  # between the last term and the summer holiday
        (STAFFORDSHIRE, "2026-08-03", TermTime.NO),
        (STAFFORDSHIRE, "2026-09-02", TermTime.UNKNOWN),
        (STAFFORDSHIRE, "2025-09-01", TermTime.UNKNOWN),
        ((*STAFFORDSHIRE, *BUCKINGHAMSHIRE), "2026-07-20", TermTime.NO),
        ((*STAFFORDSHIRE, *BUCKINGHAMSHIRE), "2026-09-02", TermTime.NO),
        (BUCKINGHAMSHIRE, "2027-03-25", TermTime.YES),
        (BUCKINGHAMSHIRE, "2027-03-26", TermTime.NO),
        (BUCKINGHAMSHIRE, "2027-01-04", TermTime.NO),
        ((), "2026-01-01", TermTime.UNKNOWN),
    ],
)
def test_a_day_is_in_term_or_not_or_not_known(dates, day, answer):
    assert in_term(date.fromisoformat(day), dates) == answer


def test_a_training_day_within_a_term_wins():
    inset = DatesRead(
        line=1, kind=DatesKind.HOLIDAY, name="INSET", first_day=date(2025, 9, 5), last_day=date(2025, 9, 5)
    )

    assert in_term(date(2025, 9, 5), (*STAFFORDSHIRE, inset)) == TermTime.NO
    assert in_term(date(2025, 9, 6), (*STAFFORDSHIRE, inset)) == TermTime.YES


def test_a_missing_school_year_is_not_a_holiday():
    later = DatesRead(
        line=1, name="Autumn term 2028", first_day=date(2028, 9, 4), last_day=date(2028, 12, 20)
    )

    assert in_term(date(2027, 3, 3), (*STAFFORDSHIRE, later)) == TermTime.UNKNOWN


def test_bank_holidays_are_englands():
    assert bank_holidays(2026)[date(2026, 5, 4)] == "Early May bank holiday"
    assert date(2026, 1, 2) not in bank_holidays(2026)
    assert SchoolCalendar(()).bank_holiday(date(2026, 12, 28)) == "Boxing Day (substitute day)"


def test_term_dates_are_read_from_other_columns_and_dates():
    read = read_term_dates(
        read_sheet(
            b"School terms\n\nTerm or holiday;Start date;Finishes\n"
            b"Autumn term 2025;Tuesday 2 September 2025;19/12/2025\n"
            b"October half term;27/10/25;31 Oct 2025\nINSET day;5 September 2025;\nPicnic;1/7/2026;1/7/2026\n"
            b"Spring term 2026;5/1/2026;1/1/2026\nSummer term;soon;later\n"
        ).lines
    )

    assert [(r.line, r.kind, r.first_day, r.last_day) for r in read.rows if not r.problem] == [
        (4, DatesKind.TERM, date(2025, 9, 2), date(2025, 12, 19)),
        (5, DatesKind.HOLIDAY, date(2025, 10, 27), date(2025, 10, 31)),
        (6, DatesKind.HOLIDAY, date(2025, 9, 5), date(2025, 9, 5)),
    ]
    assert [r.line for r in read.rows if r.problem] == [7, 8, 9]


def test_term_dates_may_stand_in_one_column():
    read = read_term_dates(
        read_sheet(
            "Event,Dates\nAutumn term,2 September to 19 December 2025\n"
            "Christmas,22 December – 2 January 2026\nHalf term,27 to 31 October 2025\nHalf term,27 to 31 October 2025\n".encode()
        ).lines
    )

    assert [(r.first_day, r.last_day) for r in read.rows[:3]] == [
        (date(2025, 9, 2), date(2025, 12, 19)),
        (date(2025, 12, 22), date(2026, 1, 2)),
        (date(2025, 10, 27), date(2025, 10, 31)),
    ]
    assert read.rows[3].problem == "It starts on the same day as line 4."


def test_a_file_without_terms_says_what_it_needs():
    assert read_term_dates(read_sheet(b"a,b\n1,2\n").lines).problem


@pytest.mark.parametrize("colour", ["#1d70b8", "#000", "#00703c", "#767676"])
def test_a_dark_colour_can_stand_behind_white(colour):
    assert brand_colour_problem(colour) is None


@pytest.mark.parametrize("colour", ["#ffdd00", "#777777", "red", "#12345", ""])
def test_a_light_colour_or_none_is_refused(colour):
    assert brand_colour_problem(colour)


colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@given(colours, colours)
def test_contrast_has_no_direction(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
