"""Where and when somebody goes who must not be found is told to no other carer, at home or apart."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bookings import queries, service
from bookings.models import Booking, FamilyAtHub
from bookings.queries import hiding, looking
from bookings.terms import Channel
from families import service as families
from families.models import Caring, Person
from families.terms import Relationship, Responsibility
from kernel import outbox
from kernel.db import db, find, unit_of_work
from messaging.terms import Never
from programmes.models import Participation
from programmes.service import joining, partners
from programmes.terms import Unit
from tests.making import Make
from tests.post import *  # noqa: F403
from tests.programmes import making

DAY = timedelta(days=1)


class House:
    """Ana, who must not be found, and Dan, who signs in; both look after Mia. ``at_home``: in one household."""

    def __init__(self, make: Make, *, at_home: bool) -> None:
        ana, mia = make.family(carer="Ana Reyes")
        home = ana.household if at_home else make.household()
        dan = make.carer("Dan Cole", household=home, account="paula")
        db.add(
            Caring(
                carer_id=dan.id, child_id=mia.id, relationship=Relationship.FATHER, responsibility=Responsibility.YES
            )
        )  # fmt: skip
        families.set_contact_rules(ana, [Never.PLACE])
        self.ana, self.mia, self.dan = ana.id, mia.id, dan.id
        self.homes = ana.household_id, dan.household_id
        session = make.session(starts_in=2 * DAY)
        self.session, self.free = session.id, make.session(starts_in=3 * DAY).id
        booked = service.book(
            session.id, household_id=ana.household_id, person_ids=[ana.id, mia.id], carer_id=ana.id,
            channel=Channel.WEB,
        )  # fmt: skip
        self.booking, self.reference = booked.id, booked.reference


@pytest.fixture(params=[True, False], ids=["at home", "apart"])
def house(request, set_up):
    with set_up() as make:
        return House(make, at_home=request.param)


def test_no_page_tells_the_other_carer(house, knock):
    dan, there = knock("paula"), f"/sessions/{house.session}"

    seen = {path: dan.get(path).text for path in ("/", "/sessions", there, "/bookings", "/bookings/past")}
    ask = dan.get(f"{there}/booking/new").text
    check = dan.get(f"{there}/booking/check?people={house.dan}&people={house.mia}").text
    party = {"people": [str(house.dan), str(house.mia)]}
    refused = [dan.post(f"{there}/{door}", party) for door in ("bookings", "waiting-list")]

    for text in (*seen.values(), ask, check, *(answer.text for answer in refused)):
        assert house.reference not in text
        assert str(house.booking) not in text
        assert "already" not in text
    assert [answer.status_code for answer in refused] == [409, 409]
    assert all("This session is full." in text for text in (ask, check, *(answer.text for answer in refused)))
    assert "Full" in seen[there], "the whole of the house tells the same"
    assert "Stay and play" not in seen["/bookings"]
    for page in ("", "/confirmation", "/party", "/cancellation", "/session.ics"):
        assert dan.get(f"/bookings/{house.booking}{page}").status_code == 404
    assert dan.post(f"/bookings/{house.booking}/cancellation").status_code == 404


def test_no_machine_tells_the_other_carer(house, knock, api_key):
    asks = {"headers": {"Authorization": f"Bearer {api_key('paula')}"}}
    dan, api = knock(), "/api/v1"

    assert dan.open(f"{api}/bookings", **asks).json == []
    assert dan.open(f"{api}/waiting-list", **asks).json == []
    assert dan.open(f"{api}/bookings/{house.booking}", **asks).status_code == 404
    told = dan.open(f"{api}/sessions/{house.session}/availability", **asks).json
    assert (told["bookable"], told["left"], told["reasons"]) == (False, 0, ["This session is full."])
    party = {"session_id": str(house.session), "person_ids": [str(house.dan), str(house.mia)]}
    answer = dan.open(f"{api}/bookings", method="POST", json=party, **asks)
    assert (answer.status_code, answer.json["detail"]) == (409, "This session is full.")


def test_all_else_is_free_to_the_other_carer_and_nothing_is_full_to_strangers(house, knock, world):
    dan = knock("paula")
    party = {"people": [str(house.dan), str(house.mia)]}

    assert dan.post(f"/sessions/{house.free}/bookings", party).status_code == 303
    assert "This session is full" not in knock().get(f"/sessions/{house.session}").text
    with unit_of_work(world.leeds):
        ana, dan_too = find(Person, house.ana), find(Person, house.dan)
        assert hiding.hidden_sessions([house.session, house.free], ana) == set()
        assert hiding.hidden_sessions([house.session, house.free], dan_too) == {house.session}
        families.set_contact_rules(ana, [])
        assert hiding.hidden_sessions([house.session], dan_too) == set()


def test_what_the_other_carer_comes_along_to_is_no_secret(set_up, knock):
    with set_up() as make:
        house = House(make, at_home=True)
        session = make.session(starts_in=4 * DAY)
        booked = service.book(
            session.id, household_id=house.homes[0], person_ids=[house.ana, house.dan, house.mia],
            carer_id=house.ana, channel=Channel.WEB,
        )  # fmt: skip

    assert "Stay and play" in knock("paula").get("/bookings").text
    with set_up():
        service.cancel(find(Booking, booked.id))
    assert "Stay and play" in knock("paula").get("/bookings").text


def test_whoever_comes_along_no_more_is_not_told_where_the_others_go(set_up, knock):
    with set_up() as make:
        house = House(make, at_home=True)
        course = making.course(make, unit=Unit.COUPLE)
        place = joining.book(
            course_id=course.id, household_id=house.homes[0], person_id=house.ana, partner_id=house.dan
        )
    dan = knock("paula")
    assert "Calm Parenting" in dan.get("/bookings").text

    with set_up():
        partners.come_alone(find(Participation, place.id))

    assert "Calm Parenting" not in dan.get("/bookings").text


def test_what_was_booked_before_she_went_unseen_is_told_to_her_from_then_on(
    set_up, knock, world, clock, post
):
    with set_up() as make:
        house = House(make, at_home=True)
        ana, dan = find(Person, house.ana), find(Person, house.dan)
        ana.email, dan.email = "ana@people.example", "dan@people.example"
        families.set_contact_rules(ana, [])
        party = {"household_id": house.homes[0], "person_ids": [house.ana, house.mia], "carer_id": house.dan}
        by_staff = service.book(make.session(starts_in=DAY * 4).id, **party, channel=Channel.STAFF)
        himself = service.book(make.session(starts_in=DAY * 5).id, **party, channel=Channel.WEB)
        himself.booked_by = dan.account_id
        families.set_contact_rules(ana, [Never.PLACE])
    pages = [f"/bookings/{booking.id}" for booking in (by_staff, himself)]

    assert [knock("paula").get(page).status_code for page in pages] == [404, 200], "what he booked he knows"
    outbox.drain(world.leeds)
    post.letters.clear()
    for _ in range(3):
        clock.shift(DAY)
        outbox.drain(world.leeds)
    assert [letter["To"] for letter in post.letters] == ["ana@people.example"] * 2, "no reminder goes to him"


def test_staff_who_send_her_instead_of_another_tell_her(make):
    house = House(make, at_home=True)
    booked = service.book(
        make.session(starts_in=DAY * 4).id, household_id=house.homes[0], person_ids=[house.dan, house.mia],
        carer_id=house.dan, channel=Channel.STAFF,
    )  # fmt: skip

    changed = service.change_party(booked, [house.ana, house.mia], channel=Channel.STAFF)

    assert changed.carer_id == house.ana
    assert hiding.is_hidden(changed.id, house.dan)


@pytest.mark.parametrize("stays", ["the one who is booked", "the one who hides"])
def test_two_records_of_whom_one_hides_are_told_what_the_other_was_booked_to(stays, make):
    house = House(make, at_home=True)
    ana, again = find(Person, house.ana), make.carer("Ana Reyes")
    families.set_contact_rules(ana, [])
    booked = service.book(
        make.session(starts_in=DAY * 4).id, household_id=house.homes[0], person_ids=[house.ana, house.mia],
        carer_id=house.dan, channel=Channel.STAFF,
    )  # fmt: skip
    families.set_contact_rules(again, [Never.PLACE])
    kept, gone = (ana, again) if stays == "the one who is booked" else (again, ana)

    families.merge_people(kept, gone)

    assert booked.carer_id == kept.id


def test_who_moves_out_takes_along_what_she_goes_to_and_leaves_what_others_come_to(set_up, knock, world):
    with set_up() as make:
        house = House(make, at_home=True)
        ana = find(Person, house.ana)
        families.set_contact_rules(ana, [])
        both, his, told = (make.session(starts_in=DAY * days).id for days in (4, 5, 6))
        for session, comes, carer in (
            (both, [house.ana, house.dan], house.ana),
            (his, [house.dan], house.ana),
            (told, [house.ana], house.dan),
        ):
            people = [*comes, house.mia]
            service.book(
                session, household_id=house.homes[0], person_ids=people, carer_id=carer, channel=Channel.STAFF
            )
        home = families.move_out(ana).id

    with unit_of_work(world.leeds):
        belongs = {
            booking.session_id: (booking.household_id, booking.carer_id)
            for booking in db.scalars(select(Booking))
        }
        assert belongs == {
            house.session: (home, house.ana), told: (home, house.ana),
            both: (house.homes[0], house.ana), his: (house.homes[0], house.dan),
        }  # fmt: skip
        assert [row.session_id for row in queries.coming(home, 10, asked_by=house.ana)] == [
            house.session,
            told,
        ]
    assert knock("paula").get("/bookings").text.count("hubs-list__place") == 2


def test_of_what_is_left_of_a_booking_another_is_told_unless_the_one_who_left_hid_it(make):
    for never in ([], [Never.PLACE]):
        house = House(make, at_home=True)
        ana = find(Person, house.ana)
        families.set_contact_rules(ana, never)
        families.leave(ana)

        assert find(Booking, house.booking).carer_id == (house.ana if never else house.dan)
        find(Person, house.dan).account_id = None


def test_the_dates_of_a_course_are_those_of_whoever_is_on_it(set_up, knock, api_key):
    with set_up() as make:
        house = House(make, at_home=True)
        families.set_contact_rules(find(Person, house.ana), [])
        course = making.course(make)
        joining.book(course_id=course.id, household_id=house.homes[0], person_id=house.ana)
    dan, asks = knock("paula"), {"headers": {"Authorization": f"Bearer {api_key('paula')}"}}

    assert "Stay and play" in dan.get("/bookings").text
    assert "Calm Parenting" not in dan.get("/bookings").text
    assert [one["id"] for one in dan.open("/api/v1/bookings", **asks).json] == [str(house.booking)]


def test_the_address_of_whoever_is_told_is_shown_to_them_and_to_staff_alone(set_up, knock):
    with set_up() as make:
        house = House(make, at_home=True)
        ana = find(Person, house.ana)
        ana.email = "ana@people.example"
        families.set_contact_rules(ana, [])

    mine, staff = (
        f"/bookings/{house.booking}/confirmation",
        f"/families/{house.homes[0]}/bookings/{house.booking}",
    )
    assert "ana@people.example" not in knock("paula").get(mine).text
    assert "ana@people.example" in knock("asha").get(f"{staff}/confirmation").text


def test_one_booking_a_day_does_not_tell_of_the_hidden_one(set_up, knock):
    with set_up() as make:
        house = House(make, at_home=True)
        make.activity().one_per_day = True
        later = make.session(starts_in=2 * DAY + timedelta(hours=4)).id

    answer = knock("paula").post(f"/sessions/{later}/bookings", {"people": [str(house.dan), str(house.mia)]})

    assert answer.status_code == 303


@pytest.mark.parametrize("at_home", [True, False])
def test_staff_see_all_and_are_told_what_to_say(at_home, set_up, knock, world, api_key):
    with set_up() as make:
        house = House(make, at_home=at_home)
        db.add(FamilyAtHub(hub_id=make.hub("Gipton").id, household_id=house.homes[1]))
    asha, there = knock("asha"), f"/families/{house.homes[1]}/sessions/{house.session}"
    asks = {"headers": {"Authorization": f"Bearer {api_key('asha')}"}}

    check = asha.get(f"{there}/booking/check?people={house.dan}&people={house.mia}").text
    party = {
        "session_id": str(house.session),
        "person_ids": [str(house.dan)],
        "household_id": str(house.homes[1]),
    }
    refused = asha.post(f"{there}/bookings", {"people": [str(house.dan), str(house.mia)]})
    by_machine = asha.open("/api/v1/bookings", method="POST", json=party, **asks)

    assert "must not be found" in check
    assert refused.status_code == 409
    assert "must not be found" in refused.text
    assert (by_machine.status_code, "is full" in by_machine.text) == (409, True)
    with unit_of_work(world.leeds):
        assert len(looking.live_bookings(house.session, house.homes[0])) == 1


def test_staff_who_book_tell_the_one_who_goes_unseen(make):
    house = House(make, at_home=True)

    home, coming = house.homes[0], [house.dan, house.mia]
    assert looking.who_is_told(home).id == looking.who_is_told(home, coming=[house.mia]).id == house.ana
    assert looking.who_is_told(home, coming=[house.ana, *coming]).id == house.ana
    assert looking.who_is_told(home, coming=coming).id == house.dan, "who comes without her is told himself"
