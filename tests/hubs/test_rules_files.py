from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubs.rules import (
    RowStanding,
    intent_of,
    natural_key,
    preview_hubs,
    preview_timetable,
    read_hubs,
    read_timetable,
)
from hubs.terms import BookingMode, HubKind, Weekday
from kernel.spreadsheets import CannotReadFile, read_sheet

DATA = Path("tests/data")
TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Hub:
    """A place that the council has."""

    id: int
    name: str
    kind: HubKind = HubKind.FAMILY_HUB
    also_known_as: str = ""
    area: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    accessibility: str = ""


@dataclass(frozen=True)
class Activity:
    """An activity that the council has."""

    title: str
    audience: str
    age_from_months: int
    age_to_months: int
    mode: BookingMode
    price_pence: int


@dataclass(frozen=True)
class Entry:
    """An entry of the timetable that the council has."""

    id: int
    hub: Hub
    activity: Activity
    weekday: Weekday
    starts: time
    ends: time
    every_weeks: int
    first_date: date
    last_date: date | None
    term_time_only: bool
    import_key: str = ""


def timetable(name):
    return read_timetable(read_sheet((DATA / name).read_bytes()))


def text(written):
    return read_timetable(read_sheet(written.encode()))


def said(read):
    return [(row.line, row.sentence()) for row in read.rows if not row.problems]


def imported(read, hubs):
    """Do what an import does, as the service does it."""
    by_name = {hub.name: hub for hub in hubs}
    activities, entries = {}, []
    for preview in preview_timetable(read.rows, hubs, [], [], today=TODAY).of(RowStanding.NEW):
        row = preview.row
        hub = preview.hub or by_name.setdefault(row.venue, Hub(len(by_name) + 1, row.venue))
        ages = row.ages
        activity = activities.setdefault(
            row.activity,
            Activity(
                row.activity,
                row.audience,
                (ages and ages.from_months) or 0,
                (ages and ages.to_months) or 228,
                row.booking or BookingMode.DROP_IN,
                row.cost.pence if row.cost else 0,
            ),
        )
        i = intent_of(row, today=TODAY)
        entries.append(
            Entry(len(entries) + 1, hub, activity, i.weekday, i.starts, i.ends, i.every_weeks, i.first_date,
                  i.last_date, i.term_time_only, preview.key)
        )  # fmt: skip
    return list(by_name.values()), list(activities.values()), entries


def test_yorks_timetable_is_read_whole():
    read = timetable("york/timetable.csv")

    assert len(read.rows) == 10
    assert not any(row.problems or row.warnings for row in read.rows)
    assert "Not used: ‘source’." in read.notes
    avenues = read.rows[4]
    assert (avenues.weekday, avenues.every_weeks, avenues.first_date) == (
        Weekday.WEDNESDAY,
        2,
        date(2023, 8, 16),
    )
    assert read.rows[5].term_time_only is None
    assert (read.rows[5].ages.from_months, read.rows[5].ages.to_months) == (0, 47)


@pytest.mark.parametrize("council", ["york", "herefordshire"])
def test_places_of_a_council_are_read_whole_and_twice_does_nothing(council):
    read = read_hubs(read_sheet((DATA / council / "hubs.csv").read_bytes()))

    first = preview_hubs(read.rows, [])
    hubs = [
        Hub(n, r.name, r.kind, r.also_known_as, r.area) for n, r in enumerate((p.row for p in first.rows), 1)
    ]

    assert {preview.standing for preview in first.rows} == {RowStanding.NEW}
    assert preview_hubs(read.rows, hubs).is_empty


def test_a_timetable_of_windows_with_semicolons_and_merged_places():
    read = timetable("awkward/ladywood.csv")

    assert said(read) == [
        (4, "Stay & Play at Ladywood Family Hub, every Tuesday, 10am to midday"),
        (6, "Baby Massage at Ladywood Family Hub, every other Wednesday, 1pm to 2:30pm"),
        (9, "Rhyme Time at Café on the Green, every Monday, 10am to 11am"),
        (9, "Rhyme Time at Café on the Green, every Wednesday, 1:30pm to 2:30pm"),
        (11, "Speech drop-in at Café on the Green, every Thursday, 9:30am to 11:30am"),
        (11, "Speech drop-in at Café on the Green, every Friday, 9:30am to 11:30am"),
    ]
    assert [row.line for row in read.rows if row.problems] == [8, 10]
    assert read.rows[0].term_time_only is True
    assert read.rows[0].description == "Snack at 11.\nBring a cup."
    assert read.rows[-1].first_date == date(2026, 9, 3)
    assert "Line 12 was not used: ‘All sessions are free unless a price is shown’." in read.notes


def test_a_week_on_a_page():
    assert said(timetable("awkward/grid.tsv")) == [
        (2, "Stay and Play at Oak Tree Hub, every Monday, 10am to 11:30am"),
        (2, "Baby group at Oak Tree Hub, every Monday, 1pm to 2:30pm"),
        (2, "Rhyme time at Oak Tree Hub, every Thursday, 2pm to 3pm"),
        (4, "Toddlers at St Mary's Hall, every Tuesday, 9:30am to 11am"),
        (4, "Speech and language drop-in at St Mary's Hall, every Friday, 9am to midday"),
    ]


def test_places_as_headings_between_the_rows():
    read = timetable("awkward/sections.csv")

    assert said(read) == [
        (3, "Sing and Sign at CLIFTON PLACE, every Monday, 9:30am to 10:30am"),
        (4, "Stay and Play at CLIFTON PLACE, every Tuesday, 10am to 11:30am"),
        (5, "Open session at CLIFTON PLACE, every Monday, 1pm to 2pm"),
        (5, "Open session at CLIFTON PLACE, every Tuesday, 1pm to 2pm"),
        (5, "Open session at CLIFTON PLACE, every Wednesday, 1pm to 2pm"),
        (7, "Lunch club at THE MEADOWS, every Wednesday, midday to 2pm"),
        (10, "Dads and kids at THE MEADOWS, every Saturday, 10am to midday"),
    ]
    assert read.rows[0].ages.to_months == 18


def test_a_workbook_with_typed_cells_and_merged_places():
    read = timetable("awkward/vale.xlsx")

    assert said(read) == [
        (4, "Stay and Play at Vale North, every Tuesday, 10am to 11:30am"),
        (5, "Baby Café at Vale North, every other Wednesday, 10:30am to midday"),
        (6, "Youth night at Vale North, every Friday, 6:30pm to 8pm"),
        (7, "Fun day at Vale South, on Saturday 12 December 2026, 10am to 2pm"),
        (8, "Ages eaten at Vale South, every Monday, 9am to 10am"),
    ]
    assert "may have changed" in read.rows[-1].problems[0]
    assert read.rows[1].booking == BookingMode.BOOKABLE
    assert read.rows[2].capacity == 30
    assert read.notes[0] == "Read from the sheet ‘Timetable’. Not read: ‘Cover’, ‘Staff’."


def test_missing_columns_are_named():
    read = text("Activity,Ages\nStay and Play,0-5\n")

    assert read.problem.startswith("We cannot find a column for: Place, Day and Time or start.")


def test_a_column_can_be_chosen_by_a_person():
    sheet = read_sheet(b"Thing,Where,Zeit,Tag\nStay and Play,Oak,10-11,Mon\n")
    choices = {"Thing": "activity", "Zeit": "starts", "Tag": "when"}

    assert said(read_timetable(sheet, choices=choices)) == [
        (2, "Stay and Play at Oak, every Monday, 10am to 11am")
    ]


def test_columns_are_known_by_what_they_hold():
    read = text("Thing,Where,What,A,B\n1,Oak,Stay and Play,Mondays,10-11am\n2,Oak,Sing,Tue,1-2pm\n")

    assert [sentence for _, sentence in said(read)] == [
        "Stay and Play at Oak, every Monday, 10am to 11am",
        "Sing at Oak, every Tuesday, 1pm to 2pm",
    ]


def test_a_file_of_one_place_takes_the_place_that_is_chosen():
    sheet = read_sheet(b"What,When\nStay and Play,Tuesdays 10-11am\n")

    assert said(read_timetable(sheet, venue="Oak")) == [
        (2, "Stay and Play at Oak, every Tuesday, 10am to 11am")
    ]


def test_one_blank_cell_is_a_problem_and_not_the_same_as_above():
    read = text(
        "Venue,Activity,Day,Time\nOak,A,Mon,10-11\nElm,B,Tue,10-11\n,C,Wed,10-11\nOak,D,Thu,10-11\nElm,E,Fri,10-11\n"
    )

    assert [row.line for row in read.rows if row.problems] == [4]


def test_a_first_preview_of_york_adds_everything():
    hubs = [Hub(1, "The Avenues", also_known_as="The Avenues Children's Centre; Tang Hall Children's Centre")]

    found = preview_timetable(timetable("york/timetable.csv").rows, hubs, [], [], today=TODAY)

    assert found.summary() == "10 rows to add."
    assert len(found.new_hubs) == 7
    assert found.new_activities == ("Family hub drop-in and activities", "Stay and Play")
    assert found.rows[4].hub is hubs[0]
    assert any("school holidays" in warning for warning in found.rows[5].warnings)


@pytest.mark.parametrize(
    "name",
    [
        "york/timetable.csv",
        "awkward/ladywood.csv",
        "awkward/grid.tsv",
        "awkward/sections.csv",
        "awkward/vale.xlsx",
    ],
)
def test_the_same_import_twice_does_nothing_twice(name):
    read = timetable(name)
    hubs, activities, entries = imported(read, [])

    again = preview_timetable(read.rows, hubs, activities, entries, today=date(2026, 3, 16))

    assert again.is_empty
    assert {p.standing for p in again.rows} <= {RowStanding.UNCHANGED, RowStanding.UNREADABLE}
    assert again.not_in_file == ()


def test_what_changed_is_said_in_plain_words():
    read = timetable("york/timetable.csv")
    hubs, activities, entries = imported(read, [])
    rows = [
        replace(read.rows[0], ends=time(15), term_time_only=True),
        replace(read.rows[5], audience="anybody"),
    ]

    found = preview_timetable(rows, hubs, activities, entries, today=TODAY)

    assert found.rows[0].explanation == ("9am to 3pm instead of 9am to 2pm.", "In term time only.")
    assert found.rows[1].explanation == ("Stay and Play, wherever it is held: for anybody.",)
    assert len(found.not_in_file) == 1  # Clifton's Friday


def test_an_entry_that_was_moved_by_hand_is_still_known():
    read = timetable("york/timetable.csv")
    hubs, activities, entries = imported(read, [])
    moved = [replace(entries[0], starts=time(8, 30)), *entries[1:]]

    found = preview_timetable(read.rows, hubs, activities, moved, today=TODAY)

    assert found.rows[0].standing == RowStanding.CHANGED
    assert found.rows[0].explanation == ("9am to 2pm instead of 8:30am to 2pm.",)


def test_a_row_that_is_repeated_is_taken_once():
    read = text("Venue,Activity,Day,Time\nOak,Stay & Play,Mon,10-11\nOAK,Stay and play,Mondays,10am-11am\n")

    found = preview_timetable(read.rows, [], [], [], today=TODAY)

    assert [p.standing for p in found.rows] == [RowStanding.NEW, RowStanding.DUPLICATE]


def test_a_place_that_is_nearly_known_is_asked_about():
    read = text("Venue,Activity,Day,Time\nClifton Childrens Center,Stay,Mon,10-11\n")

    found = preview_timetable(read.rows, [Hub(1, "Clifton Children's Centre")], [], [], today=TODAY)

    assert found.rows[0].standing == RowStanding.UNREADABLE
    assert "Did you mean Clifton Children's Centre?" in found.rows[0].explanation[0]


def test_rows_that_quarrel_about_one_activity_are_warned_of():
    read = text("Venue,Activity,Day,Time,Ages\nOak,Stay,Mon,10-11,0-3\nElm,Stay,Tue,10-11,0-5\n")

    found = preview_timetable(read.rows, [], [], [], today=TODAY)

    assert any("Line 2 says other ages" in warning for warning in found.rows[1].warnings)


def test_every_other_week_without_a_date_says_which_week_was_taken():
    read = text("Venue,Activity,When,Time\nOak,Stay,Every other Wed,10-11\n")

    found = preview_timetable(read.rows, [], [], [], today=TODAY)

    assert any("Wednesday 4 March 2026" in warning for warning in found.rows[0].warnings)
    assert intent_of(read.rows[0], today=TODAY).first_date == date(2026, 3, 4)


def test_the_natural_key_does_not_mind_punctuation():
    assert (
        natural_key("St. Mary’s", "Stay & Play", Weekday.MONDAY, time(9))
        == "st marys | stay and play | monday | 09:00"
    )


cells = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["Mon", "10-11", "Venue", "Day", "Time", "Activity", "0-5", "Oak"]),
)


@given(st.lists(st.lists(cells, min_size=1, max_size=6), max_size=12))
def test_no_file_breaks_the_import(rows):
    content = "\n".join(",".join(str(cell or "").replace(",", "") for cell in row) for row in rows)
    try:
        sheet = read_sheet(content.encode("utf-8", "replace") + b"\nx")
    except CannotReadFile:
        return

    read = read_timetable(sheet)
    preview_timetable(read.rows, [], [], [], today=TODAY)
    preview_hubs(read_hubs(sheet).rows, [])
