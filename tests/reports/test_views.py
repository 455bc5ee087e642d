"""Comparisons, seen from a browser and by a machine."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from attendance.models import Attendance, Register
from attendance.terms import Mark
from hubs.models import TeamMember
from kernel.clock import now
from kernel.db import db
from kernel.permissions import Permission


@pytest.fixture
def counted(world, set_up):
    """A month in which one family came to Seacroft and another to =Harehills, whose name is not harmless."""
    with set_up() as make:
        hubs = {}
        for name, team in (("Seacroft", ("asha", "beth")), ("=Harehills", ())):
            hub = make.hub(name, team=team)
            hubs[name] = hub.id
            session = make.session(starts_in=-timedelta(days=1), hub=hub)
            db.add(Register(session_id=session.id, closed_at=now()))
            for person in make.family(f"Mia {name}"):
                db.add(
                    Attendance(
                        session_id=session.id,
                        hub_id=hub.id,
                        on_date=session.on_date,
                        person_id=person.id,
                        household_id=person.household_id,
                        kind=person.kind,
                        mark=Mark.HERE,
                        marked_at=now(),
                        age_months=25,
                    )
                )
    return hubs


def test_a_lead_compares_all_hubs(knock, counted):
    page = knock("lena").get("/reports")

    assert page.status_code == 200
    assert "Seacroft" in page.text
    assert "=Harehills" in page.text
    assert "Attendances by month" in page.text


def test_a_manager_sees_her_own_hubs_alone(knock, counted):
    page = knock("beth").get("/reports")

    assert "Seacroft" in page.text
    assert "Harehills" not in page.text


def test_a_manager_cannot_ask_for_another_hub(knock, counted):
    page = knock("beth").get(f"/reports?hub={counted['=Harehills']}")

    assert page.status_code == 422
    assert "Harehills" not in page.text


def test_a_manager_without_a_hub_sees_nothing(knock, counted, set_up):
    with set_up():
        db.query(TeamMember).delete()

    page = knock("beth").get("/reports")

    assert "Nothing was counted" in page.text


def test_htmx_gets_the_results_alone(knock, counted):
    page = knock("lena").get("/reports?measure=children", htmx=True)

    assert page.text.lstrip().startswith('<div id="results">')
    assert "Children by month" in page.text
    assert "<title>" not in page.text.replace("<title id", "")


@pytest.mark.parametrize(
    "measure", ["children", "families", "held", "called_off", "fill", "no_shows", "nonsense"]
)
def test_every_measure_has_its_page_and_definition(knock, counted, measure):
    assert knock("lena").get(f"/reports?measure={measure}").status_code == 200


def test_dates_in_the_wrong_order_are_said_to_be(knock, counted):
    page = knock("lena").get("/reports?first=2026-03-01&last=2026-02-01")

    assert page.status_code == 422


@pytest.mark.parametrize("first", ["nonsense", "2026-13-01", "9999-12-01", "0001-01-01", ""])
def test_nonsense_is_answered_with_the_form(knock, counted, first):
    assert knock("lena").get(f"/reports?first={first}").status_code in {200, 422}


def test_the_file_has_a_line_for_each_hub_and_month_and_no_formula(knock, counted):
    answer = knock("lena").get("/reports/comparison.csv")

    assert answer.mimetype == "text/csv"
    lines = list(csv.reader(StringIO(answer.text.lstrip("\ufeff"))))
    assert lines[0][:3] == ["Hub", "Month", "Attendances"]
    assert ["'=Harehills", "March 2026", "2"] in [line[:3] for line in lines]
    assert ["All hubs", "All months", "4"] in [line[:3] for line in lines]


@pytest.mark.parametrize("who", ["asha", "paula", "adam_not", None])
def test_nobody_else_sees_reports(knock, counted, who):
    if who == "adam_not":
        who = "carl"
        answer = knock(who, "leeds").get("/reports")
    else:
        answer = knock(who).get("/reports")

    assert answer.status_code in {303, 403}


def test_a_machine_reads_the_comparison(knock, counted, api_key):
    key = {"Authorization": f"Bearer {api_key('lena')}"}

    answer = knock().open("/api/v1/comparison/?first=2026-03-01&last=2026-03-31", headers=key)

    total = next(line for line in answer.json["lines"] if line["hub_id"] is None and line["month"] is None)
    assert total["measures"]["attendances"] == 4
    assert total["measures"]["children"] == 2


def test_a_machine_without_the_scope_does_not(knock, counted, api_key):
    key = {"Authorization": f"Bearer {api_key('lena', Permission.SEE_ROTA)}"}

    assert (
        knock().open("/api/v1/comparison/?first=2026-03-01&last=2026-03-31", headers=key).status_code == 403
    )
