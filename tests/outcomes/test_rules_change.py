"""Whether people changed, and what became of a group."""

from decimal import Decimal
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.rules import Band, band_of, change_of, left_clinical, rule_of, shipped, summary
from outcomes.rules.student import t_quantile
from outcomes.terms import Changed, Direction, Respondent

GAD7 = shipped()["gad7"].scale("total")
CORE10 = shipped()["core10"].scale("total")
WEMWBS = shipped()["wemwbs"].scale("total")
BANDS = GAD7.bands[Respondent.PARENT]
scores = st.integers(0, 21).map(Decimal)
pairs = st.lists(st.tuples(scores, scores), min_size=5, max_size=60)
OPPOSITE = {
    Changed.IMPROVED: Changed.WORSE,
    Changed.WORSE: Changed.IMPROVED,
    Changed.NO_CHANGE: Changed.NO_CHANGE,
}


def decimals(*told: tuple[int, int]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(before), Decimal(after)) for before, after in told]


@pytest.mark.parametrize(
    ("code", "value", "name", "clinical"),
    [
        ("gad7", 0, "Minimal", False),  # Spitzer et al. 2006: 5, 10, 15
        ("gad7", 4, "Minimal", False),
        ("gad7", 5, "Mild", False),
        ("gad7", 9, "Mild", False),
        ("gad7", 10, "Moderate", True),
        ("gad7", 15, "Severe", True),
        ("phq9", 9, "Mild", False),  # Kroenke et al. 2001: 5, 10, 15, 20
        ("phq9", 10, "Moderate", True),
        ("phq9", 19, "Moderately severe", True),
        ("phq9", 20, "Severe", True),
        ("core10", 10, "Healthy or low", False),  # Barkham et al. 2013: the cut-off is 11
        ("core10", 11, "Mild", True),
        ("core10", 25, "Severe", True),
        ("kpcs", 39, "Low confidence", True),  # Črnčec et al. 2008: 39 or less
        ("kpcs", 40, "Confident", False),
    ],
)
def test_a_score_lies_in_its_band(code: str, value: int, name: str, clinical: bool):
    band = band_of(shipped()[code].scale("total").bands[Respondent.PARENT], Decimal(value))
    assert band
    assert (band.name, band.clinical) == (name, clinical)


def test_outside_all_bands_there_is_none():
    assert band_of((), Decimal(3)) is None
    assert band_of(BANDS, Decimal(-1)) is None
    assert band_of(BANDS, Decimal(22)) is None


def test_between_whole_numbers_the_lower_band_holds_but_not_over_a_gap():
    low, high = Band(Decimal(0), Decimal(3), "Low", False), Band(Decimal(4), Decimal(6), "High", True)
    assert band_of((high, low), Decimal("3.5")) == low
    far = Band(Decimal(6), Decimal(8), "Far", True)
    assert band_of((low, far), Decimal(4)) is None
    assert band_of((low, far), Decimal("3.5")) is None


@pytest.mark.parametrize(
    ("scale", "before", "after", "became"),
    [
        (GAD7, 12, 8, Changed.IMPROVED),  # NHS Talking Therapies: 4 points or more
        (GAD7, 12, 9, Changed.NO_CHANGE),
        (GAD7, 8, 12, Changed.WORSE),
        (shipped()["phq9"].scale("total"), 15, 9, Changed.IMPROVED),  # 6 points or more
        (shipped()["phq9"].scale("total"), 15, 10, Changed.NO_CHANGE),
        (CORE10, 20, 14, Changed.IMPROVED),  # Barkham et al. 2013: 6 points
        (CORE10, 20, 15, Changed.NO_CHANGE),
        (WEMWBS, 40, 49, Changed.IMPROVED),  # 2.77 × 3.1 = 8.587: 9 whole points
        (WEMWBS, 40, 48, Changed.NO_CHANGE),
        (WEMWBS, 49, 40, Changed.WORSE),
    ],
)
def test_change_is_told_by_the_rule_of_the_scale(scale, before: int, after: int, became: Changed):
    assert change_of(scale, Decimal(before), Decimal(after)) is became


def test_wemwbs_needs_277_times_the_largest_published_error():
    assert WEMWBS.change
    assert WEMWBS.change.amount == Decimal("2.77") * Decimal("3.1")


def test_without_a_rule_nothing_is_said():
    assert change_of(shipped()["bpses"].scale("total"), Decimal(5), Decimal(25)) is None


@given(st.sampled_from([GAD7, CORE10, WEMWBS]), scores, scores)
def test_change_the_other_way_is_the_opposite(scale, before: Decimal, after: Decimal):
    there, back = change_of(scale, before, after), change_of(scale, after, before)
    assert there
    assert back is OPPOSITE[there]


@given(scores, scores)
def test_improvement_goes_the_better_way(before: Decimal, after: Decimal):
    assert GAD7.direction is Direction.LOWER
    if change_of(GAD7, before, after) is Changed.IMPROVED:
        assert after < before


def test_who_leaves_the_clinical_bands():
    assert left_clinical(BANDS, Decimal(12), Decimal(9)) is True
    assert left_clinical(BANDS, Decimal(12), Decimal(11)) is False
    assert left_clinical(BANDS, Decimal(9), Decimal(3)) is None
    assert left_clinical((), Decimal(12), Decimal(3)) is None


@pytest.mark.parametrize(
    ("freedom", "t"),
    [  # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, column 0.975
        (1, "12.706"), (2, "4.303"), (3, "3.182"), (4, "2.776"), (5, "2.571"), (9, "2.262"), (10, "2.228"),
        (15, "2.131"), (20, "2.086"), (29, "2.045"), (30, "2.042"), (40, "2.021"), (60, "2.000"),
        (100, "1.984"),
    ],
)  # fmt: skip
def test_t_is_that_of_the_tables(freedom: int, t: str):
    assert t_quantile(freedom).quantize(Decimal("0.001")) == Decimal(t)


@pytest.mark.parametrize(
    ("freedom", "t"),
    [(1, "12.7062"), (2, "4.3027"), (4, "2.7764"), (9, "2.2622"), (29, "2.0452"), (120, "1.9799")],
)
def test_t_is_right_to_four_places(freedom: int, t: str):
    # R: qt(0.975, freedom)
    assert t_quantile(freedom).quantize(Decimal("0.0001")) == Decimal(t)


def test_t_comes_close_to_the_normal_curve():
    assert t_quantile(100_000).quantize(Decimal("0.0001")) == Decimal("1.9600")
    assert t_quantile(10, 0.95).quantize(Decimal("0.001")) == Decimal("1.812")


@pytest.mark.parametrize(("freedom", "chance"), [(0, 0.975), (5, 0.5), (5, 1.0)])
def test_t_needs_a_sensible_question(freedom: int, chance: float):
    with pytest.raises(ValueError, match="Degrees of freedom"):
        t_quantile(freedom, chance)


def test_below_five_people_nothing_is_shown():
    got = summary(decimals((12, 3), (12, 3), (12, 3), (12, 3)), GAD7, BANDS)
    assert (got.n, got.few) == (4, True)
    assert got.mean_before is got.mean_change is got.low is got.improved is got.left_clinical is None
    assert got.share_improved is got.share_worse is got.share_left_clinical is None
    assert summary([], GAD7).n == 0


def test_a_group_is_summed_up():
    # By hand: changes -8, -4, -2, 0, 4 (and -6): mean -16/6, sum of squares 136, variance (136 - 256/6) / 5 = 18.6667,
    # deviation 4.3205, t(5) = 2.5706, margin 2.5706 × 4.3205 / √6 = 4.5341.
    got = summary(decimals((14, 6), (12, 8), (10, 8), (11, 11), (10, 14), (15, 9)), GAD7, BANDS)
    assert (got.n, got.few) == (6, True)
    assert got.mean_before == Decimal("12.0000")
    assert got.mean_after == Decimal("9.3333")
    assert got.mean_change == Decimal("-2.6667")
    assert got.sd_change == Decimal("4.3205")
    assert got.low is not None
    assert got.high is not None
    assert round(got.low, 3) == Decimal("-7.201")
    assert round(got.high, 3) == Decimal("1.867")
    assert (got.improved, got.unchanged, got.worse) == (3, 2, 1)
    assert (got.clinical_before, got.left_clinical) == (6, 4)
    assert got.share_improved == Decimal(3) / 6
    assert got.share_left_clinical == Decimal(4) / 6


def test_thirty_pairs_are_enough():
    assert summary(decimals((12, 8)) * 29, GAD7).few
    assert not summary(decimals((12, 8)) * 30, GAD7).few


def test_a_group_that_all_changed_alike_has_no_spread():
    got = summary(decimals((12, 8)) * 5, GAD7)
    assert got.low == got.high == got.mean_change == Decimal(-4)


def test_without_a_rule_or_bands_those_figures_are_left_out():
    got = summary(decimals((12, 20)) * 6, shipped()["bpses"].scale("total"))
    assert got.mean_change == Decimal(8)
    assert got.improved is got.worse is got.unchanged is got.share_improved is None
    assert got.clinical_before is got.left_clinical is None


def test_few_people_in_the_clinical_bands_are_not_shown_leaving_them():
    got = summary(decimals((12, 3), (3, 3), (3, 3), (3, 3), (3, 3)), GAD7, BANDS)
    assert got.clinical_before == 1
    assert got.left_clinical is got.share_left_clinical is None


@given(pairs, st.randoms())
def test_the_order_of_people_does_not_matter(told, chance):
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert summary(shuffled, GAD7, BANDS) == summary(told, GAD7, BANDS)


@given(pairs)
def test_a_summary_is_what_anybody_would_reckon(told):
    got = summary(told, GAD7, BANDS)
    changes = [float(after - before) for before, after in told]
    assert float(got.mean_change) == pytest.approx(mean(changes), abs=1e-4)
    assert float(got.sd_change) == pytest.approx(stdev(changes), abs=1e-4)
    assert got.low <= got.mean_change <= got.high
    assert got.improved + got.unchanged + got.worse == got.n
    assert float(got.high - got.mean_change) == pytest.approx(float(got.mean_change - got.low), abs=2e-4)
    assert float(got.mean_after - got.mean_before) == pytest.approx(float(got.mean_change), abs=2e-4)


@given(pairs)
def test_the_other_way_round_the_change_is_the_opposite(told):
    there = summary(told, GAD7)
    back = summary([(after, before) for before, after in told], GAD7)
    assert (back.improved, back.worse, back.unchanged) == (there.worse, there.improved, there.unchanged)
    assert back.mean_change == -there.mean_change
    assert (back.low, back.high) == (-there.high, -there.low)


@pytest.mark.parametrize(
    ("deviation", "reliability", "amount"),
    [("4", "0.75", "5.5400"), ("3.44", "0.83", "3.9288"), ("10", "0.9", "8.7595")],
)
def test_a_rule_of_change_is_worked_out_from_deviation_and_reliability(deviation, reliability, amount):
    """By hand: SEM = SD × √(1 − r), times 2.77. For 4 and 0.75 the SEM is 2."""
    rule = rule_of(Decimal(deviation), Decimal(reliability), "Our study")

    assert rule.amount == Decimal(amount)
    assert f"standard deviation of {deviation} and a reliability of {reliability} " in rule.method
    assert rule.source == "Our study"
