"""The same without JavaScript: register, book, find, take a register."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, link_in
from tests.journeys.looking import look
from tests.journeys.test_booking import press, register

pytestmark = pytest.mark.thorough


def test_a_family_registers_signs_in_books_and_cancels_without_scripts(house, open_page):
    house.arrange("session", title="Quiet corner", day="2026-03-04", at="09:00")
    page = open_page(width=PHONE, js=False)
    register(page, "Nora Noscript", "nora@people.example")
    assert house.letter("nora@people.example", "You have registered")
    page.goto("/sign-in")
    page.get_by_label("Email address").fill("nora@people.example")
    press(page, "Email me a link")
    page.goto(link_in(house.letter("nora@people.example", "Your link to sign in"), "Sign in"))
    press(page, "Sign in")

    page.goto("/sessions")
    page.get_by_label("Day", exact=True).first.select_option("This week")
    press(page, "Show results")
    assert "day=week" in page.url
    page.get_by_role("link", name="Quiet corner").click()
    page.get_by_role("button", name="Book places").click()
    page.get_by_label("Maja").check()
    press(page, "Continue")
    press(page, "Confirm booking")
    expect(page.get_by_role("heading", level=1)).to_contain_text("booked")
    page.goto("/bookings")
    page.get_by_role("link", name="Quiet corner").click()
    page.get_by_role("link", name="Cancel this booking").click()
    look(page)
    press(page, "Cancel booking")
    expect(page.get_by_text("Cancelled").first).to_be_visible()


def test_a_register_is_taken_without_scripts(house, open_page):
    made = house.arrange("register", title="Lego lab", families=2, care="Latex")
    house.arrange("household", name="Wilf Wanders", children=["Kit Wanders"], email="wilf@people.example")
    page = open_page("hub_worker", js=False)
    page.goto(made["path"])
    mark(page, "here", "Mia Smith Lego")
    expect(row(page, "Mia Smith Lego")).to_contain_text("Here since")
    mark(page, "apologies", "Mia Jones Lego")
    expect(row(page, "Mia Jones Lego")).to_contain_text("apologies")
    page.get_by_role("link", name="Allergy or medical note about Mia Smith Lego").click()
    expect(page.get_by_text("Latex")).to_be_visible()
    look(page)
    page.goto(made["path"])
    page.get_by_label("Find a family").fill("wilf")
    press(page, "Find")
    look(page)
    page.get_by_role("button", name="They are here").click()
    expect(page.get_by_text("2 people were added to the register")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("3 here")


def mark(page: Page, say: str, name: str) -> None:
    row(page, name).locator(f"button[value={say}]").click()


def row(page: Page, name: str):
    return page.get_by_role("listitem").filter(has_text=name)


def test_hubs_are_compared_and_the_timetable_is_filtered_without_scripts(open_page):
    page = open_page("council_lead", js=False)
    page.goto("/reports")
    page.get_by_label("Hub", exact=True).select_option("Seacroft Family Hub")
    press(page, "Show results")
    table = page.get_by_role("table", name="Every measure, by hub")
    expect(table).to_contain_text("Seacroft Family Hub")
    expect(table).not_to_contain_text("Harehills Family Hub")
    look(page)
    page.goto("/timetable")
    page.get_by_label("Hub", exact=True).select_option("Harehills Family Hub")
    press(page, "Show")
    expect(page.get_by_role("heading", name="Harehills Family Hub")).to_be_visible()
    look(page)
