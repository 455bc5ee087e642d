"""The words around the questions in the language of whoever answers, ready for a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from babel.dates import format_date
from markupsafe import Markup, escape

from kernel import prose
from kernel.clock import wall
from outcomes.rules import Phrases, phrases
from outcomes.rules.phrases import ENGLISH


@dataclass(frozen=True)
class Voice:
    """Says what stands on a page in one language: ``say("question_of", place=1, count=7)``."""

    phrases: Phrases

    def __call__(self, key: str, **fields: Any) -> Markup:
        """Return the words of a key with its fields, which are escaped."""
        return escape(self.phrases.text(key, fields.get("count"))).format(**fields)

    @property
    def language(self) -> str:
        """Return the code of the language that is spoken."""
        return self.phrases.language

    @property
    def direction(self) -> str:
        """Return which way the language is written."""
        return prose.direction(self.language)

    def moment(self, value: datetime) -> Markup:
        """Return ``3 March 2026 at 9:30am``, or ``3 marca 2026, 09:30``."""
        if self.language == ENGLISH:
            return self("moment", date=prose.date_only(value), time=prose.clock(value))
        local = wall(value)
        day = format_date(local.date(), "long", locale=self.language)
        return self("moment", date=day, time=f"{local:%H:%M}")

    def name_of(self, language: str) -> str:
        """Return what a language is called in this one."""
        return str(Locale.parse(self.language).languages.get(language, language))


def voice(language: str) -> Voice:
    """Return the voice of a language, or the English one where the pages have no words of it."""
    return Voice(phrases(language))
