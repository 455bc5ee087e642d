"""Wall time in England made into moments, and back. It does not ask what time it is."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def at_wall_time(day: date, at: time) -> datetime:
    """Return the moment, in UTC, at which clocks in England show that time on that day.

    The hour that happens twice is taken the first time; a time that the clocks skip is moved on by an hour.
    """
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), LONDON).astimezone(UTC)


def wall(moment: datetime) -> datetime:
    """Return the moment as clocks in England show it."""
    return moment.astimezone(LONDON)
