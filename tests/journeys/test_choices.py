"""A parent chooses what she is written to about, and staff see to an address that does not work."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, link_in
from tests.journeys.looking import look, refused
from tests.journeys.test_booking import press

pytestmark = pytest.mark.thorough
PICTURES = os.environ.get("HUBS_PICTURES")


def seen(page: Page, name: str) -> None:
    """Look at a page; with HUBS_PICTURES, keep a picture of it at two widths."""
    look(page)
    for width in (PHONE, DESK) if PICTURES else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(PICTURES or "") / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def texts(house):
    """Leeds sends texts for a while."""
    house.sends_texts()
    yield
    house.arrange("no_texts")


def test_a_parent_says_what_she_wants_from_the_link_in_a_letter_and_on_her_own_page(house, open_page, texts):
    session = house.arrange("session", title="Choosing time", day="2026-03-02", at="18:00")
    house.arrange("household", name="Cleo Choosy", children=["Cam Choosy"], email="cleo@people.example")
    house.arrange("book", session_id=session["id"], email="cleo@people.example")
    house.arrange("remind", session_id=session["id"])
    letter = house.letter("cleo@people.example", "Choosing time")
    assert letter["List-Unsubscribe"].strip("<>") == link_in(letter, "Choose what we write to you about")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    # From the letter, without signing in, and without scripts.
    page = open_page(width=PHONE, js=False)
    page.goto(link_in(letter, "Choose what we write to you about"))
    seen(page, "link")
    page.get_by_role("group", name="News and announcements").get_by_label("Not at all").check()
    press(page, "Save my choices")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your choices are kept")
    seen(page, "link-kept")

    # Or all at once what the letter was about.
    page.get_by_role("link", name="change your choices").click()
    expect(page.get_by_text("You come from a message about: reminders.")).to_be_visible()
    press(page, "Stop these messages")
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no more of these messages")
    seen(page, "link-stopped")

    # On her own page, with the keyboard alone.
    page = open_page(width=PHONE, email="cleo@people.example")
    page.goto("/my-family")
    seen(page, "my-family")
    page.get_by_role("link", name="What we write to you about").press("Enter")
    news = page.get_by_role("group", name="News and announcements")
    expect(news.get_by_label("Not at all")).to_be_checked()
    assert page.get_by_role("group", name="Your bookings").get_by_label("Not at all").count() == 0
    seen(page, "own")
    expect(page.get_by_text("Your family has not agreed to news about activities")).to_be_visible()
    page.get_by_role("group", name="Reminders").get_by_label("Not at all").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Save my choices").press("Enter")
    expect(page.get_by_text("Your choices are kept")).to_be_visible()


def test_staff_see_what_does_not_work_and_write_to_it_again(house, open_page):
    house.arrange("ids")  # an address of Paula's does not work
    page = open_page("hub_worker")
    page.goto("/families")
    page.get_by_role("link", name="Addresses that do not work").click()
    seen(page, "addresses")
    paula = page.get_by_role("listitem").filter(has_text="old@people.example")
    paula.get_by_role("link").first.click()
    page.get_by_role("link", name="Paula").first.click()
    seen(page, "person")
    page.get_by_role("link", name="What we write to them about").click()
    seen(page, "theirs")
    page.goto("/families/addresses")
    paula.get_by_role("link", name="It works again").click()
    seen(page, "restoration")
    press(page, "Write to it again")
    refused(page)
    seen(page, "restoration-refused")
    page.get_by_label("They told us").check()
    press(page, "Write to it again")
    expect(page.get_by_text("We write to this address again")).to_be_visible()
    expect(page.get_by_text("old@people.example")).to_have_count(0)
    seen(page, "addresses-after")
