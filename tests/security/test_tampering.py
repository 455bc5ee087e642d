"""A33: what a family may do is decided by the house, not by what a browser sends."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts import service as accounts
from accounts.models import Account
from bookings.models import Booking
from bookings.terms import LIVE
from hubs.models import Activity, Session
from hubs.terms import SessionStanding
from kernel.db import db, find, unit_of_work
from kernel.ids import new_id
from tests.security.crawling import MANAGER, PARENT, WORKER


@pytest.fixture
def paula(knock_as):
    return knock_as(PARENT)


@pytest.fixture
def free(councils):
    """A session in which there is room, and Paula's family."""
    leeds = councils["leeds"]
    carer, mia, noah = leeds.ids["people"][:3]
    return leeds.sessions["free"], carer, mia, noah


def booked(world, session_id) -> int:
    with unit_of_work(world.leeds):
        wanted = select(func.count()).where(Booking.session_id == session_id, Booking.standing.in_(LIVE))
        return db.scalar(wanted)


def change(world, model, id, **parts):
    with unit_of_work(world.leeds):
        row = find(model, id)
        for name, value in parts.items():
            setattr(row, name, value)


def book(crawler, session_id, *people, **more):
    return crawler.send(f"/sessions/{session_id}/bookings", {"people": [str(p) for p in people], **more})


def by_machine(crawler, session_id, *people, **more):
    body = {"session_id": str(session_id), "person_ids": [str(p) for p in people], **more}
    return crawler.open("/api/v1/bookings", method="POST", json=body)


def test_a_parent_books_what_the_tests_below_are_refused(world, paula, free):
    session, carer, mia, noah = free

    assert book(paula, session, carer, mia, noah).status_code == 303
    assert booked(world, session) == 1


def test_price_places_and_ages_are_not_the_browsers_to_say(world, paula, free):
    session, carer, mia, _ = free
    with unit_of_work(world.leeds):
        activity = find(Session, session).activity_id
    change(world, Activity, activity, age_from_months=60, age_to_months=90, price_pence=500)
    more = {
        "price_pence": "0",
        "age_from_months": "0",
        "age_months": "61",
        "adults": "1",
        "children": "0",
        "by_staff": "y",
    }

    answer = book(paula, session, carer, mia, **more, channel="staff", date_of_birth="2020-01-01")

    assert answer.status_code == 409
    assert "too young" in answer.text
    assert booked(world, session) == 0


def test_a_full_session_stays_full_whatever_is_sent(world, councils, paula, free):
    full = councils["leeds"].sessions["full"]
    before = booked(world, full)

    for more in (
        {},
        {"capacity": "99"},
        {"most_families": "99"},
        {"channel": "staff"},
        {"standing": "confirmed"},
    ):
        assert book(paula, full, *free[1:], **more).status_code == 409
    assert booked(world, full) == before


@pytest.mark.parametrize("when", ["started", "over", "called off", "not open", "drop in"])
def test_nobody_books_when_it_is_too_late_too_early_or_off(world, paula, free, when, clock):
    session, carer, mia, _ = free
    with unit_of_work(world.leeds):
        row = find(Session, session)
        match when:
            case "called off":
                row.standing = SessionStanding.CALLED_OFF
            case "not open":
                row.activity.opens_days_before = 1
            case "drop in":
                row.activity.mode = "drop_in"
    clock.shift({"started": timedelta(days=3, minutes=1), "over": timedelta(days=4)}.get(when, timedelta()))
    with unit_of_work(world.leeds):
        paula.carry(accounts.sign_in(find(Account, world.cast["paula"]), device="x", how="password"))
    paula.form_token = paula.token()

    for answer in (
        book(paula, session, carer, mia),
        by_machine(paula, session, carer, mia),
        paula.send(f"/sessions/{session}/waiting-list", {"people": [str(carer), str(mia)]}),
    ):
        assert answer.status_code == 409
    assert booked(world, session) == 0


def test_a_party_is_of_people_one_can_count(world, councils, paula, free):
    session, carer, mia, _ = free
    others = councils["leeds"].ids["people"][3:]
    york = councils["york"].ids["people"][0]

    assert by_machine(paula, session).status_code == 422
    assert by_machine(paula, session, *[new_id() for _ in range(2000)]).status_code == 422
    assert by_machine(paula, session, "-1").status_code == 422
    assert by_machine(paula, session, carer, mia, adults=-5).status_code == 422
    for stranger in (*others, york, new_id()):
        assert by_machine(paula, session, carer, stranger).status_code == 404
        assert by_machine(paula, session, stranger).status_code == 404
        assert book(paula, session, stranger).status_code == 303
    assert book(paula, session, *[new_id() for _ in range(3000)]).status_code == 303
    assert booked(world, session) == 0

    assert by_machine(paula, session, carer, mia, mia, mia, carer).status_code == 201
    with unit_of_work(world.leeds):
        made = db.scalars(select(Booking).where(Booking.session_id == session)).one()
    assert (made.adults, made.children) == (1, 1)


def test_a_child_does_not_come_alone_because_the_adult_was_left_out(world, paula, free):
    session, _, mia, _ = free

    assert book(paula, session, mia).status_code == 409
    assert by_machine(paula, session, mia).status_code == 409
    assert booked(world, session) == 0


def test_steps_that_are_left_out_are_not_made_up(world, councils, paula, knock_as):
    booking, queued = councils["leeds"].ids["bookings"][:2]
    session = councils["leeds"].sessions["free"]

    assert paula.send(f"/sessions/{session}/bookings", {}).location.startswith(
        f"/sessions/{session}/booking/new"
    )
    assert paula.open(f"/sessions/{session}/booking/check").status_code == 422
    assert paula.send(f"/bookings/{booking}/party", {"people": []}).status_code in {409, 422}
    assert booked(world, session) == 0
    stranger = knock_as(PARENT)
    stranger.send("/sign-out", {})
    assert stranger.open("/register/check").status_code in {302, 303}
    stranger.form_token = stranger.token()
    assert stranger.send("/register", {}).status_code in {303, 409, 422}
    assert stranger.open("/register/done").status_code in {303, 404}
    assert queued


def test_staff_book_for_families_of_their_hubs_alone(world, councils, knock_as):
    leeds = councils["leeds"]
    session, pete = leeds.sessions["free"], leeds.households["pete"]
    people = [str(person) for person in leeds.ids["people"][-3:-1]]

    for visitor in (WORKER, MANAGER):
        crawler = knock_as(visitor)
        address = f"/families/{pete}/sessions/{session}/bookings"
        assert crawler.send(address, {"people": people}).status_code == 404
        assert by_machine(crawler, session, *people, household_id=str(pete)).status_code == 404
        paulas = str(leeds.households["paula"])
        assert by_machine(crawler, session, *people, household_id=paulas).status_code == 404
    assert booked(world, session) == 0


def test_ages_and_places_that_make_no_sense_are_not_stored(world, councils, knock_as):
    manager = knock_as(MANAGER)
    activity = councils["leeds"].ids["activities"][0]
    with unit_of_work(world.leeds):
        before = find(Activity, activity)
    tag = manager.open(f"/api/v1/activities/{activity}").headers["ETag"]
    for nonsense in (
        {"price_pence": -1}, {"price_pence": 2**31}, {"price_pence": 10**30}, {"price_pence": 1.5}, {"age_from_months": -1},
        {"age_from_months": 99, "age_to_months": 3}, {"most_families": 0}, {"most_families": -3}, {"most_families": 2**40},
        {"most_children": "many"}, {"children_per_adult": -1}, {"opens_days_before": -1}, {"closes_minutes_before": -60},
        {"price_pence": True}, {"most_families": "1e3"}, {"price_pence": "٣"},
    ):  # fmt: skip
        answer = manager.open(
            f"/api/v1/activities/{activity}", method="PATCH", json=nonsense, headers={"If-Match": tag}
        )
        assert answer.status_code == 422, nonsense
    with unit_of_work(world.leeds):
        after = find(Activity, activity)
    assert before.price_pence == after.price_pence
    assert before.most_families == after.most_families
