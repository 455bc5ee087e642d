"""Reading weekdays and how often: ``Tuesdays``, ``Mon & Wed``, ``Mon-Fri``, ``Every other Wed``, ``fortnightly``."""
# ruff: noqa: E501 - a pattern is read in one piece

import re
from datetime import date, datetime
from difflib import get_close_matches

from hubs.rules.reading import Understood, text_of
from hubs.terms import Weekday
from kernel import prose
from kernel.spreadsheets import Cell

_DAY = r"(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?:'?s)?\b\.?"
_ALL_DAYS = list(Weekday)
_WEEK = {
    r"\bweekdays?\b|\bevery weekday\b|\bworking days?\b": _ALL_DAYS[:5],
    r"\bweekends?\b": _ALL_DAYS[5:],
    r"\bevery ?day\b|\bdaily\b|\b7 days(?: a week)?\b|\bseven days\b": _ALL_DAYS,
}
_DAY_RANGE = re.compile(
    rf"\b(?P<first>{_DAY})\s*(?:-+|to|till?|until|through)\s*(?P<last>{_DAY})", re.IGNORECASE
)
_DAY_LIST = re.compile(
    rf"\b{_DAY}(?:\s*(?:,|&|\+|/|;|and|or|then)+\s*(?:and\s+|on\s+)?{_DAY})*", re.IGNORECASE
)
_ONE_DAY = re.compile(rf"\b{_DAY}", re.IGNORECASE)


def find_weekdays(text: str) -> tuple[Understood[tuple[Weekday, ...]], str]:
    """Return the weekdays that a text names, and the text without them."""
    plain = text_of(text)
    if found := _DAY_RANGE.search(plain):
        days = _from_to(_weekday(found["first"]), _weekday(found["last"]))
        return _days(days), _without(plain, found)
    for pattern, week in _WEEK.items():
        if found := re.search(pattern, plain, re.IGNORECASE):
            return _days(week), _without(plain, found)
    if found := _DAY_LIST.search(plain):
        rest = _without(plain, found)
        named = [_weekday(one) for one in _ONE_DAY.findall(found[0])]
        while more := _DAY_LIST.search(rest):
            named += [_weekday(one) for one in _ONE_DAY.findall(more[0])]
            rest = _without(rest, more)
        return _days(named), rest
    return _misspelt(plain)


def read_weekdays(cell: Cell) -> Understood[tuple[Weekday, ...]]:
    """Read a cell of weekdays; several make several entries."""
    if isinstance(cell, datetime | date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return _days([Weekday.of(day)]).but(f"Taken from the date {prose.day(day)}.")
    text = text_of(cell)
    if not text:
        return Understood()
    found, _ = find_weekdays(text)
    return found if found.value else Understood(problem=f"‘{text}’ is not a day of the week.")


def _days(days: list[Weekday]) -> Understood[tuple[Weekday, ...]]:
    ordered = tuple(sorted(set(days), key=lambda day: day.number))
    return Understood(ordered, f"On {prose.listing([f'{day.label}s' for day in ordered])}.")


def _from_to(first: Weekday, last: Weekday) -> list[Weekday]:
    count = (last.number - first.number) % 7 + 1
    return [_ALL_DAYS[(first.number + n) % 7] for n in range(count)]


def _weekday(written: str) -> Weekday:
    return next(day for day in Weekday if day.value.startswith(written.lower()[:3]))


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()


def _misspelt(text: str) -> tuple[Understood[tuple[Weekday, ...]], str]:
    """Take ``Wednsday`` for Wednesday, and say so."""
    names = {day.label.lower(): day for day in Weekday}
    for word in re.findall(r"[A-Za-z]{5,}", text):
        if near := get_close_matches(word.lower().rstrip("s"), names, n=1, cutoff=0.8):
            day = names[near[0]]
            return _days([day]).but(f"‘{word}’ was read as {day.label}. Check it."), text.replace(word, "", 1)
    return Understood(), text


ONCE = 0
"""How many weeks lie between the sessions of something that takes place once."""

_NOT_SUPPORTED = re.compile(
    r"\b(?:(?:1st|first|2nd|3rd|third|4th|fourth|5th|fifth|last)\b(?:\s*(?:and|&|,|/|\+)\s*(?:1st|2nd|3rd|4th|5th|first|"
    r"second|third|fourth|last))*\s+(?:"
    + _DAY
    + r"|week|of\b)|(?:2nd|second)\s+"
    + _DAY
    + r"\s*(?:of|in|each month|every)"
    r"|month|4[\s-]weekly|four[\s-]weekly|every (?:[3-9]|three|four|five|six|third|fourth)(?:rd|th)? (?:week|"
    + _DAY
    + r")|"
    r"[3-9] weeks|half[\s-]termly|termly|quarterly|annual|yearly|ad[\s-]hoc|various|varies|occasional|as required|"
    r"(?:week|wk)s? [AB]\b|(?:odd|even) weeks?|twice (?:a|per) (?:week|month)|bi-?weekly|\d ?x ?(?:per |a )?(?:week|month)|"
    r"see (?:website|facebook|poster)|tbc|dates? vary)",
    re.IGNORECASE,
)
_FORTNIGHTLY = re.compile(
    r"\b(?:every\s+(?:other|second|2nd|alternate|two|2)(?:\s+weeks?)?(?=\W|$)|(?:once\s+)?(?:a|per|every|each)\s+fortnight|"
    r"(?:runs?\s+)?fortnightly|fortnight|alternate(?:\s+weeks?)?|alternating(?:\s+weeks?)?|alt\.?(?:\s+weeks?)?|"
    r"(?:every\s+)?(?:2|two)[\s-]?(?:weeks?|weekly|wks?))(?:\s+on\b)?",
    re.IGNORECASE,
)
_WEEKLY = re.compile(
    r"\b(?:(?:once\s+)?(?:a|per|each|every)\s+week|every\s+1\s+week|weekly|(?:1|one)\s+(?:week|wk)|every\b|each\b)(?:\s+on\b)?",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\bone[\s-]?off\b|\bonce only\b|\bsingle (?:session|event)\b|^once$|\bone day only\b", re.IGNORECASE
)


def find_frequency(text: str) -> tuple[Understood[int], str]:
    """Return how many weeks lie between sessions, and the text without the words that say so."""
    plain = text_of(text)
    if found := _NOT_SUPPORTED.search(plain):
        return Understood(problem=_cannot_repeat(plain, found[0])), _without(plain, found)
    for pattern, weeks, how in (
        (_ONCE, ONCE, "Once."),
        (_FORTNIGHTLY, 2, "Every 2 weeks."),
        (_WEEKLY, 1, "Every week."),
    ):
        if found := pattern.search(plain):
            return Understood(weeks, how), _without(plain, found)
    return Understood(), plain


def read_frequency(cell: Cell) -> Understood[int]:
    """Read how often: ``weekly``, ``2 weeks``, ``fortnightly``; what the timetable cannot do is said plainly."""
    text = text_of(cell)
    if not text:
        return Understood()
    if text in ("1", "2"):
        return Understood(int(text), "Every week." if text == "1" else "Every 2 weeks.")
    found, _ = find_frequency(text)
    if found.value is not None or found.problem:
        return found
    if find_weekdays(text)[0].value:
        return Understood(1, "Every week.")
    return Understood(
        warning=f"We do not understand ‘{text}’ about how often, so it was taken as every week."
    )


def _cannot_repeat(text: str, words: str) -> str:
    if re.fullmatch(r"bi-?weekly", words, re.IGNORECASE):
        return f"‘{text}’ can mean twice a week or every 2 weeks. Write ‘every week’ or ‘every 2 weeks’."
    return f"The timetable repeats every week or every 2 weeks, so ‘{text}’ cannot be imported. Add these dates by hand."
