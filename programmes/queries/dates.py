"""Questions about single dates of a course: whom one concerns, and where else those who run it should be."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select

from hubs.service.rooms import Clash
from kernel.db import db
from programmes.models import Course, CourseContact, Dose, Participation, Slot
from programmes.queries.editions import shifts_of
from programmes.terms import COUNTS, ON_THE_COURSE

Time = tuple[datetime, datetime]


def concerned_by_date(contact: CourseContact) -> Sequence[Participation]:
    """Return who still needs a contact: those on its course, and those who are to make another's up there."""
    had = exists().where(
        Dose.participation_id == Participation.id,
        Dose.contact_id == contact.id,
        Dose.presence.in_(COUNTS),
    )
    guest = exists().where(
        Dose.participation_id == Participation.id,
        Dose.made_up_at_id == contact.id,
        Dose.presence.not_in(COUNTS),
    )
    own = (Participation.course_id == contact.course_id) & ~had
    concerned = select(Participation).where(Participation.standing.in_(ON_THE_COURSE), or_(own, guest))
    return db.scalars(concerned.order_by(Participation.id).limit(500)).all()


def without_a_time(contact: CourseContact) -> Sequence[Participation]:
    """Return who has still to pick a time for a call or visit."""
    picked = select(Slot.participation_id).where(
        Slot.contact_id == contact.id, Slot.participation_id.is_not(None)
    )
    ids = set(db.scalars(picked.limit(500)))
    return [one for one in concerned_by_date(contact) if one.id not in ids]


def on_shift(account_ids: Collection[UUID], times: Sequence[Time]) -> dict[UUID, list[Clash]]:
    """Return at which sessions people should be at these times, by the rota."""
    return _overlapping(times, [*_shifts(account_ids, times)])


def elsewhere(account_ids: Collection[UUID], times: Sequence[Time]) -> dict[UUID, list[Clash]]:
    """Return where else people should be at these times: at sessions on their rota, and at calls that they offer."""
    return _overlapping(times, [*_shifts(account_ids, times), *_calls(account_ids, times)])


def _overlapping(times: Sequence[Time], busy: Sequence[tuple[UUID, Clash]]) -> dict[UUID, list[Clash]]:
    found: dict[UUID, list[Clash]] = {}
    for account_id, clash in busy:
        if any(clash.starts_at < ends and clash.ends_at > starts for starts, ends in times):
            found.setdefault(account_id, []).append(clash)
    return found


def _shifts(account_ids: Collection[UUID], times: Sequence[Time]) -> Iterator[tuple[UUID, Clash]]:
    for row in shifts_of(account_ids, *_span(times)):
        yield row.account_id, Clash(row.session_id, row.title, row.starts_at, row.ends_at)


def _calls(account_ids: Collection[UUID], times: Sequence[Time]) -> Iterator[tuple[UUID, Clash]]:
    for row in _slots_of(account_ids, *_span(times)):
        yield row.account_id, Clash(None, f"{row.kind.label}, {row.title}", row.starts_at, row.ends_at)


def _span(times: Sequence[Time]) -> Time:
    return min(starts for starts, _ in times), max(ends for _, ends in times)


def _slots_of(account_ids: Collection[UUID], first: datetime, last: datetime) -> Sequence[Any]:
    return db.execute(
        select(Slot.account_id, CourseContact.kind, Course.title, Slot.starts_at, Slot.ends_at)
        .join(CourseContact, CourseContact.id == Slot.contact_id)
        .join(Course, Course.id == CourseContact.course_id)
        .where(Slot.account_id.in_(account_ids), Slot.starts_at < last, Slot.ends_at > first)
        .order_by(Slot.starts_at, Slot.account_id, Slot.id)
        .limit(1000)
    ).all()
