"""The terms and school years that results are told of: fixed, so that no two reports overlap by halves. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

TERMS = (
    (1, "Spring", "January to April"),
    (5, "Summer", "May to August"),
    (9, "Autumn", "September to December"),
)
"""The month in which each begins, its name, and its months: wherever a council’s own terms begin, each lies within."""
MONTHS = 4


class Period(NamedTuple):
    """A school term or a school year: its code, its name for people, its first day, and the first day after it."""

    code: str
    name: str
    first: date
    end: date


def term_of(day: date) -> Period:
    """Return the term in which a day lies."""
    month, name, months = next(one for one in reversed(TERMS) if one[0] <= day.month)
    first = date(day.year, month, 1)
    end = date(day.year + (month + MONTHS > 12), (month + MONTHS - 1) % 12 + 1, 1)
    return Period(f"{day.year}-{name.lower()}", f"{name} term {day.year} ({months})", first, end)


def year_of(day: date) -> Period:
    """Return the school year in which a day lies."""
    begins = day.year if day.month >= 9 else day.year - 1
    return Period(
        f"{begins}-to-{begins + 1}",
        f"School year {begins}/{(begins + 1) % 100:02}",
        date(begins, 9, 1),
        date(begins + 1, 9, 1),
    )


def periods(earliest: date, today: date) -> Sequence[Period]:
    """Return the terms and school years that are over since the first course: the newest first, years before terms."""
    term, found = _last_over(today), set[Period]()
    earliest = min(earliest, term.first)
    while term.end > earliest:
        found |= {term, year_of(term.first)} if year_of(term.first).end <= today else {term}
        term = _before(term)
    return sorted(found, key=lambda one: (one.end, one.end - one.first), reverse=True)


def under_way(today: date) -> Period:
    """Return the term that goes on, which is told of once it is over."""
    return term_of(today)


def _last_over(today: date) -> Period:
    return _before(term_of(today))


def _before(term: Period) -> Period:
    return term_of(
        date(term.first.year - (term.first.month == 1), (term.first.month - MONTHS - 1) % 12 + 1, 1)
    )
