"""The letters about courses, as the service promises them (``course.…``, ``programme.…``).

A letter is composed when it is sent, from what is true then: what has been overtaken is not sent. It names no child and
says nothing of why somebody comes, or of what they need.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from families import queries as families
from families.models import Person
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import find
from kernel.outbox import keeps
from messaging import service as messaging
from messaging.terms import At, Letter, Never, Phrase, Span, Value
from programmes.models import Course, Participation
from programmes.queries import mine
from programmes.service import joining
from programmes.terms import BY_APPOINTMENT, ON_THE_COURSE, CourseStanding, Standing

OVERTAKEN = "overtaken"
APPOINTMENTS = (
    "Some of it is by telephone or in person with you alone. You pick the times on your course page."
)


@keeps("course.booked")
def send_booked(participation_id: UUID) -> str:
    """Tell somebody that they have a place on a course, with all its dates."""
    participation = find(Participation, participation_id)
    if participation.standing not in ON_THE_COURSE or participation.course is None:
        return OVERTAKEN
    course = participation.course
    by_appointment = any(row.kind in BY_APPOINTMENT for row in mine.dates_of(course.id))
    return send(
        participation,
        "course-moved" if mine.came_from(participation_id) else "course-booked",
        appointments=APPOINTMENTS if by_appointment else "",
        facts=[*facts_of(course), *_dates(participation)],
        action=("See your course", f"/my-courses/{participation.id}"),
        calendar=calendar(participation),
    )


@keeps("course.brought_along")
def send_brought_along(participation_id: UUID, person_id: UUID) -> str:
    """Tell the second parent of a place that it is theirs too, with all its dates."""
    participation = find(Participation, participation_id)
    course = participation.course
    if participation.standing not in ON_THE_COURSE or course is None or participation.partner_id != person_id:
        return OVERTAKEN
    return send(
        participation,
        "course-joined-second",
        facts=[*facts_of(course), *_dates(participation)],
        action=("See your course", f"/my-courses/{participation.id}"),
        calendar=calendar(participation),
        to=[find(Person, person_id)],
    )


@keeps("course.comes_no_more")
def send_comes_no_more(participation_id: UUID, person_id: UUID) -> str:
    """Tell the second parent of a place that they are not on the course any more, and the other is."""
    participation = find(Participation, participation_id)
    course = participation.course
    if participation.standing not in ON_THE_COURSE or course is None or participation.partner_id == person_id:
        return OVERTAKEN
    return send(
        participation,
        "course-left-second",
        facts=facts_of(course),
        small_links=[("Find another course", "/programmes")],
        calendar=calendar(participation, off=True),
        to=[find(Person, person_id)],
    )


@keeps("course.offered")
def send_offered(participation_id: UUID) -> str:
    """Offer somebody a place on a course."""
    participation = find(Participation, participation_id)
    until, course = participation.offer_until, participation.course
    if participation.standing != Standing.OFFERED or course is None or until is None or until <= now():
        return OVERTAKEN
    return send(
        participation,
        "course-offered",
        until=At(until, "until"),
        useless_after=until,
        facts=facts_of(course),
        action=("Answer the offer", f"/my-courses/{participation.id}"),
        to=[participation.person],
    )


@keeps("course.left")
def send_left(participation_id: UUID) -> str:
    """Tell somebody that they are not on a course any more."""
    participation = find(Participation, participation_id)
    course = participation.course
    if participation.standing not in (Standing.WITHDRAWN, Standing.DROPPED_OUT) or course is None:
        return OVERTAKEN
    return send(
        participation,
        "course-left",
        facts=facts_of(course),
        small_links=[("Find another course", "/programmes")],
        calendar=calendar(participation, off=True),
    )


@keeps("course.called_off")
def send_called_off(participation_id: UUID) -> str:
    """Tell somebody that their course does not take place."""
    participation = find(Participation, participation_id)
    course = participation.course
    if course is None or course.standing != CourseStanding.CALLED_OFF:
        return OVERTAKEN
    return send(
        participation,
        "course-called-off",
        because=course.called_off_because,
        facts=facts_of(course),
        small_links=[("Find another course", "/programmes")],
        calendar=calendar(participation, off=True),
    )


@keeps("course.offer_lapse")
def let_lapse(participation_id: UUID) -> str:
    """Let a place go that was offered and not taken up in time."""
    return "let go" if joining.lapse(find(Participation, participation_id)) else OVERTAKEN


# What letters are made of


def calendar(participation: Participation, *, off: bool = False, only: UUID | None = None) -> bytes | None:
    """Return the dates of somebody on a course as an iCalendar file, or what takes them out again; None without any.

    Of somebody who was moved here it also takes out what they had in their calendar from the course before.
    """
    told = _appointments(participation, off=off, only=only)
    before = None if off or only else mine.came_from(participation.id)
    if told and before:
        told += _appointments(before, off=True)
    if not told:
        return None
    unseen = _unseen(participation)
    return messaging.calendar(
        [replace(one, title=messaging.APPOINTMENT, place="") for one in told] if unseen else told,
        sequence=mine.changes_of(participation.id, participation.course_id),
        page="/my-courses" if unseen else f"/my-courses/{participation.id}",
        unseen=unseen,
        off=off,
    )


def _unseen(participation: Participation) -> bool:
    """Say whether somebody of a place on a course must not be found: a calendar may be one that a family shares."""
    rules = families.never_of([person.id for person in both_of(participation)])
    return any(Never.PLACE in never for never in rules.values())


def _appointments(
    participation: Participation, *, off: bool = False, only: UUID | None = None
) -> list[messaging.Appointment]:
    """Return the dates of somebody, or those to come that they have no more: also the times that were freed."""
    course = participation.course
    if course is None:
        return []
    sequence = mine.changes_of(participation.id, course.id)
    freed = mine.times_freed(participation.id) if off else {}
    told = []
    for row in mine.dates_of(course.id, participation.id):
        starts_at, ends_at = row.starts_at or row.slot_starts_at, row.ends_at or row.slot_ends_at
        if starts_at is None and row.id in freed:
            starts_at, ends_at = freed[row.id]
        called_off = row.standing == SessionStanding.CALLED_OFF
        kept = starts_at is not None and (ends_at > now() if off else not called_off)
        if not kept or only not in (None, row.id):
            continue
        told.append(
            messaging.Appointment(
                key=f"{participation.id}-{row.id}",
                title=course.title if row.starts_at else f"{row.kind.label}: {course.title}",
                starts_at=starts_at,
                ends_at=ends_at,
                place=where(course, row.room) if row.starts_at else "",
                gone=off,
                sequence=sequence,
            )
        )
    return told


def where(course: Course, room: str | None = None) -> str:
    """Return where a course is, room and address included."""
    hub = course.hub
    return ", ".join(filter(None, (room or "", hub.name, hub.address, hub.postcode)))


def send(
    participation: Participation, kind: str, *, facts: Sequence[tuple[str, Value]],
    action: tuple[str, str] | None = None, small_links: Sequence[tuple[str, str]] = (), calendar: bytes | None = None,
    useless_after: datetime | None = None, key: str = "", to: Sequence[Person] | None = None, **says: Value,
) -> str:  # fmt: skip
    """Write to those who take part: once for each key, or else for each version of what they take part in.

    Of two who share a place each gets a letter of their own, at an address of their own; ``to`` names those it is for.
    """
    people = both_of(participation) if to is None else to
    reached = families.recipients([person.id for person in people])
    each = {
        (known.written_to.casefold() or str(person.id)): known
        for person in reversed(people)
        if (known := reached.get(person.id))
    }
    course = participation.course
    letter = Letter(
        kind=kind,
        says={**(about(course) if course else {}), **says},
        facts=facts,
        action=action,
        small_links=small_links,
        calendar=calendar,
        useless_after=useless_after,
    )
    version = mine.changes_of(participation.id, participation.course_id)
    told = f"{kind}:{participation.id}:{key or version}"
    sent = [
        messaging.send(
            letter,
            to=known,
            about=participation.id,
            key=told if known.id == participation.person_id else f"{told}:{known.id}",
            of_several=len(each) > 1,
        )
        for known in reversed(each.values())
    ]
    return sent[0] if sent else messaging.NO_ADDRESS


def both_of(participation: Participation) -> list[Person]:
    """Return whoever takes part, and the second parent where two share a place."""
    partner = find(Person, participation.partner_id) if participation.partner_id else None
    return [participation.person, *([partner] if partner and not partner.left_at else [])]


def about(course: Course) -> dict[str, Value]:
    """Return what the words of a letter can say of a course."""
    return {
        "course": course.title,
        "first_day": At(course.first_date, "day"),
        "where": where(course),
        "hub": course.hub.name,
    }


def facts_of(course: Course) -> list[tuple[str, Value]]:
    """Return what a letter says of a course: its name, its first and last day, its place."""
    return [
        ("Course", course.title),
        ("First day", At(course.first_date, "day")),
        ("Last day", At(course.last_date, "day")),
        ("Where", where(course)),
    ]


def _dates(participation: Participation) -> list[tuple[str, Value]]:
    rows = mine.dates_of(participation.course_id, participation.id) if participation.course_id else []
    return [(f"{row.number}. {row.kind.label}", _date(row)) for row in rows]


def _date(row: Any) -> Value:
    if row.starts_at:
        return Span(row.starts_at, row.ends_at)
    if row.slot_starts_at:
        return Span(row.slot_starts_at, row.slot_ends_at)
    if row.kind in BY_APPOINTMENT:
        return Phrase("You pick a time, in the week of ((day))", {"day": At(row.on_date, "day")})
    return Phrase("From ((day))", {"day": At(row.on_date, "day")})
