"""Many families are told something at once: written, counted, approved by a second person, sent, and stopped."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.looking import look, refused
from tests.journeys.test_booking import press

pytestmark = pytest.mark.thorough
TOPIC = "Closed on Friday"
MANY = 24
"""More than go in one go, so that it can be stopped in between."""


@pytest.fixture
def texts(house):
    """Leeds sends texts for a while."""
    house.sends_texts()
    yield
    house.arrange("no_texts")


def went(house, addresses: list[str]) -> list[str]:
    return sorted(one["To"] for one in house.post.letters if one["To"] in addresses)


def choose_babies_of(page: Page, district: str) -> None:
    page.get_by_label("Families with a child of a certain age").check()
    page.get_by_label(re.compile("Where the child lives")).fill(district)


def test_a_manager_writes_a_lead_approves_and_it_is_stopped_in_the_middle(house, open_page, texts):
    addresses = house.arrange("families_who_want_news", number=MANY, postcode="LS99 1AA", approve_above=10)
    page = open_page("hub_manager")
    page.goto("/")
    page.get_by_role("link", name="Announcements").first.click()
    look(page)
    page.get_by_role("button", name="Write an announcement").click()
    look(page)

    # What is missing is said, all at once.
    page.get_by_label("Families with a booking at a hub").check()
    press(page, "Save and see who gets it")
    refused(page)
    told = page.locator(".govuk-error-summary")
    for said in (
        "what the announcement is about",
        "what the announcement says",
        "the first day",
        "the last day",
    ):
        expect(told).to_contain_text(f"Enter {said}")

    # The length of the text message follows what is written.
    page.get_by_label("What it is about").fill(TOPIC)
    words, length = page.get_by_label("What it says"), page.locator("#length")
    words.press_sequentially("Dear ((name))")
    expect(length).to_contain_text("charged as 2 text messages for each person")
    words.fill("We are **closed** on Friday. " + "Come on Monday. " * 12)
    expect(length).to_contain_text("charged as 3 text messages for each person")
    words.fill("x" * 900)
    expect(length).to_contain_text("too long")
    look(page)

    # A field is refused where it stands.
    words.fill("Dear ((name))")
    choose_babies_of(page, "LS99")
    press(page, "Save and see who gets it")
    refused(page)
    expect(page.locator("#words-error")).to_contain_text("no fields in double brackets")
    words.fill("We are **closed** on Friday.")
    press(page, "Save and see who gets it")

    # Who gets it, and what.
    expect(page.get_by_text(f"{MANY} people", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("Some of them: .va, .va, .va, .va and .va"))).to_be_visible()
    expect(page.locator("strong", has_text="closed")).to_be_visible()
    look(page)
    press(page, "Ask for approval")
    expect(page.get_by_text("it cannot be you")).to_be_visible()
    expect(page.get_by_role("button", name="Approve and send")).to_have_count(0)
    look(page)
    house.order("drain")
    assert went(house, addresses) == []

    # Somebody else reads it and lets it go. She sees no families.
    lead = open_page("council_lead", width=PHONE)
    lead.goto("/announcements")
    look(lead)
    lead.get_by_role("link", name=TOPIC).click()
    expect(lead.get_by_text("Some of them")).to_have_count(0)
    look(lead)
    press(lead, "Approve and send")
    expect(lead.get_by_text("Finding out who gets it")).to_be_visible()
    look(lead)

    # The page follows by itself, and the rest is stopped.
    house.order("drain", at_most=2)
    some = len(went(house, addresses))
    assert 0 < some < MANY
    expect(lead.get_by_text(f"{some} of {MANY} people done")).to_be_visible()
    look(lead)
    press(lead, "Stop sending")
    expect(lead.get_by_text("Stopped. Nothing more of this is sent")).to_be_visible()
    expect(lead.get_by_text("Stopped before they went")).to_be_visible()
    look(lead)
    house.order("drain", hours=1)
    assert len(went(house, addresses)) == some
    page.reload()
    expect(page.get_by_text("Stopped by")).to_be_visible()


def test_an_administrator_tells_every_hub_without_scripts(house, open_page, texts):
    addresses = house.arrange("families_who_want_news", number=2, postcode="LS98 1AA", approve_above=200)
    page = open_page("council_admin", width=PHONE, js=False)
    page.goto("/announcements/new")
    page.get_by_label("What it is about").fill(TOPIC)
    page.get_by_label("What it says").fill("All hubs are closed on Friday.")
    press(page, "Count")
    expect(page.locator("#length")).to_contain_text("charged as 2 text messages for each person")
    expect(page.get_by_label("What it is about")).to_have_value(TOPIC)
    look(page)

    # Nobody lives there.
    choose_babies_of(page, "LS97")
    press(page, "Save and see who gets it")
    expect(page.get_by_text("Nobody would get this now")).to_be_visible()
    expect(page.get_by_role("button", name="Send it now")).to_have_count(0)
    look(page)
    page.get_by_role("link", name="Change it").click()
    look(page)
    page.get_by_label(re.compile("Where the child lives")).fill("LS98")
    press(page, "Save and see who gets it")
    expect(page.get_by_text("2 people", exact=True)).to_be_visible()
    press(page, "Send it now")
    look(page)

    house.order("drain")
    page.get_by_role("link", name="Refresh this page").click()
    expect(page.get_by_text("2 of 2 people done")).to_be_visible()
    house.order("drain", hours=0.1)
    page.reload()
    expect(page.get_by_text("Finished")).to_be_visible()
    expect(page.get_by_role("button", name="Stop sending")).to_have_count(0)
    look(page)
    assert went(house, addresses) == addresses
