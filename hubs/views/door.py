"""What the pages of hubs share: their blueprint, the weeks of an address, and which hubs are shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask_login import current_user

from hubs import queries
from hubs.models import Hub
from kernel import prose
from kernel.clock import today
from kernel.db import find
from kernel.web.pages import address_if_any, id_in_address

blueprint = Blueprint("hubs", __name__)

FARTHEST = timedelta(days=5 * 366)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Day:
    """A day of a page, and what is on."""

    date: date
    sessions: list[Any]

    @property
    def name(self) -> str:
        """Return its name, ``Monday``."""
        return prose.DAYS[self.date.weekday()]

    @property
    def words(self) -> str:
        """Return it without the year, ``3 March``."""
        return f"{self.date.day} {prose.MONTHS[self.date.month - 1]}"

    @property
    def is_today(self) -> bool:
        """Say whether it is today."""
        return self.date == today()


def day_of(argument: str) -> date:
    """Return the day that the address names, or today when it names none or one far away."""
    try:
        day = date.fromisoformat(request.args.get(argument, "")[:10])
    except ValueError:
        return today()
    return day if abs(day - today()) < FARTHEST else today()


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(first: date, sessions: Iterable[Any]) -> list[Day]:
    """Return the days of a week, each with its sessions."""
    days = [Day(first + timedelta(days=n), []) for n in range(7)]
    for session in sessions:
        days[(session.on_date - first).days].sessions.append(session)
    return days


def seen_hub(hub_id: UUID) -> Hub:
    """Return a hub that whoever asks sees, or raise NotFound."""
    queries.ensure_sees(current_user, hub_id)
    return find(Hub, hub_id)


def session_address(session_id: UUID) -> str | None:
    """Return where families read about a session, when the house has such a page."""
    return address_if_any("bookings.session", session_id=session_id)


@blueprint.context_processor
def _doors() -> dict[str, Any]:
    return {"address_if_any": address_if_any, "how_often": how_often}


def hub_of_address() -> Hub | None:
    """Return the hub that the address names, or the only one that whoever asks sees."""
    if hub_id := id_in_address("hub"):
        return seen_hub(hub_id)
    seen = queries.hubs_seen_by(current_user)
    return seen[0] if len(seen) == 1 else None


def how_often(entry: Any) -> str:
    """Return when an entry of the timetable takes place: ``Every other Monday, 10am to 11:30am``."""
    every = "Every other" if entry.every_weeks == 2 else "Every"
    said = f"{every} {entry.weekday.label}, {prose.times(entry.starts, entry.ends)}"
    return f"{said}, in school term time" if entry.term_time_only else said


def chosen_hubs(hub_id: UUID | None) -> Collection[UUID] | None:
    """Return the hubs to show: the one that was chosen, or those that whoever asks sees; None for all."""
    if hub_id is None:
        return queries.hub_ids_seen_by(current_user)
    return [seen_hub(hub_id).id]
