"""The letters about one date of a course: a time that is picked or let go, a session that moves or is called off."""

from uuid import UUID

from sqlalchemy import select

from kernel import prose
from kernel.clock import now
from kernel.db import db, find
from kernel.outbox import keeps
from programmes.jobs.letters import OVERTAKEN, calendar, send, when
from programmes.models import CourseContact, Participation, Slot
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


def _slot(slot_id: UUID) -> Slot | None:
    return db.scalar(select(Slot).where(Slot.id == slot_id))
