"""A rule of change that a council enters where nobody published one: kept with its source, and used by results."""

from decimal import Decimal

import pytest

from kernel.db import unit_of_work
from kernel.errors import Unacceptable
from outcomes import queries, service
from outcomes.models import CouncilChangeRule
from tests.outcomes.test_api import machine as machine  # noqa: PLC0414
from tests.outcomes.test_service import acts

SOURCE = "Our own study of 2024, table 2"
FIGURES = {"deviation": Decimal(4), "reliability": Decimal("0.75"), "source": SOURCE}
TOLD = {"scale": "total", "deviation": "4", "reliability": "0.75", "source": SOURCE}


def rule():
    return queries.ruled()["bpses"].scale("total").change


def test_a_councils_rule_holds_until_another_or_none(leeds):
    acts(leeds.cast["adam"])
    first = service.enter_change_rule("bpses", "total", **FIGURES)
    assert (rule().amount, rule().source) == (Decimal("5.5400"), SOURCE)

    second = service.enter_change_rule("bpses", "total", **{**FIGURES, "deviation": Decimal(2)})
    assert first.withdrawn_at
    assert rule().amount == Decimal("2.7700")
    service.withdraw_change_rule(second)

    assert rule() is None
    assert queries.ruled()["gad7"] == queries.find_instrument("gad7")


@pytest.mark.parametrize(
    ("instrument", "scale", "changes", "field"),
    [
        ("gad7", "total", {}, "scale"),
        ("bpses", "nothing", {}, "scale"),
        ("bpses", "total", {"deviation": Decimal(0)}, "deviation"),
        ("bpses", "total", {"deviation": Decimal(21)}, "deviation"),
        ("bpses", "total", {"deviation": Decimal("1.00001")}, "deviation"),
        ("bpses", "total", {"reliability": Decimal(1)}, "reliability"),
        ("bpses", "total", {"reliability": Decimal(0)}, "reliability"),
        ("bpses", "total", {"deviation": Decimal(20), "reliability": Decimal("0.1")}, "reliability"),
        ("bpses", "total", {"source": " "}, "source"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(leeds, instrument, scale, changes, field):
    acts(leeds.cast["adam"])

    with pytest.raises(Unacceptable) as refusal:
        service.enter_change_rule(instrument, scale, **{**FIGURES, **changes})

    assert list(refusal.value.problems) == [field]


def test_a_rule_is_entered_shown_with_its_source_and_withdrawn(world, knock):
    adam = knock("adam")
    assert "No rule says from when on a change counts" in adam.get("/questionnaires/bpses").text
    assert adam.get("/questionnaires/bpses/change-rules/new?scale=total").status_code == 200

    saved = adam.post("/questionnaires/bpses/change-rules", TOLD, follow=True)

    assert "A change counts from 5.54 points on: Reliable change, 2.77 × SEM" in saved.text
    assert f"({SOURCE})" in saved.text
    assert "Entered by <bdi>Adam" in saved.text
    with unit_of_work(world.leeds):
        held = queries.listed_change_rules().limit(1)
        rule_id = str(service.change_rules.db.scalars(held).one().id)
    path = f"/questionnaires/change-rules/{rule_id}/withdrawal"
    assert "who improved" in adam.get(path).text
    assert "not used any more" in adam.post(path, follow=True).text
    assert knock("carl", "york").get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"deviation": "much"}, "Enter the standard deviation as a number"),
        ({"deviation": "NaN"}, "Enter the standard deviation as a number"),
        ({"deviation": ""}, "Enter the standard deviation as a number"),
        ({"reliability": "1.2"}, "The reliability must be more than 0 and less than 1"),
        ({"source": ""}, "Say where the figures come from"),
        ({"scale": "nothing"}, "Choose a scale"),
    ],
)
def test_figures_that_cannot_be_used_are_refused(world, knock, changes, said):
    refused = knock("adam").post("/questionnaires/bpses/change-rules", {**TOLD, **changes})

    assert refused.status_code == 422
    assert said in refused.text


def test_a_published_rule_is_not_replaced(world, knock):
    adam = knock("adam")

    assert "Enter a rule of change" not in adam.get("/questionnaires/gad7").text
    assert adam.get("/questionnaires/gad7/change-rules/new").status_code == 404
    assert adam.post("/questionnaires/gad7/change-rules", TOLD).status_code == 404
    assert knock("asha").get("/questionnaires/bpses/change-rules/new").status_code == 403


def test_machines_enter_list_and_withdraw_rules(machine):
    adam, told = machine("adam"), {**TOLD, "instrument": "bpses", "deviation": 4, "reliability": 0.75}
    made = adam("POST", "/change-rules", told, Idempotency_Key="r")
    assert made.status_code == 201, made.text
    assert made.json["amount"] == 5.54
    assert adam("POST", "/change-rules", told, Idempotency_Key="r").json == made.json
    for wrong in ({"deviation": "NaN"}, {"reliability": 1}, {"source": ""}, {"instrument": "gad7"}):
        assert adam("POST", "/change-rules", {**told, **wrong}).status_code == 422, wrong
    ended = adam("POST", f"/change-rules/{made.json['id']}/withdrawal").json
    assert ended["withdrawn_at"]
    assert adam("GET", "/change-rules").json == [ended]
    assert machine("asha")("GET", "/change-rules").status_code == 403
    assert machine("carl")("POST", f"/change-rules/{made.json['id']}/withdrawal").status_code == 404


def test_the_house_keeps_who_and_when(leeds):
    acts(leeds.cast["adam"])
    kept: CouncilChangeRule = service.enter_change_rule("bpses", "total", **FIGURES)

    assert kept.entered_by == leeds.cast["adam"]
    assert kept.entered_at
