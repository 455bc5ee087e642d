"""Taking the register: by keyboard alone, by two at once, from paper."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, TABLET
from tests.journeys.looking import look, refused

MOST_STOPS = 200
FOCUSED = """() => {
  const it = document.activeElement
  const label = it.labels?.[0] ?? it
  const looks = [getComputedStyle(it), getComputedStyle(label, '::before')]
  const seen = looks.some(
    style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none')
  const words = (it.getAttribute('aria-label') ?? label.textContent).replace(/\\s+/g, ' ').trim()
  return {words, seen, tag: it.tagName}
}"""


def tab_to(page: Page, words: str) -> None:
    """Go on with the Tab key until something is focused that begins with these words; focus is always to be seen."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            continue
        assert stop["seen"], f"nobody sees that {stop['words']!r} is focused"
        passed.append(stop["words"])
        if stop["words"].startswith(words):
            return
    raise AssertionError(f"no {words!r} among {passed}")


def tick(page: Page, name: str) -> Locator:
    says, who = name.split(": ")
    return page.get_by_role("button", name=re.compile(f"^{says} ?: {who}"))


def pressed(page: Page, name: str) -> None:
    expect(tick(page, name)).to_have_attribute("aria-pressed", "true")


def counts(page: Page, words: str) -> None:
    expect(page.locator("#summary")).to_contain_text(words)


def test_a_hub_worker_takes_a_register_by_keyboard_alone(house, open_page):
    made = house.arrange("register", title="Tumble tots", care="Nuts: has an EpiPen")
    house.arrange("household", name="Zora Walkin", children=["Pip Walkin"], email="zora@people.example")
    page = open_page("hub_worker", width=TABLET)
    page.goto("/registers")
    look(page)
    tab_to(page, "Tumble tots")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tumble tots")
    look(page)

    tab_to(page, "Here: Mia Smith Tumble")
    page.keyboard.press("Enter")
    pressed(page, "Here: Mia Smith Tumble")
    tab_to(page, "Late: Nadia Smith Tumble")
    page.keyboard.press("Space")
    pressed(page, "Late: Nadia Smith Tumble")
    tab_to(page, "All here: Jones Tumble family")
    page.keyboard.press("Enter")
    pressed(page, "Here: Mia Jones Tumble")
    tab_to(page, "Apologies: Mia Taylor Tumble")
    page.keyboard.press("Enter")
    pressed(page, "Apologies: Mia Taylor Tumble")
    counts(page, "4 here")
    tab_to(page, "Here: Mia Smith Tumble")
    page.keyboard.press("Enter")
    expect(tick(page, "Here: Mia Smith Tumble")).to_have_attribute("aria-pressed", "false")
    counts(page, "3 here")
    look(page)

    tab_to(page, "Allergy or medical note about Mia Smith Tumble")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nuts: has an EpiPen")).to_be_visible()

    tab_to(page, "Find a family")
    page.keyboard.type("zora w")
    expect(page.get_by_text("1 family found")).to_be_visible()
    look(page)
    tab_to(page, "They are here")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 people were added to the register")).to_be_visible()
    counts(page, "5 here")

    tab_to(page, "Register a new family")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the parent or carer")).to_be_focused()
    look(page)
    page.keyboard.press("Enter")
    refused(page)
    tab_to(page, "Name of the parent or carer")
    page.keyboard.type("Odette Doorstep")
    tab_to(page, "Postcode")
    page.keyboard.type("LS14 6JB")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Odette is registered and here")).to_be_visible()

    tab_to(page, "Adults: one more")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Adults: 1")).to_be_visible()
    tab_to(page, "Notes")
    page.keyboard.type("A lively morning")
    tab_to(page, "Save the notes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The notes were saved")).to_be_visible()
    assert made["path"] in page.url


def test_two_who_mark_one_register_see_each_others_marks(house, open_page):
    made = house.arrange("register", title="Drumming", families=2)
    one, other = open_page("hub_worker", width=TABLET), open_page("hub_manager", width=DESK)
    for page in (one, other):
        page.goto(made["path"])
    tick(one, "Here: Mia Smith Drumming").click()
    pressed(one, "Here: Mia Smith Drumming")
    tick(other, "Late: Mia Jones Drumming").click()
    pressed(other, "Late: Mia Jones Drumming")
    for page in (one, other):
        pressed(page, "Here: Mia Smith Drumming")
        pressed(page, "Late: Mia Jones Drumming")
        counts(page, "2 here")


def test_a_paper_register_is_keyed_in_and_closed(house, open_page):
    made = house.arrange("register", title="Clay club", families=2, over=True)
    page = open_page("hub_worker", width=TABLET)
    page.goto(f"{made['path']}/paper")
    look(page)
    expect(page.get_by_role("rowheader", name="Mia Smith Clay")).to_be_visible()
    page.goto(made["path"])
    page.get_by_role("link", name="Key in a paper register").click()
    look(page)
    page.get_by_role("group", name="Mia Smith Clay").get_by_label("Here").check()
    page.get_by_role("group", name="Nadia Smith Clay").get_by_label("Late").check()
    page.get_by_label("Children who are not on the list").fill("two")
    page.get_by_role("button", name="Save the register").click()
    refused(page)
    expect(page.get_by_role("group", name="Nadia Smith Clay").get_by_label("Late")).to_be_checked()
    page.get_by_label("Children who are not on the list").fill("2")
    page.get_by_role("button", name="Save the register").click()
    counts(page, "2 here")
    page.get_by_role("button", name="Close the register").click()
    expect(page.get_by_text("This register was closed on")).to_be_visible()
    counts(page, "2 did not come")
    look(page)
