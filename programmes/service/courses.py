"""Setting courses up, changing them, calling them off."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from accounts.models import Account
from hubs.events import SessionMoved
from hubs.models import Session
from hubs.service import one_session, rota
from hubs.service.places import ensure_staff
from hubs.terms import SessionStanding, ShiftPart
from kernel import prose
from kernel.clock import now, wall
from kernel.db import db, find
from kernel.errors import Unacceptable, ensure_known
from kernel.journal import on, record
from programmes import rules
from programmes.errors import CourseIsOver, NoLongerOffered
from programmes.events import CourseCalledOff, CourseChanged, CourseSetUp
from programmes.models import Course, CourseContact, Edition, Facilitator
from programmes.queries import courses as queries
from programmes.service.planning import CoursePlan, PlannedContact, ensure_ages, preview
from programmes.terms import CourseStanding, Part, Unit, WayIn

__all__ = [
    "CoursePlan",
    "PlannedContact",
    "call_off",
    "change",
    "open_to_families",
    "preview",
    "set_up",
    "staff",
]

PARTS = ("title", "about", "places", "creche_places", "way_in", "age_from_years", "age_to_years")
MOST_PLACES = 500


def set_up(
    edition: Edition, *, hub_id: UUID, room_id: UUID | None, title: str, first_date: date, starts: time, places: int,
    creche_places: int = 0, facilitators: Mapping[UUID, Part] | None = None, way_in: WayIn | None = None,
    ages: tuple[int, int] | None = None, about: str = "", term_time_only: bool = True, history: bool = False,
    standing: CourseStanding = CourseStanding.OPEN,
) -> Course:  # fmt: skip
    """Set a course up with its dates, sessions and shifts; RoomTaken when the room is not free on one of them.

    With ``history`` it may lie in the past. One that is a draft (``standing``) is seen by staff alone.
    """
    programme = edition.programme
    first_age, last_age = ages or (programme.age_from_years, programme.age_to_years)
    parts = {
        "title": title.strip(), "about": about.strip(), "places": places, "creche_places": creche_places,
        "way_in": way_in or programme.way_in, "age_from_years": first_age, "age_to_years": last_age,
    }  # fmt: skip
    _ensure_possible(parts)
    plan = preview(
        edition, hub_id=hub_id, room_id=room_id, first_date=first_date, starts=starts,
        term_time_only=term_time_only, history=history,
    )  # fmt: skip

    course = Course(
        programme_id=programme.id, edition_id=edition.id, hub_id=hub_id, room_id=room_id, first_date=plan.first_date,
        last_date=plan.last_date, late_start_until=edition.late_start_until, standing=standing, **parts,
    )  # fmt: skip
    db.add(course)
    db.flush()
    written = {contact.number: contact for contact in edition.contacts}
    for contact in plan.contacts:
        template = written[contact.number]
        session = _session(course, edition, contact, history=history) if contact.together else None
        db.add(
            CourseContact(
                course_id=course.id,
                number=contact.number,
                kind=contact.kind,
                title=contact.title,
                minutes=contact.minutes,
                must_attend=template.must_attend,
                checklist=list(template.checklist),
                on_date=contact.day,
                session_id=session.id if session else None,
            )
        )
    db.flush()
    record(CourseSetUp(subject=course.id, programme=programme.id))
    if facilitators:
        _give_shifts(course, facilitators, queries.sessions_of(course.id))
    return course


def change(course: Course, **changes: Any) -> Course:
    """Change ``title``, ``about``, ``places``, ``creche_places``, ``way_in``, ages; what is not named stays.

    There are never fewer places than are taken.
    """
    course = find(Course, course.id, lock=True)
    _ensure_to_come(course)
    ensure_known(changes, PARTS)
    parts = {**{part: getattr(course, part) for part in PARTS}, **changes}
    _ensure_possible(parts)
    _ensure_nobody_loses_theirs(course, parts["places"], parts["creche_places"])

    before = course.places
    for part, value in changes.items():
        setattr(
            course, part, value.strip() if isinstance(value, str) and part in {"title", "about"} else value
        )
    if db.is_modified(course):
        db.flush()
        record(CourseChanged(subject=course.id))
    if course.places != before:
        for session in _sessions_to_come(course):
            one_session.change_places(session, **limits(course.edition.unit, course.places))
    return course


def open_to_families(course: Course) -> None:
    """Let families find and join a course that was being prepared."""
    course = find(Course, course.id, lock=True)
    _ensure_to_come(course)
    if course.standing == CourseStanding.DRAFT:
        course.standing = CourseStanding.OPEN
        db.flush()
        record(CourseChanged(subject=course.id))


def staff(course: Course, facilitators: Mapping[UUID, Part]) -> None:
    """Say who leads a course and who helps; they get the shifts of its sessions to come, others lose theirs."""
    _ensure_to_come(course)
    for account_id in facilitators:
        ensure_staff(find(Account, account_id))
    sessions = _sessions_to_come(course)
    for one in queries.facilitators_of(course.id):
        if one.account_id not in facilitators:
            db.delete(one)
            for session in sessions:
                rota.unassign(session, one.account_id)
    _give_shifts(course, facilitators, sessions)
    record(CourseChanged(subject=course.id))


def call_off(course: Course, because: str) -> None:
    """Call a course off, with its sessions to come; those who take part are told why."""
    course = find(Course, course.id, lock=True)
    _ensure_to_come(course)
    if not because.strip():
        raise Unacceptable(because="Say why the course is called off. Those who booked are told this.")

    course.standing = CourseStanding.CALLED_OFF
    course.called_off_because = because.strip()
    course.ended_at = now()
    db.flush()
    # first those who take part leave it, and are told once; then its sessions are nobody's
    record(CourseCalledOff(subject=course.id))
    for session in _sessions_to_come(course):
        one_session.call_off(session, course.called_off_because)


@on(SessionMoved)
def follow_a_session(moved: SessionMoved) -> None:
    """Keep the day of a contact whose session has moved."""
    contact = queries.contact_of_session(moved.subject)
    if contact is None or contact.session is None or contact.on_date == contact.session.on_date:
        return
    contact.on_date = contact.session.on_date
    db.flush()
    keep_days(contact.course)


def keep_days(course: Course) -> None:
    """Let the first and the last day of a course be those of its contacts."""
    contacts = queries.contacts_of(course.id)
    course.first_date = min(one.on_date for one in contacts)
    course.last_date = max(rules.last_day(one.kind, one.on_date) for one in contacts)
    db.flush()


def limits(unit: Unit, places: int) -> dict[str, int | None]:
    """Return the limits of a course's sessions: some more than its places, for those who make a contact up."""
    most = places + max(2, places // 4)
    if unit == Unit.PARENT:
        return {"most_families": None, "most_children": None, "most_adults": most}
    return {"most_families": most, "most_children": None, "most_adults": None}


def _session(course: Course, edition: Edition, contact: PlannedContact, *, history: bool) -> Session:
    activity_id = edition.programme.activity_id
    if activity_id is None or contact.starts_at is None or contact.ends_at is None:
        raise NoLongerOffered
    most = limits(edition.unit, course.places)
    if not (history and contact.starts_at <= now()):
        return one_session.add_session(
            hub_id=course.hub_id, activity_id=activity_id, room_id=course.room_id, on_date=contact.day,
            starts=wall(contact.starts_at).time(), ends=wall(contact.ends_at).time(), **most,
        )  # fmt: skip
    session = Session(
        activity_id=activity_id, hub_id=course.hub_id, room_id=course.room_id, on_date=contact.day,
        starts_at=contact.starts_at, ends_at=contact.ends_at, **most,
    )  # fmt: skip
    db.add(session)
    db.flush()
    return session


def _give_shifts(course: Course, facilitators: Mapping[UUID, Part], sessions: Sequence[Session]) -> None:
    there = {one.account_id: one for one in queries.facilitators_of(course.id)}
    for account_id, part in facilitators.items():
        if one := there.get(account_id):
            one.part = part
        else:
            ensure_staff(find(Account, account_id))
            db.add(Facilitator(course_id=course.id, account_id=account_id, part=part))
        for session in sessions:
            rota.assign(session, account_id, ShiftPart.LEADS if part == Part.LEADS else ShiftPart.HELPS)
    db.flush()


def _sessions_to_come(course: Course) -> list[Session]:
    return [
        session
        for session in queries.sessions_of(course.id)
        if session.standing == SessionStanding.PLANNED and session.starts_at > now()
    ]


def _ensure_to_come(course: Course) -> None:
    if course.standing in (CourseStanding.ENDED, CourseStanding.CALLED_OFF):
        raise CourseIsOver


def _ensure_nobody_loses_theirs(course: Course, places: int, creche_places: int) -> None:
    taken = queries.taken([course.id])[course.id]
    if places < taken:
        raise Unacceptable(
            places=f"{prose.count(taken, 'place')} of this course {'is' if taken == 1 else 'are'} taken"
        )
    minded = queries.creche_taken(course.id)
    if creche_places < minded:
        raise Unacceptable(
            creche_places=f"{prose.count(minded, 'crèche place')} {'is' if minded == 1 else 'are'} taken"
        )


def _ensure_possible(parts: Mapping[str, Any]) -> None:
    if not parts["title"].strip():
        raise Unacceptable(title="Enter the name of the course")
    if not 1 <= parts["places"] <= MOST_PLACES:
        raise Unacceptable(places=f"Enter a number of places between 1 and {MOST_PLACES}")
    if not 0 <= parts["creche_places"] <= MOST_PLACES:
        raise Unacceptable(creche_places=f"Enter a number of crèche places between 0 and {MOST_PLACES}")
    ensure_ages(parts["age_from_years"], parts["age_to_years"])
