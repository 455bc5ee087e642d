"""When booking opens and closes, and until when a place is kept. Durations are real, hours of the day are England's."""

from datetime import date, datetime, time, timedelta

from kernel.london import at_wall_time, wall

LIST_CLOSES = timedelta(hours=2)
"""So long before a session nothing is offered any more: what is free goes to whoever takes it first."""
SHORTEST_OFFER = timedelta(minutes=30)
MORNING = timedelta(hours=1)
"""An offer that would lapse at night lapses an hour after people wake, so that they can answer."""


def opens_at(on_date: date, opens_days_before: int | None) -> datetime | None:
    """Return the midnight at which booking opens, or None when it is open always."""
    if opens_days_before is None:
        return None
    return at_wall_time(on_date - timedelta(days=opens_days_before), time.min)


def closes_at(starts_at: datetime, closes_minutes_before: int) -> datetime:
    """Return when families can no longer book."""
    return starts_at - timedelta(minutes=closes_minutes_before)


def hold_expiry(now: datetime, *, minutes: int, ends_at: datetime) -> datetime:
    """Return until when a place is held for somebody who is booking it."""
    return min(now + timedelta(minutes=minutes), ends_at)


def offer_expiry(
    now: datetime, *, hours: int, starts_at: datetime, waking_from: time, waking_until: time
) -> datetime | None:
    """Return until when an offer made now is kept, or None when it is too late to offer anything.

    ``hours`` from now, in the hours in which people are awake, and two hours before the session at the latest.
    """
    latest = starts_at - LIST_CLOSES
    expiry = _not_at_night(min(now + timedelta(hours=hours), latest), waking_from, waking_until)
    if expiry > latest:
        expiry = _before_night(latest, waking_from, waking_until)
    return expiry if expiry - now >= SHORTEST_OFFER else None


def _not_at_night(moment: datetime, waking_from: time, waking_until: time) -> datetime:
    day, clock = wall(moment).date(), wall(moment).time()
    if _awake(clock, waking_from, waking_until):
        return moment
    morning = day if clock < waking_from else day + timedelta(days=1)
    return min(at_wall_time(morning, waking_from) + MORNING, at_wall_time(morning, waking_until))


def _before_night(moment: datetime, waking_from: time, waking_until: time) -> datetime:
    day, clock = wall(moment).date(), wall(moment).time()
    if _awake(clock, waking_from, waking_until):
        return moment
    return at_wall_time(day if clock > waking_until else day - timedelta(days=1), waking_until)


def _awake(clock: time, waking_from: time, waking_until: time) -> bool:
    """Say whether people are awake; hours that make no sense are never night."""
    return waking_until <= waking_from or waking_from <= clock <= waking_until
