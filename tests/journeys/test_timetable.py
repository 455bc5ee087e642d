"""The timetable: imported from York's spreadsheet, and changed one session at a time."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.looking import look, refused

FILE = Path(__file__).parent.parent / "data" / "york" / "timetable.csv"


def test_yorks_timetable_is_imported_and_every_row_explained(house, open_page):
    page = open_page("council_admin", "york")
    page.goto("/timetable")
    look(page)
    page.get_by_role("link", name="Import from a spreadsheet").click()
    look(page)
    page.get_by_role("button", name="Continue").click()
    refused(page)
    page.get_by_label("A timetable").check()
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_role("button", name="Continue").click()

    rows = page.get_by_role("table", name="What happens with every row of the file").locator("tbody tr")
    told = FILE.read_text().splitlines()[1:]
    expect(rows).to_have_count(len(told))
    for row in rows.all():
        expect(row.get_by_role("cell").nth(1)).not_to_be_empty()
    look(page)
    page.get_by_role("button", name="Import these rows").click()
    expect(page.get_by_text("The import is done.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="See the timetable").click()
    expect(page.get_by_role("link", name=re.compile("Family hub drop-in")).first).to_be_visible()
    look(page)

    page.goto("/timetable/import")
    page.get_by_label("A timetable").check()
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("There is nothing to do")).to_be_visible()
    expect(page.get_by_role("button", name="Import these rows")).to_be_hidden()


def change(page: Page, **typed: str) -> None:
    for label, words in typed.items():
        page.get_by_label(label.replace("_", " ").capitalize(), exact=True).fill(words)
    page.get_by_role("button", name="See what this does").click()


def test_a_manager_moves_one_session_and_families_are_told(house, open_page):
    house.arrange("household", name="Mona Moved", children=["Ben Moved"], email="mona@people.example")
    made = house.arrange("session", title="Story den", day="2026-03-05", at="13:00", room="Main room")
    house.arrange("book", session_id=made["id"], email="mona@people.example")
    page = open_page("hub_manager")
    page.goto("/timetable")
    look(page)
    page.get_by_role("link", name=re.compile("^Story den")).click()
    look(page)
    page.get_by_role("button", name="Move or change").click()
    look(page)
    change(page, starts_at="3.30pm", ends_at="2pm")
    refused(page)
    expect(page.get_by_label("Starts at")).to_have_value("3.30pm")
    look(page)
    change(page, starts_at="3.30pm", ends_at="4.30pm")
    expect(page.get_by_text("The families who booked will be told.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Make this change").click()
    expect(page.get_by_text("Thursday 5 March 2026, 3:30pm to 4:30pm").first).to_be_visible()
    told = house.letter("mona@people.example", "Your booking has changed: Story den")
    assert "3:30pm" in told.get_body(("plain",)).get_content()


def test_this_one_alone_moves_and_a_taken_room_is_said_plainly(house, open_page):
    house.arrange("session", title="Room taker", day="2026-03-17", at="15:00", room="Main room")
    page = open_page("hub_manager")
    page.goto("/timetable?week=2026-03-16")
    page.get_by_role("link", name=re.compile("^Messy play")).click()
    page.get_by_role("button", name="Move or change").click()
    look(page)
    page.get_by_role("button", name="Continue").click()
    refused(page)
    page.get_by_label("Only this session").check()
    page.get_by_role("button", name="Continue").click()
    change(page, starts_at="15:30", ends_at="16:30")
    expect(page.get_by_text("The room is taken by Room taker")).to_be_visible()
    expect(page.get_by_role("button", name="Make this change")).to_be_hidden()
    look(page)
    page.get_by_role("button", name="Go back and change what you entered").click()
    change(page, starts_at="16:30", ends_at="17:30")
    page.get_by_role("button", name="Make this change").click()
    expect(page.get_by_text("Tuesday 17 March 2026, 4:30pm to 5:30pm").first).to_be_visible()
    page.goto("/timetable?week=2026-03-23")
    expect(page.get_by_text("10am to 11:30am").first).to_be_visible()


def test_a_session_with_bookings_is_called_off_and_its_families_are_told_why(house, open_page):
    house.arrange("household", name="Cora Calloff", children=["Dot Calloff"], email="cora@people.example")
    made = house.arrange("session", title="Sand tray", day="2026-03-06", at="11:00")
    house.arrange("book", session_id=made["id"], email="cora@people.example")
    page = open_page("hub_manager")
    page.goto(f"/timetable{made['path']}")
    page.get_by_role("button", name="Call off").click()
    expect(page.get_by_text("1 booking will be cancelled")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Call off this session").click()
    refused(page)
    page.get_by_label("Why it is called off").fill("The heating has broken down.")
    page.get_by_role("button", name="Call off this session").click()
    expect(page.get_by_text("The session was called off")).to_be_visible()
    look(page)
    told = house.letter("cora@people.example", "Called off: Sand tray")
    assert "The heating has broken down." in told.get_body(("plain",)).get_content()
    family = open_page(email="cora@people.example")
    family.goto(made["path"])
    expect(family.get_by_text("This session has been called off.")).to_be_visible()
    look(family)
