"""The pages around the questions on a small telephone: to the end, and read from right to left in large print."""

import pytest

from tests.journeys.looking import NARROW, faults

pytestmark = pytest.mark.thorough


def test_the_pages_of_a_private_link_are_well_made_to_the_end_and_after(house, visits):
    page = visits(width=NARROW).page
    start = house.arrange("questions_link", instrument="gad7")
    found, place = [], 1

    page.goto(start)
    while page.goto(f"{start}/{place}").status == 200:
        page.locator("input[type=radio]").first.check()
        page.locator("main form button").first.click()
        place += 1
    page.goto(f"{start}/check")
    page.locator("main form button").first.click()
    found += [f"done: {fault}" for fault in faults(page)]
    assert "Thank you" in page.locator("h1").inner_text()
    page.go_back()
    page.goto(f"{start}/1")
    found += [f"closed: {fault}" for fault in faults(page)]
    assert not page.locator("input[type=radio]").count(), "what was sent is not shown again"
    page.goto(house.arrange("interest_link"))
    found += [f"interest: {fault}" for fault in faults(page)]
    page.goto(house.arrange("questions_link", instrument="goals"))
    found += [f"goals: {fault}" for fault in faults(page)]

    assert not found, "\n".join(found)


def test_the_pages_of_a_private_link_are_well_made_from_right_to_left(house, visits):
    page = visits(width=NARROW).page
    start = f"/q/{house.arrange('ids')['links'][0]}"
    found = []

    page.goto(start)
    page.locator("details").first.locator("summary").click()
    page.locator("#language").select_option("ar")
    page.locator("#large_print").check()
    page.locator("details form button").click()
    for path in ("", "/1", "/1/help", "/check"):
        page.goto(start + path)
        assert page.evaluate("document.documentElement.dir") == "rtl"
        for summary in page.locator("summary").all():
            summary.click()
        found += [f"{path}: {fault}" for fault in faults(page)]
    page.goto(f"{start}/2")
    page.locator("main form button").click()
    found += [f"refused: {fault}" for fault in faults(page)]

    assert not found, "\n".join(found)
