"""The letters about one date of a course: a time that is picked or let go, a session that moves or is called off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db, find
from kernel.outbox import keeps
from messaging.terms import At, Span, Value
from programmes.jobs.letters import OVERTAKEN, calendar, send, where
from programmes.models import CourseContact, Participation, Slot
from programmes.queries import mine
from programmes.queries.dates import concerned_by_date
from programmes.terms import ON_THE_COURSE


@keeps("course.slot_picked")
def send_slot_picked(slot_id: UUID, participation_id: UUID) -> str:
    """Tell somebody when they are rung or met."""
    participation, slot = find(Participation, participation_id), _slot(slot_id)
    if (
        slot is None
        or slot.participation_id != participation_id
        or slot.picked_at is None
        or slot.starts_at <= now()
        or participation.course is None
    ):
        return OVERTAKEN
    course = participation.course
    return send(
        participation,
        "course-slot-picked",
        contact=slot.contact.kind.label,
        **_at(slot.starts_at, slot.ends_at),
        facts=[
            ("Course", course.title),
            ("What", slot.contact.kind.label),
            ("When", Span(slot.starts_at, slot.ends_at)),
        ],
        action=("See your course", f"/my-courses/{participation.id}"),
        calendar=calendar(participation, only=slot.contact_id),
        key=f"{slot.id}:{slot.picked_at.isoformat()}",
    )


@keeps("course.slot_let_go")
def send_slot_let_go(slot_id: UUID, contact_id: UUID, participation_id: UUID) -> str:
    """Tell somebody that the time that they had picked is not kept any more, and take it out of their calendar."""
    participation, contact = find(Participation, participation_id), find(CourseContact, contact_id)
    course, slot = participation.course, _slot(slot_id)
    theirs = select(Slot.id).where(Slot.contact_id == contact_id, Slot.participation_id == participation_id)
    if participation.standing not in ON_THE_COURSE or course is None or db.scalar(theirs.limit(1)):
        return OVERTAKEN  # they have left, which another letter says, or picked another time
    return send(
        participation,
        "course-slot-let-go",
        contact=contact.kind.label,
        facts=[
            ("Course", course.title),
            ("What", contact.kind.label),
            *([("It was", Span(slot.starts_at, slot.ends_at))] if slot else []),
        ],
        action=("Pick another time", f"/my-courses/{participation.id}"),
        calendar=calendar(participation, off=True, only=contact_id),
    )


@keeps("course.dated")
def send_dated(participation_id: UUID, contact_id: UUID) -> str:
    """Tell somebody when the group meets, or in which week they are rung or met, or that it does not take place."""
    participation, contact = find(Participation, participation_id), find(CourseContact, contact_id)
    if participation not in concerned_by_date(contact):
        return OVERTAKEN
    own = participation.course_id == contact.course_id
    facts: list[tuple[str, Value]] = [
        ("Course", contact.course.title),
        ("What", f"{contact.number}. {contact.kind.label}"),
    ]
    parts: dict[str, Any] = {
        "course": contact.course.title,
        "contact": contact.kind.label,
        "action": ("See your course", f"/my-courses/{participation.id}"),
        "key": f"{contact_id}:{mine.changes_of(participation_id, participation.course_id)}",
    }
    session = contact.session
    if session is None:
        week = At(contact.on_date, "day")
        return send(participation, "course-week", weekday=week, facts=[*facts, ("Week of", week)], **parts)
    off = session.standing == SessionStanding.CALLED_OFF
    parts["calendar"] = calendar(participation, off=off, only=contact_id) if own else None
    parts |= _at(session.starts_at, session.ends_at)
    if off:
        because = session.called_off_because
        return send(participation, "course-session-off", because=because, facts=facts, **parts)
    place = where(contact.course, session.room.name if session.room else None)
    facts += [("When", Span(session.starts_at, session.ends_at)), ("Where", place)]
    kind = "course-new-date" if own else "course-new-date-elsewhere"
    return send(participation, kind, where=place, facts=facts, **parts)


def _at(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    return {
        "day": At(starts_at, "short_day"),
        "weekday": At(starts_at, "day"),
        "time": At(starts_at, "clock"),
        "when": Span(starts_at, ends_at),
    }


def _slot(slot_id: UUID) -> Slot | None:
    return db.scalar(select(Slot).where(Slot.id == slot_id))
