"""Nobody who holds every report beside every other learns anything of fewer than five people."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import new_id
from outcomes.rules import shipped
from programmes.rules import changes, overview
from programmes.rules.hiding import FEWEST, Hidden, Silence, closed
from programmes.rules.periods import periods, term_of, year_of
from tests.programmes.test_results_rules import BPSES, HOUSE, PAIR, journey

AUTUMN, SPRING, SUMMER = date(2025, 11, 1), date(2026, 3, 1), date(2026, 7, 1)
ONE = [(HOUSE, "Group Triple P")]


class Told:
    """Counts of a few terms, hubs and programmes, and what a reader is shown of them in all reports together."""

    def __init__(self, sizes, ran):
        self.ran = ran
        self.sides = [sorted({term for term, _, _ in ran}), *map(range, sizes[1:])]
        spots = product(*([*side, None] for side in self.sides))
        self.counts = {spot: sum(self._within(spot)) for spot in spots}
        nobody = {spot for spot in self.counts if not list(self._within(spot))}
        tables = {term: {} for term in (*self.sides[0], None)}
        for (term, *cell), n in self.counts.items():
            tables[term][tuple(cell)] = n
        hidden = closed(tables, *self.sides[1:], Silence(nobody))
        self.hidden = {(term, *cell): why for term, cells in hidden.items() for cell, why in cells.items()}

    def _within(self, spot) -> Iterator[int]:
        return (n for place, n in self.ran.items() if inside(place, spot))

    @property
    def shown(self):
        return {spot: n for spot, n in self.counts.items() if spot not in self.hidden}


def inside(place, spot):
    return all(of in (None, at) for at, of in zip(place, spot, strict=True))


@st.composite
def told(draw):
    sizes = draw(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)))
    places = list(product(*map(range, sizes)))
    ran = draw(st.lists(st.sampled_from(places), unique=True, min_size=1))
    return Told(sizes, {place: draw(st.integers(0, 12)) for place in ran})


@given(told())
def test_nothing_below_five_is_shown_but_where_nothing_ran(found):
    assert all(n >= FEWEST or not list(found._within(spot)) for spot, n in found.shown.items())


@given(told())
def test_no_two_reports_differ_by_one_to_four_people(found):
    for one, other in combinations(found.shown, 2):
        if inside(one, other) or inside(other, one):
            assert abs(found.counts[one] - found.counts[other]) not in range(1, FEWEST)


@given(told())
def test_no_adding_and_taking_away_of_figures_gives_one_below_five(found):
    """Gauss, with fractions: what is shown are sums of what ran; nothing small may be made of them."""
    columns = list(found.ran)

    def as_row(spot):
        return [Fraction(inside(place, spot)) for place in columns]

    rows = []
    for spot in found.shown:
        row = reduced(as_row(spot), rows)
        if any(row):
            lead = next(at for at, n in enumerate(row) if n)
            rows.append((lead, [n / row[lead] for n in row]))
    for spot in found.hidden:
        if found.counts[spot] < FEWEST:
            assert any(reduced(as_row(spot), rows)), spot


def reduced(row, rows):
    for lead, other in rows:
        row = [n - row[lead] * m for n, m in zip(row, other, strict=True)]
    return row


@given(told())
def test_not_even_what_the_words_say_leaves_one_value_for_a_count_below_five(found):
    terms, hubs, programmes = ([*side, None] for side in found.sides)
    spans = {spot: (n, n) for spot, n in found.shown.items()}
    for spot, why in found.hidden.items():
        of_year = spot[0] is None and len(found.sides[0]) > 1
        spans[spot] = (0, 999) if of_year else (0, 4) if why is Hidden.FEW else (5, 999)
    sums = [((t, h, None), [(t, h, p) for p in programmes[:-1]]) for t, h in product(terms, hubs)]
    sums += [((t, None, p), [(t, h, p) for h in hubs[:-1]]) for t, p in product(terms, programmes)]
    sums += [((None, h, p), [(t, h, p) for t in terms[:-1]]) for h, p in product(hubs, programmes)]
    before = None
    while before != spans:
        before = dict(spans)
        for total, parts in sums:
            for one in parts:
                others = [part for part in parts if part != one]
                least = spans[total][0] - sum(spans[part][1] for part in others)
                most = spans[total][1] - sum(spans[part][0] for part in others)
                spans[one] = max(spans[one][0], least), min(spans[one][1], most)
            least, most = (sum(spans[part][end] for part in parts) for end in (0, 1))
            spans[total] = max(spans[total][0], least), min(spans[total][1], most)

    for spot in found.hidden:
        if found.counts[spot] < FEWEST:
            assert spans[spot][0] < spans[spot][1], spot


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([9, 8], [9, 8, 17]),
        ([3, 9], [None, 9, None]),
        ([3, 4, 9], [None, None, 9, 16]),
        ([1, 2, 9], [None, None, 9, None]),
    ],
)
def test_a_year_gives_way_to_its_terms(parts, shown):
    days = (AUTUMN, SPRING, SUMMER)
    ways = [journey(ended_on=day) for day, n in zip(days, parts, strict=False) for _ in range(n)]

    def asked(people):
        value = overview.overview([(HOUSE, "Seacroft")], ONE, people).at("completed")
        return None if isinstance(value, Hidden) else value

    terms = [[way for way in ways if way.ended_on == day] for day in days[: len(parts)]]
    assert [asked(people) for people in (*terms, ways)] == shown


def test_scores_are_silent_where_the_pairs_of_the_overview_are():
    small, large, other = new_id(), new_id(), new_id()
    rows = [(small, "Small"), (large, "Large")]
    ways = [
        journey(hub=hub, programme=programme, scores=PAIR)
        for hub, programme, n in ((small, HOUSE, 6), (small, other, 2), (large, HOUSE, 9), (large, other, 9))
        for _ in range(n)
    ]
    found = overview.overview(rows, [*ONE, (other, "Another")], ways)
    mine = [way for way in ways if way.programme_id == HOUSE]

    lines = changes.changes(mine, rows, {}, shipped(), silence=found.silence(HOUSE))[0].shown

    assert found.at("pairs", small, HOUSE) is Hidden.COVERED
    assert {line.name for line in lines if line.summary is None} >= {"Small"}
    assert BPSES in mine[0].scores


def test_where_a_programme_never_ran_there_is_no_line():
    here, there = new_id(), new_id()
    ways = [journey(hub=here) for _ in range(6)] + [journey(hub=there, programme=there) for _ in range(6)]
    found = overview.overview([(here, "Here"), (there, "There")], [*ONE, (there, "Another")], ways)

    assert found.not_run_at(HOUSE) == ["There"]
    assert [line[:2] for line in list(overview.sheet(found))[1:]] == [
        ["Here", "Group Triple P"],
        ["Here", "All programmes"],
        ["There", "Another"],
        ["There", "All programmes"],
        ["All hubs", "Group Triple P"],
        ["All hubs", "Another"],
        ["All hubs", "All programmes"],
    ]


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_reports_are_whole_terms_and_years_that_are_over(earliest, today):
    offered = periods(max(earliest, date(today.year - 3, 1, 1)), today)

    assert all(one.end <= today for one in offered)
    assert len({one.code for one in offered}) == len(offered)
    terms = sorted(one for one in offered if "to" not in one.code)
    in_order = sorted(terms, key=lambda one: one.first)
    assert all(one.end == other.first for one, other in pairwise(in_order))
    assert term_of(today).first <= today < term_of(today).end
    assert in_order[-1].end == term_of(today).first
    for year in {one for one in offered if one not in terms}:
        assert year == year_of(year.first)
        assert {
            term_of(day).code for day in (year.first, date(year.end.year, 2, 1), date(year.end.year, 8, 31))
        } >= {one.code for one in terms if year.first <= one.first < year.end}


def test_the_names_of_terms_and_years():
    assert term_of(date(2025, 12, 31)).name == "Autumn term 2025 (September to December)"
    assert term_of(date(2026, 4, 30)).code == "2026-spring"
    assert year_of(date(2026, 8, 31)).name == "School year 2025/26"
    assert [one.code for one in periods(date(2025, 6, 1), date(2025, 10, 1))] == [
        "2024-to-2025",
        "2025-summer",
    ]
