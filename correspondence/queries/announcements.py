"""Announcements as those see them who may write them: hub managers their hubs', leads and administrators all."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from accounts.queries import Person as SignedIn
from correspondence import rules
from correspondence.models import Announcement
from correspondence.terms import AnnouncementStanding, Wanted
from hubs.queries import ensure_sees, teams_of
from kernel.db import db, find
from kernel.errors import NotFound
from messaging.models import Message
from messaging.queries import settings
from messaging.terms import MessageStanding, NotSent

APPROVE_ABOVE = 200
"""Where a council has not said otherwise."""


class Progress(NamedTuple):
    """How far an announcement is, in people."""

    copies: int
    sent: int
    failed: int
    """Sent, but it did not arrive."""
    not_sent: Mapping[NotSent, int]
    waiting: int

    @property
    def done(self) -> int:
        """Return for how many people it is settled whether it goes."""
        return self.copies - self.waiting


def find_announcement(announcement_id: UUID, *, seen_by: SignedIn, lock: bool = False) -> Announcement:
    """Return the announcement if it is for a hub that the person sees; that of a whole council is its own people's."""
    announcement = find(Announcement, announcement_id, lock=lock)
    ensure_may_write_for(seen_by, announcement.hub_id)
    return announcement


def ensure_may_write_for(person: SignedIn, hub_id: UUID | None) -> None:
    """Raise NotFound unless the person may write to the families of a hub, or of all hubs when none is named."""
    if hub_id:
        ensure_sees(person, hub_id)
    elif not person.sees_all_hubs:
        raise NotFound("announcement")


def listed(*, seen_by: SignedIn) -> Select[Any]:
    """Return the statement for the announcements that a person sees, the newest first."""
    statement = (
        select(Announcement)
        .options(joinedload(Announcement.hub))
        .order_by(Announcement.written_at.desc(), Announcement.id.desc())
    )
    if seen_by.sees_all_hubs:
        return statement
    return statement.where(Announcement.hub_id.in_(teams_of(seen_by)))


class Sending(NamedTuple):
    """How the council sends announcements."""

    approve_above: int
    """To how many people one may go without a second person's word."""
    texts: bool
    pence_each: Decimal | None
    """What the council pays for one text; nothing while nobody has said so."""


def sending() -> Sending:
    """Return how the council sends announcements."""
    found = settings()
    return (
        Sending(found.approve_above, found.texts, found.pence_each)
        if found
        else Sending(APPROVE_ABOVE, False, None)
    )


def wanted_of(announcement: Announcement) -> Wanted:
    """Return for whom an announcement is."""
    told = announcement.wanted
    return Wanted(
        audience=announcement.audience,
        hub_id=announcement.hub_id,
        first=_day(told.get("first")),
        last=_day(told.get("last")),
        from_months=int(told.get("from_months", 0)),
        to_months=int(told.get("to_months", 0)),
        expected=bool(told.get("expected", False)),
        district=str(told.get("district", "")),
    )


def who(announcement: Announcement) -> str:
    """Say for whom an announcement is."""
    return rules.who(wanted_of(announcement), announcement.hub.name if announcement.hub else "")


def progress(announcement: Announcement) -> Progress:
    """Return how far an announcement is, in one statement. Counted by copies: two records may be one person by now."""
    went = Message.standing != MessageStanding.NOT_SENT
    each = (
        select(
            func.bool_or(went).label("went"),
            func.bool_or(went & (Message.standing != MessageStanding.FAILED)).label("arrives"),
            func.min(Message.because).label("because"),
        )
        .where(Message.about == announcement.id)
        .group_by(Message.key)
        .subquery()
    )
    rows = db.execute(
        select(each.c.went, each.c.arrives, each.c.because, func.count()).group_by(
            each.c.went, each.c.arrives, each.c.because
        )
    ).all()
    sent = sum(number for went, _, _, number in rows if went)
    not_sent: dict[NotSent, int] = {}
    for went_, _, because, number in rows:
        if not went_ and because:
            not_sent[NotSent(because)] = not_sent.get(NotSent(because), 0) + number
    return Progress(
        copies=announcement.copies,
        sent=sent,
        failed=sum(number for went_, arrives, _, number in rows if went_ and not arrives),
        not_sent=not_sent,
        waiting=max(announcement.copies - sent - sum(not_sent.values()), 0),
    )


def is_over(announcement: Announcement) -> bool:
    """Say whether an announcement goes to nobody any more."""
    return announcement.standing in (AnnouncementStanding.SENT, AnnouncementStanding.STOPPED)


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if written else None
