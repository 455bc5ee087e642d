"""Write the awkward files of this folder: `python tests/data/awkward/make.py`."""
# ruff: noqa: DTZ001, E501 - a spreadsheet's moments have no zone, and its rows are long

from datetime import datetime, time
from pathlib import Path

from openpyxl import Workbook

HERE = Path(__file__).parent

# A Windows file with the letters of a byte order mark in front, semicolons, a title, blank lines and merged places.
WINDOWS = """ï»¿Borough of Ladywood – Children’s Centre timetable, Autumn 2026;;;;;;
;;;;;;
Group;Where;When;Who’s it for?;How much?;Book?;Notes
Stay & Play;Ladywood Family Hub;Tuesdays 10am - 12noon, term time only;0-5 years;Free;Drop-in – just turn up;"Snack at 11.
Bring a cup."
Baby Massage;;Every other Wed 1 – 2.30pm;up to 1 year;£2.50 per family;booking required;
;;;;;;
Messy Play;Café on the Green;Mon 10-11; Wed 1.30-2.30;under 5s;50p;;
Rhyme Time;;"Mon 10-11; Wed 1.30-2.30pm";under 5s;50p;just turn up;
Dads’ Saturdays;;1st Saturday of the month 10-12;all ages;free;drop in;
Speech drop-in;;Thurs & Fri 9.30 - 11.30am from 3 Sept 2026;6 weeks - crawling;;book via Eventbrite;
All sessions are free unless a price is shown;;;;;;
"""

# A week on a page, as it hangs on the wall; tabs between the columns.
GRID = (
    "Autumn term\tMonday\tTuesday\tWednesday\tThursday\tFriday\n"
    'Oak Tree Hub\t"Stay and Play 10-11.30am\nBaby group 1-2.30pm"\t\tCLOSED\tRhyme time 2-3pm\t-\n'
    "St Mary's Hall\t\t9.30am - 11am Toddlers\t\t\tSpeech and language drop-in 9-12\n"
)

# Headings between the rows instead of a column of places; UTF-8 with a byte order mark.
SECTIONS = """\ufeffDay,Session time,What's on,Age group (months),Drop in?,Term time?
CLIFTON PLACE,,,,,
Monday,0930-1030,Sing and Sign,0-18,Y,Yes
Tuesdays,10 to 11.30,Stay and Play,0-48,Y,No
Mon-Wed,1-2,Open session,,N,
THE MEADOWS:,,,,,
Weds,noon till 2,Lunch club,,Y,TTO
Fri,2 - 1pm,Backwards,,Y,
Day,Session time,What's on,Age group (months),Drop in?,Term time?
Sat,10am-12noon,Dads and kids,,Y,year round
"""


def workbook() -> Workbook:
    """Return a workbook with typed cells: times, fractions, dates, numbers, merged places, a hidden sheet."""
    book = Workbook()
    cover = book.active
    cover.title = "Cover"
    hidden = book.create_sheet("Old")
    hidden.append(["Venue", "Activity", "Day", "Start", "End"])
    hidden.append(["Nowhere", "Nothing", "Mon", time(9), time(10)])
    hidden.sheet_state = "hidden"
    page = book.create_sheet("Timetable")
    page.append(["Timetable of the Vale"])
    page.append([])
    page.append(["Children's Centre", "Activity", "Day of week", "Start time", "Finish time", "Frequency", "First session",
                 "Min age (years)", "Max age (years)", "Cost (£)", "Booking needed", "Max families"])  # fmt: skip
    page.append(
        ["Vale North", "Stay and Play", "Tuesday", time(10), time(11, 30), 1, None, 0, 4, 0, False, 20]
    )
    page.append(
        [None, "Baby Café", "Weds", 0.4375, 0.5, "fortnightly", datetime(2026, 9, 9), 0, 1, 2.5, True, None]
    )
    page.append([None, "Youth night", "Fri", 18.3, 20, "weekly", None, 11, 19, "£1", "no", 30])
    page.append(
        [
            "Vale South",
            "Fun day",
            None,
            "10am",
            "2pm",
            "one-off",
            datetime(2026, 12, 12),
            None,
            None,
            "free",
            "no",
            None,
        ]
    )
    page.append(
        [
            "Vale South",
            "Ages eaten",
            "Mon",
            time(9),
            time(10),
            1,
            None,
            datetime(2026, 5, 1),
            None,
            None,
            None,
            None,
        ]
    )
    page.append(
        [
            "Vale South",
            "Time eaten",
            "Mon",
            datetime(2026, 11, 10),
            None,
            1,
            None,
            None,
            None,
            None,
            None,
            None,
        ]
    )
    page.merge_cells("A4:A6")
    page.merge_cells("A1:D1")
    book.create_sheet("Staff").append(["Name"])
    return book


if __name__ == "__main__":
    (HERE / "ladywood.csv").write_bytes(WINDOWS.replace("\n", "\r\n").encode("cp1252"))
    (HERE / "grid.tsv").write_bytes(GRID.encode("utf-16"))
    (HERE / "sections.csv").write_bytes(SECTIONS.encode())
    workbook().save(HERE / "vale.xlsx")
