"""The one place that reads the wall clock; `kernel.london` turns wall time into moments."""

from datetime import UTC, date, datetime, time, timedelta

from kernel.london import LONDON, at_wall_time, wall

__all__ = ["LONDON", "at_wall_time", "day_bounds", "now", "today", "wall"]


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day that it is in England."""
    return now().astimezone(LONDON).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of the day in England and the first of the next: 23, 24 or 25 hours apart."""
    return at_wall_time(day, time.min), at_wall_time(day + timedelta(days=1), time.min)
