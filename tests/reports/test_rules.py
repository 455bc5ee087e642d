"""How a comparison is put together."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import new_id
from reports import rules
from reports.rules import Comparison, Counts, Wanted
from reports.terms import Measure

MONTHS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(rules.month_of)


@given(MONTHS, MONTHS)
def test_months_run_from_the_first_to_the_last_without_a_gap(first, last):
    months = rules.months_between(first, last)

    assert months == sorted(set(months))
    assert all(rules.next_month(a) == b for a, b in pairwise(months))
    assert (months[:1], months[-1:]) == (([first], [last]) if first <= last else ([], []))


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_rate_is_between_nothing_and_a_hundred(part, more):
    rate = rules.percentage(part, part + more)

    assert rate is None if part + more == 0 else 0 <= rate <= 100


def test_nothing_divided_by_nothing_is_not_nought():
    assert rules.written(Measure.NO_SHOWS, Counts().of(Measure.NO_SHOWS)) == "–"


def test_heads_without_a_name_are_attendances_but_not_children():
    counts = Counts(visits=3, heads=4, children=2)

    assert counts.of(Measure.VISITS) == 7
    assert counts.of(Measure.CHILDREN) == 2


def test_the_chart_has_the_eight_busiest_hubs():
    hubs = [(new_id(), f"Hub {n:02}") for n in range(12)]
    counts = {(hub, None): Counts(visits=n) for n, (hub, _) in enumerate(hubs)}
    comparison = Comparison(Wanted(first=date(2026, 1, 1), last=date(2026, 1, 1)), hubs, counts)

    assert [name for name, _ in comparison.lines(Measure.VISITS)] == [f"Hub {n:02}" for n in range(11, 3, -1)]


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_the_file_is_a_formula(cell):
    assert rules.harmless(cell) == f"'{cell}"
