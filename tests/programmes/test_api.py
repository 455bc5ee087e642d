"""Programmes, courses and those who take part, as machines read and change them."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from bookings.models import FamilyAtHub
from families.models import Caring, Household
from families.terms import Relationship
from kernel.clock import now
from kernel.db import db, find
from programmes.models import CourseContact, Edition, Participation, Slot
from programmes.service import joining
from programmes.service.standing import begin
from programmes.terms import Source, Standing
from tenants.models import TermDates
from tenants.terms import DatesKind
from tests.hubs.test_api import Machine
from tests.programmes.a_course import a_course, a_programme, joins


@pytest.fixture
def machine(app, api_key):
    return lambda who, *scopes: Machine(
        app, api_key(who, *scopes), "york.test" if who == "carl" else "leeds.test"
    )


@pytest.fixture
def course(set_up):
    """A course of Asha's at Seacroft that begins in a week, and Paula's family, known there."""
    with set_up() as make:
        course = a_course(make, starts_in=timedelta(days=7))
        paula, mia = make.family("Mia Reyes", account="paula")
        db.add(FamilyAtHub(hub_id=course.hub_id, household_id=paula.household_id))
        db.flush()
        return {
            "id": str(course.id), "programme": str(course.programme_id), "edition": str(course.edition_id),
            "hub": str(course.hub_id), "paula": str(paula.id), "mia": str(mia.id),
            "family": str(paula.household_id), "contacts": [str(contact.id) for contact in course.contacts],
        }  # fmt: skip


def of(course, **parts):
    return {
        "household_id": course["family"],
        "person_id": course["paula"],
        "child_id": course["mia"],
        **parts,
    }


def test_a_template_is_adopted_once_and_its_programme_changed_by_who_has_read_it(machine):
    adam = machine("adam")
    codes = [one["code"] for one in adam("GET", "/programme-templates").json]

    first = adam("POST", "/programmes/adoption", {"template": codes[0]}, Idempotency_Key="a")
    again = adam("POST", "/programmes/adoption", {"template": codes[0]})
    assert first.status_code == 201, first.text
    assert again.json["id"] == first.json["id"]
    assert [one["id"] for one in adam("GET", "/programmes").json] == [first.json["id"]]

    path = f"/programmes/{first.json['id']}"
    read = adam("GET", path)
    assert adam("PATCH", path, {"suits": "You."}).status_code == 428
    changed = adam("PATCH", path, {"suits": "You."}, If_Match=read.headers["ETag"])
    assert changed.json == {**read.json, "suits": "You."}
    editions = adam("GET", f"{path}/editions").json
    assert editions[0]["contacts"]
    assert editions[0]["measures"]


def test_a_programme_of_the_councils_own_gets_editions(machine):
    adam = machine("adam")
    made = adam("POST", "/programmes", {"name": "Calm parents", "age_from_years": 2, "age_to_years": 8})
    assert made.status_code == 201, made.text
    path = f"/programmes/{made.json['id']}/editions"
    contacts = [
        {"kind": "group", "title": "First evening", "minutes": 90},
        {"kind": "phone", "title": "A call", "minutes": 30},
    ]
    wanted = {"contacts": contacts, "least_contacts": 2, "late_start_until": 1, "most": 8}
    measures = [{"instrument": "bpses", "respondent": "parent", "when": ["before", "after"]}]

    edition = adam("POST", path, {**wanted, "measures": measures})

    assert edition.status_code == 201, edition.text
    assert edition.json["number"] == 1
    assert [one["title"] for one in edition.json["contacts"]] == ["First evening", "A call"]
    assert [one["name"] for one in adam("GET", "/programmes?age_years=8").json] == ["Calm parents"]
    assert adam("GET", "/programmes?age_years=9").json == adam("GET", "/programmes?concern=sleep").json == []
    retired = adam("POST", f"/editions/{edition.json['id']}/retirement")
    assert retired.json["retired_at"], retired.text
    ended = adam("POST", path.replace("editions", "ending"))
    assert ended.json["ended_at"]
    assert adam("GET", "/programmes").json == []
    assert [one["id"] for one in adam("GET", "/programmes?ended=true").json] == [made.json["id"]]
    assert adam("DELETE", path.replace("editions", "ending")).status_code == 204
    assert machine("asha")("POST", path.replace("editions", "ending")).status_code == 403
    assert machine("carl")("POST", f"/editions/{edition.json['id']}/retirement").status_code == 404
    unknown = [{**measures[0], "instrument": "horoscope"}]
    assert "measures" in adam("POST", path, {**wanted, "measures": unknown}).json["problems"]
    assert adam("POST", path, {**wanted, "contacts": []}).status_code == 422
    assert adam("POST", path, {**wanted, "least_contacts": 3}).status_code == 422
    assert adam("POST", "/programmes", {"name": "calm  PARENTS"}).status_code == 422


def test_a_course_is_looked_at_set_up_changed_and_called_off(set_up, machine):
    with set_up() as make:
        edition, hub = a_programme(make), make.hub()
        terms = TermDates(
            kind=DatesKind.TERM, name="Spring", first_day=date(2026, 1, 5), last_day=date(2026, 7, 20)
        )
        db.add(terms)
        edition_id, hub_id, asha = str(edition.id), str(hub.id), str(make.cast["asha"])
    beth = machine("beth")
    wanted = {
        "edition_id": edition_id, "hub_id": hub_id, "first_date": "2026-03-10", "starts": "18:00", "places": 8,
        "facilitators": [{"account_id": asha}],
    }  # fmt: skip

    plan = beth("POST", "/courses/preview", wanted)
    assert plan.status_code == 200, plan.text
    assert plan.json["is_possible"]
    assert plan.json["first_date"] == "2026-03-10"
    assert len(plan.json["contacts"]) == 4
    assert beth("GET", "/courses").json == []

    draft = beth(
        "POST", "/courses", {**wanted, "first_date": "2026-03-11", "title": "Soon", "standing": "draft"}
    ).json
    assert draft["standing"] == "draft"
    assert machine("paula")("GET", f"/courses/{draft['id']}").status_code == 404
    assert beth("POST", "/courses", {**wanted, "title": "Over", "standing": "ended"}).status_code == 422

    made = beth("POST", "/courses", {**wanted, "title": "Calm Tuesdays"}, Idempotency_Key="c")
    assert made.status_code == 201, made.text
    assert (
        beth("POST", "/courses", {**wanted, "title": "Calm Tuesdays"}, Idempotency_Key="c").json == made.json
    )
    path = f"/courses/{made.json['id']}"
    assert [one["title"] for one in beth("GET", "/courses?standing=open").json] == ["Calm Tuesdays"]
    assert machine("paula")("GET", path).json == made.json

    tag = beth("GET", path).headers["ETag"]
    changed = beth("PATCH", path, {"places": 10}, If_Match=tag)
    assert changed.json["places"] == 10
    assert beth("PATCH", path, {"places": 12}, If_Match=tag).status_code == 412
    off = beth("POST", f"{path}/cancellation", {"because": "Too few"})
    assert off.json["standing"] == "called_off"
    assert machine("paula")("POST", "/courses", {**wanted, "title": "Mine"}).status_code == 403
    assert machine("carl")("GET", path).status_code == 404


def test_a_parent_books_and_leaves(course, machine):
    paula = machine("paula")
    booked = paula(
        "POST", "/participations", {"course_id": course["id"], "child_id": course["mia"]}, Idempotency_Key="p"
    )
    assert booked.status_code == 201, booked.text
    assert booked.json["standing"] == "booked"
    assert booked.json["household_id"] == course["family"]
    assert len(paula("GET", "/bookings").json) == 3, "one for each evening"
    path = f"/participations/{booked.json['id']}"
    assert paula("GET", path).json == booked.json
    assert [one["id"] for one in paula("GET", "/participations").json] == [booked.json["id"]]
    again = paula("POST", "/participations", {"course_id": course["id"]})
    assert again.status_code == 409

    left = paula("POST", f"{path}/withdrawal", {"why": "ZQX moved away"})
    assert left.json["standing"] == "withdrawn"
    assert "ZQX" not in left.text
    assert {one["standing"] for one in paula("GET", "/bookings").json} == {"cancelled"}


def test_a_referral_is_offered_and_accepted(course, machine):
    beth, paula = machine("beth"), machine("paula")
    wanted = of(
        course, programme_id=course["programme"], source="school", reason="ZQX", referred_by="Mr Fell"
    )
    referred = beth("POST", "/referrals", wanted)
    assert referred.status_code == 201, referred.text
    assert referred.json["standing"] == "referred"
    assert "ZQX" not in referred.text
    path = f"/participations/{referred.json['id']}"

    assert beth("POST", f"{path}/offer", {"course_id": course["id"]}).json["standing"] == "offered"
    accepted = paula("POST", f"{path}/acceptance")
    assert accepted.json["standing"] == "booked", accepted.text
    assert paula("POST", f"{path}/acceptance").json["standing"] == "booked"
    assert [one["id"] for one in beth("GET", f"/participations?course_id={course['id']}").json] == [
        referred.json["id"]
    ]
    assert paula("POST", "/referrals", wanted).status_code == 403
    assert paula("POST", f"{path}/offer", {"course_id": course["id"]}).status_code == 403


def test_an_offer_can_be_turned_down_and_somebody_moved(course, set_up, machine):
    with set_up() as make:
        other = a_course(make, edition=find(Edition, UUID(course["edition"])),
                         title="Thursdays", starts_in=timedelta(days=10))  # fmt: skip
        other_id = str(other.id)
    beth = machine("beth")
    booked = beth("POST", "/participations", of(course, course_id=course["id"]))
    assert booked.status_code == 201, booked.text
    path = f"/participations/{booked.json['id']}"

    moved = beth("POST", f"{path}/transfer", {"course_id": other_id, "why": "Work"})

    assert moved.status_code == 201, moved.text
    assert moved.json["course_id"] == other_id
    assert beth("GET", path).json["standing"] == "transferred"
    assert beth("GET", path).json["transferred_to_id"] == moved.json["id"]
    assert beth("POST", f"{path}/decline", {}).status_code == 409


def test_what_somebody_had_is_said_once_it_is_read(set_up, machine, course):
    with set_up() as make:
        running = a_course(make, edition=find(Edition, UUID(course["edition"])))
        participation = joins(running, *make.family("Noah Hall", carer="Zoe Hall")[:1])
        first, call = str(running.contacts[0].id), str(running.contacts[2].id)
        path = f"/participations/{participation.id}/doses"
    asha = machine("asha")
    read = asha("GET", f"{path}/{first}")
    assert read.json["presence"] is None
    assert asha("PUT", f"{path}/{first}", {"presence": "attended"}).status_code == 428

    said = asha("PUT", f"{path}/{first}", {"presence": "attended"}, If_Match=read.headers["ETag"])

    assert said.json["presence"] == "attended", said.text
    old = asha("PUT", f"{path}/{first}", {"presence": "missed"}, If_Match=read.headers["ETag"])
    assert old.status_code == 412
    assert [one["presence"] for one in asha("GET", path).json] == ["attended", None, None, None]
    assert asha("GET", path.removesuffix("/doses")).json["standing"] == "started"
    tag = asha("GET", f"{path}/{call}").headers["ETag"]
    assert asha("PUT", f"{path}/{call}", {"presence": "made_up"}, If_Match=tag).status_code in {200, 409, 422}
    assert machine("paula")("GET", path).status_code == 404
    elsewhere = course["contacts"][0]
    assert asha("GET", f"{path}/{elsewhere}").status_code == 404


def test_interest_is_shown_listed_and_taken_back(course, machine):
    paula, beth = machine("paula"), machine("beth")
    path = f"/programmes/{course['programme']}/interests"
    shown = paula("POST", path, {})
    assert shown.status_code == 201, shown.text
    assert [one["person_id"] for one in beth("GET", path).json] == [course["paula"]]
    assert paula("GET", path).status_code == 403
    assert paula("GET", "/interests").json == [shown.json]
    assert beth("GET", "/interests").status_code == 403

    assert paula("DELETE", f"/interests/{shown.json['id']}").status_code == 204
    assert beth("GET", path).json == []


def test_nobody_books_for_or_reads_of_whom_they_do_not_see(course, set_up, machine):
    with set_up() as make:
        make.hub("Harehills", team=())
        zoe, _ = make.family("Noah Hall", carer="Zoe Hall")
        zoes = {"household_id": str(zoe.household_id), "person_id": str(zoe.id)}
        referred = joining.refer(
            programme_id=UUID(course["programme"]), household_id=zoe.household_id, person_id=zoe.id,
            source=Source.GP, hub_id=make.hub("Harehills").id,
        )  # fmt: skip
        hers = f"/participations/{referred.id}"
    beth, paula, adam = machine("beth"), machine("paula"), machine("adam")
    assert beth("POST", "/participations", {"course_id": course["id"], **zoes}).status_code == 404
    assert paula("POST", "/participations", {"course_id": course["id"], **zoes}).status_code == 404
    assert beth("POST", "/participations", {"course_id": course["id"]}).status_code == 422
    for who in (beth, paula):
        assert who("GET", hers).status_code == 404
        assert who("POST", f"{hers}/withdrawal", {}).status_code == 404
        assert who("GET", "/participations").json == []
    assert adam("GET", "/participations").status_code == 403
    assert machine("asha")("POST", f"{hers}/drop-out", {"why": "x"}).status_code == 404
    assert adam("POST", f"{hers}/drop-out", {"why": "x"}).status_code == 403


def test_results_are_told_with_their_definitions_and_nothing_of_few(course, set_up, machine):
    with set_up() as make:
        over = a_course(make, edition=find(Edition, UUID(course["edition"])),
                        starts_in=-timedelta(days=105))  # fmt: skip
        over.last_date = date(2025, 12, 15)
        for number in range(6):
            zoe = make.carer(f"Zoe {number}")
            begin(
                Participation(
                    programme_id=over.programme_id, course_id=over.id, household_id=zoe.household_id, person_id=zoe.id,
                    standing=Standing.BOOKED, referred_at=over.created_at, booked_at=over.created_at,
                )
            )  # fmt: skip
    lena = machine("lena")
    report = lena("GET", "/reports/programmes?period=2025-autumn")
    assert report.status_code == 200, report.text
    assert report.json["period"]["code"] == report.json["periods"][0]["code"] == "2025-autumn"
    total = report.json["lines"][-1]
    assert total["hub_id"] is total["programme_id"] is None
    assert total["measures"]["booked"] == 6
    assert total["measures"]["started"] is None
    assert "started" in total["hidden"]
    assert set(total["measures"]) == set(report.json["definitions"])
    changes = lena("GET", f"/reports/programmes/{course['programme']}")
    assert changes.json == []
    assert lena("GET", "/reports/programmes?period=2026-spring").status_code == 422
    assert machine("asha")("GET", "/reports/programmes").status_code == 403


def test_a_parent_leaves_a_course_that_has_started(course, set_up, machine):
    paula = machine("paula")
    booked = paula("POST", "/participations", {"course_id": course["id"]}).json["id"]
    with set_up():
        find(Participation, UUID(booked)).standing = Standing.STARTED
    left = paula("POST", f"/participations/{booked}/drop-out", {})
    assert left.json["standing"] == "dropped_out", left.text


def test_nobody_reads_of_the_course_of_another_adult_at_home(course, set_up, machine):
    with set_up() as make:
        sam = make.carer("Sam Reyes", household=find(Household, UUID(course["family"])))
        his = joining.book(course_id=UUID(course["id"]), household_id=sam.household_id, person_id=sam.id).id
    paula = machine("paula")
    assert paula("GET", "/participations").json == []
    assert paula("GET", f"/participations/{his}").status_code == 404
    assert paula("POST", f"/participations/{his}/withdrawal", {}).status_code == 404


def test_a_time_for_a_call_is_picked_and_let_go(course, set_up, machine):
    with set_up() as make:
        call = find(CourseContact, UUID(course["contacts"][2]))
        at = now() + timedelta(days=21)
        slot = Slot(
            contact_id=call.id, account_id=make.cast["asha"], starts_at=at, ends_at=at + timedelta(minutes=30)
        )
        db.add(slot)
        db.flush()
        slot_id = str(slot.id)
    paula = machine("paula")
    booked = paula("POST", "/participations", {"course_id": course["id"]}).json["id"]
    free = f"/participations/{booked}/contacts/{course['contacts'][2]}/slots"
    picked = f"/participations/{booked}/slots/{slot_id}"
    assert [one["id"] for one in paula("GET", free).json] == [slot_id]
    assert paula("DELETE", picked).status_code == 404

    assert paula("POST", picked).json["id"] == slot_id
    assert paula("POST", picked).status_code == 200
    assert paula("GET", free).json == []
    assert machine("carl")("POST", picked).status_code == 404
    assert paula("DELETE", picked).status_code == 204
    assert [one["id"] for one in machine("asha")("GET", free).json] == [slot_id]


def test_a_parent_brings_along_nobody_who_lives_apart(course, set_up, machine):
    with set_up() as make:
        dan = make.carer("Dan Reyes", household=make.household("LS8 2BB"))
        db.add(Caring(carer_id=dan.id, child_id=UUID(course["mia"]), relationship=Relationship.FATHER))
        sam = make.carer("Sam Reyes", household=find(Household, UUID(course["family"])))
        dan_id, sam_id = str(dan.id), str(sam.id)
    paula = machine("paula")
    wanted = {"course_id": course["id"], "child_id": course["mia"]}
    assert paula("POST", "/participations", {**wanted, "partner_id": dan_id}).status_code == 404
    assert paula("POST", "/participations", {**wanted, "partner_id": sam_id}).status_code == 201
