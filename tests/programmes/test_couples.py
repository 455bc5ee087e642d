"""Two parents at one place: each is asked, sees and takes home what is their own."""

import csv
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from accounts.models import Account
from bookings.models import Place
from families import service as families
from kernel import outbox
from kernel.db import db, find, unit_of_work
from kernel.errors import NotFound, Unacceptable
from messaging import rules
from messaging.models import Wish
from messaging.terms import Group, Never, Way
from outcomes import queries as questions
from outcomes import service as answering
from outcomes.terms import AskingStanding, Occasion
from programmes.errors import AlreadyOnACourse
from programmes.models import Edition, Facilitator, Participation
from programmes.service import certificates, joining, partners
from programmes.service.standing import begin, move
from programmes.terms import Standing, Unit
from tests.outcomes.conftest import on_a_course
from tests.post import *  # noqa: F403
from tests.post import Post, words
from tests.programmes import making
from tests.programmes.test_api import Machine
from tests.programmes.test_asking import CHILD, MOOD, PARENT, YOUNG, attest_sdq, keep
from tests.texting import *  # noqa: F403
from tests.texting import Notify

S = Standing


@pytest.fixture
def couple(make):
    """Sam and Paula, who can both be written to, and Mia."""
    return a_couple(make)


def a_couple(make):
    sam = make.carer("Sam Reyes", household=make.household())
    paula = make.carer("Paula Reyes", household=sam.household, account="paula")
    sam.email, paula.email = "sam@people.example", "paula@people.example"
    paula.language = "pl"
    return sam, paula, make.child("Mia Reyes", of=sam, born=date(2013, 1, 1))


def booked(make, couple, *measures, **parts):
    """Refer two who share a place, and book them: what is asked follows."""
    sam, paula, mia = couple
    usual = {"standing": S.OFFERED, "booked_at": None, "partner_id": paula.id, "child": mia}
    on_it = on_a_course(make, sam, measures=measures or [PARENT], **{**usual, **parts})
    find(Edition, on_it.course.edition_id).unit = Unit.COUPLE
    begin(on_it)
    move(on_it, S.BOOKED)
    return on_it


def asked(on_it, occasion=Occasion.BEFORE, standing=AskingStanding.ASKED):
    db.expire_all()
    return sorted(
        (one.instrument, one.person.given_name)
        for one in questions.askings_of([on_it.id])
        if one.occasion == occasion and one.standing == standing
    )


def answer(on_it, person, value, occasion=Occasion.BEFORE):
    asking = next(
        one
        for one in questions.askings_of([on_it.id])
        if (one.occasion, one.respondent_id) == (occasion, person.id)
    )
    for item in questions.items_of(asking):
        answering.save(asking, item.number, value)
    answering.finish(asking)


def test_each_of_a_couple_is_asked_apart_and_in_their_own_language(make, couple):
    attest_sdq(make)
    on_it = booked(make, couple, PARENT, CHILD, YOUNG)

    assert asked(on_it) == [
        ("bpses", "Paula"), ("bpses", "Sam"), ("goals", "Mia"), ("sdq", "Paula"), ("sdq", "Sam"),
    ]  # fmt: skip
    told = {(one.instrument, one.person.given_name): one for one in questions.askings_of([on_it.id])}
    assert len({one.token_hash for one in told.values()}) == 5
    assert (told["bpses", "Sam"].language, told["bpses", "Paula"].language) == ("en", "pl")
    assert told["bpses", "Paula"].subject_id == couple[1].id
    assert told["sdq", "Paula"].subject_id == told["sdq", "Sam"].subject_id == couple[2].id


def test_both_are_asked_afterwards_and_later_but_not_whoever_left_the_family(make, couple, clock):
    on_it = booked(make, couple)
    move(on_it, S.STARTED)
    clock.move_to(on_it.course.contacts[-1].session.starts_at)
    assert keep("programmes.after", on_it) == "2 asked"
    move(on_it, S.COMPLETED)
    families.leave(couple[1])
    clock.shift(timedelta(weeks=12, hours=3))

    assert keep("programmes.follow_up", on_it) == "1 asked"
    assert asked(on_it, Occasion.FOLLOW_UP) == [("bpses", "Sam")]


def test_whoever_leaves_the_family_is_asked_no_more_and_the_place_stays(make, couple):
    on_it = booked(make, couple)
    families.leave(couple[1])

    assert asked(on_it) == [("bpses", "Sam")]
    assert asked(on_it, standing=AskingStanding.WITHDRAWN) == [("bpses", "Paula")]
    assert (on_it.partner_id, on_it.standing) == (None, S.BOOKED)


def test_the_goals_of_both_go_with_them_to_another_course(make, couple):
    first = booked(make, couple)
    for person, goal in zip(couple, ("Sleep", "Calm"), strict=False):
        answering.set_goals(first.id, person.id, [goal])
    second = on_a_course(
        make, couple[0], measures=[PARENT], standing=S.BOOKED, partner_id=couple[1].id
    )  # fmt: skip
    move(first, S.TRANSFERRED)
    second.programme_id = first.programme_id
    begin(second)

    assert [questions.goals_of(second.id, one.id) for one in couple[:2]] == [{1: "Sleep"}, {1: "Calm"}]


# Letters


def test_each_gets_letters_until_they_have_answered_themselves(set_up, world, clock, post: Post):
    with set_up() as make:
        couple = a_couple(make)
        on_it = booked(make, couple)
    outbox.drain(world.leeds)
    assert sorted(one["To"] for one in post.letters) == ["paula@people.example", "sam@people.example"]
    assert words(post.letters[0]) != words(post.letters[1])
    with set_up():
        answer(on_it, couple[0], 3)
    clock.shift(timedelta(days=3, minutes=1))
    outbox.drain(world.leeds)

    assert [one["To"] for one in post.letters[2:]] == ["paula@people.example"]


def test_an_address_that_both_read_is_that_of_whoever_signs_in_with_it(set_up, world, post: Post):
    with set_up() as make:
        sam, paula, mia = a_couple(make)
        paula.email = ""
        sam.email = mia.email = find(Account, paula.account_id).email.upper()
        on_it = booked(make, (sam, paula, mia), PARENT, YOUNG)
        hers = next(one for one in questions.askings_of([on_it.id]) if one.respondent_id == paula.id)
        path = answering.path_of(hers)
    outbox.drain(world.leeds)

    (letter,) = post.letters
    assert path in words(letter)


@pytest.mark.parametrize("second", ["+447700900123", "07700 900124"], ids=["shared", "own"])
def test_a_number_that_both_read_is_texted_one_private_link_alone(second, set_up, world, notify: Notify):
    with set_up() as make:
        notify.serves()
        couple = a_couple(make)
        for person, phone in zip(couple, ("07700 900123", second), strict=False):
            person.email, person.phone = "", phone
            db.add(Wish(person_id=person.id, group=Group.QUESTIONS, way=Way.TEXT))
        couple[1].account_id = None
        booked(make, couple)
    outbox.drain(world.leeds)

    asked_by_text = [text.to for text in notify.texts if "/q/" in text.body]
    assert sorted(asked_by_text) == sorted({"+447700900123", rules.mobile(second)})


def test_of_two_who_share_an_address_the_one_for_whom_it_is_safe_is_written_to(set_up, world, post: Post):
    with set_up() as make:
        sam, paula, _ = a_couple(make)
        paula.email = sam.email
        families.set_contact_rules(sam, [Never.EMAIL])
        course = making.course(make, unit=Unit.COUPLE)
        joining.book(
            course_id=course.id, household_id=sam.household_id, person_id=sam.id, partner_id=paula.id
        )
    outbox.drain(world.leeds)

    assert [letter["Subject"].partition(":")[0] for letter in post.letters] == ["Masz miejsce"], (
        "in her language"
    )


def test_facilitators_are_told_again_when_the_second_parent_needs_them_too(set_up, world, post: Post, knock):
    with set_up() as make:
        couple = a_couple(make)
        on_it = booked(make, couple, MOOD)
        contact = on_it.course.contacts[0].id
    for person in couple[:2]:
        with set_up():
            (asking,) = [one for one in questions.askings_of([on_it.id]) if one.respondent_id == person.id]
            answering.save(asking, 9, 3)
        outbox.drain(world.leeds)

    assert [one["To"] for one in post.letters].count("asha@people.example") == 2
    page = knock("asha").get(f"/courses/{on_it.course_id}/contacts/{contact}").text
    for name in ("Sam Reyes", "Paula Reyes"):
        assert f"Look after <bdi>{name}</bdi> today" in page
    for called in ("Sam", "Paula"):
        assert f"Not answered yet by <bdi>{called}</bdi>" in page


# Coming along later, and coming no more


@pytest.fixture
def place(make, couple):
    """Sam's place on a course for couples, booked without Paula."""
    course = making.course(make, unit=Unit.COUPLE)
    course.edition.measures = [PARENT]
    db.flush()
    return joining.book(course_id=course.id, household_id=couple[0].household_id, person_id=couple[0].id)


def places_of(person):
    return len(
        db.scalars(select(Place.id).where(Place.person_id == person.id, Place.given_up_at.is_(None))).all()
    )


def test_whoever_is_brought_along_later_is_booked_and_asked(place, couple):
    partners.bring_along(place, couple[1].id)

    assert asked(place) == [("bpses", "Paula"), ("bpses", "Sam")]
    assert places_of(couple[0]) == places_of(couple[1]) == 3
    with pytest.raises(AlreadyOnACourse):
        joining.book(course_id=place.course_id, household_id=couple[1].household_id, person_id=couple[1].id)


def test_whoever_comes_no_more_keeps_answers_and_leaves_the_place_to_the_other(place, couple):
    partners.bring_along(place, couple[1].id)
    answer(place, couple[1], 3)
    partners.come_alone(place)

    assert asked(place) == [("bpses", "Sam")]
    assert asked(place, standing=AskingStanding.ANSWERED) == [("bpses", "Paula")]
    assert (places_of(couple[0]), places_of(couple[1])) == (3, 0)
    assert place.standing == S.BOOKED


def test_nobody_is_brought_along_where_each_takes_a_place_or_from_another_family(make, place, couple):
    with pytest.raises(NotFound):
        partners.bring_along(place, make.carer("Jo Lee").id)
    alone = making.course(make, of=making.programme(make, "One each"))
    theirs = joining.book(course_id=alone.id, household_id=couple[0].household_id, person_id=couple[0].id)
    with pytest.raises(Unacceptable):
        partners.bring_along(theirs, couple[1].id)


# Pages


@pytest.fixture
def shared(set_up):
    """Sam and Paula completed a course, and answered; Paula signs in."""
    with set_up() as make:
        couple = a_couple(make)
        on_it = booked(make, couple, MOOD)
        db.add(Facilitator(course_id=on_it.course_id, account_id=make.cast["beth"]))
        move(on_it, S.STARTED)
        on_it.reason = "A secret reason"
        for person, value in zip(couple[:2], (3, 0), strict=True):
            answer(on_it, person, value)
        on_it.course.edition.measures = [PARENT]
        move(on_it, S.COMPLETED)
        other = booked(make, (make.carer("Jo Lee"), make.carer("Kim Lee"), couple[2]), MOOD)
        return on_it.id, [one.id for one in couple], other.id


def test_the_second_parent_sees_the_course_and_her_own_answers_alone(shared, knock):
    paula = knock("paula")
    assert f"/my-courses/{shared[0]}" in paula.get("/my-courses").text
    course = paula.get(f"/my-courses/{shared[0]}").text
    progress = paula.get(f"/my-courses/{shared[0]}/progress").text

    assert "certificate.pdf" in course
    assert "sam@people.example" not in paula.get(f"/my-courses/{shared[0]}/confirmation").text
    assert re.findall(r"<td[^>]*>(\d+)</td>", progress) == ["0"]
    assert "A secret reason" not in course + progress
    assert paula.get(f"/my-courses/{shared[0]}/certificate.pdf").data.startswith(b"%PDF")


def test_certificates_are_for_those_who_took_part_and_say_what_the_place_attended(shared, world, knock):
    on_it, (sam, paula, mia), other = shared
    with unit_of_work(world.leeds):
        place = find(Participation, on_it)
        hers, his = certificates.facts(place, paula), certificates.facts(place)
        with pytest.raises(NotFound):
            certificates.facts(place, mia)
    assert (hers.pop("name"), his.pop("name")) == ("Paula Reyes", "Sam Reyes")
    assert hers == his

    beth, path = knock("beth"), f"/courses/participants/{on_it}/people"
    for person in (sam, paula):
        assert beth.get(f"{path}/{person}/certificate.pdf").data.startswith(b"%PDF")
        assert f"{path}/{person}/certificate.pdf" in beth.get(f"/courses/participants/{on_it}").text + beth.get(
            f"/courses/{_course(world, on_it)}/results").text  # fmt: skip
    assert beth.get(f"{path}/{mia}/certificate.pdf").status_code == 404
    assert knock("paula").get(f"{path}/{sam}/certificate.pdf").status_code == 403
    assert knock("carl").get(f"{path}/{sam}/certificate.pdf").status_code == 404
    for end in ("", "/progress", "/certificate.pdf", "/dates.ics", "/leaving"):
        assert knock("paula").get(f"/my-courses/{other}{end}").status_code == 404


def _course(world, on_it):
    with unit_of_work(world.leeds):
        return find(Participation, on_it).course_id


def test_those_who_run_the_course_see_both_by_name_and_no_score_twice(shared, world, knock):
    path = f"/courses/{_course(world, shared[0])}/results"
    told = list(csv.reader(StringIO(knock("beth").get(f"{path}/csv").text.lstrip("\ufeff"))))

    assert "Sam Reyes and Paula Reyes" in knock("beth").get(path).text
    assert [line[0] for line in told[1:]] == ["Sam Reyes", "Paula Reyes"]
    asked_page = knock("beth").get(f"/courses/participants/{shared[0]}/questionnaires").text
    assert asked_page.count("Sam Reyes") >= 2
    assert asked_page.count("Paula Reyes") >= 2


def test_the_second_parent_leaves_for_herself_alone(set_up, world, knock):
    with set_up() as make:
        couple = a_couple(make)
        on_it = booked(make, couple)
    paula = knock("paula")
    assert "The place stays with the other parent" in paula.get(f"/my-courses/{on_it.id}/leaving").text
    assert paula.get(f"/my-courses/{on_it.id}/dates.ics").mimetype == "text/calendar"
    paula.post(f"/my-courses/{on_it.id}/leaving", {})

    assert paula.get(f"/my-courses/{on_it.id}").status_code == 404
    with unit_of_work(world.leeds):
        place = find(Participation, on_it.id)
        assert (place.standing, place.partner_id) == (S.BOOKED, None)


def test_staff_bring_somebody_along_and_take_them_off(set_up, world, knock):
    with set_up() as make:
        sam, paula, _ = a_couple(make)
        course = making.course(make, unit=Unit.COUPLE)
        place = joining.book(course_id=course.id, household_id=sam.household_id, person_id=sam.id)
        jo = make.carer("Jo Lee")
    path, beth = f"/courses/participants/{place.id}/partner", knock("beth")
    assert "Paula Reyes" in beth.get(path).text
    assert beth.post(path, {"partner": str(jo.id)}).status_code == 422
    for chosen, now in ((str(paula.id), "Paula Reyes"), ("none", "Nobody")):
        assert beth.post(path, {"partner": chosen}).status_code == 303
        assert now in beth.get(f"/courses/participants/{place.id}").text
    for who, status in (("asha", 403), ("paula", 403), ("carl", 404)):
        assert knock(who).get(path).status_code == status


def test_each_is_written_to_about_the_course_at_an_address_of_their_own(set_up, world, post: Post):
    with set_up() as make:
        sam, paula, _ = a_couple(make)
        course = making.course(make, unit=Unit.COUPLE)
        place = joining.book(course_id=course.id, household_id=sam.household_id, person_id=sam.id)
    outbox.drain(world.leeds)
    with set_up():
        partners.bring_along(find(Participation, place.id), paula.id)
    outbox.drain(world.leeds)
    with set_up():
        joining.withdraw(find(Participation, place.id), "")
    outbox.drain(world.leeds)

    assert [(one["To"], one["Subject"].partition(":")[0]) for one in post.letters] == [
        ("sam@people.example", "You have a place"),
        ("paula@people.example", "Masz miejsce"),
        ("sam@people.example", "You have left"),
        ("paula@people.example", "Nie jesteś już na kursie"),
    ], "each in a language of their own"


@pytest.fixture
def machine(app, api_key):
    return lambda who: Machine(app, api_key(who), "leeds.test")


def test_machines_let_somebody_come_along_and_the_second_parents_key_leaves_for_her_alone(
    set_up, machine, world
):
    with set_up() as make:
        sam, paula, _ = a_couple(make)
        course = making.course(make, unit=Unit.COUPLE)
        place = joining.book(course_id=course.id, household_id=sam.household_id, person_id=sam.id)
        jo = make.carer("Jo Lee")
    path, told = f"/participations/{place.id}", {"partner_id": str(paula.id)}
    beth, her = machine("beth"), machine("paula")
    assert (her("GET", path).status_code, her("PUT", f"{path}/partner", told).status_code) == (404, 403)
    assert beth("PUT", f"{path}/partner", {"partner_id": str(jo.id)}).status_code == 404
    assert beth("PUT", f"{path}/partner", told).json["partner_id"] == str(paula.id)
    assert [one["id"] for one in her("GET", "/participations").json] == [str(place.id)]

    assert her("POST", f"{path}/withdrawal", {"why": ""}).json["standing"] == "booked"
    assert her("GET", path).status_code == 404
    assert beth("DELETE", f"{path}/partner").status_code == 204
