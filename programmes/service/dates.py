"""Another date for one contact of a course: a session that was called off, or the week of a call or visit.

Whoever still needs the contact is written to once for each change, also when a session is moved or called off in the
timetable: the course's own letter, because it is the course's dates that they have in their calendar.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from accounts import queries as accounts
from hubs.events import SessionCalledOff, SessionMoved
from hubs.service import days, one_session, rota
from hubs.service.rooms import Clash
from hubs.terms import SessionStanding, ShiftPart
from kernel.clock import at_wall_time, now, today, wall
from kernel.db import db, find
from kernel.errors import Unacceptable
from kernel.journal import on, record
from kernel.outbox import promise
from programmes.errors import CourseIsOver, HasADate
from programmes.events import ContactDated, CourseChanged
from programmes.models import Course, CourseContact, Participation
from programmes.queries import courses as queries
from programmes.queries import dates as dated
from programmes.queries.dates import Time
from programmes.service.courses import keep_days, limits
from programmes.service.entering import book_into
from programmes.terms import BY_APPOINTMENT, CourseStanding, Part, Unit

OVER = (CourseStanding.ENDED, CourseStanding.CALLED_OFF)
UNKNOWN_TERM = "unknown_term"


def is_without_date(contact: CourseContact) -> bool:
    """Say whether the group was to meet, and the session was called off."""
    return contact.session is not None and contact.session.standing == SessionStanding.CALLED_OFF


def worth_a_look(contact: CourseContact, *, on_date: date, starts: time) -> list[str]:
    """Say what speaks against a date for a session of the group: never a refusal."""
    first, last = at_wall_time(on_date, starts), _ends(contact, on_date, starts)
    closed = [
        skip for skip in days.left_out(on_date, on_date, term_time_only=True) if skip.why != UNKNOWN_TERM
    ]
    there = [one.account_id for one in queries.facilitators_of(contact.course_id)]
    return [*(skip.reason for skip in closed), *elsewhere(there, [(first, last)])]


def on_shift(account_id: UUID, times: Sequence[Time]) -> list[str]:
    """Say at which sessions somebody should be at these times, a sentence for each."""
    return _sentences(dated.on_shift([account_id], times))


def elsewhere(account_ids: Collection[UUID], times: Sequence[Time]) -> list[str]:
    """Say where else people should be at these times, at sessions or at calls, a sentence for each."""
    return _sentences(dated.elsewhere(account_ids, times))


def _sentences(found: Mapping[UUID, Sequence[Clash]]) -> list[str]:
    names = accounts.names(found)
    return [
        f"{names.get(account_id, 'Somebody')} should be elsewhere then: {clash}."
        for account_id, clashes in found.items()
        for clash in clashes
    ]


def give_date(contact: CourseContact, *, on_date: date, starts: time, room_id: UUID | None) -> CourseContact:
    """Let the group meet on another day for a session that was called off; RoomTaken when the room is not free.

    Everybody who still needs it is booked into it and told, and those who run the course are put on its rota.
    """
    course = find(Course, contact.course_id, lock=True)
    contact = find(CourseContact, contact.id, lock=True)
    _ensure_goes_on(course)
    if not is_without_date(contact) or course.programme.activity_id is None:
        raise HasADate
    ends = _ends(contact, on_date, starts)
    if wall(ends).date() != on_date:
        raise Unacceptable(starts="Sessions must end before midnight. Choose an earlier time")
    if at_wall_time(on_date, starts) <= now():
        raise Unacceptable(on_date="Choose a time that has not passed yet")
    with db.begin_nested():
        session = one_session.add_session(
            hub_id=course.hub_id, activity_id=course.programme.activity_id, room_id=room_id, on_date=on_date,
            starts=starts, ends=wall(ends).time(), **limits(course.edition.unit, course.places),
        )  # fmt: skip
        contact.session_id, contact.on_date = session.id, on_date
        db.flush()
        db.refresh(contact)
        for leads in queries.facilitators_of(course.id):
            part = ShiftPart.LEADS if leads.part == Part.LEADS else ShiftPart.HELPS
            rota.assign(session, leads.account_id, part)
        concerned = dated.concerned_by_date(contact)
        for one in concerned:
            with_child = one.course_id == course.id and course.edition.unit == Unit.FAMILY
            book_into(one, [session.id], with_child=with_child)
        _dated(contact, course)
    _tell(contact, concerned, session.id)
    return contact


def move_week(contact: CourseContact, day: date) -> CourseContact:
    """Make the appointments of a contact in the week of that day; times that were offered or picked stay."""
    course = find(Course, contact.course_id, lock=True)
    contact = find(CourseContact, contact.id, lock=True)
    _ensure_goes_on(course)
    if contact.kind not in BY_APPOINTMENT:
        raise Unacceptable("Only calls, visits and one to one meetings have a week.")
    monday = day - timedelta(days=day.weekday())
    if monday + timedelta(days=6) < today():
        raise Unacceptable(on_date="Choose a week that has not passed yet")
    if contact.on_date == monday:
        return contact
    contact.on_date = monday
    db.flush()
    _dated(contact, course)
    _tell(contact, dated.without_a_time(contact), course.id)
    return contact


@on(SessionCalledOff)
def follow_calling_off(happening: SessionCalledOff) -> None:
    """Tell those on a course that it does not meet that day; a whole course that is called off tells it once itself."""
    contact = queries.contact_of_session(happening.subject)
    if contact and (concerned := dated.concerned_by_date(contact)):
        record(CourseChanged(subject=contact.course_id))
        _tell(contact, concerned, happening.subject)


@on(SessionMoved)
def follow_move(moved: SessionMoved) -> None:
    """Tell those on a course when it meets now, where families are to know."""
    contact = queries.contact_of_session(moved.subject)
    if contact and moved.tell and (concerned := dated.concerned_by_date(contact)):
        record(CourseChanged(subject=contact.course_id))
        _tell(contact, concerned, moved.subject)


def _dated(contact: CourseContact, course: Course) -> None:
    keep_days(course)
    record(CourseChanged(subject=course.id))
    record(ContactDated(subject=contact.id, course=course.id))


def _tell(contact: CourseContact, concerned: Sequence[Participation], what: UUID) -> None:
    for one in concerned:
        promise(
            "course.dated",
            key=f"course.dated:{one.id}:{contact.id}:{what}:{now().isoformat()}",
            participation_id=one.id,
            contact_id=contact.id,
        )


def _ends(contact: CourseContact, on_date: date, starts: time) -> datetime:
    return at_wall_time(on_date, starts) + timedelta(minutes=contact.minutes)


def _ensure_goes_on(course: Course) -> None:
    if course.standing in OVER:
        raise CourseIsOver
