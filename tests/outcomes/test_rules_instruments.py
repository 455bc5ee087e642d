"""Every instrument that is shipped can be read, and a wrong file is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from outcomes.rules import Instrument, shipped
from outcomes.rules.reading import FOLDER, read
from outcomes.terms import Licence, Respondent, WordsFrom

EVERY = pytest.mark.parametrize("instrument", shipped().values(), ids=lambda instrument: instrument.code)
WITH_WORDS = {"bpses", "core10", "gad7", "goals", "phq9"}
WITHOUT_SCALES = {"pafas", "parenting_scale", "swemwbs", "topse"}
WITH_CHANGE = {
    ("core10", "total"): "6",  # Barkham et al. 2013
    ("gad7", "total"): "4",  # NHS Talking Therapies
    ("phq9", "total"): "6",
    ("wemwbs", "total"): "8.587",  # Maheswaran et al. 2012: 2.77 × 3.1
    ("goals", "progress"): "3",  # NHS England, Mental Health Services Monthly Statistics, from here on
    ("sdq", "emotional"): "4",
    ("sdq", "conduct"): "4",
    ("sdq", "hyperactivity"): "4",
    ("sdq", "peer"): "3",
    ("sdq", "prosocial"): "3",
    ("sdq_self", "emotional"): "4",
    ("sdq_self", "conduct"): "4",
    ("sdq_self", "hyperactivity"): "4",
    ("sdq_self", "peer"): "5",
    ("sdq_self", "prosocial"): "4",
}
SMALL = """
version = "1"
name = "A small one"
about = "Three things."
respondents = ["parent"]
licence = "open"
licence_note = "Ours."
citation = "Us."
source = "Us."

[items]
number = 3
responses = "often"
reverse = [2]

[responses.often]
values = [0, 1, 2]

[[scales]]
code = "total"
name = "Total"
items = [1, 2, 3]
lowest = 0
highest = 6
direction = "lower"
bands_source = "Us."

[[scales.bands.parent]]
from = 0
to = 3
name = "Low"

[[scales.bands.parent]]
from = 4
to = 6
name = "High"
clinical = true

[words]
intro = "How often?"
items = ["One", "Two", "Three"]
responses = { often = ["Never", "At times", "Often"] }
"""


def test_there_are_the_instruments_that_programmes_ask_for():
    assert set(shipped()) == {
        *WITH_WORDS,
        *WITHOUT_SCALES,
        "kpcs",
        "sdq",
        "sdq_self",
        "wemwbs",
    }


def test_only_words_that_may_be_passed_on_are_shipped():
    assert {code for code, one in shipped().items() if one.words} == WITH_WORDS
    assert all(shipped()[code].licence is not Licence.RESTRICTED for code in WITH_WORDS)


def test_what_cannot_be_confirmed_is_left_off():
    assert {code for code, one in shipped().items() if not one.scales} == WITHOUT_SCALES
    rules = {
        (code, scale.code): str(scale.change.amount)
        for code, one in shipped().items()
        for scale in one.scales
        if scale.change
    }
    assert rules == WITH_CHANGE
    assert not any(scale.bands for code in ("sdq", "sdq_self") for scale in shipped()[code].scales)


@EVERY
def test_an_instrument_says_where_it_is_from(instrument: Instrument):
    assert instrument.name
    assert instrument.about.endswith(".")
    assert instrument.licence_note
    assert instrument.citation
    assert instrument.source
    assert [item.number for item in instrument.items] == list(range(1, len(instrument.items) + 1))
    assert instrument.words_from is (WordsFrom.SHIPPED if instrument.words else WordsFrom.NONE)


@EVERY
def test_an_instrument_without_words_gives_none_away(instrument: Instrument):
    labels = [response.label for responses in instrument.responses.values() for response in responses]
    if not instrument.words:
        assert all(label.isdigit() for label in labels)
        assert "[words" not in (FOLDER / f"{instrument.code}.toml").read_text()


@EVERY
def test_files_are_short(instrument: Instrument):
    assert len((FOLDER / f"{instrument.code}.toml").read_text().splitlines()) < 300


def test_items_of_despair_are_marked():
    marked = {
        (code, item.number): item.despair_from
        for code, one in shipped().items()
        for item in one.items
        if item.despair_from is not None
    }
    assert marked == {("phq9", 9): 1, ("core10", 6): 1}


def test_the_owners_of_core_are_named_where_it_is_asked():
    assert shipped()["core10"].citation.startswith("© CORE System Trust: https://www.coresystemtrust.org.uk")


def test_the_words_of_phq_9_are_those_published():
    words = shipped()["phq9"].words
    assert words
    assert words.items[8] == "Thoughts that you would be better off dead or of hurting yourself in some way"
    # "Not at all sure" is a known misprint: Zorowitz et al. 2021, Lancet Psychiatry 8:180.
    assert words.responses["often"][0] == "Not at all"


def test_a_small_file_is_read():
    small = read("small", SMALL)
    assert small.code == "small"
    assert small.item(2).reverse
    assert small.scale("total").highest == Decimal(6)
    assert [band.name for band in small.scale("total").bands[Respondent.PARENT]] == ["Low", "High"]
    assert [response.label for response in small.responses["often"]] == ["Never", "At times", "Often"]


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("reverse = [2]", "reverse = [4]", "There is no item 4"),
        ("reverse = [2]", "reverse = [2, 2]", "reversed twice"),
        ("reverse = [2]", "despair_from = { 2 = 7 }", "Item 2 has no such answer"),
        ("reverse = [2]", "other_responses = { rarely = [1] }", "Item 1 has no responses"),
        ("items = [1, 2, 3]\n", "items = [1, 2, 9]\n", "an item that is not there"),
        ("items = [1, 2, 3]\n", "items = [1, 2, 2]\n", "counts an item twice"),
        ("items = [1, 2, 3]\n", "", "made of items or of scales"),
        ("highest = 6", "highest = 9", "another range"),
        ('direction = "lower"', 'direction = "lower"\nmost_missing = 1', "hides missing answers"),
        ('direction = "lower"', 'direction = "lower"\nprorated = true\nmost_missing = 3', "too many"),
        ("from = 4", "from = 5", "gap or overlap"),
        ("from = 4", "from = 3", "gap or overlap"),
        ("to = 6", "to = 5", "end elsewhere"),
        ("from = 0", "from = 1", "begin elsewhere"),
        ("bands.parent", "bands.young_person", "nobody's"),
        ("values = [0, 1, 2]", "values = [0, 1, 1]", "differ in number"),
        ("values = [0, 1, 2]", "values = [0, 1]", "differ in number"),
        ('"One", "Two", "Three"', '"One", "Two"', "as many words"),
        ('"One", "Two", "Three"', '"One", "", "Three"', "words are empty"),
        ('licence = "open"', 'licence = "restricted"', "Restricted words"),
        ('respondents = ["parent"]', "respondents = []", "Nobody answers"),
        ('direction = "lower"', 'direction = "sideways"', "sideways"),
    ],
)
def test_a_wrong_file_is_refused(right: str, wrong: str, why: str):
    assert right in SMALL
    with pytest.raises(ValueError, match=why):
        read("small", SMALL.replace(right, wrong))


def test_every_file_lies_where_it_is_read():
    assert {path.stem for path in Path(FOLDER).iterdir()} == set(shipped())
