"""When the courses of three terms began, told from today."""

from collections.abc import Sequence
from datetime import date, timedelta

from hubs.terms import Weekday
from tenants.rules import Dates
from tenants.terms import DatesKind

WEEK = timedelta(weeks=1)
BEGINS_IN_WEEK = 2
"""Courses begin in the second week of a term."""
APART = 17
"""Weeks from term to term where none has been entered."""
UNDER_WAY = 5
"""For how many weeks the courses of this term have been running."""


def first_date(term: int, weekday: Weekday, dates: Sequence[Dates], today: date) -> date:
    """Return when a course begins that meets on a weekday: 0 is two terms ago, 2 this term."""
    if term == 2:
        return _on(weekday, today - UNDER_WAY * WEEK)
    over = sorted(one.first_day for one in dates if one.kind == DatesKind.TERM and one.last_day < today)
    if len(over) > 1 - term:
        return _on(weekday, over[term - 2] + BEGINS_IN_WEEK * WEEK)
    return _on(weekday, (over[0] if over else today) - (2 - term - len(over)) * APART * WEEK)


def _on(weekday: Weekday, day: date) -> date:
    """Return that weekday of the week of a day."""
    return day - timedelta(days=day.weekday()) + timedelta(days=weekday.number)
