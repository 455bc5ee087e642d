"""The words around the questions: every language says all that English says, of the same things."""

import tomllib
from string import Formatter

import pytest
from babel import Locale

from outcomes.rules import page_languages, phrases
from outcomes.rules.phrases import FOLDER

OTHERS = [code for code in page_languages() if code != "en"]
NUMBERS = {"111", "116", "123", "999", "85258"}


def words(code):
    return tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))


def forms(told):
    return list(told.values()) if isinstance(told, dict) else [told]


def fields(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_the_languages_are_those_that_were_written_english_first():
    assert page_languages() == ("en", "ar", "pl", "ro", "uk", "ur")


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_says_everything_and_of_the_same_things(code):
    source, told = words("en"), words(code)

    assert list(told) == list(source)
    for key, said in told.items():
        for form in forms(said):
            assert fields(form) == fields(forms(source[key])[0]), key
            assert form.strip() == form, key
            assert form, key
            assert form not in forms(source[key]), f"{key} is English"
            assert not NUMBERS & set(form.split()), f"{key} has a number of its own"


@pytest.mark.parametrize("code", page_languages())
def test_a_language_has_each_of_its_plurals(code):
    plurals = {*Locale.parse(code).plural_form.tags, "other"}

    for key in ("questions", "minutes"):
        assert set(words(code)[key]) == plurals
        for count in range(120):
            assert phrases(code).text(key, count) in words(code)[key].values()


def test_a_language_without_words_is_english():
    assert phrases("so") is phrases("en")
