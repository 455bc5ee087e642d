"""What messages say: an administrator writes words, sees how they look while writing, and saves them."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.looking import look, refused

pytestmark = pytest.mark.thorough


def test_an_administrator_writes_a_message_and_sees_it_at_once(open_page):
    page = open_page("council_admin")
    page.goto("/settings")
    page.get_by_role("link", name="What messages say").click()
    look(page)
    page.get_by_role("link", name="A place has come free", exact=True).click()
    look(page)

    shown = page.get_by_role("region", name="How it will look")
    page.get_by_text("The email as plain text").click()
    page.get_by_label("Email", exact=True).fill("Bring a **towel** and ")
    page.get_by_role("button", name="Insert ((bring))").wait_for(state="detached")
    page.get_by_role("button", name="Insert ((until))").click()
    expect(page.get_by_label("Email", exact=True)).to_have_value("Bring a **towel** and ((until))")
    expect(shown.locator("strong", has_text="towel")).to_be_visible()
    expect(shown.locator(".govuk-details__text"), "open as it was").to_be_visible()
    expect(shown).to_contain_text("5pm on Monday 2 March 2026")

    page.get_by_label("Text message").fill("No link, and ((medical))")
    expect(shown).to_contain_text("must have ((link))")
    page.get_by_role("button", name="Save these words").last.click()
    refused(page)
    page.get_by_label("Text message").fill("Take it? ((link))")
    page.get_by_role("button", name="Save these words").last.click()
    expect(page.get_by_text("The words are saved, and used from now on")).to_be_visible()
    page.get_by_role("link", name="See these words").first.click()
    expect(page.get_by_text("They are used now")).to_be_visible()
    look(page)


def test_on_a_telephone_words_from_right_to_left_are_seen_as_they_are_read(open_page):
    page = open_page("council_admin", width=PHONE)
    page.goto("/settings/messages/words/reminder/ar")

    assert page.locator("#body").evaluate("area => getComputedStyle(area).direction") == "rtl"
    facts = page.locator(".hubs-letter__facts > div").first
    name, value = facts.locator("dt").bounding_box(), facts.locator("dd").bounding_box()
    assert name["x"] > value["x"], "labels stand on the right"
    look(page)
