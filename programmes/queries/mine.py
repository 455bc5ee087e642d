"""What those who take part see of their courses, and what families see of what is offered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, false, func, or_, select
from sqlalchemy.orm import joinedload

from hubs.models import Room, Session
from kernel.clock import now, today
from kernel.db import db
from kernel.errors import NotFound
from kernel.journal import Entry
from programmes.events import SlotPicked
from programmes.models import Course, CourseContact, Dose, Interest, Participation, Programme, Slot
from programmes.terms import CourseStanding

MOST = 50


def courses_of(person_id: UUID) -> Sequence[Participation]:
    """Return where somebody stands on courses, alone or with a partner, the newest first."""
    return db.scalars(
        select(Participation)
        .where(or_(Participation.person_id == person_id, Participation.partner_id == person_id))
        .options(joinedload(Participation.course).joinedload(Course.hub), joinedload(Participation.programme))
        .order_by(Participation.referred_at.desc(), Participation.id.desc())
        .limit(MOST)
    ).all()


def find_own(participation_id: UUID, person_id: UUID) -> Participation:
    """Return where this person stands on a course, alone or with a partner, or raise NotFound."""
    found = db.scalar(
        select(Participation).where(
            Participation.id == participation_id,
            or_(Participation.person_id == person_id, Participation.partner_id == person_id),
        )
    )
    if found is None:
        raise NotFound("participation")
    return found


def dates_of(course_id: UUID, participation_id: UUID | None = None) -> Sequence[Any]:
    """Return the contacts of a course in order, each with its session, and the slot and dose of a participation.

    Columns: id, number, kind, title, minutes, must_attend, on_date, starts_at, ends_at, standing, room, slot_id,
    slot_starts_at, slot_ends_at, presence.
    """
    theirs = Slot.participation_id == participation_id if participation_id else false()
    said = Dose.participation_id == participation_id if participation_id else false()
    return db.execute(
        select(
            CourseContact.id, CourseContact.number, CourseContact.kind, CourseContact.title, CourseContact.minutes,
            CourseContact.must_attend, CourseContact.on_date, Session.starts_at, Session.ends_at, Session.standing,
            Room.name.label("room"), Slot.id.label("slot_id"), Slot.starts_at.label("slot_starts_at"),
            Slot.ends_at.label("slot_ends_at"), Dose.presence,
        )
        .outerjoin(Session, Session.id == CourseContact.session_id)
        .outerjoin(Room, Room.id == Session.room_id)
        .outerjoin(Slot, (Slot.contact_id == CourseContact.id) & theirs)
        .outerjoin(Dose, (Dose.contact_id == CourseContact.id) & said)
        .where(CourseContact.course_id == course_id)
        .order_by(CourseContact.number)
        .limit(100)
    ).all()  # fmt: skip


def free_slots(contact_id: UUID) -> Sequence[Slot]:
    """Return the times for a call or visit that nobody has picked and that have not passed."""
    return db.scalars(
        select(Slot)
        .where(Slot.contact_id == contact_id, Slot.participation_id.is_(None), Slot.starts_at > now())
        .order_by(Slot.starts_at, Slot.id)
        .limit(100)
    ).all()


def contacts_with_free_slots(course_id: UUID) -> set[UUID]:
    """Return the contacts of a course for which a time can be picked."""
    return set(
        db.scalars(
            select(Slot.contact_id)
            .join(CourseContact, CourseContact.id == Slot.contact_id)
            .where(
                CourseContact.course_id == course_id,
                Slot.participation_id.is_(None),
                Slot.starts_at > now(),
            )
            .distinct()
        )
    )


def changes_of(participation_id: UUID, course_id: UUID | None) -> int:
    """Return how often a participation or its course has changed: a number that grows with every version."""
    about = [participation_id, *([course_id] if course_id else [])]
    return db.scalar(select(func.count(Entry.id)).where(Entry.subject.in_(about))) or 0


def came_from(participation_id: UUID) -> Participation | None:
    """Return where somebody stood on the course from which they were moved, if they were."""
    return db.scalar(
        select(Participation).where(Participation.transferred_to_id == participation_id).limit(1)
    )


def times_freed(participation_id: UUID) -> dict[UUID, tuple[datetime, datetime]]:
    """Return the times to come that somebody had picked last for each contact, and has no more."""
    picked = select(Entry.facts["slot"].astext).where(
        Entry.subject == participation_id, Entry.kind == SlotPicked.__name__
    )
    rows = db.execute(
        select(Slot.contact_id, Slot.starts_at, Slot.ends_at)
        .where(
            cast(Slot.id, String).in_(picked),
            Slot.starts_at > now(),
            or_(Slot.participation_id.is_(None), Slot.participation_id != participation_id),
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(100)
    )
    return {row.contact_id: (row.starts_at, row.ends_at) for row in rows}


# What is offered


def on_offer() -> Sequence[Programme]:
    """Return the programmes that the council offers, by name."""
    offered = select(Programme).where(Programme.ended_at.is_(None))
    return db.scalars(offered.order_by(Programme.name_key, Programme.id).limit(200)).all()


def find_offered(programme_id: UUID) -> Programme:
    """Return a programme that is offered, or raise NotFound."""
    wanted = select(Programme).where(Programme.id == programme_id, Programme.ended_at.is_(None))
    if found := db.scalar(wanted):
        return found
    raise NotFound("programme")


def courses_to_come(programme_ids: Collection[UUID], limit: int = 200) -> Sequence[Course]:
    """Return the open courses of these programmes that are not over, with their hubs and editions, the next first."""
    return db.scalars(
        select(Course)
        .where(
            Course.programme_id.in_(programme_ids),
            Course.standing == CourseStanding.OPEN,
            Course.last_date >= today(),
        )
        .options(joinedload(Course.hub), joinedload(Course.edition), joinedload(Course.programme))
        .order_by(Course.first_date, Course.id)
        .limit(limit)
    ).all()


def find_public(course_id: UUID) -> Course:
    """Return a course that families may know of, or raise NotFound: one that is being prepared is not theirs yet."""
    wanted = (
        select(Course)
        .where(Course.id == course_id, Course.standing != CourseStanding.DRAFT)
        .options(joinedload(Course.hub), joinedload(Course.edition), joinedload(Course.programme))
    )
    if found := db.scalar(wanted):
        return found
    raise NotFound("course")


def first_times(course_ids: Collection[UUID]) -> dict[UUID, tuple[datetime, datetime]]:
    """Return from when to when each course meets first."""
    rows = db.execute(
        select(CourseContact.course_id, Session.starts_at, Session.ends_at)
        .join(Session, Session.id == CourseContact.session_id)
        .where(CourseContact.course_id.in_(course_ids))
        .order_by(CourseContact.course_id, CourseContact.number.desc())
    )
    return {course_id: (starts_at, ends_at) for course_id, starts_at, ends_at in rows}


def interests_in(programme_id: UUID, after: UUID | None = None, limit: int = 200) -> Sequence[Interest]:
    """Return who would like to know of the next course of a programme, in the order of their ids."""
    wanted = select(Interest).where(Interest.programme_id == programme_id, Interest.left_at.is_(None))
    if after:
        wanted = wanted.where(Interest.id > after)
    return db.scalars(wanted.order_by(Interest.id).limit(limit)).all()


def interests_of(person_id: UUID) -> Sequence[Interest]:
    """Return in which programmes somebody is interested."""
    wanted = select(Interest).where(Interest.person_id == person_id, Interest.left_at.is_(None))
    return db.scalars(wanted.order_by(Interest.since, Interest.id).limit(MOST)).all()
