"""When the courses of three terms began, told from today."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.demo.parenting.story import RunStory
from hubs.terms import Weekday
from tenants.rules import Dates
from tenants.terms import DatesKind

WEEK = timedelta(weeks=1)
BEGINS_IN_WEEK = 2
"""Courses begin in the second week of a term."""
APART = 17
"""Weeks from term to term where none has been entered."""


def first_date(run: RunStory, term: int, dates: Sequence[Dates], today: date) -> date:
    """Return when a course begins: in term 0, which is two terms ago, to 2, this one."""
    if term == 2:
        return _on(run.weekday, today - run.under_way * WEEK)
    over = sorted(one.first_day for one in dates if one.kind == DatesKind.TERM and one.last_day < today)
    if len(over) > 1 - term:
        return _on(run.weekday, over[term - 2] + BEGINS_IN_WEEK * WEEK)
    return _on(run.weekday, (over[0] if over else today) - (2 - term - len(over)) * APART * WEEK)


def _on(weekday: Weekday, day: date) -> date:
    """Return that weekday of the week of a day."""
    return day - timedelta(days=day.weekday()) + timedelta(days=weekday.number)
