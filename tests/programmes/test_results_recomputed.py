"""Every figure that is published equals the same figure, worked out once more from all rows by other means."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from openpyxl import load_workbook

from kernel.db import unit_of_work
from outcomes import service
from outcomes.rules import shipped
from outcomes.terms import Respondent
from tests.programmes import recomputing
from tests.programmes.history import tell
from tests.programmes.recomputing import as_shown

FIRST, END = date(2025, 9, 1), date(2026, 1, 1)
"""The term that was over last: the files and pages tell of it where nothing else is chosen."""
HIDDEN = {"fewer than 5", "not shown"}
SHARES = {"uptake", "retention", "completion", "response"}
COLUMNS = (
    "offered", "booked", "started", "completed", "uptake", "retention", "completion", "dose", "waiting", "pairs",
    "response",
)  # fmt: skip


@pytest.fixture
def told(set_up):
    """The history, and all its rows."""
    with set_up() as make:
        return tell(make)


@pytest.fixture
def facts(world, told):
    with unit_of_work(world.leeds):
        return recomputing.read()


def lines(answer) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.text.lstrip("\ufeff"))))


@pytest.mark.parametrize("freedom", sorted(recomputing.TABLE))
def test_the_t_that_is_used_here_is_that_of_printed_tables(freedom):
    assert recomputing.t_of(freedom) == pytest.approx(recomputing.TABLE[freedom], abs=1e-6)


def test_every_figure_of_the_file_equals_the_recomputed_one(knock, told, facts):
    published = lines(knock("lena").get("/reports/programmes/csv"))

    hubs = {name: hub for hub, name in facts.hubs.items()} | {"All hubs": None}
    programmes = {name: one for one, name in facts.programmes.items()} | {"All programmes": None}
    shown = 0
    for hub, programme, *cells in published[1:]:
        people = recomputing.counted(
            facts, FIRST, END, hub=hubs[hub.lstrip("'")], programme=programmes[programme]
        )
        mine = recomputing.measures(facts, people)
        for code, cell in zip(COLUMNS, cells, strict=True):
            if cell in HIDDEN:
                continue
            shown += 1
            assert (None if cell == "" else Decimal(cell)) == in_file(code, mine[code]), (
                hub,
                programme,
                code,
            )
    assert len(published) == 1 + 5 * 3
    assert shown > 60


def in_file(code, value):
    if value is None:
        return None
    if code in SHARES:
        return as_shown(value * 100, 1)
    return as_shown(value, 2)


def test_what_is_hidden_is_small_or_covers_what_is_small(knock, told, facts):
    published = lines(knock("lena").get("/reports/programmes/csv"))

    hubs = {name: hub for hub, name in facts.hubs.items()} | {"All hubs": None}
    programmes = {name: one for one, name in facts.programmes.items()} | {"All programmes": None}
    for hub, programme, *cells in published[1:]:
        mine = recomputing.measures(
            facts,
            recomputing.counted(
                facts, FIRST, END, hub=hubs[hub.lstrip("'")], programme=programmes[programme]
            ),
        )
        for code in ("offered", "booked", "started", "completed", "pairs"):
            cell = cells[COLUMNS.index(code)]
            assert (cell == "fewer than 5") == (mine[code] < 5), (hub, programme, code)


def scale_of(code, own=None):
    scale = shipped()[code].scale("total")
    bands = scale.bands.get(Respondent.PARENT, ())
    return {
        "higher_is_better": scale.direction == "higher",
        "least": scale.change.amount if scale.change else own,
        "clinical": tuple((band.from_, band.to) for band in bands if band.clinical),
    }


@pytest.mark.parametrize("own", [None, 2.77 * 4 * (1 - 0.75) ** 0.5], ids=["published", "and the council's"])
def test_every_figure_of_change_equals_the_recomputed_one(knock, told, facts, set_up, world, own):
    """The council's rule is of BPSES, for which none is published: 2.77 × SEM."""
    if own:
        with set_up():
            service.enter_change_rule(
                "bpses", "total", deviation=Decimal(4), reliability=Decimal("0.75"), source="Our own study",
                by=world.cast["adam"],
            )  # fmt: skip
    hubs = {name: hub for hub, name in facts.hubs.items()} | {"All hubs": None}
    codes = {instrument.name: code for code, instrument in shipped().items()}
    shown = 0
    for programme in told.programmes:
        published = lines(knock("lena").get(f"/reports/programmes/{programme.id}/csv"))
        for name, occasion, hub, *cells in published[1:]:
            code = codes[name.removesuffix(": some months later")]
            people = recomputing.counted(facts, FIRST, END, hub=hubs[hub.lstrip("'")], programme=programme.id)
            found = recomputing.pairs(
                facts,
                people,
                code,
                "total",
                "parent",
                "after" if occasion == "After the course" else "follow_up",
            )
            if cells[0] in HIDDEN:
                assert (cells[0] == "fewer than 5") == (len(found) < 5)
                assert set(cells[1:-1]) <= {""}
                continue
            shown += 1
            mine = recomputing.change(found, **scale_of(code, own))
            assert int(cells[0]) == mine["n"]
            if code == "bpses":
                by_own = "standard deviation of 4 and a reliability of 0.75 that the council entered"
                assert by_own in cells[-1] if own else cells[-1] == "None"
            for cell, part, places in zip(cells[1:10], PARTS, PLACES, strict=True):
                if part == "left_clinical" and cell == "":
                    continue
                expected = None if mine[part] is None else as_shown(mine[part], places)
                assert (Decimal(cell) if cell else None) == expected, (name, hub, part)
    assert shown >= 10


PARTS = ("before", "after", "change", "improved", "unchanged", "worse", "left_clinical", "low", "high")
PLACES = (2, 2, 2, 1, 1, 1, 1, 2, 2)


def test_the_page_says_what_the_file_says(knock, told, facts):
    page = knock("lena").get("/reports/programmes").text
    mine = recomputing.measures(facts, recomputing.counted(facts, FIRST, END))

    foot = re.findall(r"<tfoot.*?</tfoot>", page, re.DOTALL)
    assert len(foot) == 6
    for totals in (foot[:3], foot[3:]):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", "".join(totals))
        expected = [
            f"{as_shown(mine[code] * 100)}%" if code in SHARES else
            f"{as_shown(mine[code], 0 if mine[code].denominator == 1 and code != 'dose' else 1)}"
            for code in COLUMNS
        ]  # fmt: skip
        assert cells == expected


def test_the_page_of_a_programme_shows_the_change_with_its_interval(knock, told, facts):
    programme = told.programmes[0]
    page = knock("lena").get(f"/reports/programmes/{programme.id}").text

    people = recomputing.counted(facts, FIRST, END, programme=programme.id)
    for code in ("bpses", "gad7"):
        mine = recomputing.change(
            recomputing.pairs(facts, people, code, "total", "parent", "after"), **scale_of(code)
        )
        interval = " to ".join(f"{as_shown(mine[end], 1):+}".replace("-", "−") for end in ("low", "high"))
        assert interval in page
        assert f"{as_shown(mine['change'], 1):+}".replace("-", "−") in page


def test_the_true_effects_are_found(told, facts):
    people = recomputing.counted(facts, FIRST, END)
    for code, true in {"bpses": 3, "gad7": -4}.items():
        mine = recomputing.change(
            recomputing.pairs(facts, people, code, "total", "parent", "after"), **scale_of(code)
        )
        assert mine["n"] > 40
        assert abs(mine["change"] - true) < 1.5


def test_the_workbook_holds_what_the_csv_holds(knock, told):
    from io import BytesIO

    lena = knock("lena")
    text = lines(lena.get("/reports/programmes/csv"))
    book = load_workbook(BytesIO(lena.get("/reports/programmes/xlsx").data))
    rows = [["" if cell is None else cell for cell in row] for row in book.active.iter_rows(values_only=True)]

    assert len(rows) == len(text)
    for one, other in zip(rows[1:], text[1:], strict=True):
        for cell, told_as in zip(one, other, strict=True):
            if isinstance(cell, str):
                assert cell == told_as.lstrip("'")
            else:
                assert Decimal(str(cell)) == Decimal(told_as)


def test_two_who_share_a_place_bring_two_pairs_and_count_as_one_place(told, facts):
    people = [one for one in recomputing.counted(facts, FIRST, END) if one.partner_id]
    found = recomputing.pairs(facts, people, "bpses", "total", "parent", "after")

    assert sorted(found) == [(8, 9), (18, 12)]
    assert recomputing.measures(facts, people)["completed"] == 2
    assert recomputing.measures(facts, people)["answered"] == 1
