"""What can be done with councils. The only code that changes them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from kernel.clock import now
from kernel.db import actor, db, founding, here
from kernel.errors import Unacceptable, ensure_known
from kernel.ids import new_id
from kernel.journal import record
from tenants import queries
from tenants.events import CouncilJoined, CouncilSettingsChanged, TermDatesChanged
from tenants.models import CouncilSettings, Tenant, TermDates
from tenants.rules import brand_colour_problem
from tenants.terms import DatesKind, Ground

SLUG = re.compile(r"^[a-z][a-z0-9-]{1,61}[a-z0-9]$")
RESERVED = {"www", "api", "admin", "static", "mail", "platform"}
CHANGEABLE = (
    "name", "contact_email", "contact_phone", "website", "brand_colour", "waking_from", "waking_until", "age_limit",
    "age_limit_send", "reminder_hours", "offer_hours", "hold_minutes", "weeks_ahead",
)  # fmt: skip


@dataclass(frozen=True)
class Dates:
    """A term or a holiday as somebody wants it."""

    kind: DatesKind
    name: str
    first_day: date
    last_day: date


Welcome = Callable[[str, str, Ground], object]
_welcomes: list[Welcome] = []


def welcomes(welcome: Welcome) -> Welcome:
    """Make a function of an upper context invite the first person of a new house: name, e-mail, what stands there."""
    if welcome not in _welcomes:
        _welcomes.append(welcome)
    return welcome


def create_council(
    slug: str,
    name: str,
    *,
    contact_email: str,
    ground: Ground = Ground.COUNCIL,
    first: tuple[str, str] | None = None,
) -> UUID:
    """Set a council up, in a unit of work of its own, invite its first person, and return its id."""
    tenant_id = new_id()
    with founding(tenant_id):
        if problem := _slug_problem(slug):
            raise Unacceptable(slug=problem)
        db.add(Tenant(id=tenant_id, slug=slug, name=name, ground=ground))
        db.flush()
        db.add(CouncilSettings(name=name, contact_email=contact_email, set_at=now(), set_by=None))
        record(CouncilJoined(subject=tenant_id, slug=slug))
        if first:
            welcome(*first, ground)
    queries.forget_hosts()
    return tenant_id


def welcome(name: str, email: str, ground: Ground) -> None:
    """Invite somebody who is to run this house."""
    for each in _welcomes:
        each(name, email, ground)


def change_settings(**changes: Any) -> CouncilSettings:
    """Change how the council has set its house; what is not named stays. Keeps the settings before as history."""
    ensure_known(changes, CHANGEABLE)
    if problem := brand_colour_problem(changes.get("brand_colour", "#1d70b8")):
        raise Unacceptable(brand_colour=problem)
    before = queries.settings()
    values = {name: getattr(before, name) for name in CHANGEABLE} if before else {}
    changed = sorted(name for name, value in changes.items() if values.get(name) != value)
    if before and not changed:
        return before

    after = CouncilSettings(**{**values, **changes}, set_at=now(), set_by=actor())
    db.add(after)
    if "name" in changed:
        db.get_one(Tenant, here()).name = after.name
    record(CouncilSettingsChanged(subject=here(), changed=", ".join(changed)))
    return after


def set_term_dates(wanted: list[Dates]) -> None:
    """Make these the council's school calendar for the days that they span; other years stay."""
    if not wanted:
        return
    first, last = min(d.first_day for d in wanted), max(d.last_day for d in wanted)
    db.execute(delete(TermDates).where(TermDates.first_day >= first, TermDates.first_day <= last))
    db.add_all(
        TermDates(kind=d.kind, name=d.name, first_day=d.first_day, last_day=d.last_day) for d in wanted
    )
    db.flush()
    record(TermDatesChanged(subject=here()))


def add_term_dates(dates: Dates) -> TermDates:
    """Add a term or a holiday to the school calendar."""
    if dates.last_day < dates.first_day:
        raise Unacceptable(last_day="The last day must be the same as or after the first day")
    there = queries.term_dates(dates.first_day, dates.last_day)
    if twin := next((d for d in there if d.kind == dates.kind), None):
        raise Unacceptable(first_day=f"These days overlap with {twin.name}, which is in the calendar already")
    row = TermDates(kind=dates.kind, name=dates.name, first_day=dates.first_day, last_day=dates.last_day)
    db.add(row)
    db.flush()
    record(TermDatesChanged(subject=here()))
    return row


def remove_term_dates(row: TermDates) -> None:
    """Take a term or a holiday out of the school calendar."""
    db.delete(row)
    db.flush()
    record(TermDatesChanged(subject=here()))


def _slug_problem(slug: str) -> str | None:
    if not SLUG.match(slug) or slug in RESERVED:
        return "Enter a short name in small letters, digits and hyphens, such as york"
    if queries.by_slug(slug):
        return "A council with this short name has joined already"
    return None
