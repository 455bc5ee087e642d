from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from families import rules
from families.rules import Looks, likeness
from families.terms import PersonKind

HOUSE, OTHER_HOUSE = UUID(int=1), UUID(int=2)
TODAY = date(2026, 3, 2)


def child(given_name="Mia", family_name="Reyes", *, house=HOUSE, born=date(2024, 1, 15), id=3, **parts):
    return Looks(UUID(int=id), house, PersonKind.CHILD, given_name, family_name, date_of_birth=born, **parts)


def carer(given_name="Paula", family_name="Reyes", *, house=HOUSE, id=4, **parts):
    return Looks(UUID(int=id), house, PersonKind.CARER, given_name, family_name, **parts)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Seán O'Neill-Łukasz", "sean oneill lukasz"),
        ("SEAN O’NEILL–LUKASZ", "sean oneill lukasz"),
        ("  José   María ", "jose maria"),
        ("李 小龍", "李 小龍"),
        ("Zoë Großmann", "zoe grossmann"),
        ("Bjørn Sæther", "bjorn saether"),
        ("Nguyễn Thị", "nguyen thi"),
        ("प्रिया", "प्रिया"),
        ("محمّد", "محمد"),
        ("St. John", "st john"),
    ],
)
def test_a_name_is_found_however_it_is_written(written, key):
    assert rules.name_key(written) == key


@given(st.text(max_size=40))
def test_a_key_of_a_key_is_itself(name):
    key = rules.name_key(name)
    assert rules.name_key(key) == key


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 2, 3), date(2026, 3, 2), 0),
        (date(2025, 3, 2), date(2026, 3, 2), 12),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 4, 2), date(2026, 3, 2), -1),
    ],
)
def test_age_is_counted_in_whole_months(born, on, months):
    assert rules.months_old_on(born, on) == months


@pytest.mark.parametrize(
    ("born", "due", "words"),
    [
        (date(2026, 3, 1), None, "newborn"),
        (date(2026, 2, 10), None, "2 weeks"),
        (date(2025, 10, 2), None, "5 months"),
        (date(2025, 3, 2), None, "1 year"),
        (date(2020, 3, 3), None, "5 years"),
        (None, date(2026, 6, 3), "due 3 June 2026"),
        (None, None, ""),
    ],
)
def test_age_is_said_in_words(born, due, words):
    assert rules.age_in_words(born, due, on=TODAY) == words


def test_a_young_person_with_send_may_be_older():
    limits = {"on": TODAY, "limit": 19, "limit_send": 25}
    twenty = date(2005, 6, 1)

    assert rules.is_too_old(twenty, send=False, **limits)
    assert not rules.is_too_old(twenty, send=True, **limits)
    assert not rules.is_too_old(date(2006, 3, 3), send=False, **limits)
    assert not rules.is_too_old(date(2000, 3, 3), send=True, **limits)
    assert rules.is_too_old(date(2000, 3, 2), send=True, **limits)


def test_an_impossible_birth_is_explained():
    limits = {"on": TODAY, "limit": 19, "limit_send": 25, "send": False}

    assert "past" in rules.problem_with_birth(TODAY + timedelta(days=1), None, **limits)
    assert "up to 19" in rules.problem_with_birth(date(2000, 1, 1), None, **limits)
    assert "10 months" in rules.problem_with_birth(None, date(2028, 1, 1), **limits)
    assert "not both" in rules.problem_with_birth(TODAY, TODAY, **limits)
    assert rules.problem_with_birth(None, date(2026, 7, 1), **limits) is None


@pytest.mark.parametrize(
    ("written", "key"),
    [("ls14 1aa", "LS141AA"), (" L.S.14-1AA ", "LS141AA"), ("", "")],
)
def test_a_postcode_is_compared_without_its_spaces(written, key):
    assert rules.postcode_key(written) == key


def test_the_first_half_of_a_postcode_says_about_where():
    assert rules.outward("LS14 1AA") == "LS14"
    assert rules.outward("W1A 1AA") == "W1A"
    assert rules.outward("") == ""


@pytest.mark.parametrize("written", ["07700 900982", "+44 7700 900 982", "0044 (0)7700-900982"])
def test_a_telephone_number_is_compared_by_its_digits(written):
    assert rules.phone_key(written) == "07700900982"


def test_a_telephone_number_is_checked_kindly():
    assert rules.phone_problem("01632 960 001") is None
    assert rules.phone_problem("+48 22 123 45 67") is None
    assert rules.phone_problem("ring my mum")


@given(st.integers())
def test_a_reference_can_be_read_out_and_written_back(seed):
    reference = rules.new_reference(Random(seed))

    assert not set(reference) & set("O0I1LSZBUVA58E")
    assert rules.reference_key(reference.lower().replace("-", " ")) == reference


def test_every_ethnic_group_has_a_code_of_the_dfe():
    codes = [code for group in rules.ETHNICITIES.values() for code in group]

    assert len(codes) == len(set(codes)) == 19
    assert rules.ethnicity_label("AIND") == "Asian or Asian British: Indian"
    assert rules.ethnicity_label("REFU") == "Prefer not to say"
    assert rules.ethnicity_label("") == ""


def test_the_languages_of_england_come_first():
    groups = rules.language_choices()

    assert groups["Often spoken in England"][:3] == [("en", "English"), ("pl", "Polish"), ("ro", "Romanian")]
    assert rules.language_label("ur") == "Urdu"
    assert ("cy", "Welsh") in groups["Other languages"]
    codes = [code for _, choices in groups.items() for code, _ in choices]
    assert len(codes) == len(set(codes))


def test_the_same_child_at_two_hubs_is_noticed():
    found = likeness(child("Mia", phone=""), child("mía", house=OTHER_HOUSE, id=9))

    assert found.alike
    assert found.reasons == ("Same date of birth", "Same name")


def test_a_name_typed_badly_is_noticed():
    assert likeness(child("Mohammed"), child("Mohamed", house=OTHER_HOUSE, id=9)).alike
    assert likeness(child("Alex"), child("Alexander", house=OTHER_HOUSE, id=9)).alike


def test_twins_are_not_duplicates():
    assert not likeness(child("Ella"), child("Ellie", id=9)).alike
    assert not likeness(child("Ella"), child("Zoe", house=OTHER_HOUSE, postcode="LS141AA", id=9)).alike


def test_a_baby_who_was_due_may_be_the_baby_who_was_born():
    awaited = child("Baby", born=None, due_date=date(2026, 2, 20))

    assert likeness(awaited, child("Noor", born=date(2026, 2, 27), id=9)).alike
    assert not likeness(awaited, child("Noor", born=date(2026, 6, 1), id=9)).alike


def test_carers_of_one_name_at_different_places_are_not_alike():
    here = carer("Sarah", "Jones", postcode="LS14 1AA")

    assert not likeness(here, carer("Sarah", "Jones", postcode="YO1 7HH", house=OTHER_HOUSE, id=9)).alike
    assert likeness(here, carer("Sarah", "Jones", postcode="ls141aa", house=OTHER_HOUSE, id=9)).alike


def test_a_carer_is_never_like_a_child():
    assert not likeness(carer("Mia"), child("Mia")).alike


names = st.sampled_from(["Mia", "Mía", "Mia-Rose", "Ella", "Ellie", "李", "Baby", "O'Neill", "'"])
days = st.dates(date(2025, 1, 1), date(2025, 1, 20))
looks = st.builds(
    lambda births, **parts: Looks(date_of_birth=births[0], due_date=births[1], **parts),
    births=st.one_of(st.tuples(days, st.none()), st.tuples(st.none(), days), st.just((None, None))),
    id=st.uuids(),
    household_id=st.sampled_from([HOUSE, OTHER_HOUSE]),
    kind=st.sampled_from(PersonKind),
    given_name=names,
    family_name=names | st.just(""),
    known_as=names | st.just(""),
    postcode=st.sampled_from(["", "LS14 1AA", "YO1 7HH"]),
    phone=st.sampled_from(["", "07700 900982", "01632 960001"]),
    email=st.sampled_from(["", "a@people.example", "b@people.example"]),
)


@given(looks, looks)
def test_likeness_is_the_same_from_both_sides(a, b):
    assert likeness(a, b) == likeness(b, a)


@given(looks)
def test_everybody_is_like_themselves(a):
    assert likeness(a, a).alike


@given(looks, names, st.uuids())
def test_twins_are_never_like_each_other(a, other_name, id):
    twin = a._replace(id=id, given_name=other_name)
    assume(a.kind == PersonKind.CHILD and rules.name_key(a.given_name) != rules.name_key(other_name))

    assert not likeness(a, twin).alike
