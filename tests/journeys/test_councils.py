"""The council's own work: comparing hubs, settings, staff; and the operator's: a new council."""

import csv
from io import StringIO
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import link_in
from tests.journeys.house import HAREHILLS, SEACROFT
from tests.journeys.looking import look, refused, signed_in


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_the_lead_compares_hubs_filters_and_takes_the_numbers_away(open_page):
    page = open_page("council_lead")
    page.goto("/reports")
    by_hub = page.get_by_role("table", name="Every measure, by hub")
    expect(by_hub.get_by_role("rowheader", name=SEACROFT)).to_be_visible()
    expect(by_hub.get_by_role("rowheader", name=HAREHILLS)).to_be_visible()
    look(page)
    before = by_hub.inner_text()
    page.get_by_label("Age of child").select_option(index=1)
    press(page, "Show results")
    page.wait_for_url("**band=**")
    assert by_hub.inner_text() != before
    page.get_by_label("Hub", exact=True).select_option(HAREHILLS)
    press(page, "Show results")
    expect(by_hub.get_by_role("rowheader", name=SEACROFT)).to_be_hidden()
    look(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download as CSV").click()
    text = Path(coming.value.path()).read_text("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    assert coming.value.suggested_filename.endswith(".csv")
    assert HAREHILLS in text
    assert SEACROFT not in text
    assert len(lines) > 3
    page.get_by_role("link", name="What each measure counts").click()
    look(page)


def test_a_manager_sees_the_numbers_of_her_own_hubs(open_page):
    page = open_page("hub_manager")
    page.goto("/reports")
    expect(page.get_by_role("table", name="Every measure, by hub")).to_contain_text(SEACROFT)
    assert HAREHILLS not in page.content()
    look(page)


def test_the_administrator_changes_the_colour_and_invites_a_worker(house, open_page):
    page = open_page("council_admin", "york")
    page.goto("/settings")
    look(page)
    page.get_by_label("colour", exact=False).first.fill("#ffee00")
    press(page, "Save")
    refused(page)
    page.get_by_label("colour", exact=False).first.fill("#8a1c4a")
    press(page, "Save")
    expect(page.get_by_text("saved").first).to_be_visible()
    header = page.locator(".hubs-header")
    expect(header).to_have_css("background-color", "rgb(138, 28, 74)")
    page.goto("/settings/history")
    look(page)

    page.goto("/staff")
    look(page)
    page.get_by_role("button", name="Invite somebody").click()
    look(page)
    press(page, "Send the invitation")
    refused(page)
    page.get_by_label("Name", exact=True).fill("Noor Newcomer")
    page.get_by_label("Email address").fill("noor@york.example")
    page.get_by_label("Hub worker").check()
    press(page, "Send the invitation")
    expect(page.get_by_text("We have sent an invitation to noor@york.example")).to_be_visible()

    newcomer = open_page(council="york")
    newcomer.goto(link_in(house.letter("noor@york.example"), "password"))
    look(newcomer)
    newcomer.get_by_label("password", exact=False).first.fill("york")
    press(newcomer, "Save and sign in")
    refused(newcomer)
    newcomer.get_by_label("password", exact=False).first.fill("puddles and wellies daily")
    press(newcomer, "Save and sign in")
    signed_in(newcomer, "Noor Newcomer")
    press(newcomer, "Sign out")
    newcomer.goto("/sign-in")
    newcomer.get_by_label("Email address").fill("noor@york.example")
    newcomer.get_by_label("Password", exact=True).fill("puddles and wellies daily")
    press(newcomer, "Sign in")
    signed_in(newcomer, "Noor Newcomer")
    look(newcomer)


def test_the_operator_sets_up_a_council_whose_administrator_comes_in_and_yorks_cookie_does_not(
    house, open_page, visits
):
    page = open_page("operator", "")
    page.goto("/councils")
    look(page)
    page.get_by_role("button", name="Set up a council").click()
    look(page)
    press(page, "Set up")
    refused(page)
    for label, typed in {
        "Name of the council": "Selby District Council",
        "Short name": "selby",
        "Email address that families can write to": "hubs@selby.example",
        "Their name": "Sal Selby",
        "Their email address": "sal@selby.example",
    }.items():
        page.get_by_label(label, exact=True).fill(typed)
    press(page, "Set up")
    expect(page.get_by_role("link", name="http://selby.localhost")).to_be_visible()

    administrator = open_page(council="selby")
    invitation = link_in(house.letter("sal@selby.example"), "password")
    assert invitation.startswith(house.base("selby"))
    administrator.goto(invitation)
    administrator.get_by_label("password", exact=False).first.fill("rivers run past the abbey")
    press(administrator, "Save and sign in")
    signed_in(administrator, "Sal Selby")
    administrator.goto("/settings")
    expect(administrator.get_by_role("heading", level=1)).to_have_text("Settings")
    look(administrator)

    york = visits("council_admin", "york")
    cookie = next(c for c in york.context.cookies() if c["name"] == "signed-in")
    stranger = visits(council="selby")
    stranger.context.add_cookies(
        [{"name": "signed-in", "value": cookie["value"], "url": house.base("selby")}]
    )
    stranger.page.goto("/settings")
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    york.page.goto("/settings")
    expect(york.page.get_by_role("heading", level=1)).to_have_text("Settings")
