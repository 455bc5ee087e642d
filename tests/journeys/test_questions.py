"""The pages around the questions on a small telephone, read from right to left, in large print."""

import pytest

from tests.journeys.looking import NARROW, faults


@pytest.mark.thorough
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
