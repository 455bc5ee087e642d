"""Where and when somebody goes who must not be found is told to no other carer, at home or apart."""

from datetime import timedelta

import pytest

from bookings import service
from bookings.queries import hiding, looking
from bookings.terms import Channel
from families import service as families
from families.models import Caring, Person
from families.terms import Relationship, Responsibility
from kernel.db import db, find, unit_of_work
from messaging.terms import Never
from tests.making import Make

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
        service.book(
            session.id, household_id=house.homes[0], person_ids=[house.ana, house.dan, house.mia],
            carer_id=house.ana, channel=Channel.WEB,
        )  # fmt: skip

    assert "Stay and play" in knock("paula").get("/bookings").text


def test_one_booking_a_day_does_not_tell_of_the_hidden_one(set_up, knock):
    with set_up() as make:
        house = House(make, at_home=True)
        make.activity().one_per_day = True
        later = make.session(starts_in=2 * DAY + timedelta(hours=4)).id

    answer = knock("paula").post(f"/sessions/{later}/bookings", {"people": [str(house.dan), str(house.mia)]})

    assert answer.status_code == 303


def test_staff_see_all_and_are_told_what_to_say(set_up, knock, world):
    with set_up() as make:
        house = House(make, at_home=False)
        from bookings.models import FamilyAtHub

        db.add(FamilyAtHub(hub_id=make.hub().id, household_id=house.homes[1]))
    asha = knock("asha")

    check = asha.get(
        f"/families/{house.homes[1]}/sessions/{house.session}/booking/check?people={house.dan}&people={house.mia}"
    ).text

    assert "must not be found" in check
    with unit_of_work(world.leeds):
        assert len(looking.live_bookings(house.session, house.homes[0])) == 1


def test_staff_who_book_tell_the_one_who_goes_unseen(make):
    house = House(make, at_home=True)

    assert looking.who_is_told(house.homes[0]).id == house.ana
