"""A parent's journey on her telephone: register, find, book, cancel; and the family that was waiting."""

from datetime import date

from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, link_in
from tests.journeys.looking import look, refused, signed_in

TUESDAY = date(2026, 3, 3)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def answer(page: Page, question: str, reply: str) -> None:
    page.get_by_role("group", name=question).get_by_label(reply, exact=True).check()


def add_child(page: Page, name: str, born: str) -> None:
    page.get_by_label("Yes, the child is born").check()
    page.get_by_label("First name").fill(name)
    for part, typed in zip(("Day", "Month", "Year"), born.split(), strict=True):
        page.get_by_role("group", name="Date of birth").get_by_label(part).fill(typed)
    page.get_by_label("What are you to this child?").select_option("Mother")
    answer(page, "Do you have parental responsibility?", "Yes")
    look(page)
    press(page, "Continue")
    look(page)
    press(page, "Continue")


def register(page: Page, name: str, email: str) -> None:
    """Register as a mother of two, looking at every page on the way."""
    page.goto("/")
    look(page)
    page.get_by_role("link", name="Register your family").first.click()
    look(page)
    press(page, "Start now")
    look(page)
    press(page, "Continue")
    refused(page)
    expect(page).to_have_title("Error: What is your name? – Family Hubs – Leeds City Council")
    look(page)
    page.get_by_role("link", name="Enter your first name").click()
    expect(page.get_by_label("First name")).to_be_focused()
    page.keyboard.type(name.split(maxsplit=1)[0])
    page.get_by_label("Last name").fill(name.split()[1])
    press(page, "Continue")
    look(page)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Phone number").fill("07700 900 321")
    press(page, "Continue")
    look(page)
    press(page, "Continue")
    refused(page)
    answer(page, "Are there ways in which we should not contact you?", "No")
    press(page, "Continue")
    look(page)
    page.get_by_label("Postcode").fill("ls141aa")
    press(page, "Continue")
    add_child(page, "Maja", "27 3 2024")
    look(page)
    answer(page, "Do you want to add another child?", "Yes")
    press(page, "Continue")
    add_child(page, "Leo", "5 11 2022")
    answer(page, "Do you want to add another child?", "No")
    press(page, "Continue")
    look(page)
    answer(page, "Do you need an interpreter?", "No")
    press(page, "Continue")
    look(page)
    press(page, "Continue")
    look(page)
    press(page, "Continue")
    for question in ("photos", "first aid", "health visitors", "news"):
        answer(page, question, "Yes")
    look(page)
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    look(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("registered").first).to_be_visible()
    look(page)


def test_a_parent_registers_finds_a_session_books_for_two_children_and_cancels(house, open_page):
    wanted = house.arrange("session", title="Puppet theatre", day=str(TUESDAY), at="14:00", places=1)
    house.arrange("household", name="Wanda Waiting", children=["Tom Waiting"], email="wanda@people.example")
    page = open_page(width=PHONE)

    register(page, "Marta Nowak", "marta@people.example")
    page.goto(link_in(house.letter("marta@people.example"), "Sign in"))
    page.get_by_label("Email address").fill("marta@people.example")
    press(page, "Email me a link")
    look(page)
    page.goto(link_in(house.letter("marta@people.example", "Your link to sign in"), "Sign in"))
    look(page)
    press(page, "Sign in")
    signed_in(page, "Marta Nowak")

    find_on_tuesday(page, wanted["title"])
    look(page)
    page.get_by_role("button", name="Book places").click()
    look(page)
    for child in ("Maja", "Leo"):
        page.get_by_label(child).check()
    press(page, "Continue")
    look(page)
    press(page, "Confirm booking")
    expect(page.get_by_role("heading", level=1)).to_contain_text("booked")
    look(page)

    confirmed = house.letter("marta@people.example", "Your place is booked: Puppet theatre")
    event = appointment(confirmed)
    assert event.decoded("dtstart").isoformat() == "2026-03-03T14:00:00+00:00"
    assert "Maja" not in confirmed.as_string()

    page.goto("/bookings")
    look(page)
    expect(page.get_by_role("link", name="Puppet theatre")).to_be_visible()
    expect(page.get_by_text("Marta, Leo and Maja")).to_be_visible()

    waits = open_page(email="wanda@people.example", width=PHONE)
    waits.goto(wanted["path"])
    waits.get_by_role("button", name="Join the waiting list").click()
    look(waits)
    waits.get_by_label("Tom").check()
    press(waits, "Continue")
    look(waits)
    press(waits, "Join the waiting list")
    look(waits)
    waits.goto("/bookings")
    expect(waits.get_by_text("You are number 1 on the waiting list.")).to_be_visible()
    look(waits)

    # Whoever holds the letter may cancel, without signing in, and learns nothing of the family.
    holder = open_page(width=PHONE)
    holder.goto(link_in(confirmed, "Cancel"))
    look(holder)
    assert "Marta" not in holder.content()
    assert "Maja" not in holder.content()
    holder.get_by_role("button", name="No, I cannot come").click()
    expect(holder.get_by_role("heading", level=1)).to_contain_text("Your booking is cancelled")
    look(holder)
    assert house.letter("marta@people.example", "Your booking is cancelled")
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="Puppet theatre")).to_contain_text("Cancelled")

    offer = house.letter("wanda@people.example", "A place is free for you")
    accepts = open_page(width=PHONE)
    accepts.goto(link_in(offer, "Accept the place"))
    look(accepts)
    press(accepts, "Yes, take the place")
    expect(accepts.get_by_role("heading", level=1)).to_contain_text("Your place is booked")
    assert house.letter("wanda@people.example", "Your place is booked")
    waits.reload()
    expect(waits.get_by_text("Booked", exact=True)).to_be_visible()


def find_on_tuesday(page: Page, title: str) -> None:
    page.goto("/sessions")
    page.locator("summary", has_text="Narrow it down").click()
    page.get_by_text("More choices").click()
    for part, typed in (("Day", "3"), ("Month", "3"), ("Year", "2026")):
        page.get_by_role("group", name="Or a date").get_by_label(part).fill(typed)
    press(page, "Show results")
    expect(page.get_by_role("heading", name="Tuesday 3 March 2026", level=2)).to_be_visible()
    look(page)
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def appointment(letter):
    calendar = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")[0]


def test_a_reminder_comes_when_it_is_due_and_once(house):
    house.arrange("household", name="Rita Remind", children=["Una Remind"], email="rita@people.example")
    party = house.arrange("session", title="Bubble morning", day="2026-03-06", at="10:00")
    house.arrange("book", session_id=party["id"], email="rita@people.example")
    about = ("rita@people.example", "Reminder: Bubble morning")

    assert house.letters(*about) == []
    assert house.letters(*about, hours=71) == []
    assert len(house.letters(*about, hours=72.2)) == 1
    assert len(house.letters(*about, hours=73)) == 1
    assert len(house.letters(*about)) == 1


def test_staff_book_for_a_family_on_the_telephone(house, open_page):
    wanted = house.arrange("session", title="Sock puppets", day="2026-03-05", at="10:00")
    house.arrange("household", name="Tess Telephone", children=["Ivy Telephone"], email="tess@people.example")
    page = open_page("hub_worker")
    page.goto("/families")
    page.get_by_label("Find a family").fill("telephone")
    press(page, "Search")
    expect(page.get_by_text("1 family found")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Tess Telephone").click()
    look(page)
    press(page, "Open the record")
    refused(page)
    page.get_by_label("They are on the telephone").check()
    press(page, "Open the record")
    expect(page.get_by_role("heading", name="Tess Telephone", level=1)).to_be_visible()
    look(page)
    page.get_by_role("button", name="Bookings of this family").click()
    look(page)
    page.get_by_role("button", name="Find a session").click()
    look(page)
    page.get_by_role("link", name=wanted["title"]).click()
    look(page)
    press(page, "Continue")
    expect(page.get_by_text("Choose at least one child.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Change who is coming").click()
    expect(page.get_by_label("Tess")).to_be_checked()
    page.get_by_label("Ivy").check()
    press(page, "Continue")
    look(page)
    press(page, "Confirm booking")
    expect(page.get_by_role("heading", level=1)).to_contain_text("booked")
    look(page)
    assert house.letter("tess@people.example", "Your place is booked: Sock puppets")


def test_two_families_that_look_alike_are_shown_side_by_side(house, open_page):
    for number in (1, 2):
        house.arrange(
            "household",
            name="Dora Double",
            children=["Kim Double"],
            email=f"dora{number}@people.example",
        )
    page = open_page("hub_manager")
    page.goto("/families/duplicates")
    look(page)
    page.get_by_role("link", name="Double").first.click()
    look(page)
