"""What is counted, what is hidden, and how figures are written."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import new_id
from outcomes.rules import shipped
from outcomes.terms import Occasion, Respondent
from programmes.rules import changes, overview
from programmes.rules.hiding import FEWEST, Hidden
from programmes.rules.measures import (
    COUNTED,
    COURSE_MEASURES,
    MEASURES,
    RATES,
    Figures,
    Journey,
    Key,
    figures,
    in_file,
    path_of,
    written,
)
from programmes.terms import Standing

S = Standing
BPSES = Key("bpses", "total", Respondent.PARENT)


LAST = date(2026, 3, 1)


def journey(
    standing=S.COMPLETED,
    *,
    hub=None,
    programme=None,
    contacts=(1, 2),
    scores=(),
    waited=7,
    ended_on=LAST,
    **parts,
):
    reached = path_of([S.BOOKED, standing])
    usual = dict(zip(("offered", "booked", "started"), reached, strict=True))
    return Journey(
        id=new_id(), person_id=new_id(), programme_id=programme or HOUSE, hub_id=hub or HOUSE, course_id=new_id(),
        standing=standing, referred_on=date(2026, 1, 1), ended_on=ended_on, started_on=date(2026, 1, 1 + waited),
        contacts=frozenset(contacts), scores={BPSES: scores} if scores else {}, **{**usual, **parts},
    )  # fmt: skip


HOUSE = new_id()
PAIR = ({Occasion.BEFORE: Decimal(10), Occasion.AFTER: Decimal(14)},)
JOURNEYS = st.lists(
    st.builds(
        lambda standing, scores, contacts, waited: journey(
            standing, scores=scores, contacts=range(contacts), waited=waited
        ),
        st.sampled_from([S.DECLINED, S.WITHDRAWN, S.STARTED, S.DROPPED_OUT, S.COMPLETED]),
        st.sampled_from([(), PAIR, ({Occasion.BEFORE: Decimal(10)},)]),
        st.integers(0, 8),
        st.integers(0, 28),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("steps", "reached"),
    [
        ([S.REFERRED], (False, False, False)),
        ([S.REFERRED, S.OFFERED, S.DECLINED], (True, False, False)),
        ([S.BOOKED, S.WITHDRAWN], (True, True, False)),
        ([S.BOOKED, S.STARTED, S.DROPPED_OUT], (True, True, True)),
        ([S.BOOKED, S.STARTED, S.BOOKED, S.WITHDRAWN], (True, True, False)),
        ([S.BOOKED, S.STARTED, S.DROPPED_OUT, S.STARTED, S.COMPLETED], (True, True, True)),
        ([S.REFERRED, S.OFFERED, S.REFERRED, S.WITHDRAWN], (True, False, False)),
    ],
)
def test_a_mistaken_start_is_no_start_and_a_lapsed_offer_was_an_offer(steps, reached):
    assert path_of(steps) == reached


@given(JOURNEYS)
def test_whoever_goes_further_is_counted_before_and_shares_lie_between_nought_and_one(ways):
    found = figures(ways)

    assert found.offered >= found.booked >= found.started >= found.completed >= found.answered
    assert found.offered >= found.pairs >= found.answered
    for code, (part, whole) in RATES.items():
        share = found.of(code)
        assert share is None if not getattr(found, whole) else 0 <= share <= 1
        if share is not None:
            assert share * getattr(found, whole) == getattr(found, part)
    if found.of("completion") is not None and found.of("retention") is not None:
        assert found.of("completion") <= found.of("retention")


@given(JOURNEYS, JOURNEYS)
def test_two_groups_together_count_what_each_counts(ones, others):
    one, other, both = figures(ones), figures(others), figures([*ones, *others])

    for count in (*COUNTED, "doses"):
        assert getattr(both, count) == getattr(one, count) + getattr(other, count)


def test_nothing_divided_by_nothing_is_not_nought():
    assert [Figures().of(code) for code in ("uptake", "retention", "dose", "waiting")] == [None] * 4
    assert written(None, "share") == "–"


def test_the_wait_is_the_median():
    assert figures([journey(waited=days) for days in (1, 2, 4, 20)]).of("waiting") == 3
    assert figures([journey(waited=days) for days in (1, 2, 5)]).of("waiting") == 2


def test_only_the_same_persons_answers_are_a_pair():
    apart = ({Occasion.BEFORE: Decimal(10)}, {Occasion.AFTER: Decimal(12)})

    assert journey(scores=apart).pairs(BPSES) == []
    assert journey(scores=PAIR).pairs(BPSES) == [(Decimal(10), Decimal(14))]


def test_one_small_hub_hides_the_smallest_other_too():
    hubs = [(new_id(), name) for name in ("Small", "Middle", "Large")]
    ways = [journey(hub=hub) for (hub, _), n in zip(hubs, (3, 6, 9), strict=True) for _ in range(n)]
    found = overview.overview(hubs, [(HOUSE, "Group Triple P")], ways)

    shown = [found.at("completed", hub) for hub, _ in hubs]
    assert shown == [Hidden.FEW, Hidden.COVERED, Fraction(9)]
    assert found.at("completed") == 18
    assert found.at("retention", hubs[1][0]) is Hidden.COVERED
    assert found.at("retention", hubs[2][0]) == 1


def test_a_share_is_hidden_with_the_count_that_it_is_made_of():
    ways = [journey() for _ in range(3)] + [journey(S.DROPPED_OUT) for _ in range(7)]
    found = overview.overview([(HOUSE, "Seacroft")], [(HOUSE, "Group Triple P")], ways)

    assert found.at("started") == 10
    assert found.at("completed") is Hidden.FEW
    assert found.at("retention") is Hidden.FEW
    assert found.at("completion") is Hidden.FEW
    assert found.at("response") is Hidden.FEW


@given(JOURNEYS)
def test_no_figure_of_fewer_than_five_people_is_in_the_file(ways):
    found = overview.overview([(HOUSE, "Seacroft")], [(HOUSE, "Group Triple P")], ways)

    for line in list(overview.sheet(found))[1:]:
        for cell, one in zip(line[2:], COURSE_MEASURES, strict=True):
            if one.kind == "count" and isinstance(cell, int):
                assert cell >= FEWEST or not found.figures[None, None].offered


def line_of(scores, n, hub=HOUSE):
    return [journey(scores=scores, hub=hub) for _ in range(n)]


def test_no_mean_of_fewer_than_five_pairs_is_shown_and_few_are_warned_of():
    four, five, thirty = (
        changes.changes(line_of(PAIR, n), [(HOUSE, "Seacroft")], {}, shipped())[0] for n in (4, 5, 30)
    )

    assert four.total.outcome is Hidden.FEW
    assert (five.total.summary.mean_change, five.few) == (4, True)
    assert thirty.few is False
    assert list(changes.sheet([four]))[1][3:] == ["fewer than 5", *[None] * 10, "None"]
    assert [list(changes.sheet([one]))[1][-2] for one in (five, thirty)] == ["Fewer than 30 pairs", None]


def test_a_hub_that_is_chosen_is_hidden_as_in_the_table_of_all():
    hubs = [(new_id(), "Small"), (new_id(), "Large")]
    ways = line_of(PAIR, 3, hubs[0][0]) + line_of(PAIR, 9, hubs[1][0])

    large = changes.changes(ways, hubs, {}, shipped(), hub_id=hubs[1][0])[0]

    assert large.total.outcome is Hidden.COVERED
    assert large.lines == []


def test_a_clinical_band_of_few_is_hidden_with_the_smallest_other():
    hubs = [(new_id(), name) for name in ("Few", "Some", "Many")]
    ill = ({Occasion.BEFORE: Decimal(15), Occasion.AFTER: Decimal(3)},)
    well = ({Occasion.BEFORE: Decimal(3), Occasion.AFTER: Decimal(3)},)
    gad7 = Key("gad7", "total", Respondent.PARENT)
    ways = [
        journey(hub=hub, scores=scores)
        for (hub, _), n in zip(hubs, (2, 6, 9), strict=True)
        for scores in [ill] * n + [well] * 6
    ]
    ways = [replace(way, scores={gad7: way.scores[BPSES]}) for way in ways]
    bands = {gad7: shipped()["gad7"].scale("total").bands[Respondent.PARENT]}

    lines = changes.changes(ways, hubs, bands, shipped())[0].shown

    assert [line.clinical for line in lines] == [None, Hidden.FEW, Hidden.COVERED, None]
    assert all(line.summary for line in lines)


def test_whoever_answered_once_counts_towards_no_change():
    once = ({Occasion.BEFORE: Decimal(10)},)

    assert changes.changes(line_of(once, 9), [(HOUSE, "Seacroft")], {}, shipped()) == []


def test_every_measure_has_its_own_code_and_a_definition():
    assert len({one.code for one in MEASURES}) == len(MEASURES)
    assert all(one.definition.endswith(".") and len(one.definition) > 40 for one in MEASURES)


def test_figures_are_rounded_halves_away_from_nought():
    assert written(Fraction(1, 8), "share") == "13%"
    assert in_file(Fraction(1, 8), "share") == Decimal("12.5")
    assert written(Fraction(5, 2), "days") == "2.5"
    assert written(Fraction(-9, 4), "points") == "−2.3"
    assert changes.signed(Decimal("0.04")) == "0.0"
    assert changes.signed(Decimal("1.25")) == "+1.3"
