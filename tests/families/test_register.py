"""Registration on the web, one thing at a time."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from families import queries, service
from families.models import Household, Person, Registration
from families.terms import ConsentKind, Entered, Relationship, SendStatus
from kernel import outbox
from kernel.db import acts, db, unit_of_work
from kernel.outbox import Promise
from messaging.terms import Never

ANSWERS = {
    "name": {"given_name": "Seán", "family_name": "O'Neill-Łukasz"},
    "contact": {"email": "sean@people.example", "phone": "07700 900982"},
    "unwanted": {"any": "no"},
    "address": {"address": "1 High Street\nLeeds", "postcode": "ls14 1aa"},
    "language": {"language": "pl", "needs_interpreter": "yes"},
    "ethnicity": {"ethnicity": "WOTH", "same": "yes"},
    "emergency": {"name": "Nan", "phone": "01632 960001", "relationship": "Grandmother"},
    "consents": {"photos": "no", "first_aid": "yes", "sharing": "yes", "news": "no"},
}
ZOE = {
    "awaited": "born", "given_name": "Zoë", "family_name": "O'Neill", "date_of_birth": ["15", "1", "2024"],
    "relationship": "father", "responsibility": "yes",
}  # fmt: skip
NEEDS = {"send": "support", "allergies": "Peanuts", "medical": "", "needs": ""}


def tell(door, *, skip=()):
    """Answer all questions, without scripts, as they come."""
    for step in ("name", "contact", "unwanted", "address"):
        if step not in skip:
            answer = door.post(f"/register/{step}", ANSWERS[step])
            assert answer.status_code == 303, (step, answer.text)
    assert door.get("/register/children").location == "/register/children/new"
    assert door.post("/register/children/new", ZOE).location == "/register/children/0/needs"
    assert door.post("/register/children/0/needs", NEEDS).location == "/register/children"
    assert door.post("/register/children", {"another": "no"}).location == "/register/language"
    for step in ("language", "ethnicity", "emergency", "consents"):
        answer = door.post(f"/register/{step}", ANSWERS[step])
    assert answer.location == "/register/check"


def key(page):
    return re.search(r'name="idempotency_key" value="([^"]+)"', page.text)[1]


def finish(door):
    return door.post("/register", {"idempotency_key": key(door.get("/register/check"))})


def count(world, model):
    with unit_of_work(world.leeds):
        return db.scalar(select(func.count(model.id)))


def test_a_stranger_registers_a_family_one_thing_at_a_time(world, knock):
    door = knock()
    assert "Start now" in door.get("/register").text
    tell(door)
    check = door.get("/register/check")
    assert "O&#39;Neill-Łukasz" in check.text
    assert "Peanuts" in check.text

    assert finish(door).location == "/register/done"

    done = door.get("/register/done")
    assert "Check your email" in done.text
    with unit_of_work(world.leeds):
        household = db.scalars(select(Household)).one()
        sean, zoe = queries.people_in(household.id)
        assert household.postcode == "LS14 1AA"
        assert household.entered == Entered.ONLINE
        assert household.reference in done.text
        assert (sean.name, sean.language, sean.needs_interpreter) == ("Seán O'Neill-Łukasz", "pl", True)
        assert zoe.ethnicity == "WOTH"
        assert zoe.send == SendStatus.SUPPORT
        assert queries.care_of(zoe.id).allergies == "Peanuts"
        assert queries.carers_of([zoe.id])[0].relationship == Relationship.FATHER
        assert queries.consents_now(household.id)[ConsentKind.PHOTOS] is False
        assert sean.account_id is None
        assert db.scalars(select(Promise.topic)).all() == ["families.welcome"]
    assert count(world, Registration) == 0


def test_sending_twice_makes_one_family(world, knock):
    door = knock()
    tell(door)
    once, again = key(door.get("/register/check")), key(door.get("/register/check"))

    for sent in (once, once, again):
        assert door.post("/register", {"idempotency_key": sent}).location == "/register/done"

    assert count(world, Household) == 1


def test_a_known_address_looks_just_like_an_unknown_one(world, knock):
    answers = []
    for email in ("paula@people.example", "nobody@people.example"):
        door = knock()
        door.post("/register/name", ANSWERS["name"])
        door.post("/register/contact", {"email": email, "phone": ""})
        tell(door, skip=("name", "contact"))
        sent = finish(door)
        done = re.sub(
            r"F[A-Z0-9]{3}-[A-Z0-9]{2}|nonce=\"[^\"]+\"|value=\"[^\"]+\"", "", door.get("/register/done").text
        )
        answers.append((sent.status_code, sent.location, done))

    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("name", {"given_name": "", "family_name": "Łukasz"}, "Enter your first name"),
        ("contact", {"email": "sean at home", "phone": "07700 900982"}, "name@example.com"),
        ("contact", {"email": "sean@people.example", "phone": "ring me"}, "01632 960 001"),
        ("unwanted", {}, "Say whether we can contact you in any way"),
        ("unwanted", {"any": "yes"}, "Choose what we should leave out"),
        ("address", {"address": "1 Odd Lane", "postcode": "LEEDS"}, "full UK postcode"),
        ("language", {"language": "pl"}, "interpreter"),
        ("emergency", {"name": "Nan", "phone": ""}, "Enter a phone number at which"),
        ("consents", {"photos": "no"}, "Say whether we can give first aid"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(knock, step, typed, said):
    door = knock()
    door.post("/register/name", ANSWERS["name"])

    answer = door.post(f"/register/{step}", typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert "There is a problem" in answer.text
    assert "<title>Error: " in answer.text
    for value in typed.values():
        assert value in answer.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date_of_birth": ["31", "2", "2024"]}, "real date"),
        ({"date_of_birth": ["", "", ""]}, "Enter the date of birth"),
        ({"date_of_birth": ["1", "1", "2027"]}, "must be in the past"),
        ({"date_of_birth": ["1", "1", "1990"]}, "up to 19"),
        ({"given_name": ""}, "Enter a first name"),
        ({"awaited": "awaited"}, "Enter the due date"),
        ({"awaited": ""}, "Say whether the child is born"),
        ({"responsibility": ""}, "parental responsibility"),
    ],
)
def test_a_child_who_cannot_be_is_explained(knock, changes, said):
    door = knock()
    door.post("/register/name", ANSWERS["name"])

    answer = door.post("/register/children/new", {**ZOE, **changes})

    assert answer.status_code == 422
    assert said in answer.text


def test_a_baby_who_is_awaited_needs_no_name_and_no_birthday(world, knock):
    door = knock()
    for step in ("name", "contact", "unwanted", "address"):
        door.post(f"/register/{step}", ANSWERS[step])

    answer = door.post(
        "/register/children/new",
        {
            **ZOE,
            "awaited": "awaited",
            "given_name": "",
            "date_of_birth": ["31", "2", ""],
            "due_date": ["1", "6", "2026"],
        },
    )

    assert answer.status_code == 303
    assert "Baby" in door.get("/register/children/0/needs").text


def test_each_answer_can_be_changed_from_the_check(knock):
    door = knock()
    tell(door)

    assert 'value="LS14 1AA"' in door.get("/register/address").text
    assert 'href="/register/check"' in door.get("/register/address").text
    changed = door.post("/register/address", {"address": "2 Low Road", "postcode": "YO1 7HH"})

    assert changed.location == "/register/check"
    assert "2 Low Road" in door.get("/register/check").text
    assert 'value="2024"' in door.get("/register/children/0").text
    assert "Peanuts" in door.get("/register/children/0/needs").text
    assert door.post("/register/children/0", {**ZOE, "given_name": "Zoe"}).status_code == 303
    assert "Peanuts" in door.get("/register/children/0/needs").text


def test_children_can_be_added_and_taken_back(knock):
    door = knock()
    tell(door)
    assert door.post("/register/children", {"another": "yes"}).location == "/register/children/new"
    door.post("/register/children/new", {**ZOE, "given_name": "Leo"})
    door.post("/register/children/1/needs", NEEDS)
    assert "2 children" in door.get("/register/children").text

    door.post("/register/children/0/removal")

    left = door.get("/register/children").text
    assert "Leo" in left
    assert "Zoë" not in left


def test_each_child_may_have_another_ethnic_group(world, knock):
    door = knock()
    tell(door)

    assert (
        door.post("/register/ethnicity", {"ethnicity": "WOTH", "same": "no"}).location
        == "/register/ethnicity/children"
    )
    assert door.get("/register/ethnicity/children").status_code == 200
    assert door.post("/register/ethnicity/children", {"child_0": "MOTH"}).location == "/register/check"
    finish(door)

    with unit_of_work(world.leeds):
        assert set(db.scalars(select(Person.ethnicity))) == {"WOTH", "MOTH"}


def test_answers_are_kept_encrypted_and_another_visitor_does_not_see_them(world, knock):
    door = knock()
    tell(door)

    other = knock()
    for path in ("/register/address", "/register/check", "/register/children", "/register/children/0"):
        answer = other.get(path)
        assert answer.status_code == 303
        assert answer.location == "/register"
    assert knock(council="york").get("/register/check").status_code == 303


def test_answers_are_gone_after_a_day(world, knock, clock):
    door = knock()
    tell(door)
    clock.shift(timedelta(hours=25))

    assert door.get("/register/check").location == "/register"
    assert door.post("/register").location == "/register"
    with unit_of_work(world.leeds):
        service.forget_stale_registrations()
    assert count(world, Registration) == 0


def test_a_signed_in_parent_is_not_asked_for_her_address_and_gets_her_family(world, knock):
    door = knock("paula")
    assert door.get("/my-family").location == "/register"
    door.post("/register/name", ANSWERS["name"])
    assert 'name="email"' not in door.get("/register/contact").text
    door.post("/register/contact", {"phone": "07700 900982", "email": "carl@people.example"})
    tell(door, skip=("name", "contact"))

    finish(door)

    with unit_of_work(world.leeds):
        carer = queries.carer_of(world.cast["paula"])
        assert carer.email == "paula@people.example"
    assert "Zoë" in door.get("/my-family").text
    assert door.get("/register").location == "/my-family"


def test_nothing_beside_the_questions_is_taken(world, knock):
    door = knock()
    door.post(
        "/register/name", {**ANSWERS["name"], "account_id": str(world.cast["beth"]), "household_id": "1"}
    )
    tell(door, skip=("name",))
    finish(door)

    with unit_of_work(world.leeds):
        assert set(db.scalars(select(Person.account_id))) == {None}


def test_staff_register_families_in_their_own_form(knock):
    assert knock("asha").get("/register").location == "/families/new"


def carer_called(name):
    return db.scalars(select(Person).where(Person.given_name == name)).one()


def test_what_a_parent_wants_left_out_is_never_done_from_the_first_message_on_and_is_hers_to_change(
    world, knock, post
):
    door = knock()
    assert not {
        word
        for word in ("safe", "danger", "harm", "another carer", "partner")
        if word in ask(door, "unwanted").text.lower()
    }, "anybody may read it over her shoulder"
    door.post("/register/unwanted", {"any": "yes", "unwanted": ["text", "place"]})
    tell(door, skip=("name", "contact", "unwanted"))
    assert "Text messages, showing others of my family what I book" in door.get("/register/check").text
    finish(door)

    with unit_of_work(world.leeds):
        assert queries.recipient(carer_called("Seán").id).never == {Never.TEXT, Never.PLACE}
    outbox.drain(world.leeds)
    assert [letter["To"] for letter in post.letters] == ["sean@people.example"]
    with unit_of_work(world.leeds):
        sean = carer_called("Seán")
        acts(sean.account_id)
        service.set_own_contact_rules(sean, [])
        assert queries.recipient(sean.id).never == frozenset()


def test_what_was_ticked_before_no_does_not_count(world, knock):
    door = knock()
    ask(door, "unwanted")
    door.post("/register/unwanted", {"any": "no", "unwanted": ["text"]})
    tell(door, skip=("name", "contact", "unwanted"))
    finish(door)

    with unit_of_work(world.leeds):
        assert queries.recipient(carer_called("Seán").id).never == frozenset()


def ask(door, step):
    """Come as far as a question; return its page."""
    for before in ("name", "contact"):
        door.post(f"/register/{before}", ANSWERS[before])
    return door.get(f"/register/{step}")
