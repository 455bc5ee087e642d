"""What stands around the questions, in the languages that there are: TOML files, read once, English their source."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

FOLDER = Path(__file__).parent / "pages"
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of the pages in one language; a phrase with a number has a form for each plural of the language."""

    language: str
    texts: Mapping[str, str | Mapping[str, str]]

    def text(self, key: str, count: int | None = None) -> str:
        """The words of a key, their fields still in braces."""
        found = self.texts[key]
        if isinstance(found, str):
            return found
        return found[Locale.parse(self.language).plural_form(count or 0)]


@cache
def spoken() -> Mapping[str, Phrases]:
    """The languages of the pages by their codes, English first."""
    codes = sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda code: (code != ENGLISH, code))
    return {code: read(code, (FOLDER / f"{code}.toml").read_text("utf-8")) for code in codes}


def read(code: str, text: str) -> Phrases:
    """The words that a file holds."""
    return Phrases(code, tomllib.loads(text))


def phrases(language: str) -> Phrases:
    """The words of the pages in a language, or in English where there are none."""
    known = spoken()
    return known.get(language) or known[ENGLISH]


def page_languages() -> Sequence[str]:
    """The codes of the languages in which pages can be shown, English first."""
    return tuple(spoken())
