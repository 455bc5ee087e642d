from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from families.models import RecordOpening
from kernel.db import db, find
from programmes.models import Participation
from programmes.service import joining
from programmes.terms import Source, Standing
from tests.programmes import making

WEEK = timedelta(weeks=1)


class Cast:
    """Paula, whom a school refers; a course at Seacroft that Asha leads, and one in a month."""

    def __init__(self, set_up: Any) -> None:
        with set_up() as make:
            hub = make.hub()
            paula, mia = make.family("Mia Reyes", account="paula")
            self.paula, self.mia, self.home = paula.id, mia.id, paula.household_id
            from bookings.service import know_at_hub

            know_at_hub(hub.id, self.home)
            first = making.course(make, led_by=("asha",))
            second = making.course(
                make, of=first.programme, starts_in=4 * WEEK, title="The next one", led_by=()
            )
            self.hub, self.programme = hub.id, first.programme_id
            self.course, self.second = first.id, second.id
            self.waits = joining.refer(
                programme_id=self.programme,
                household_id=self.home,
                person_id=self.paula,
                child_id=self.mia,
                source=Source.SCHOOL,
                referred_by="Ms Bell",
                reason="Rows before school",
                hub_id=hub.id,
            ).id


@pytest.fixture
def cast(set_up: Any) -> Cast:
    return Cast(set_up)


def booked(cast: Cast) -> Any:
    return joining.book(
        course_id=cast.course, household_id=cast.home, person_id=cast.paula, child_id=cast.mia,
        interpreter="Polish", access_needs="A ramp",
    ).id  # fmt: skip


# Referrals


def test_those_who_wait_longest_stand_first(cast, knock, set_up, clock):
    clock.shift(timedelta(days=9))
    with set_up() as make:
        jo = make.family(carer="Jo Lee")[0]
        joining.refer(
            programme_id=cast.programme, household_id=jo.household_id, person_id=jo.id, source=Source.GP
        )

    page = knock("beth").get("/courses/referrals").text

    assert page.index("Paula Reyes") < page.index("Jo Lee")
    assert "Waiting 9 days" in page
    assert "Rows before school" not in page
    part = knock("beth").get(f"/courses/referrals?programme={cast.programme}", htmx=True).text
    assert "Paula Reyes" in part
    assert "<html" not in part


def test_referrals_at_other_hubs_are_not_seen(cast, knock, set_up):
    with set_up() as make:
        elsewhere = make.hub("Armley", team=())
        jo = make.family(carer="Jo Lee")[0]
        theirs = joining.refer(
            programme_id=cast.programme, household_id=jo.household_id, person_id=jo.id, source=Source.GP,
            hub_id=elsewhere.id,
        ).id  # fmt: skip
    beth = knock("beth")

    assert "Jo Lee" not in beth.get("/courses/referrals").text
    for path in ("", "/confidential", "/leaving", "/offer", "/booking", "/transfer"):
        assert beth.get(f"/courses/participants/{theirs}{path}").status_code == 404
        assert knock("carl").get(f"/courses/participants/{cast.waits}{path}").status_code == 404
        assert knock("paula").get(f"/courses/participants/{cast.waits}{path}").status_code == 403
    assert knock("asha").get(f"/courses/participants/{cast.waits}").status_code == 404


def test_a_family_is_found_and_referred(cast, knock, set_up):
    with set_up():
        joining.decline(find(Participation, cast.waits))
    beth = knock("beth")
    assert beth.get("/courses/referrals/new").status_code == 200
    found = beth.post("/courses/referrals/new", {"q": "Reyes"}, htmx=True).text
    assert f"/courses/referrals/new/{cast.home}" in found

    form = beth.get(f"/courses/referrals/new/{cast.home}").text
    assert "Mia" in form
    answers = {
        "programme": str(cast.programme), "person": str(cast.paula), "child": str(cast.mia), "partner": "none",
        "source": "school", "referred_by": "Ms Bell", "reason": "Rows", "hub": str(cast.hub),
    }  # fmt: skip
    page = beth.post(f"/courses/referrals/new/{cast.home}", answers, follow=True).text
    assert "The referral is kept" in page
    assert "Ms Bell" in page
    assert "Rows" not in page
    again = beth.post(f"/courses/referrals/new/{cast.home}", answers)
    assert again.status_code == 409
    empty = beth.post(f"/courses/referrals/new/{cast.home}", {})
    assert empty.status_code == 422
    assert empty.text.index("Choose a programme") < empty.text.index("Choose a child")
    assert "Nobody was looked for" in beth.post("/courses/referrals/new", {"q": " "}).text


def test_a_family_that_no_hub_of_theirs_knows_is_not_referred(cast, knock, set_up):
    with set_up() as make:
        stranger = make.family(carer="Jo Lee")[0].household_id
    beth = knock("beth")

    assert "Not known at your hubs yet" in beth.post("/courses/referrals/new", {"q": "Jo Lee"}).text
    assert beth.get(f"/courses/referrals/new/{stranger}").status_code == 404
    assert knock("asha").get("/courses/referrals").status_code == 403


# Participants


def test_the_list_shows_who_comes_and_what_they_need(cast, knock, set_up):
    with set_up():
        booked(cast)

    for who in ("beth", "asha"):
        page = knock(who).get(f"/courses/{cast.course}/participants").text
        assert "Paula Reyes" in page
        assert "Interpreter" in page
        assert "0 of 3 contacts" in page
        assert "A ramp" not in page
    assert knock("asha").get(f"/courses/{cast.second}/participants").status_code == 404
    assert knock("carl").get(f"/courses/{cast.course}/participants").status_code == 404
    assert knock("paula").get(f"/courses/{cast.course}/participants").status_code == 403


def test_reading_what_was_told_in_confidence_is_logged(cast, knock, set_up):
    page = knock("beth").get(f"/courses/participants/{cast.waits}").text
    assert "Rows before school" not in page

    told = knock("beth").get(f"/courses/participants/{cast.waits}/confidential", htmx=True).text

    assert "Rows before school" in told
    with set_up() as make:
        opening = db.scalars(select(RecordOpening).where(RecordOpening.what == "referral")).one()
        assert (opening.person_id, opening.account_id) == (cast.paula, make.cast["beth"])


def test_a_place_is_offered_and_booked_on_the_telephone(cast, knock, set_up):
    beth = knock("beth")
    assert "8 places left" in beth.get(f"/courses/participants/{cast.waits}/offer").text

    page = beth.post(
        f"/courses/participants/{cast.waits}/offer", {"course": str(cast.course)}, follow=True
    ).text
    assert "A place is offered" in page
    door = f"/courses/participants/{cast.waits}/booking"
    refused = beth.post(
        door, {"course": str(cast.course), "creche_children": "many", "access_needs": "A ramp"}
    )
    assert refused.status_code == 422
    assert "A ramp" in refused.text
    full = beth.post(door, {"course": str(cast.course), "creche_children": "9"})
    assert full.status_code == 409
    assert 'id="creche_children-error"' in full.text
    needs = {"creche_children": "0", "interpreter": "Polish", "access_needs": "A ramp"}
    page = beth.post(door, {"course": str(cast.course), **needs}, follow=True).text
    assert "The place is booked" in page
    assert "Polish" in page
    assert "A ramp" not in page

    with set_up():
        taken = find(Participation, cast.waits)
        assert (taken.standing, taken.access_needs) == (Standing.BOOKED, "A ramp")
    nothing = beth.post(f"/courses/participants/{cast.waits}/transfer", {})
    assert nothing.status_code == 422


def test_somebody_moves_to_another_course_and_leaves_it(cast, knock, set_up, clock):
    with set_up():
        one = booked(cast)
    beth = knock("beth")

    page = beth.post(
        f"/courses/participants/{one}/transfer", {"course": str(cast.second), "why": "Work"}, follow=True
    ).text
    assert "They have moved to the other course" in page
    assert "The next one" in page
    with set_up():
        other = find(Participation, one).transferred_to_id
    gone = beth.post(f"/courses/participants/{other}/leaving", {"why": "Moved"}, follow=True).text
    clock.shift(timedelta(days=9))
    assert "0 days" in knock("beth").get(f"/courses/participants/{other}").text
    assert "Withdrew before the start" in gone
    assert "Moved" not in gone.split("How they came here")[1].replace("Moved to another", "")


def test_what_is_impossible_is_refused_in_words(cast, knock, set_up):
    with set_up():
        one = booked(cast)
    beth = knock("beth")

    answer = beth.post(f"/courses/participants/{one}/offer", {"course": str(cast.second)})

    assert answer.status_code == 409
    assert "cannot be done at this point" in answer.text


def test_a_course_that_has_gone_too_far_is_not_offered(cast, knock, clock):
    clock.shift(timedelta(weeks=3))

    page = knock("beth").get(f"/courses/participants/{cast.waits}/offer").text

    assert f'value="{cast.second}"' in page
    assert f'value="{cast.course}"' not in page
