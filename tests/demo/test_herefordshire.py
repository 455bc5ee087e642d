"""Herefordshire's programmes in the demonstration: what is published is true, and what goes on can be seen."""

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import product
from math import sqrt
from statistics import mean
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts import queries as account_queries
from accounts import service as accounts
from app.demo.furnishing import Furnishing
from app.demo.parenting.story import ANSWERING, PROGRAMMES, TRUE_EFFECTS
from app.demo.story import HEREFORDSHIRE
from hubs.models import Hub
from kernel.clock import now, today
from kernel.db import db, unit_of_work
from outcomes.models import RiskAlert
from programmes.models import (
    Accreditation,
    Course,
    CourseContact,
    Dose,
    Interest,
    Participation,
    Programme,
    Task,
)
from programmes.terms import Presence, Standing, TaskKind
from tenants import service as tenants
from tests.conftest import MONDAY, working_in
from tests.demo import naively
from tests.knocking import Knocker

pytestmark = pytest.mark.thorough

HIDDEN = ("fewer than 5", "not shown")
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def herefordshire(servers, _furnished, house_settings) -> Iterator[Any]:
    """Stand in front of Herefordshire, whose families have taken part in three terms of courses."""
    with (
        servers.new_database(like=_furnished.urls) as urls,
        working_in(urls),
        time_machine.travel(MONDAY, tick=False),
    ):
        council = tenants.create_council(
            "herefordshire", "Herefordshire", contact_email="hubs@hereford.example"
        )
        with unit_of_work(council):
            made = Furnishing(HEREFORDSHIRE, house_settings)
            made.make_settings()
            made.make_places()
            made.open_accounts()
            made.run_programmes(made.add_families())
        yield council


@pytest.fixture
def there(herefordshire) -> Iterator[None]:
    """Stand in Herefordshire, as nobody in particular."""
    with time_machine.travel(MONDAY, tick=False), unit_of_work(herefordshire):
        yield


@pytest.fixture
def read(herefordshire, app: Flask) -> Iterator[Callable[[str], Rows]]:
    """Read a file of figures as the council's lead does: a line each."""
    with time_machine.travel(MONDAY, tick=False):
        with unit_of_work(herefordshire):
            helen = account_queries.by_email("helen@herefordshire.example")
            lead = Knocker(app, "herefordshire.test").carry(
                accounts.sign_in(helen, device="Test browser", how="password")
            )

        def reading(path: str) -> Rows:
            answer = lead.get(path)
            assert answer.status_code == 200, path
            return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))

        yield reading


def named(table: Any) -> dict[str, Any]:
    return {one.name: one.id for one in db.scalars(select(table))}


def agree(published: str, naive: Any, where: str) -> None:
    """Fail unless a published figure is the naive one, as far as its places go."""
    if naive is None:
        assert published == "", where
        return
    places = len(published.partition(".")[2])
    assert abs(Decimal(published) - Decimal(float(naive))) <= Decimal("0.51") * Decimal(10) ** -places, where


PERIODS = {
    "2024-to-2025": (date(2024, 9, 1), date(2025, 9, 1)),
    "2025-summer": (date(2025, 5, 1), date(2025, 9, 1)),
    "2025-autumn": (date(2025, 9, 1), date(2026, 1, 1)),
}


def test_every_figure_of_programmes_and_hubs_is_what_plain_rows_come_to(herefordshire, read):
    with unit_of_work(herefordshire):
        everybody = naively.everybody(today())
        hubs, programmes = named(Hub), named(Programme)
    compared = offered = 0
    for period, line in (
        (one, line) for one in PERIODS for line in read(f"/reports/programmes/csv?period={one}")
    ):
        people = [one for one in everybody if PERIODS[period][0] <= one.over_on < PERIODS[period][1]]
        hub, programme = hubs.get(line["Hub"]), programmes.get(line["Programme"])
        chosen = [
            one for one in people if hub in (None, one.hub_id) and programme in (None, one.programme_id)
        ]
        for name, figure in naively.counts(chosen).items():
            where = f"{line['Hub']}, {line['Programme']}, {name}"
            if line[name] in HIDDEN:
                continue
            agree(line[name], figure, where)
            compared += 1
            is_count = not name.endswith("(%)") and name not in ("Mean dose", "Days waited")
            assert not (is_count and chosen and 0 < figure < 5), f"{where} tells of fewer than five"
        if (line["Hub"], line["Programme"]) == ("All hubs", "All programmes") and "to" not in period:
            offered += int(line["Offered"])
    assert offered > 150
    assert compared > 150


def test_every_figure_of_change_is_what_plain_rows_come_to(herefordshire, read):
    with unit_of_work(herefordshire):
        everybody = naively.everybody(today())
        hubs, programmes = named(Hub), named(Programme)
    seen, compared = set(), 0
    for (programme, programme_id), (period, (first, end)) in product(programmes.items(), PERIODS.items()):
        people = [one for one in everybody if first <= one.over_on < end]
        for line in read(f"/reports/programmes/{programme_id}/csv?period={period}"):
            instrument = "bpses" if "BPSES" in line["Questionnaire"] else "core10"
            occasion = "after" if line["Occasion"].startswith("After") else "follow_up"
            hub = hubs.get(line["Hub"])
            pairs = [
                pair
                for one in people
                if one.programme_id == programme_id and hub in (None, one.hub_id)
                for pair in one.pairs(instrument, occasion)
            ]
            if line["Matched pairs"] in HIDDEN or not pairs:
                assert line["Mean change"] == line["Mean before"] == ""
                seen.add(line["Matched pairs"])
                continue
            assert len(pairs) >= 5
            for name, figure in naively.change(instrument, pairs).items():
                agree(line[name], figure, f"{programme}, {line['Questionnaire']}, {line['Hub']}, {name}")
                compared += 1
    assert "fewer than 5" in seen
    assert compared > 60


def test_scores_that_are_kept_are_what_the_answers_come_to(there):
    kept = naively.scores()
    answered = [row for row in naively.rows(naively.Asking) if row["answered_at"]]
    assert len(answered) > 200
    for row in answered:
        total = naively.total(row["instrument"], row["answers"])
        line = naively.CLINICAL_FROM.get(row["instrument"])
        assert kept[row["id"]] == (total, total >= line if line else None)


def test_what_changed_is_near_the_truth_that_was_stated(there):
    people = naively.everybody(today())
    pairs_of = {}
    for story in PROGRAMMES:
        programme = db.scalars(select(Programme).where(Programme.code == story.template)).one()
        for instrument, effect in TRUE_EFFECTS[story.listed].items():
            mine = [one for one in people if one.programme_id == programme.id]
            pairs = [pair for one in mine for pair in one.pairs(instrument)]
            pairs_of[story.listed, instrument] = len(pairs)
            found = mean(after - before for before, after in pairs)
            points = {"bpses": 20, "core10": 40}[instrument] * ANSWERING[instrument].moods
            assert abs(found - effect) < 3 * sqrt(2) * points / sqrt(len(pairs)) + 0.3, (story.listed, found)
    assert pairs_of["The Solihull Approach", "bpses"] >= 30
    assert pairs_of["Standard Triple P", "core10"] >= 30
    assert 5 <= pairs_of["Stepping Stones", "bpses"] < 30
    assert pairs_of["Transitions", "bpses"] < 5


def test_the_past_has_every_kind_of_end_make_ups_and_moves(there):
    ends = {one.standing for one in db.scalars(select(Participation))}
    assert ends == set(Standing)
    assert {one.presence for one in db.scalars(select(Dose))} == set(Presence)
    moved = db.scalars(select(Participation).where(Participation.standing == Standing.TRANSFERRED)).all()
    assert all(one.transferred_to_id for one in moved)


def test_something_goes_on_now(there):
    tonight = db.scalars(select(CourseContact).where(CourseContact.on_date == today())).all()
    meets = [one for one in tonight if one.session_id]
    held = next(one.course for one in meets if one.course.hub.name == "Widemarsh Children's Centre")
    tasks = db.scalars(select(Task).where(Task.course_id == held.id)).all()
    assert {task.kind for task in tasks} == set(TaskKind)
    soon = db.scalars(select(Course).where(Course.first_date > today())).all()
    assert [one.places for one in soon] == [10]
    assert len(db.scalars(select(Interest)).all()) >= 3
    assert [alert.settled_at for alert in db.scalars(select(RiskAlert))] == [None]
    waiting = select(Participation).where(Participation.standing == Standing.REFERRED)
    assert len(db.scalars(waiting).all()) >= 3
    expires = select(Accreditation.expires_on).order_by(Accreditation.expires_on)
    assert today() < db.scalars(expires).first() < today() + timedelta(days=60)
    assert all(one.first_date <= now().date() + timedelta(days=40) for one in soon)
