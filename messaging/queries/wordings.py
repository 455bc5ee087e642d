"""What a council says in its messages."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from babel import Locale
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from kernel.db import db
from kernel.errors import NotFound
from messaging import rules
from messaging.models import MessageWording

LANGUAGES = Locale("en").languages


class InUse(NamedTuple):
    """What is said in a kind of message and a language, the newest row of it, and whether it is the council's own."""

    wording: rules.Wording
    newest: MessageWording | None
    own: bool


class OwnWords(NamedTuple):
    """A language in which a council has words of its own for a kind of message."""

    language: str
    name: str
    refused: bool
    """Whether they could not be saved any more: a newer version of the product may be stricter."""


def newest_wordings() -> Mapping[tuple[str, str], MessageWording]:
    """Return the newest row of each kind and language that the council has written in."""
    newest = (
        select(MessageWording)
        .ext(distinct_on(MessageWording.kind, MessageWording.language))
        .order_by(
            MessageWording.kind,
            MessageWording.language,
            MessageWording.made_at.desc(),
            MessageWording.id.desc(),
        )
    )
    return {(row.kind, row.language): row for row in db.scalars(newest)}


def own_words() -> Mapping[str, list[OwnWords]]:
    """Return in which languages each kind has the council's own words, by their English names."""
    own: dict[str, list[OwnWords]] = {}
    for (code, language), row in newest_wordings().items():
        if code in rules.kinds() and not row.back_to_shipped:
            refused = bool(rules.problems(rules.kinds()[code], words_of(row)))
            own.setdefault(code, []).append(OwnWords(language, find_language(language), refused))
    return {code: sorted(languages, key=lambda one: one.name) for code, languages in own.items()}


def wording_in_use(kind: str, language: str) -> InUse:
    """Return what is said in a kind of message and a language; no words where there are none."""
    newest = next(iter(wording_history(kind, language, limit=1)), None)
    if newest and not newest.back_to_shipped:
        return InUse(words_of(newest), newest, own=True)
    return InUse(rules.shipped(language).get(kind) or rules.Wording("", "", ""), newest, own=False)


def wording_history(kind: str, language: str, *, limit: int = 50) -> Sequence[MessageWording]:
    """Return what the council has said in a kind of message and a language, the newest first."""
    return db.scalars(
        select(MessageWording)
        .where(MessageWording.kind == kind, MessageWording.language == language)
        .order_by(MessageWording.made_at.desc(), MessageWording.id.desc())
        .limit(limit)
    ).all()


def wording_before(kind: str, language: str, id: UUID) -> MessageWording:
    """Return words that the council had in a kind of message and a language, or raise NotFound."""
    found = db.scalar(
        select(MessageWording).where(
            MessageWording.id == id, MessageWording.kind == kind, MessageWording.language == language
        )
    )
    if found is None or found.back_to_shipped:
        raise NotFound("MessageWording")
    return found


def words_of(row: MessageWording) -> rules.Wording:
    """Return the words of a row."""
    return rules.Wording(row.subject, row.body, row.text)


def find_kind(code: str) -> rules.Kind:
    """Return a kind of message, or raise NotFound."""
    if code not in rules.kinds():
        raise NotFound("kind of message")
    return rules.kinds()[code]


def find_language(code: str) -> str:
    """Return the English name of a language in which words can be put, or raise NotFound."""
    if not (code.isalpha() and code.islower() and code in LANGUAGES):
        raise NotFound("language")
    return str(LANGUAGES[code])


def languages_without_words() -> list[tuple[str, str]]:
    """Return the languages in which no words come with the product, by their English names."""
    known = {code: str(name) for code, name in LANGUAGES.items() if len(code) == 2 and code.isalpha()}
    return sorted(
        ((code, name) for code, name in known.items() if code not in rules.languages()),
        key=lambda one: one[1],
    )
