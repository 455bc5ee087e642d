"""The one place that reads the wall clock, and the one that turns wall time into moments."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day that it is in England."""
    return now().astimezone(LONDON).date()


def at_wall_time(day: date, at: time) -> datetime:
    """Return the moment, in UTC, at which clocks in England show that time on that day.

    The hour that happens twice is taken the first time; a time that the clocks skip is moved on by an hour.
    """
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), LONDON).astimezone(UTC)


def wall(moment: datetime) -> datetime:
    """Return the moment as clocks in England show it."""
    return moment.astimezone(LONDON)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of the day in England and the first of the next: 23, 24 or 25 hours apart."""
    return at_wall_time(day, time.min), at_wall_time(day + timedelta(days=1), time.min)
