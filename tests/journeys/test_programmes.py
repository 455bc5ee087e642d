"""Parenting courses: set up from a template, found and joined on a telephone, run one evening, and read as results."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, TABLET, link_in
from tests.journeys.house import SEACROFT
from tests.journeys.looking import look, refused

PROGRAMME = "Solihull Approach: Understanding your child"
COURSE = "Understanding your child, Thursday mornings"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def set_up(page: Page) -> None:
    """Take a programme over, and set a course up from it."""
    page.goto("/courses/programmes")
    look(page)
    row = page.get_by_role("listitem").filter(has_text=PROGRAMME)
    row.get_by_role("button", name="Take over").click()
    heading(page, PROGRAMME)
    look(page)

    page.goto("/courses")
    page.get_by_role("button", name="Set up a course").click()
    look(page)
    press(page, "Continue")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    page.get_by_label("Hub", exact=True).select_option(SEACROFT)
    page.get_by_role("radio", name=re.compile(f"^{PROGRAMME}")).check()
    press(page, "Continue")
    look(page)
    page.get_by_label("Name of the course").fill("")
    press(page, "See the dates")
    refused(page)
    page.get_by_label("Name of the course").fill(COURSE)
    page.get_by_label("Day", exact=True).fill("19")
    page.get_by_label("Month", exact=True).fill("3")
    page.get_by_label("Year", exact=True).fill("2026")
    page.get_by_label("Start").first.fill("10:00")
    press(page, "See the dates")
    heading(page, COURSE)
    expect(page.get_by_role("heading", name="Days left out")).to_be_visible()
    look(page)
    press(page, "Set up this course")
    heading(page, COURSE)
    look(page)


def test_a_course_is_set_up_from_a_template_and_a_parent_joins_it_and_answers_by_telephone(house, open_page):
    set_up(open_page("coordinator"))

    house.arrange("household", name="Tilly Solway", children=["Bo Solway"], email="tilly@people.example")
    page = open_page(email="tilly@people.example", width=PHONE)
    page.goto("/programmes")
    look(page)
    page.get_by_label("How old is your child?").select_option(label="2 years")
    page.get_by_label("Understanding my child and how they feel").check()
    expect(page.get_by_role("status")).to_contain_text("could suit you")
    page.get_by_role("link", name=PROGRAMME).click()
    look(page)
    page.get_by_role("link", name=COURSE).click()
    look(page)
    page.get_by_role("button", name="Join this course").click()
    look(page)
    press(page, "Continue")
    refused(page)
    page.get_by_label("Bo", exact=False).first.check()
    press(page, "Continue")
    heading(page, "Check before you join")
    look(page)
    press(page, "Join the course")
    heading(page, "You have a place")
    look(page)

    booked = house.letter("tilly@people.example", "You have a place")
    assert any(part.get_content_type() == "text/calendar" for part in booked.walk())
    page.goto(link_in(booked, "See your course"))
    heading(page, COURSE)
    look(page)

    letter = house.letter("tilly@people.example", "A few questions")
    assert "Bo" not in letter.as_string()
    answering = open_page(width=PHONE)
    answering.goto(link_in(letter, "Answer the questions"))
    look(answering)
    answering.get_by_role("button", name="Start").click()
    press(answering, "Save and continue")
    refused(answering)
    for number in range(1, 6):
        expect(answering.get_by_text(f"Question {number} of 5")).to_be_visible()
        answering.get_by_role("radio", name="Agree", exact=True).check()
        press(answering, "Save and continue")
    heading(answering, "Check your answers")
    look(answering)
    press(answering, "Send your answers")
    heading(answering, "Thank you")
    look(answering)


def test_a_facilitator_takes_tonights_register_and_rings_who_missed_the_last(open_page):
    page = open_page("hub_worker", width=TABLET)
    page.goto("/courses")
    look(page)
    page.get_by_role("link", name=re.compile("^Group Triple P, Monday evenings")).click()
    look(page)
    page.get_by_role("row").filter(has_text="2 March").get_by_role("link").first.click()
    heading(page, "Group session 4")
    look(page)

    rows = page.locator(".hubs-register__row")
    came = rows.filter(has_not_text="Missed last time").first
    came.get_by_role("button", name=re.compile("^Here")).click()
    expect(came.get_by_role("button", name=re.compile("^Here"))).to_have_attribute("aria-pressed", "true")
    expect(came).to_contain_text("4 of 8 sessions so far")

    expect(page.get_by_text("About to drop out").first).to_be_visible()
    missed = rows.filter(has_text="Missed last time").first
    expect(missed.get_by_role("link", name=re.compile("^Ring 07700"))).to_be_visible()
    missed.get_by_role("link", name=re.compile("^Write down what was said")).click()
    heading(page, "Ring ")
    look(page)
    press(page, "Save: they were rung")
    refused(page)
    page.get_by_label("What was said").fill("A cold; comes again next week.")
    press(page, "Save: they were rung")
    look(page)

    page.goto("/courses")
    page.get_by_role("link", name=re.compile("^Group Triple P, Monday evenings")).click()
    page.get_by_role("row").filter(has_text="2 March").get_by_role("link").first.click()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Notes").fill("A lively evening")
    press(page, "Save how it went")
    expect(page.get_by_text("Last written on")).to_be_visible()
    look(page)


def test_the_lead_reads_whether_the_courses_helped(open_page):
    page = open_page("council_lead")
    page.goto("/reports")
    page.get_by_role("link", name="Programmes", exact=False).first.click()
    heading(page, "Programmes compared")
    look(page)
    page.get_by_role("link", name="Group Triple P").first.click()
    heading(page, "Results")
    expect(page.get_by_text("CORE-10").first).to_be_visible()
    expect(page.get_by_text("fewer than 30", exact=False).first).to_be_visible()
    look(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Excel workbook").first.click()
    assert coming.value.suggested_filename.endswith(".xlsx")
    page.goto("/reports/programmes/measures")
    look(page)
