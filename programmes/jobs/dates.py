"""The letters about one date of a course: a time that is picked or let go, a session that moves or is called off."""

from uuid import UUID

from sqlalchemy import select

from hubs.terms import SessionStanding
from kernel import prose
from kernel.clock import now
from kernel.db import db, find
from kernel.outbox import keeps
from programmes.jobs.letters import OVERTAKEN, calendar, send, when, where
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
        f"{slot.contact.kind.label}: {prose.short_day(slot.starts_at)} at {prose.clock(slot.starts_at)}",
        [
            "We have kept this time for you. If it does not suit you any more, pick another on your course page."
        ],
        facts=[
            ("Course", course.title),
            ("What", slot.contact.kind.label),
            ("When", when(slot.starts_at, slot.ends_at)),
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
        f"{contact.kind.label}: your time is free again",
        ["We do not keep this time for you any more. Pick another on your course page."],
        facts=[
            ("Course", course.title),
            ("What", contact.kind.label),
            *([("It was", when(slot.starts_at, slot.ends_at))] if slot else []),
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
    facts = [("Course", contact.course.title), ("What", f"{contact.number}. {contact.kind.label}")]
    key = f"{contact_id}:{mine.changes_of(participation_id, participation.course_id)}"
    if contact.session is None:
        return send(
            participation,
            "course-week",
            f"{contact.kind.label} in another week: {contact.course.title}",
            ["This part of your course is in another week than we told you. You pick the time."],
            facts=[*facts, ("Week of", prose.day(contact.on_date))],
            action=("See your course", f"/my-courses/{participation.id}"),
            key=key,
        )
    session, off = contact.session, contact.session.standing == SessionStanding.CALLED_OFF
    said = (
        [f"The {prose.day(session.starts_at)} session does not take place. Please do not come."]
        if off
        else []
    )
    said += [session.called_off_because] if off and session.called_off_because else []
    said += ["If it takes place on another day, we write to you again."] if off else []
    if not off:
        said = [
            f"This session {'of your course' if own else 'that you make up'} has a new date. You have a place at it."
        ]
        facts += [
            ("When", when(session.starts_at, session.ends_at)),
            ("Where", where(contact.course, session.room.name if session.room else None)),
        ]
    return send(
        participation,
        "course-session-off" if off else "course-new-date",
        f"{'A session is called off' if off else 'New date'}: {contact.course.title}",
        said,
        facts=facts,
        action=("See your course", f"/my-courses/{participation.id}"),
        calendar=calendar(participation, off=off, only=contact_id) if own else None,
        key=key,
    )


def _slot(slot_id: UUID) -> Slot | None:
    return db.scalar(select(Slot).where(Slot.id == slot_id))
