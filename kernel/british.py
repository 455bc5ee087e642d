"""Dates as people in England write them, to be read."""

import re
from datetime import date, datetime, timedelta

from kernel.prose import MONTHS

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = (
    r"(?:(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?\.?,?\s+)?"
)
_NAMED = re.compile(
    rf"{_WEEKDAY}(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s\-/.]*{_MONTH}\.?,?"
    r"(?:[\s\-/]*'?(?P<year>\d{4}|\d{2}))?(?!\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]00:00(?::00)?(?:\.0+)?)?")
_FIGURES = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})([/.\-])(?P<month>\d{{1,2}})\2(?P<year>\d{{4}}|\d{{2}})", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"\s+(?:to|until|till|til|through|and)\s+|\s*[–—]\s*|\s+-\s+|(?<=[a-z] \d{4})\s*-\s*", re.IGNORECASE
)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # a spreadsheet's numbers of 1 January 2000 and 31 December 2099


def read_date(written: object) -> date:
    """Return the date that was written; raise ``ValueError`` with a plain sentence when it cannot be told."""
    if isinstance(written, datetime):
        return written.date()
    if isinstance(written, date):
        return written
    if isinstance(written, int | float) and not isinstance(written, bool):
        return _date_of_serial(written)
    text = " ".join(str(written).split())
    for pattern in (_ISO, _FIGURES, _NAMED):
        if found := pattern.fullmatch(text):
            return _date_of(found, text)
    raise ValueError(f"‘{text}’ is not a date such as 2 September 2025 or 02/09/2025.")


def read_dates(written: object) -> tuple[date, date]:
    """Return the first and the last date of a stretch such as ``27 to 31 October 2025``, or one day twice."""
    text = " ".join(str(written).split()) if isinstance(written, str) else ""
    parts = [part for part in _BETWEEN.split(text) if part]
    if len(parts) != 2:
        day = read_date(written)
        return day, day
    last = read_date(parts[1])
    return _first_of_stretch(parts[0], last), last


def find_date(text: str) -> tuple[date, tuple[int, int]] | None:
    """Return the first whole date within a text, and where it stands."""
    for pattern in (_ISO, _FIGURES, _NAMED):
        for found in pattern.finditer(text):
            if found["year"] and (day := _valid(found)):
                return day, found.span()
    return None


def _date_of_serial(number: float) -> date:
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        raise ValueError(f"‘{number:g}’ is a number, not a date.")
    return date(1899, 12, 30) + timedelta(days=int(number))


def _date_of(found: re.Match[str], text: str) -> date:
    if not found["year"]:
        raise ValueError(f"‘{text}’ does not say which year.")
    if day := _valid(found):
        return day
    raise ValueError(f"There is no such date as ‘{text}’. Write the day before the month, as in 31/10/2025.")


def _valid(found: re.Match[str]) -> date | None:
    year = int(found["year"])
    try:
        return date(year + 2000 if year < 100 else year, _month(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _month(written: str) -> int:
    if written.isdigit():
        return int(written)
    return next(n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(written.lower()[:3]))


def _first_of_stretch(text: str, last: date) -> date:
    """Read the first day of a stretch, whose month and year may be said by the last day only."""
    try:
        return read_date(text)
    except ValueError:
        pass
    if found := re.fullmatch(rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?", text, re.IGNORECASE):
        return read_date(f"{found[1]} {MONTHS[last.month - 1]} {last.year}")
    first = read_date(f"{text} {last.year}")
    return read_date(f"{text} {last.year - 1}") if first > last else first
