import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from bookings import service
from bookings.models import Booking
from bookings.terms import Channel, Standing
from hubs.terms import BookingMode, CountedIn, SessionStanding
from kernel.clock import now
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from tests.conftest import Stage
from tests.knocking import links
from tests.post import Post

Knock = Callable[..., Any]


class Family:
    """Paula Reyes, her children Mia and Theo, and a session tomorrow at ten for eight families."""

    def __init__(self, set_up: Any, **session: Any) -> None:
        with set_up() as make:
            self.paula, self.mia, self.theo = (
                p.id for p in make.family("Mia Reyes", "Theo Reyes", account="paula")
            )
            self.household = db.scalars(select(Booking.household_id)).first() or make_household(self.paula)
            self.session = make.session(**session).id
        self.party = {"people": [str(self.paula), str(self.mia)]}


def make_household(person_id: UUID) -> UUID:
    from families.models import Person

    return db.scalars(select(Person.household_id).where(Person.id == person_id)).one()


@pytest.fixture
def family(set_up: Any) -> Family:
    return Family(set_up)


@pytest.fixture
def in_leeds(world: Stage) -> Callable[..., Any]:
    """Look at Leeds from inside: ``in_leeds(lambda: …)``."""

    def look(question: Callable[[], Any]) -> Any:
        with unit_of_work(world.leeds):
            return question()

    return look


def standings() -> list[Standing]:
    """Return where all bookings stand, in the order of the alphabet."""
    return list(db.scalars(select(Booking.standing).order_by(Booking.standing)))


def book(family: Family, *people: UUID) -> UUID:
    return service.book(
        family.session,
        household_id=family.household,
        person_ids=people or (family.paula, family.mia),
        carer_id=family.paula,
        channel=Channel.WEB,
    ).id


def statements(world: Stage, act: Callable[[], Any]) -> int:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SET"):
            said.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    act()
    event.remove(world.engine, "before_cursor_execute", note)
    return len(said)


# Finding


def test_anybody_finds_sessions_day_by_day_with_the_room_left_in_words(knock: Knock, family: Family):
    page = knock().get("/sessions")

    assert page.status_code == 200
    assert "Tuesday 3 March 2026" in page.text
    assert "Stay and play" in page.text
    assert "Room for 8 more families" in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("day=tomorrow", True),
        ("day=today", False),
        ("age=30", True),
        ("age=150", False),
        ("words=stay", True),
        ("words=knitting", False),
        ("room=y", True),
        ("date=3&date=3&date=2026", True),
        ("date=4&date=3&date=2026", False),
        ("hub=nonsense&day=nonsense&age=nonsense&kind=nonsense&after=nonsense", True),
        ("after=99999999999999999999.00000000000000000000000000000000", True),
        ("kind=activities", True),
        ("kind=midwifery", False),
    ],
)
def test_sessions_are_narrowed_down(knock: Knock, family: Family, asked: str, found: bool):
    page = knock().get(f"/sessions?{asked}")

    assert ("Stay and play<" in page.text) == found
    assert page.status_code == 200


def test_a_date_that_is_none_is_said_beside_the_boxes_and_kept(knock: Knock, family: Family):
    page = knock().get("/sessions?date=31&date=2&date=2026&words=stay")

    assert page.status_code == 422
    assert "Enter a real date" in page.text
    assert 'value="31"' in page.text
    assert 'value="stay"' in page.text


def test_the_list_makes_the_same_few_statements_however_long_it_is(
    knock: Knock, family: Family, set_up: Any, world: Stage
):
    browser = knock()
    browser.get("/sessions")
    few = statements(world, lambda: browser.get("/sessions"))
    with set_up() as make:
        for hour in range(40):
            make.session(starts_in=timedelta(hours=25 + hour), hub=make.hub(f"Hub {hour % 7}"))

    page: list[Any] = []
    many = statements(world, lambda: page.append(browser.get("/sessions")))

    assert many == few <= 6
    assert page[0].text.count("hubs-list__row") == 30
    assert "Next page" in page[0].text


def test_the_next_page_goes_on_where_the_first_ends(knock: Knock, set_up: Any):
    with set_up() as make:
        for hour in range(35):
            make.session(starts_in=timedelta(hours=1 + hour))
    browser = knock()
    first = browser.get("/sessions?words=stay")
    address = re.search(r'href="([^"]*after=[^"]*)"', first.text)
    assert address

    second = browser.get(address[1].replace("&amp;", "&"))

    assert second.text.count("hubs-list__row") == 5
    assert "Back to the first page" in second.text
    assert 'value="stay"' in second.text


def test_htmx_gets_the_results_alone(knock: Knock, family: Family):
    part = knock().get("/sessions", htmx=True)

    assert "<html" not in part.text
    assert 'id="results"' in part.text


def test_the_front_page_shows_what_is_on_today_and_tomorrow(knock: Knock, family: Family):
    page = knock().get("/")

    assert page.status_code == 200
    assert "Tuesday 3 March 2026" in page.text
    assert "Register your family" in page.text


# One session


def test_a_stranger_is_asked_to_sign_in_or_register_to_book(knock: Knock, family: Family):
    page = knock().get(f"/sessions/{family.session}")

    assert "Sign in to book" in page.text
    assert "Register your family" in page.text


def test_a_parent_reads_which_of_her_children_cannot_come_and_why(knock: Knock, set_up: Any):
    family = Family(set_up)
    with set_up() as make:
        babies = make.session(activity=make.activity("Baby massage", age_to_months=11)).id

    page = knock("paula").get(f"/sessions/{babies}")

    assert "Who cannot come" in page.text
    assert "Mia" in page.text
    assert "too old" in page.text
    assert family.session


def test_another_councils_session_is_not_there(knock: Knock, family: Family):
    assert knock("carl").get(f"/sessions/{family.session}").status_code == 404
    assert knock().get(f"/sessions/{new_id()}").status_code == 404


def test_a_drop_in_is_not_booked_and_a_session_that_is_called_off_says_so(knock: Knock, set_up: Any):
    with set_up() as make:
        drop_in = make.session(activity=make.activity("Playgroup", mode=BookingMode.DROP_IN)).id
        off = make.session(standing=SessionStanding.CALLED_OFF, called_off_because="The boiler is broken.").id

    assert "Drop in: no need to book" in knock().get(f"/sessions/{drop_in}").text
    assert "The boiler is broken." in knock().get(f"/sessions/{off}").text


# Booking


def test_a_parent_books_in_three_steps(knock: Knock, family: Family, in_leeds: Any):
    browser = knock("paula")

    asked = browser.get(f"/sessions/{family.session}/booking/new")
    checked = browser.get(
        f"/sessions/{family.session}/booking/check?people={family.paula}&people={family.mia}"
    )
    done = browser.post(f"/sessions/{family.session}/bookings", family.party, follow=True)

    assert "Mia" in asked.text
    assert "Theo" in asked.text
    assert "Check your booking" in checked.text
    assert "Paula and Mia" in checked.text
    assert "Your place is booked" in done.text
    assert "paula@people.example" in done.text
    assert in_leeds(standings) == [Standing.CONFIRMED]


def test_a_double_click_books_once(knock: Knock, family: Family, in_leeds: Any):
    browser = knock("paula")
    form = {**family.party, "idempotency_key": "one-click"}

    first = browser.post(f"/sessions/{family.session}/bookings", form)
    second = browser.post(f"/sessions/{family.session}/bookings", form)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert in_leeds(standings) == [Standing.CONFIRMED]


def test_nobody_chosen_is_said_beside_the_boxes(knock: Knock, family: Family):
    page = knock("paula").get(f"/sessions/{family.session}/booking/check")

    assert page.status_code == 422
    assert "Choose who is coming" in page.text


def test_a_party_that_may_not_come_is_told_why_and_nothing_is_booked(
    knock: Knock, family: Family, in_leeds: Any
):
    browser = knock("paula")

    checked = browser.get(f"/sessions/{family.session}/booking/check?people={family.mia}")
    forced = browser.post(f"/sessions/{family.session}/bookings", {"people": [str(family.mia)]})

    assert "At least one adult must come" in checked.text
    assert forced.status_code == 409
    assert "At least one adult must come" in forced.text
    assert in_leeds(standings) == []


def test_somebody_elses_child_cannot_be_booked(knock: Knock, family: Family, set_up: Any, in_leeds: Any):
    with set_up() as make:
        other = make.child("Zoe Smith").id

    answer = knock("paula").post(
        f"/sessions/{family.session}/bookings", {"people": [str(family.paula), str(other)]}
    )

    assert answer.status_code == 409
    assert in_leeds(standings) == []


def test_a_full_session_offers_the_waiting_list_and_says_how_it_works(
    knock: Knock, set_up: Any, in_leeds: Any
):
    family = Family(set_up, families=1)
    fill(set_up, family)
    browser = knock("paula")
    party = f"people={family.paula}&people={family.mia}"

    shown = browser.get(f"/sessions/{family.session}")
    checked = browser.get(f"/sessions/{family.session}/booking/check?{party}")
    refused = browser.post(f"/sessions/{family.session}/bookings", family.party)
    joined = browser.post(f"/sessions/{family.session}/waiting-list", family.party, follow=True)

    assert "Join the waiting list" in shown.text
    assert "How the waiting list works" in checked.text
    assert refused.status_code == 409
    assert "Join the waiting list" in refused.text
    assert "You are number 1" in joined.text
    assert in_leeds(standings) == [Standing.CONFIRMED, Standing.WAITING]


def fill(set_up: Any, family: Family) -> UUID:
    """Let another family take a place."""
    with set_up() as make:
        ann, bo = make.family("Bo Smith", carer="Ann Smith")
        return service.book(
            family.session,
            household_id=ann.household_id,
            person_ids=[ann.id, bo.id],
            carer_id=ann.id,
            channel=Channel.WEB,
        ).id


def test_somebody_without_a_family_is_asked_to_register_it(knock: Knock, set_up: Any):
    with set_up() as make:
        session = make.session().id

    answer = knock("paula").get(f"/sessions/{session}/booking/new")

    assert answer.status_code == 303
    assert answer.location == "/register"


# My bookings


def test_my_bookings_show_what_comes_what_waits_and_what_is_over(knock: Knock, set_up: Any, clock: Any):
    family = Family(set_up)
    with set_up():
        book(family)
    browser = knock("paula")

    coming = browser.get("/bookings")
    clock.shift(timedelta(days=2))
    over = knock("paula").get("/bookings")

    assert "Coming up" in coming.text
    assert "Paula and Mia" in coming.text
    assert "Past sessions" in over.text
    assert "Nothing is booked." in over.text
    assert knock("paula").get("/bookings/past").status_code == 200


def test_my_bookings_make_the_same_statements_however_many_there_are(
    knock: Knock, family: Family, set_up: Any, world: Stage
):
    with set_up():
        book(family)
    browser = knock("paula")
    browser.get("/bookings")
    few = statements(world, lambda: browser.get("/bookings"))
    with set_up() as make:
        for days in range(2, 12):
            family.session = make.session(starts_in=timedelta(days=days)).id
            book(family)

    assert statements(world, lambda: browser.get("/bookings")) == few <= 10


def test_a_parent_does_not_reach_the_bookings_of_another(knock: Knock, family: Family, set_up: Any):
    other = fill(set_up, family)
    browser = knock("paula")

    for path in ("", "/confirmation", "/party", "/cancellation", "/session.ics"):
        assert browser.get(f"/bookings/{other}{path}").status_code == 404
    for path in ("/party", "/cancellation", "/acceptance"):
        assert browser.post(f"/bookings/{other}{path}", family.party).status_code == 404


def test_a_parent_changes_who_comes(knock: Knock, family: Family, set_up: Any, in_leeds: Any):
    with set_up():
        booking = book(family)
    browser = knock("paula")

    form = browser.get(f"/bookings/{booking}/party")
    changed = browser.post(
        f"/bookings/{booking}/party", {"people": [str(family.paula), str(family.theo)]}, follow=True
    )

    assert "Mia" in form.text
    assert "Paula and Theo" in changed.text
    assert in_leeds(standings) == [Standing.CANCELLED, Standing.CONFIRMED]


def test_a_change_that_cannot_be_keeps_what_was_ticked(knock: Knock, family: Family, set_up: Any):
    with set_up():
        booking = book(family)
    browser = knock("paula")

    alone = browser.post(f"/bookings/{booking}/party", {"people": [str(family.theo)]})
    nobody = browser.post(f"/bookings/{booking}/party", {})

    assert alone.status_code == 409
    assert "At least one adult" in alone.text
    assert re.search(rf'value="{family.theo}"\s+checked', alone.text)
    assert not re.search(rf'value="{family.mia}"\s+checked', alone.text)
    assert nobody.status_code == 422


def test_a_parent_cancels_in_one_step_after_being_asked(
    knock: Knock, family: Family, set_up: Any, in_leeds: Any
):
    with set_up():
        booking = book(family)
    browser = knock("paula")

    asked = browser.get(f"/bookings/{booking}/cancellation")
    done = browser.post(f"/bookings/{booking}/cancellation", follow=True)
    again = browser.post(f"/bookings/{booking}/cancellation", follow=True)

    assert "Cancel this booking?" in asked.text
    assert "The booking is cancelled." in done.text
    assert again.status_code == 200
    assert in_leeds(standings) == [Standing.CANCELLED]


def test_a_parent_accepts_an_offer_on_her_page(knock: Knock, set_up: Any, in_leeds: Any):
    family, booking = offered(set_up)
    browser = knock("paula")

    mine = browser.get("/bookings")
    done = browser.post(f"/bookings/{booking}/acceptance", follow=True)

    assert "Offered to you" in mine.text
    assert "Your place is booked" in done.text
    assert in_leeds(standings) == [Standing.CANCELLED, Standing.CONFIRMED]
    assert family


def offered(set_up: Any) -> tuple[Family, UUID]:
    """Return a family to whom the one place of a session is offered, and its booking."""
    family = Family(set_up, starts_in=timedelta(days=3), families=1)
    first = fill(set_up, family)
    with set_up():
        waits = service.join(
            family.session,
            household_id=family.household,
            person_ids=[family.paula, family.mia],
            carer_id=family.paula,
            channel=Channel.WEB,
        ).id
    with set_up():
        service.cancel(db.scalars(select(Booking).where(Booking.id == first)).one())
    return family, waits


def test_a_booking_can_be_put_into_a_calendar(knock: Knock, family: Family, set_up: Any):
    with set_up():
        booking = book(family)

    calendar = knock("paula").get(f"/bookings/{booking}/session.ics")

    assert calendar.mimetype == "text/calendar"
    assert "TZID=Europe/London:20260303T100000" in calendar.text
    assert "Mia" not in calendar.text


# One-step links


@pytest.fixture
def link(post: Post, world: Stage) -> Callable[..., str]:
    """Make the address of a one-step link: ``link("cancel-booking", id)``."""
    from messaging import service as messaging

    def address(purpose: str, booking_id: UUID) -> str:
        with unit_of_work(world.leeds):
            return f"/b/{messaging.one_step(purpose, booking_id)}"

    return address


def test_a_link_in_a_letter_cancels_without_signing_in_and_tells_nothing_about_the_family(
    knock: Knock, family: Family, set_up: Any, in_leeds: Any, link: Any
):
    with set_up():
        booking = book(family)
    browser, address = knock(), link("cancel-booking", booking)

    asked = browser.get(address)
    untouched = in_leeds(standings)
    done = browser.post(address)
    again = browser.post(address)

    assert "Are you coming?" in asked.text
    assert "1 adult and 1 child" in asked.text
    for word in ("Mia", "Paula", "Reyes", str(family.household)):
        assert word not in asked.text + done.text
    assert untouched == [Standing.CONFIRMED]
    assert "Your booking is cancelled" in done.text
    assert again.status_code == 409
    assert "cancelled already" in again.text
    assert in_leeds(standings) == [Standing.CANCELLED]


def test_a_link_is_about_the_place_that_other_people_of_the_family_have_by_now(
    knock: Knock, family: Family, set_up: Any, in_leeds: Any, link: Any
):
    with set_up() as make:
        booking = book(family)
        old = find(Booking, booking)
        granny = make.carer("Gwen Reyes", household=old.household)
        service.change_party(old, [*(place.person_id for place in old.places), granny.id])
    browser, address = knock(), link("cancel-booking", booking)

    asked = browser.get(address)
    done = browser.post(address)

    assert "Are you coming?" in asked.text
    assert "2 adults and 1 child" in asked.text
    assert "Your booking is cancelled" in done.text
    assert in_leeds(standings) == [Standing.CANCELLED, Standing.CANCELLED]
    assert "cancelled already" in browser.get(address).text


def test_a_link_about_an_evening_of_a_course_says_that_they_still_have_their_place_on_it(
    knock: Knock, family: Family, set_up: Any, link: Any
):
    with set_up():
        booking = book(family)
        find(Booking, booking).channel = Channel.COURSE
    browser, address = knock(), link("cancel-booking", booking)

    signed_in = knock("paula").get(f"/bookings/{booking}/cancellation").text
    assert "The place on the course is kept." in signed_in
    assert "another family" not in signed_in
    asked, done = browser.get(address), browser.post(address, {"answer": "no"})

    for told in (asked, done):
        assert "still have your place on the course" in told.text
        assert "another family" not in told.text


def test_a_link_in_a_letter_tells_no_place_where_another_carer_must_not_know_it(
    knock: Knock, family: Family, set_up: Any, link: Any
):
    from families.models import ContactRules, Person

    with set_up():
        booking = book(family)
        paula = db.scalars(select(Person).where(Person.given_name == "Paula")).first()
        assert paula
    address = link("cancel-booking", booking)
    assert "Seacroft" in knock().get(address).text
    with set_up() as make:
        db.add(
            ContactRules(person_id=paula.id, never=["place"], why="", set_at=now(), set_by=make.cast["asha"])
        )

    assert "Seacroft" not in knock().get(address).text


def test_a_link_in_a_letter_leads_to_an_entry_for_the_calendar_that_names_nobody(
    knock: Knock, family: Family, set_up: Any, link: Any
):
    from families.models import ContactRules, Person

    with set_up():
        booking = book(family)
        paula = db.scalars(select(Person).where(Person.given_name == "Paula")).first()
        assert paula
    address, browser = link("cancel-booking", booking), knock()

    assert f"{address}/session.ics" in links(browser.get(address))
    file = browser.open(f"{address}/session.ics")
    assert (file.status_code, file.mimetype) == (200, "text/calendar")
    assert "Seacroft" in file.text
    for word in ("Mia", "Paula", "Reyes", str(family.household)):
        assert word not in file.text

    with set_up() as make:
        db.add(ContactRules(person_id=paula.id, never=["place"], set_at=now(), set_by=make.cast["asha"]))
    unseen = browser.open(f"{address}/session.ics").text
    assert "SUMMARY:Appointment" in unseen
    assert "Seacroft" not in unseen
    browser.post(address)
    assert browser.open(f"{address}/session.ics").status_code == 404
    assert knock(None, "york").open(f"{address}/session.ics").status_code == 404


def test_a_link_in_a_letter_accepts_an_offer_once(knock: Knock, set_up: Any, in_leeds: Any, link: Any):
    _, booking = offered(set_up)
    browser, address = knock(), link("accept-offer", booking)

    asked = browser.get(address)
    done = browser.post(address)
    again = browser.get(address)

    assert "Do you want this place?" in asked.text
    assert "Your place is booked" in done.text
    assert "accepted this place already" in again.text
    assert in_leeds(standings) == [Standing.CANCELLED, Standing.CONFIRMED]


def test_an_offer_that_has_lapsed_is_said_plainly(
    knock: Knock, set_up: Any, in_leeds: Any, link: Any, clock: Any
):
    _, booking = offered(set_up)
    address = link("accept-offer", booking)
    clock.shift(timedelta(days=2))

    asked, done = knock().get(address), knock().post(address)

    assert "no longer kept for you" in asked.text
    assert done.status_code == 409
    assert Standing.CONFIRMED not in in_leeds(standings)


def test_a_link_of_york_does_nothing_in_leeds(
    knock: Knock, family: Family, set_up: Any, link: Any, world: Stage
):
    from messaging import service as messaging

    with set_up():
        booking = book(family)
    with unit_of_work(world.york):
        foreign = messaging.one_step("cancel-booking", booking)

    assert knock().get(f"/b/{foreign}").status_code == 404
    assert knock().post(f"/b/{foreign}").status_code == 404
    assert knock(None, "york").get(link("cancel-booking", booking)).status_code == 404
    assert knock().get("/b/nonsense").status_code == 404


def test_a_link_after_the_session_has_begun_does_nothing(
    knock: Knock, family: Family, set_up: Any, link: Any, clock: Any, in_leeds: Any
):
    with set_up():
        booking = book(family)
    address = link("cancel-booking", booking)
    clock.shift(timedelta(days=1, minutes=5))

    assert "started already" in knock().post(address).text
    assert in_leeds(standings) == [Standing.CONFIRMED]


# Staff


def known(set_up: Any, family: Family) -> None:
    """Let Seacroft know the family."""
    from bookings.models import FamilyAtHub

    with set_up() as make:
        db.add(FamilyAtHub(hub_id=make.hub().id, household_id=family.household))


def test_staff_book_for_a_family_on_the_telephone(knock: Knock, family: Family, set_up: Any, in_leeds: Any):
    known(set_up, family)
    browser = knock("asha")
    base = f"/families/{family.household}"

    found = browser.get(f"{base}/sessions")
    asked = browser.get(f"{base}/sessions/{family.session}/booking/new")
    checked = browser.get(
        f"{base}/sessions/{family.session}/booking/check?people={family.paula}&people={family.mia}"
    )
    done = browser.post(f"{base}/sessions/{family.session}/bookings", family.party, follow=True)
    listed = browser.get(f"{base}/bookings")

    assert f"{base}/sessions/{family.session}/booking/new" in found.text
    assert "Mia" in asked.text
    assert "Check your booking" in checked.text
    assert "Your place is booked" in done.text
    assert "Stay and play" in listed.text
    assert in_leeds(lambda: db.scalars(select(Booking.channel)).all()) == [Channel.STAFF]


def test_staff_cancel_and_change_for_a_family(knock: Knock, family: Family, set_up: Any, in_leeds: Any):
    with set_up():
        booking = book(family)
    browser = knock("asha")
    base = f"/families/{family.household}/bookings/{booking}"

    shown = browser.get(base)
    form = browser.get(f"{base}/party")
    asked = browser.get(f"{base}/cancellation")
    browser.post(f"{base}/cancellation")

    assert "Paula and Mia" in shown.text
    assert form.status_code == asked.status_code == 200
    assert in_leeds(standings) == [Standing.CANCELLED]
    assert browser.get(f"/families/{family.household}/bookings/past").status_code == 200


def test_a_family_that_is_not_known_at_ones_hub_is_not_there(knock: Knock, family: Family):
    browser = knock("asha")

    for path in ("bookings", "bookings/past", "sessions", f"sessions/{family.session}/booking/new"):
        assert browser.get(f"/families/{family.household}/{path}").status_code == 404
    answer = browser.post(f"/families/{family.household}/sessions/{family.session}/bookings", family.party)
    assert answer.status_code == 404


def test_a_booking_of_one_family_is_not_found_below_another(knock: Knock, family: Family, set_up: Any):
    known(set_up, family)
    other = fill(set_up, family)

    assert knock("asha").get(f"/families/{family.household}/bookings/{other}").status_code == 404


def test_parents_do_not_enter_the_pages_of_staff(knock: Knock, family: Family, set_up: Any):
    known(set_up, family)
    browser = knock("paula")

    assert browser.get(f"/families/{family.household}/bookings").status_code == 403
    assert browser.get(f"/timetable/sessions/{family.session}/bookings").status_code == 403


def test_staff_see_who_has_a_place_and_who_waits_and_why(knock: Knock, set_up: Any):
    family, _ = offered(set_up)
    with set_up() as make:
        cy, di = make.family("Di Jones", carer="Cy Jones")
        service.join(
            family.session,
            household_id=cy.household_id,
            person_ids=[cy.id, di.id],
            carer_id=cy.id,
            channel=Channel.WEB,
        )

    page = knock("asha").get(f"/timetable/sessions/{family.session}/bookings")

    assert "Paula Reyes" in page.text
    assert "Place offered" in page.text
    assert "Cy Jones" in page.text
    assert "waiting" in page.text.lower()


def test_a_session_at_a_hub_that_one_does_not_see_is_not_there(knock: Knock, set_up: Any):
    with set_up() as make:
        session = make.session(hub=make.hub("Elsewhere", team=())).id

    assert knock("asha").get(f"/timetable/sessions/{session}/bookings").status_code == 404


def test_the_list_of_a_session_makes_the_same_statements_however_long_it_is(
    knock: Knock, set_up: Any, world: Stage
):
    family = Family(set_up, families=30)
    fill(set_up, family)
    browser = knock("asha")
    address = f"/timetable/sessions/{family.session}/bookings"
    browser.get(address)
    few = statements(world, lambda: browser.get(address))
    for _ in range(6):
        fill(set_up, family)

    assert statements(world, lambda: browser.get(address)) == few


def test_children_are_counted_in_words(knock: Knock, set_up: Any):
    with set_up() as make:
        activity = make.activity("Messy play", counted_in=CountedIn.CHILDREN)
        make.session(activity=activity, families=None, most_children=1)

    assert "Room for 1 more child" in knock().get("/sessions").text


def test_a_family_that_is_there_already_is_led_to_its_booking(knock: Knock, family: Family, set_up: Any):
    with set_up():
        booking = book(family)

    page = knock("paula").get(f"/sessions/{family.session}/booking/new")

    assert "has a place at this session already" in page.text
    assert f"/bookings/{booking}" in page.text
    assert "Continue" not in page.text
