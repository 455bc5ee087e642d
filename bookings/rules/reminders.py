"""When a family is reminded of a session. Hours before it are real hours, times of day are England's. Pure."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from kernel import prose
from kernel.london import at_wall_time, wall

TOGETHER = timedelta(hours=1)
"""Two reminders that fall so near to each other are one: the first."""
TOO_LATE = timedelta(hours=2)
"""A reminder that could not be sent for so long is not sent at all; a night in between does not count."""
MOST_HOURS, MOST_DAYS, MOST_REMINDERS = 336, 14, 5


class Before(NamedTuple):
    """How long before a session: so many hours, or at a time of day so many days before."""

    hours: int | None = None
    days: int | None = None
    at: time | None = None

    @property
    def code(self) -> str:
        """Return it in a few letters, ``24h`` or ``2d18:00``."""
        return f"{self.hours}h" if self.hours is not None else f"{self.days}d{self.at or time.min:%H:%M}"

    @property
    def words(self) -> str:
        """Return it as people say it, ``2 days before, at 6pm``."""
        if self.hours is not None:
            return f"{prose.count(self.hours, 'hour')} before"
        days = {0: "On the day", 1: "The day before"}.get(self.days or 0, f"{self.days} days before")
        return f"{days}, at {prose.clock(self.at or time.min)}"

    def of(self, starts_at: datetime) -> datetime:
        """Return the moment for a session that starts then."""
        if self.hours is not None:
            return starts_at - timedelta(hours=self.hours)
        return at_wall_time(wall(starts_at).date() - timedelta(days=self.days or 0), self.at or time.min)


def read_before(code: str) -> Before | None:
    """Return what a code of ``Before`` says, or None."""
    found = re.fullmatch(r"(?:(\d+)h|(\d+)d([01]\d|2[0-3]):([0-5]\d))", code)
    if not found:
        return None
    if found[1]:
        return Before(hours=int(found[1]))
    return Before(days=int(found[2]), at=time(int(found[3]), int(found[4])))


class Reminder(NamedTuple):
    """A reminder of one session: by which rule, and when it goes."""

    before: Before
    at: datetime


def reminder(before: Before, starts_at: datetime, *, awake_from: time, awake_until: time) -> Reminder:
    """Return a reminder of a session: in the morning when its hour is at night and the session is later."""
    at = before.of(starts_at)
    morning = _morning(at, awake_from, awake_until)
    return Reminder(before, morning if morning < starts_at else at)


def goes_until(at: datetime, starts_at: datetime, *, awake_from: time, awake_until: time) -> datetime:
    """Return until when a reminder still goes that could not go at its hour: before the session in any case."""
    until = at + TOO_LATE
    morning = _morning(until, awake_from, awake_until)
    return min(until if morning == until else morning + TOO_LATE, starts_at)


def reminders(
    starts_at: datetime, rules: Collection[Before], *, now: datetime, awake_from: time, awake_until: time
) -> Sequence[Reminder]:
    """Return the reminders of a session that are still to come, the first one first.

    None comes once the session has started, and two that fall together are one.
    """
    told = sorted(
        (
            reminder(before, starts_at, awake_from=awake_from, awake_until=awake_until)
            for before in set(rules)
        ),
        key=lambda one: (one.at, one.before.code),
    )
    apart: list[Reminder] = []
    for one in told:
        if one.at < starts_at and (not apart or one.at - apart[-1].at > TOGETHER):
            apart.append(one)
    return [one for one in apart if one.at > now]


def _morning(moment: datetime, awake_from: time, awake_until: time) -> datetime:
    """Return the moment, or the next at which people are awake; hours that make no sense are never night."""
    day, clock = wall(moment).date(), wall(moment).time()
    if awake_until <= awake_from or awake_from <= clock < awake_until:
        return moment
    return at_wall_time(day if clock < awake_from else day + timedelta(days=1), awake_from)
