"""What instruments there are, the words in which they are asked, and their bands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from kernel.db import db
from kernel.errors import NotFound
from outcomes import rules
from outcomes.models import CouncilBands, Wording
from outcomes.rules import Band, Instrument
from outcomes.rules.reading import bands as read_bands
from outcomes.terms import Respondent, WordsFrom

ENGLISH = "en"
ABOUT_A_CHILD = ("sdq",)
"""Instruments with which a parent says how their child is. All others are about whoever answers."""


@dataclass(frozen=True)
class Asked:
    """The words in which an instrument is asked, in the language that they are in."""

    language: str
    intro: str
    items: Sequence[str]
    """In the order of the items."""
    responses: Mapping[str, Sequence[str]]
    """The labels of each set, in the order of its codes."""
    not_said: str = ""
    go_on: str = ""
    """What the council would have beside every question; empty where the words of the page do."""


def instruments() -> Sequence[Instrument]:
    """Return every instrument of the product, by name."""
    return sorted(
        rules.shipped().values(), key=lambda instrument: (instrument.name.casefold(), instrument.code)
    )


def find_instrument(code: str) -> Instrument:
    """Return the instrument of this code, or raise NotFound."""
    if instrument := rules.shipped().get(code):
        return instrument
    raise NotFound("instrument")


def is_about_child(code: str) -> bool:
    """Say whether a parent answers about their child here, and not about themselves."""
    return code in ABOUT_A_CHILD


def wordings(code: str) -> Mapping[str, Wording]:
    """Return the words that the council put in and that hold now, by language."""
    held = select(Wording).where(Wording.instrument == code, Wording.withdrawn_at.is_(None))
    return {row.language: row for row in db.scalars(held.order_by(Wording.language, Wording.id).limit(200))}


def words_of(code: str, language: str = ENGLISH) -> Asked | None:
    """Return the words of an instrument in a language; in English, or whichever there are, when not in that one."""
    own, instrument = wordings(code), find_instrument(code)
    choices = {row.language: _of_council(row) for row in own.values()}
    if instrument.words and ENGLISH not in choices:
        choices[ENGLISH] = _shipped(instrument)
    return choices.get(language) or choices.get(ENGLISH) or next(iter(choices.values()), None)


def languages_of(code: str) -> Sequence[str]:
    """Return the languages in which an instrument can be asked, English first."""
    held = set(wordings(code)) | ({ENGLISH} if find_instrument(code).words else set())
    return sorted(held, key=lambda language: (language != ENGLISH, language))


def shown_in(code: str) -> Sequence[str]:
    """Return the languages of the questions, or at least of the page around them, English first."""
    both = {*languages_of(code), *rules.page_languages()}
    return sorted(both, key=lambda language: (language != ENGLISH, language))


def words_from(code: str) -> WordsFrom:
    """Return where the words come from that people are asked."""
    return sources()[code]


def sources() -> Mapping[str, WordsFrom]:
    """Return where the words of every instrument come from, in one statement."""
    own = set(db.scalars(select(Wording.instrument).where(Wording.withdrawn_at.is_(None)).distinct()))
    return {
        code: WordsFrom.COUNCIL if code in own else WordsFrom.SHIPPED if instrument.words else WordsFrom.NONE
        for code, instrument in rules.shipped().items()
    }


def is_ready(code: str) -> bool:
    """Say whether an instrument can be asked: whether there are words."""
    return words_from(code) != WordsFrom.NONE


def words_history(code: str) -> Sequence[Wording]:
    """Return all words that the council ever put in for an instrument, the newest first."""
    ever = select(Wording).where(Wording.instrument == code)
    return db.scalars(ever.order_by(Wording.attested_at.desc(), Wording.id.desc()).limit(100)).all()


def bands(code: str, scale: str, respondent: Respondent) -> Sequence[Band]:
    """Return the bands of a scale: the council's, or else those that are shipped."""
    return all_bands(code, respondent)[scale]


def all_bands(code: str, respondent: Respondent) -> Mapping[str, Sequence[Band]]:
    """Return the bands of every scale of an instrument: the council's, or else those that are shipped."""
    own = {row.scale: read_bands(row.bands) for row in council_bands(code) if row.respondent == respondent}
    return {
        scale.code: own.get(scale.code) or scale.bands.get(respondent, ())
        for scale in find_instrument(code).scales
    }


def council_bands(code: str) -> Sequence[CouncilBands]:
    """Return the bands that the council entered for an instrument and that hold now."""
    held = select(CouncilBands).where(CouncilBands.instrument == code, CouncilBands.withdrawn_at.is_(None))
    return db.scalars(
        held.order_by(CouncilBands.scale, CouncilBands.respondent, CouncilBands.id).limit(200)
    ).all()


def bands_history(code: str) -> Sequence[CouncilBands]:
    """Return all bands that the council ever entered for an instrument, the newest first."""
    ever = select(CouncilBands).where(CouncilBands.instrument == code)
    return db.scalars(ever.order_by(CouncilBands.entered_at.desc(), CouncilBands.id.desc()).limit(100)).all()


def _of_council(row: Wording) -> Asked:
    told = row.words
    asked = Asked(row.language, told.get("intro", ""), told["items"], told["responses"])
    return replace(asked, **{name: said for name, said in told.get("page", {}).items() if said})


def _shipped(instrument: Instrument) -> Asked:
    words = instrument.words
    assert words is not None
    labels = {
        name: words.responses.get(name) or [response.label for response in responses]
        for name, responses in instrument.responses.items()
    }
    return Asked(ENGLISH, words.intro, words.items, labels)
