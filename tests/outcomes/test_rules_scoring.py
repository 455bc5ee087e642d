"""What answers come to: worked examples with their sources, and what holds for all answers."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outcomes.rules import Instrument, Scale, risks, score, shipped
from outcomes.rules.scoring import whole

SCORED = sorted(code for code, one in shipped().items() if one.scales)
SDQ_SCALES = ["emotional", "conduct", "hyperactivity", "peer", "prosocial"]


def all_with(instrument: Instrument, value: int) -> dict[int, int | None]:
    return {item.number: value for item in instrument.items}


@st.composite
def answered(draw: st.DrawFn, missing: bool = False) -> tuple[Instrument, dict[int, int | None]]:
    """Some instrument and answers to it; complete unless some may be missing."""
    instrument = shipped()[draw(st.sampled_from(SCORED))]
    answers: dict[int, int | None] = {}
    for item in instrument.items:
        values = [response.value for response in instrument.responses[item.responses]]
        answers[item.number] = draw(st.sampled_from([*values, None] if missing else values))
    return instrument, answers


@pytest.mark.parametrize(
    ("code", "value", "total"),
    [
        ("bpses", 1, 5),  # 5 to 25: NHS Digital, Mental Health Services Data Set
        ("bpses", 5, 25),
        ("gad7", 3, 21),  # 0 to 21: Spitzer et al. 2006
        ("phq9", 3, 27),  # 0 to 27: Kroenke et al. 2001
        ("phq9", 1, 9),
        ("core10", 0, 8),  # items 2 and 3 count the other way round: 4 + 4
        ("core10", 4, 32),  # 8 × 4 + 2 × 0
        ("core10", 2, 20),
        ("kpcs", 3, 45),  # 0 to 45: Črnčec et al. 2008
        ("wemwbs", 1, 14),  # 14 to 70: Tennant et al. 2007
        ("wemwbs", 5, 70),
    ],
)
def test_totals_of_equal_answers(code: str, value: int, total: int):
    assert score(shipped()[code], all_with(shipped()[code], value)) == {"total": Decimal(total)}


def test_core_10_by_hand():
    # As the CORE-10 User Manual scores: 3 + (4-1) + (4-2) + 2 + 1 + 0 + 4 + 2 + 3 + 1 = 21.
    answers = dict(enumerate([3, 1, 2, 2, 1, 0, 4, 2, 3, 1], start=1))
    assert score(shipped()["core10"], answers) == {"total": Decimal(21)}


def test_core_10_with_one_answer_missing_is_prorated():
    # 8 + 2 + 2 points on nine items: 12 / 9 × 10 = 13.33, to 13.
    answers: dict[int, int | None] = {1: 4, 2: 4, 3: 4, 4: 4, 5: 2, 6: 0, 7: 2, 8: 0, 9: 0, 10: None}
    assert score(shipped()["core10"], answers) == {"total": Decimal(13)}
    assert score(shipped()["core10"], answers | {9: None}) == {"total": None}


def test_not_applicable_counts_two_in_kpcs():
    # Performwell: the two items that may be not applicable "are scored 2".
    kpcs = shipped()["kpcs"]
    assert score(kpcs, all_with(kpcs, 0) | {1: 4, 9: 4}) == {"total": Decimal(4)}
    with pytest.raises(ValueError, match="4 is no answer to item 2"):
        score(kpcs, all_with(kpcs, 0) | {2: 4})


def test_sdq_is_prorated_as_its_authors_say():
    # "Scoring the SDQ for age 4-17": "a score of 4 based on 3 completed items can be scaled up to a score of 7
    # (6.67 rounded up) for 5 items".
    answers: dict[int, int | None] = {3: 2, 8: 1, 13: 1}
    assert score(shipped()["sdq"], answers)["emotional"] == Decimal(7)
    assert score(shipped()["sdq"], {3: 2, 8: 2})["emotional"] is None


def test_sdq_halves_are_rounded_upwards():
    # The authors' program: floor(0.5 + 5 × mean). Four items, 2 points: 2.5, to 3.
    assert score(shipped()["sdq"], {3: 1, 8: 1, 13: 0, 16: 0})["emotional"] == Decimal(3)


def test_sdq_counts_five_items_the_other_way_round():
    # All "not true": obedient, reflects (thinks), attends; a friend, liked: 2 points each.
    got = score(shipped()["sdq"], all_with(shipped()["sdq"], 0))
    assert got == {
        "emotional": 0, "conduct": 2, "hyperactivity": 4, "peer": 4, "prosocial": 0, "total": 10,
    }  # fmt: skip
    got = score(shipped()["sdq"], all_with(shipped()["sdq"], 2))
    assert got == {
        "emotional": 10, "conduct": 8, "hyperactivity": 6, "peer": 6, "prosocial": 10, "total": 30,
    }  # fmt: skip


def test_sdq_total_is_missing_when_a_scale_is():
    sdq = shipped()["sdq"]
    without_peers = all_with(sdq, 1) | dict.fromkeys([6, 11, 14])
    assert score(sdq, without_peers)["total"] is None
    without_kindness = all_with(sdq, 1) | dict.fromkeys([1, 4, 9, 17, 20])
    assert score(sdq, without_kindness)["total"] == Decimal(20)


def test_each_sdq_item_belongs_to_one_scale():
    items = [number for code in SDQ_SCALES for number in shipped()["sdq"].scale(code).items]
    assert sorted(items) == list(range(1, 26))


def test_goals_are_the_mean_of_those_set():
    goals = shipped()["goals"]
    assert score(goals, {1: 4}) == {"progress": Decimal(4)}
    assert score(goals, {1: 4, 2: 5, 3: 5}) == {"progress": Decimal("4.6667")}
    assert score(goals, {1: None}) == {"progress": None}


def test_answers_can_be_multiplied():
    # As DASS-21 asks for: the sum × 2, after prorating.
    scale = replace(shipped()["gad7"].scale("total"), times=2, highest=Decimal(42))
    doubled = replace(shipped()["gad7"], scales=(scale,))
    assert score(doubled, all_with(doubled, 3)) == {"total": Decimal(42)}


@pytest.mark.parametrize("wrong", [4, -1, 99])
def test_what_is_no_answer_is_refused(wrong: int):
    with pytest.raises(ValueError, match="is no answer to item 1 of gad7"):
        score(shipped()["gad7"], {1: wrong})


def test_what_is_no_item_is_refused():
    with pytest.raises(ValueError, match="gad7 has no item 8"):
        score(shipped()["gad7"], {8: 1})


def test_despair_is_seen_at_once_and_in_unfinished_answers():
    assert risks(shipped()["phq9"], {9: 1}) == (9,)
    assert risks(shipped()["phq9"], {9: 0, 1: 3}) == ()
    assert risks(shipped()["phq9"], {9: None}) == ()
    assert risks(shipped()["core10"], {6: 4, 2: 4}) == (6,)
    assert risks(shipped()["bpses"], all_with(shipped()["bpses"], 1)) == ()


@given(answered(missing=True), st.randoms())
def test_the_order_of_answers_does_not_matter(told: tuple[Instrument, dict[int, int | None]], chance):
    instrument, answers = told
    shuffled = list(answers.items())
    chance.shuffle(shuffled)
    assert score(instrument, dict(shuffled)) == score(instrument, answers)


@given(answered(missing=True))
def test_a_missing_answer_is_as_one_not_given(told: tuple[Instrument, dict[int, int | None]]):
    instrument, answers = told
    given_only = {number: answer for number, answer in answers.items() if answer is not None}
    assert score(instrument, given_only) == score(instrument, answers)


@given(answered())
def test_reversing_twice_is_nothing(told: tuple[Instrument, dict[int, int | None]]):
    instrument, answers = told
    assume(instrument.code != "kpcs")  # where two answers count alike, no code is the other's reverse
    turned = replace(
        instrument, items=tuple(replace(item, reverse=not item.reverse) for item in instrument.items)
    )
    assert score(turned, reverse(instrument, answers)) == score(instrument, answers)
    assert reverse(instrument, reverse(instrument, answers)) == answers


@given(answered(missing=True))
def test_a_score_lies_on_its_scale(told: tuple[Instrument, dict[int, int | None]]):
    for code, value in score(*told).items():
        scale = told[0].scale(code)
        assert value is None or scale.lowest <= value <= scale.highest


@given(answered(missing=True))
def test_missing_answers_follow_the_rule(told: tuple[Instrument, dict[int, int | None]]):
    instrument, answers = told
    for code, value in score(instrument, answers).items():
        assert (value is None) == is_missing(instrument.scale(code), instrument, answers)


@given(answered())
def test_prorating_of_complete_answers_is_the_plain_sum(told: tuple[Instrument, dict[int, int | None]]):
    instrument, answers = told
    summed = [scale for scale in instrument.scales if scale.method == "sum" and scale.items]
    plain = replace(instrument, scales=tuple(replace(s, prorated=False, most_missing=0) for s in summed))
    prorated = replace(instrument, scales=tuple(replace(s, prorated=True, most_missing=1) for s in summed))
    assert score(plain, answers) == score(prorated, answers)


@given(answered())
def test_a_total_is_the_sum_of_its_scales(told: tuple[Instrument, dict[int, int | None]]):
    instrument, answers = told
    got = score(instrument, answers)
    for scale in instrument.scales:
        if scale.total_of:
            assert got[scale.code] == sum(got[code] or 0 for code in scale.total_of)


@given(st.integers(-500, 500), st.integers(1, 60))
def test_whole_numbers_are_the_nearest_halves_upwards(top: int, bottom: int):
    value = Fraction(top, bottom)
    assert -Fraction(1, 2) < whole(value) - value <= Fraction(1, 2)


def reverse(instrument: Instrument, answers: Mapping[int, int | None]) -> dict[int, int | None]:
    """The answers turned round within their sets of responses."""
    turned: dict[int, int | None] = {}
    for number, answer in answers.items():
        values = [response.value for response in instrument.responses[instrument.item(number).responses]]
        turned[number] = None if answer is None else min(values) + max(values) - answer
    return turned


def is_missing(scale: Scale, instrument: Instrument, answers: Mapping[int, int | None]) -> bool:
    """Whether the rule of a scale leaves it without a value, told independently of the scoring."""
    if scale.total_of:
        return any(is_missing(instrument.scale(code), instrument, answers) for code in scale.total_of)
    absent = [number for number in scale.items if answers.get(number) is None]
    return len(absent) > scale.most_missing
