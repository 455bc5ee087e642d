"""Languages in which questions can be asked."""

from collections.abc import Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

OFTEN = tuple("en pl ro pa ur pt es ar bn gu it lt hu sk cs so uk fa ku".split())


@cache
def language_choices() -> Sequence[tuple[str, str]]:
    """Return ISO 639 codes and names of languages, those most spoken in England first."""
    names = {code: name for code, name in Locale("en").languages.items() if len(code) == 2}
    others = sorted((name, code) for code, name in names.items() if code not in OFTEN)
    return [*((code, names[code]) for code in OFTEN), *((code, name) for name, code in others)]


@cache
def english_name(code: str) -> str:
    """Return what a language is called in English, ``Polish``."""
    return dict(language_choices()).get(code, code)


@cache
def own_name(code: str) -> str:
    """Return what a language is called by those who speak it, and in English: ``Polski (Polish)``."""
    try:
        own = Locale.parse(code).get_language_name(code)
    except (UnknownLocaleError, ValueError):
        own = None
    english = english_name(code)
    return english if not own or own == english else f"{own[0].upper()}{own[1:]} ({english})"
