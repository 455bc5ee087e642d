"""Importing hubs and timetables, through the door."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from hubs.models import Activity, Hub, ImportRun, Session, TimetableEntry, Upload
from kernel import outbox
from kernel.db import db
from kernel.ids import new_id

DATA = Path(__file__).parent.parent / "data"
HEAD = "venue,activity,day,time,age\n"


def send(person, content, *, kind="timetable", name="file.csv", **more):
    content = content.encode() if isinstance(content, str) else content
    return person.post("/timetable/imports", {"kind": kind, "file": (BytesIO(content), name)}, **more)


def rows(number):
    return HEAD + "".join(
        f"Seacroft,Group {n},Monday,{8 + n % 8:02}:00 - {9 + n % 8:02}:00,0-5\n" for n in range(number)
    )


def test_yorks_hubs_and_timetable_are_shown_and_then_imported(knock, world):
    carl = knock("carl")
    for kind in ("hubs", "timetable"):
        sent = send(carl, (DATA / "york" / f"{kind}.csv").read_bytes(), kind=kind, name=f"{kind}.csv")
        preview = carl.get(sent.location)
        assert "Import these rows" in preview.text
        done = carl.post(f"{sent.location}/runs", {"idempotency_key": kind, "venue": ""})
        assert "The import is done" in carl.get(done.location).text
    with outbox.unit_of_work(world.york):
        assert len(db.scalars(select(Hub)).all()) == 8
        assert len(db.scalars(select(TimetableEntry)).all()) > 8
        assert db.scalar(select(Session).limit(1)) is not None
    assert "Stay and Play" in carl.get("/timetable").text
    again = send(carl, (DATA / "york" / "timetable.csv").read_bytes())
    assert "There is nothing to do" in carl.get(again.location).text
    assert "Import these rows" not in carl.get(again.location).text


def test_nothing_changes_before_somebody_agrees_and_every_row_is_explained(set_up, knock):
    with set_up() as make:
        make.hub("Seacroft")
    adam = knock("adam")
    content = (
        HEAD
        + "Seacroft,Stay & Play,Mondays,10am - 12noon,0-5 years\nSeacroft,Baby group,Tuesday,whenever,0-1\n"
    )
    sent = send(adam, content)
    page = adam.get(sent.location).text
    assert "every Monday, 10am to midday" in page
    assert "Cannot be read" in page
    assert "whenever" in page
    assert "‘venue’ was taken as: Place" in page
    with set_up():
        assert not db.scalars(select(TimetableEntry)).all()
        assert not db.scalars(select(Activity)).all()


def test_somebody_says_which_column_is_which(set_up, knock):
    with set_up() as make:
        make.hub("Seacroft")
    adam = knock("adam")
    sent = send(adam, "Wibble,Wobble,Day,Time\nSeacroft,Messy play,Friday,9.30 - 11am\n")
    page = adam.get(sent.location)
    assert "We cannot find a column for" in page.text
    pairs = (("Wibble", "venue"), ("Wobble", "activity"), ("Day", "when"), ("Time", "starts"))
    told = "&".join(f"heading={heading}&column={column}" for heading, column in pairs)
    page = adam.get(f"{sent.location}?{told}&heading=Nonsense&column=drop-table")
    assert "Messy play at Seacroft, every Friday, 9:30am to 11am" in page.text
    done = adam.post(
        f"{sent.location}/runs",
        {"heading": ["Wibble", "Wobble", "Day", "Time"], "column": ["venue", "activity", "when", "starts"]},
    )
    assert "The import is done" in adam.get(done.location).text


def test_a_long_file_is_imported_by_a_worker_and_says_how_far_it_is(set_up, knock, world):
    with set_up() as make:
        make.hub("Seacroft")
    adam = knock("adam")
    sent = send(adam, rows(61))
    done = adam.post(f"{sent.location}/runs", {"idempotency_key": "x"})
    waiting = adam.get(done.location).text
    assert "0 of 61 rows done" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert "Refresh this page" in waiting

    outbox.drain(world.leeds)

    part = adam.get(done.location, htmx=True).text
    assert part.strip().startswith('<div id="progress"')
    assert "every 1s" not in part
    assert "The import is done" in part
    with set_up():
        assert len(db.scalars(select(TimetableEntry)).all()) == 61
        assert db.scalars(select(ImportRun)).one().rows_done == 61


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.4", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0abc", "old Excel file"),
        (b"PK\x03\x04rubbish", "read this file"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_beside_the_field(knock, content, sentence):
    answer = send(knock("adam"), content, name="x.xlsx")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'href="#file"' in answer.text


def test_no_file_at_all_and_no_columns_are_told(knock):
    adam = knock("adam")
    assert "Choose a file" in adam.post("/timetable/imports", {"kind": "timetable"}).text
    sent = send(adam, "hello\nworld\n")
    page = adam.get(sent.location)
    assert page.status_code == 200
    assert "We cannot find" in page.text
    assert adam.post(f"{sent.location}/runs", {}).status_code == 409


def test_names_in_files_are_text(knock):
    adam = knock("adam")
    nasty = "<img src=x onerror=alert(1)>"
    sent = send(adam, HEAD + f"{nasty},{nasty},Monday,10-11am,{nasty}\n", name=f"{nasty}.csv")
    assert nasty not in adam.get(sent.location).text
    done = adam.post(f"{sent.location}/runs", {})
    for path in (done.location, "/timetable", "/timetable/import", "/hubs", "/hubs/manage"):
        assert nasty not in adam.get(path).text


def test_only_the_councils_administrator_imports_and_only_there(set_up, knock):
    adam = knock("adam")
    sent = send(adam, rows(2))
    assert knock("beth").get("/timetable/import").status_code == 403
    for path in (sent.location, f"{sent.location}/runs/{new_id()}"):
        assert knock("carl").get(path).status_code == 404
    assert knock("carl").post(f"{sent.location}/runs", {}).status_code == 404
    with set_up():
        assert len(db.scalars(select(Upload)).all()) == 1


def test_sending_twice_by_a_double_click_imports_once(set_up, knock):
    adam = knock("adam")
    sent = send(adam, rows(3))
    first, again = (adam.post(f"{sent.location}/runs", {"idempotency_key": "k"}) for _ in range(2))
    assert first.location == again.location
    with set_up():
        assert len(db.scalars(select(ImportRun)).all()) == 1
