"""Whether somebody may join a course, and every reason why not, in words for parents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kernel import prose
from programmes.terms import CourseStanding, Unit, WayIn

OFFER_KEPT = timedelta(days=7)


class Meeting(NamedTuple):
    """One contact of a course: its number, and when it begins. Appointments have a week, from its Monday."""

    number: int
    starts_at: datetime | None
    on_date: date


@dataclass(frozen=True)
class Door:
    """How a course stands for somebody who would like to join it."""

    standing: CourseStanding
    way_in: WayIn
    last_gone: int
    """The number of the last contact that has begun; 0 before the first."""
    late_start_until: int
    places_left: int
    creche_left: int

    @property
    def too_late(self) -> bool:
        """Say whether the course has gone too far for somebody to start."""
        return self.last_gone >= self.late_start_until


def last_gone(meetings: Iterable[Meeting], *, now: datetime, today: date) -> int:
    """Return the number of the last contact that has begun, or 0."""
    return max((meeting.number for meeting in meetings if _gone(meeting, now, today)), default=0)


def places_needed(unit: Unit, *, with_partner: bool) -> int:
    """Return how many places one person takes, or two who come together."""
    return 2 if with_partner and unit == Unit.PARENT else 1


def reasons_against(
    door: Door, *, places: int = 1, creche_children: int = 0, kept: bool = False, elsewhere: bool = False
) -> tuple[str, ...]:
    """Return every reason why somebody cannot join; none when they can.

    ``kept``: a place is kept for them. ``elsewhere``: they started on another course, so it is never too late.
    """
    if closed := _closed(door.standing):
        return (closed,)
    reasons = []
    if door.too_late and not elsewhere:
        reasons.append("This course has gone too far to join it now.")
    if not kept and door.places_left < places:
        reasons.append(full(door.places_left))
    if creche_children > door.creche_left:
        left = prose.count(door.creche_left, "crèche place") if door.creche_left > 0 else "no crèche place"
        reasons.append(f"There {'is' if door.creche_left < 2 else 'are'} {left} left on this course.")
    return tuple(reasons)


def full(places_left: int) -> str:
    """Return that there are not enough places."""
    if places_left <= 0:
        return "There is no place left on this course."
    return f"There {'is' if places_left == 1 else 'are'} only {prose.count(places_left, 'place')} left."


def families_book(way_in: WayIn) -> bool:
    """Say whether families book themselves."""
    return way_in in (WayIn.SELF, WayIn.BOTH)


def offer_until(now: datetime, next_start: datetime | None) -> datetime:
    """Return until when a place is kept: a week, or the next session when that is sooner."""
    latest = now + OFFER_KEPT
    return next_start if next_start and now < next_start < latest else latest


def places_words(left: int) -> str:
    """Return how many places there are, as families are told."""
    return f"{prose.count(left, 'place')} left" if left > 0 else "Full"


def suits_age(from_years: int, to_years: int, years: int | None) -> bool:
    """Say whether a programme is for a child of that age; for any child when no age is told."""
    return years is None or from_years <= years <= to_years


def ages(from_years: int, to_years: int) -> str:
    """Return the ages of children in words, both included: ``Birth to 12 years``."""
    first = "Birth" if from_years == 0 else f"{from_years}"
    return f"{first} to {prose.count(to_years, 'year')}"


def _closed(standing: CourseStanding) -> str:
    return {
        CourseStanding.DRAFT: "This course is not open yet.",
        CourseStanding.ENDED: "This course is over.",
        CourseStanding.CALLED_OFF: "This course has been called off.",
    }.get(standing, "")


def _gone(meeting: Meeting, now: datetime, today: date) -> bool:
    if meeting.starts_at:
        return meeting.starts_at <= now
    return meeting.on_date + timedelta(days=6) < today
