"""Putting named fields into a wording, in the language of whoever reads it. Pure."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

from kernel import prose
from kernel.london import LONDON
from messaging.rules.kinds import Kind, Wording
from messaging.rules.texting import in_usual_signs
from messaging.terms import At, Marked, Phrase, Span, Value

FIELD = re.compile(r"\(\(\s*([a-z_]+)\s*\)\)")
"""A named field in a wording: ``((session))``, as GOV.UK Notify writes it."""
LIKE_A_FIELD = re.compile(r"\(\(([^()\n]*)\)\)")
"""What somebody may take for a field, and people would get with its brackets: ``((Session))``, ``((first name))``."""
IN_LINK = re.compile(r'href="[^"]*\(\(')
FROM_LEFT_TO_RIGHT = "\u200e"
FROM_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]"
)
"""A letter that is read from right to left, or a sign that turns what comes after it."""
_EMPTY_PARAGRAPH = re.compile(r"\A(\s*\(\([a-z_]+\)\)\s*)+\Z")


@dataclass(frozen=True, slots=True)
class Said:
    """A message in its words: one line of subject, plain text, clean HTML, and the text message."""

    subject: str
    plain: str
    html: str
    text: str


def fields_in(words: str) -> frozenset[str]:
    """Return the names of the fields that some words use."""
    return frozenset(FIELD.findall(words))


def problems(kind: Kind, wording: Wording) -> dict[str, str]:
    """Return what is wrong with a wording, by its part: a field that its kind does not have, words that are missing."""
    found: dict[str, str] = {}
    for part, words in (("subject", wording.subject), ("body", wording.body), ("text", wording.text)):
        strange = [name for name in LIKE_A_FIELD.findall(words) if name.strip() not in kind.names]
        if strange:
            fields = [f"(({name}))" for name in sorted(set(strange))]
            found[part] = f"This message cannot carry {prose.listing(fields, 'or')}"
        elif "((" in LIKE_A_FIELD.sub("", words):
            found[part] = "A field needs two brackets on both sides, like ((council))"
        elif "link" in fields_in(words) and part != "text":
            found[part] = "((link)) is for text messages: an email has its buttons and links below the words"
    if not wording.subject.strip():
        found["subject"] = "Enter a subject"
    if not wording.body.strip():
        found["body"] = "Enter what the email says"
    if wrong := _wrong_links(wording.body):
        found["body"] = wrong
    if wording.text.strip() and not kind.by_text:
        found["text"] = "This message goes by email only"
    elif wording.text.strip() and "link" not in fields_in(wording.text):
        found["text"] = "The text message must have ((link)), so that people can do something about it"
    return found


def _wrong_links(body: str) -> str:
    """Return what is wrong with the links of an email, or nothing."""
    if IN_LINK.search(prose.markdown(body)):
        return "A field cannot stand in the address of a link"
    if prose.leads_nowhere(body):
        return "Write the whole address of a link, like https://www.example.org.uk"
    return ""


def say(wording: Wording, says: Mapping[str, Value], *, language: str = "en") -> Said:
    """Return a wording with its fields put in. A field that is not told is empty."""
    told = {name: written(value, language) for name, value in says.items()}
    marked = {name: value.markdown for name, value in says.items() if isinstance(value, Marked)}
    body = "\n\n".join(
        part for part in re.split(r"\n\s*\n", wording.body.strip()) if not _is_empty(part, told)
    )
    return Said(
        subject=" ".join(_fill(wording.subject, told).split()),
        plain=_fill(prose.plain(body), told),
        html=FIELD.sub(
            lambda found: _as_html(told.get(found[1], ""), language), prose.markdown(_put_in(body, marked))
        ),
        text=in_usual_signs(_fill(wording.text, told)).strip(),
    )


def written(value: Value, language: str = "en") -> str:
    """Return a value as people of a language write it; times are those of England."""
    if isinstance(value, str):
        return value
    if isinstance(value, Marked):
        return value.plain
    if isinstance(value, Phrase):
        return value.english or _fill(
            value.words, {name: written(one, language) for name, one in value.says.items()}
        )
    if not _is_other(language):
        return _in_english(value)
    if isinstance(value, Span):
        times = f"{_time(value.starts_at, language)}–{_time(value.ends_at, language)}"
        return _joined(_date(value.starts_at, "full", language), times)
    return {
        "day": lambda at: _date(at, "full", language),
        "short_day": lambda at: _date(at, "EEE d MMM", language),
        "date": lambda at: _date(at, "long", language),
        "clock": lambda at: _time(at, language),
        "moment": lambda at: _joined(_date(at, "long", language), _time(at, language)),
        "until": lambda at: _joined(_date(at, "full", language), _time(at, language)),
    }[value.style](value.at)


def _in_english(value: At | Span) -> str:
    if isinstance(value, Span):
        return f"{prose.day(value.starts_at)}, {prose.times(value.starts_at, value.ends_at)}"
    at = value.at
    if value.style in ("clock", "moment", "until"):
        assert isinstance(at, datetime)
        if value.style == "clock":
            return prose.clock(at)
        return prose.moment(at) if value.style == "moment" else f"{prose.clock(at)} on {prose.day(at)}"
    return {"day": prose.day, "short_day": prose.short_day, "date": prose.date_only}[value.style](at)


def _is_other(language: str) -> bool:
    if language in ("", "en"):
        return False
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _date(at: datetime | date, form: str, language: str) -> str:
    day = at.astimezone(LONDON).date() if isinstance(at, datetime) else at
    return format_date(day, form, locale=language)


def _time(at: datetime | date, language: str) -> str:
    assert isinstance(at, datetime)
    time = format_time(at, "short", tzinfo=LONDON, locale=language)
    # From right to left, AM would change places with the hour after it.
    turned = prose.direction(language) == "rtl" and time.isascii()
    return f"{FROM_LEFT_TO_RIGHT}{time}" if turned else time


def _joined(day: str, time: str) -> str:
    """Return a day and what comes after it, with the comma of its language."""
    return f"{day}{'،' if '،' in day else ','} {time}"


def _is_empty(paragraph: str, told: Mapping[str, str]) -> bool:
    """Say whether a paragraph holds fields alone, and all of them are empty."""
    return bool(_EMPTY_PARAGRAPH.match(paragraph)) and not any(
        told.get(name) for name in FIELD.findall(paragraph)
    )


def _fill(words: str, told: Mapping[str, str]) -> str:
    return FIELD.sub(lambda found: told.get(found[1], ""), words)


def _put_in(words: str, marked: Mapping[str, str]) -> str:
    """Put Markdown into Markdown, before it becomes HTML; all other fields are put in after that, and escaped."""
    return FIELD.sub(lambda found: marked.get(found[1], found[0]), words)


def _as_html(value: str, language: str) -> str:
    """Return a value as HTML; one that is written in another direction leaves the words around it as they are."""
    lines = "<br>".join(html.escape(line) for line in value.splitlines())
    turns = prose.direction(language) == "rtl" or FROM_RIGHT_TO_LEFT.search(value)
    return f"<bdi>{lines}</bdi>" if lines and turns else lines
