"""A family cannot come and says so from the letter on her phone; the next family takes the place by text."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, link_in
from tests.journeys.looking import look
from tests.journeys.test_booking import press

WANDA = "+447700900456"


@pytest.fixture
def text_in(house):
    """Leeds sends texts for a while: ``text_in(number, words)`` sends it one."""
    yield house.sends_texts()
    house.arrange("no_texts")


def test_who_cannot_come_says_so_and_the_next_family_comes_instead(house, open_page, text_in):
    wanted = house.arrange("session", title="Treasure baskets", day="2026-03-02", at="18:00", places=1)
    house.arrange("household", name="Ada Apology", children=["Bo Apology"], email="ada@people.example")
    house.arrange("book", session_id=wanted["id"], email="ada@people.example")
    house.arrange("wait", session_id=wanted["id"], name="Wanda Waiting", number=WANDA)
    house.arrange("remind", session_id=wanted["id"])

    # Ada is reminded, and opens the link on her phone.
    reminder = house.letter("ada@people.example", "Reminder: Treasure baskets")
    page = open_page(width=PHONE)
    page.goto(link_in(reminder, "Say whether you are coming"))
    assert page.get_by_role("heading", level=1).inner_text() == "Are you coming?"
    look(page)
    press(page, "Yes, I am coming")
    look(page)
    register = open_page("hub_worker", width=PHONE)
    register.goto(f"/registers/{wanted['id']}")
    expect(register.get_by_text("Said they are coming").first).to_be_visible()
    look(register)

    # But Bo has a temperature.
    page.goto(link_in(reminder, "Say whether you are coming"))
    look(page)
    press(page, "No, I cannot come")
    look(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Your booking is cancelled"

    # The next family is asked by text at once, and answers.
    offer = house.text(WANDA)
    assert offer.startswith("A place is free for you: Treasure baskets")
    assert text_in(WANDA, "Yes please") == 200
    assert house.text(WANDA).startswith("Your place is booked: Treasure baskets")

    # Whoever takes the register sees both.
    register.goto(f"/registers/{wanted['id']}")
    ada = register.get_by_role("region", name="Apology family")
    assert ada.get_by_text("Sent apologies").count() == 2
    assert register.get_by_role("region", name="Waiting family").get_by_text("Expected").count() == 2
    look(register)
    page.goto(link_in(reminder, "Say whether you are coming"))
    assert "cancelled already" in page.inner_text("main")
    look(page)
