"""The days on which nothing regular takes place, by the engine of the timetable."""

from datetime import date, time

from hubs.rules import PlainIntent, Skip, Window, series
from hubs.terms import Weekday
from tenants import queries as tenants

NINE, TEN = time(9), time(10)


def left_out(first: date, last: date, *, term_time_only: bool) -> tuple[Skip, ...]:
    """Return the days between two that the timetable leaves out, in order: bank holidays, and school holidays."""
    window, calendar = Window(first, last), tenants.school_calendar()
    skipped = [
        skip
        for weekday in Weekday
        for skip in series(
            PlainIntent(
                weekday=weekday, starts=NINE, ends=TEN, first_date=first, term_time_only=term_time_only
            ),
            window,
            calendar,
        ).skipped
    ]
    return tuple(sorted(skipped, key=lambda skip: skip.day))
