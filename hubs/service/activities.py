"""What hubs offer: activities and the rules of coming to them."""

from typing import Any

from sqlalchemy import func, select, update

from hubs.events import PlacesChanged, SessionPlacesChanged
from hubs.models import Activity, Session, TimetableEntry
from hubs.queries.showing import still_repeats
from hubs.rules import name_key
from hubs.service.places import StillInUse
from hubs.terms import SessionStanding
from kernel import prose
from kernel.clock import now, today
from kernel.db import db
from kernel.errors import Unacceptable, ensure_known
from kernel.journal import record

LIMITS = ("most_families", "most_children", "most_adults")
ACTIVITY_PARTS = (
    "kind", "description", "bring", "audience", "age_from_months", "age_to_months", "mode", "price_pence", "counted_in",
    *LIMITS, "children_per_adult", "opens_days_before", "closes_minutes_before", "one_per_day",
)  # fmt: skip
OLDEST = 26 * 12


def add_activity(title: str, **parts: Any) -> Activity:
    """Add something that hubs offer."""
    _ensure_possible(parts)
    _ensure_free(title)

    activity = Activity(title=title.strip(), title_key=name_key(title), **parts)
    db.add(activity)
    db.flush()
    record(PlacesChanged(subject=activity.id, what="activity added"))
    return activity


def change_activity(activity: Activity, **changes: Any) -> Activity:
    """Change an activity; what is not named stays. Its sessions to come get the new numbers of places."""
    title = changes.pop("title", activity.title)
    _ensure_possible({**{part: getattr(activity, part) for part in ACTIVITY_PARTS}, **changes})
    _ensure_free(title, but=activity)
    before = _limits(activity)

    activity.title, activity.title_key = title.strip(), name_key(title)
    for part, value in changes.items():
        setattr(activity, part, value)
    if db.is_modified(activity):
        db.flush()
        record(PlacesChanged(subject=activity.id, what="activity changed"))
    if _limits(activity) != before:
        _give_sessions_places(activity, before)
    return activity


def end_activity(activity: Activity) -> None:
    """Offer an activity no longer, once none of its sessions is to come."""
    _ensure_unused(activity)

    if activity.ended_at is None:
        activity.ended_at = now()
        record(PlacesChanged(subject=activity.id, what="activity ended"))


def resume_activity(activity: Activity) -> None:
    """Offer an activity again."""
    if activity.ended_at:
        activity.ended_at = None
        record(PlacesChanged(subject=activity.id, what="activity offered again"))


def _limits(activity: Activity) -> dict[str, int | None]:
    return {limit: getattr(activity, limit) for limit in LIMITS}


def _give_sessions_places(activity: Activity, before: dict[str, int | None]) -> None:
    """Change the sessions to come that have the places the activity had; one with its own number keeps it."""
    ahead = update(Session).where(
        Session.activity_id == activity.id,
        Session.starts_at > now(),
        Session.standing == SessionStanding.PLANNED,
        *(getattr(Session, limit).is_not_distinct_from(places) for limit, places in before.items()),
    )
    changed = db.scalars(
        ahead.values(**_limits(activity)).returning(Session.id).execution_options(synchronize_session="fetch")
    ).all()
    for session_id in sorted(changed):
        record(SessionPlacesChanged(subject=session_id))


def _ensure_possible(parts: dict[str, Any]) -> None:
    ensure_known(parts, ACTIVITY_PARTS)
    youngest, oldest = parts.get("age_from_months", 0), parts.get("age_to_months", 228)
    if oldest < youngest:
        raise Unacceptable(age_to_months="The oldest age must be the same as or after the youngest")
    if not 0 <= youngest <= OLDEST or oldest > OLDEST:
        raise Unacceptable(age_to_months="Ages can be up to 25 years")
    for limit in (*LIMITS, "children_per_adult"):
        if parts.get(limit) is not None and not 1 <= parts[limit] <= 1000:
            raise Unacceptable(
                **{limit: "Enter a number between 1 and 1,000, or leave it empty for no limit"}
            )
    if not 0 <= parts.get("price_pence", 0) <= 100_000:
        raise Unacceptable(price_pence="Enter a price between nothing and £1,000")
    _ensure_window(parts.get("opens_days_before"), parts.get("closes_minutes_before", 0))


def _ensure_window(opens_days_before: int | None, closes_minutes_before: int) -> None:
    if opens_days_before is not None and not 0 <= opens_days_before <= 365:
        raise Unacceptable(opens_days_before="Enter a number of days between 0 and 365")
    if not 0 <= closes_minutes_before <= 60 * 24 * 60:
        raise Unacceptable(closes_minutes_before="Booking can close up to 60 days before")
    if opens_days_before is not None and closes_minutes_before > (opens_days_before + 1) * 24 * 60:
        raise Unacceptable(closes_minutes_before="Booking must close after it opens")


def _ensure_free(title: str, *, but: Activity | None = None) -> None:
    key = name_key(title)
    if not key:
        raise Unacceptable(title="Enter the name of the activity")
    other = db.scalar(select(Activity).where(Activity.title_key == key))
    if other and other is not but:
        raise Unacceptable(title=f"You already have an activity called {other.title}")


def _ensure_unused(activity: Activity) -> None:
    planned = Session.standing == SessionStanding.PLANNED
    mine = Session.activity_id == activity.id
    ahead = db.scalar(select(func.count(Session.id)).where(mine, planned, Session.starts_at > now())) or 0
    if ahead:
        raise StillInUse(
            f"{activity.title} still has {prose.count(ahead, 'session')} to come. End or call them off first."
        )
    if db.scalar(
        select(func.count(TimetableEntry.id)).where(
            TimetableEntry.activity_id == activity.id, still_repeats(today())
        )
    ):
        raise StillInUse(f"{activity.title} is still in the timetable. End its entries first.")
