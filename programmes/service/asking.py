"""Asking those on a course the questionnaires that its edition measures by.

When each is asked, and what happens outside that time:

* **Before:** from the booking to the end of the second contact. Whoever is booked later is not asked.
* **After:** from the start of the last contact until three weeks after its end: everybody who is still on the course.
* **Follow-up:** as many weeks after the last contact as the edition says, for four weeks: those who completed it.

What was not answered in its time lapses. A sheet of paper that was filled in in time may be keyed in later. Whoever
withdraws or declines is asked nothing more; whoever drops out is not asked afterwards. Whoever is moved to another
course is asked there, and what they answered before counts.
The parent answers for themselves and about the child; where two parents share a place, each of them is asked all of it;
a young person of 11 or more answers for themselves. None of them sees what another said.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from accounts.queries import Person as SignedIn
from families.models import Person
from hubs.events import SessionMoved
from kernel.clock import at_wall_time, now, today, wall
from kernel.db import db, find
from kernel.errors import NotFound
from kernel.journal import on
from kernel.outbox import promise
from kernel.permissions import Permission
from outcomes import queries as outcomes
from outcomes import service as asking
from outcomes.events import RiskRaised, WordingAttested
from outcomes.terms import Occasion, Respondent
from programmes import queries
from programmes.events import ContactDated, ParticipationMoved
from programmes.models import Course, CourseContact, Participation
from programmes.service.asked_elsewhere import answered_before, carry_goals
from programmes.terms import ON_THE_COURSE, TOGETHER, Standing

AFTER_LASTS = timedelta(weeks=3)
FOLLOW_UP_LASTS = timedelta(weeks=4)
AT_ONCE = 2000
SECOND = 2
"""The number of the contact at whose end the first answers must be in."""
OLD_ENOUGH = 11
"""From this age on, in years, a young person answers for themselves."""
LET_GO = (Standing.WITHDRAWN, Standing.TRANSFERRED, Standing.DECLINED)
ASKED_AFTER = (Standing.STARTED, Standing.COMPLETED)


class Window(NamedTuple):
    """When something can be answered."""

    opens_at: datetime
    closes_at: datetime


@outcomes.sight
def sees(person: SignedIn, about_id: UUID) -> bool:
    """Say whether somebody of staff sees what a participant was asked: whoever runs or manages the course does."""
    if not (person.may(Permission.RUN_COURSES) or person.may(Permission.MANAGE_COURSES)):
        return False
    try:
        queries.find_participation(about_id, seen=person)
    except NotFound:
        return False
    return True


@on(ParticipationMoved)
def follow(happening: ParticipationMoved) -> None:
    """Ask what the edition measures by when somebody comes to stand where it is asked, or ask it no longer."""
    standing = Standing(happening.standing)
    if standing in LET_GO:
        asking.withdraw(happening.subject)
        return
    if standing == Standing.DROPPED_OUT:
        asking.withdraw(happening.subject, Occasion.AFTER, Occasion.FOLLOW_UP)
        return
    participation = find(Participation, happening.subject)
    if standing in ON_THE_COURSE:
        carry_goals(participation)
    if standing == Standing.BOOKED:
        ask_before(participation)
    elif standing in ASKED_AFTER:
        promise_later(participation)


@on(SessionMoved)
def follow_session(happening: SessionMoved) -> None:
    """Move the times of questionnaires with the contacts of a course that they hang on."""
    moved = select(CourseContact.course_id).where(CourseContact.session_id == happening.subject)
    for course_id in db.scalars(moved).all():
        _move_times(course_id)


@on(ContactDated)
def follow_contact(happening: ContactDated) -> None:
    """Move the times of questionnaires with a contact that has another day or week."""
    _move_times(happening.course)


def _move_times(course_id: UUID) -> None:
    on_it = select(Participation).where(
        Participation.course_id == course_id, Participation.standing.in_(ON_THE_COURSE)
    )
    for participation in db.scalars(on_it.order_by(Participation.id).limit(200)):
        ask_before(participation)
        if participation.standing in ASKED_AFTER:
            promise_later(participation)


@on(WordingAttested)
def follow_words(happening: WordingAttested) -> None:
    """Ask those who are booked what could not be asked before there were words for it."""
    coming = (
        select(Participation)
        .join(Course, Course.id == Participation.course_id)
        .where(Participation.standing.in_(ON_THE_COURSE), Course.last_date >= today())
        .order_by(Participation.id)
        .limit(AT_ONCE)
    )
    for participation in db.scalars(coming):
        course = participation.course
        if course and any(one["instrument"] == happening.instrument for one in course.edition.measures):
            ask_before(participation)


@on(RiskRaised)
def tell_facilitators(happening: RiskRaised) -> None:
    """Promise those who run the course a letter: somebody needs them today."""
    promise(
        "programmes.risk",
        key=f"programmes.risk:{happening.subject}:{today()}",
        participation_id=happening.about,
    )


def ask_before(participation: Participation) -> int:
    """Ask what is asked before the course, unless it is too late for that. Return how much was asked."""
    course = participation.course
    window = before_window(course, participation.booked_at or now()) if course else None
    return _ask(participation, Occasion.BEFORE, window)


def ask_after(participation: Participation) -> int:
    """Ask what is asked at the end of the course, while it is time. Return how much was asked."""
    course = participation.course
    if course is None or participation.standing not in ASKED_AFTER:
        return 0
    window = after_window(course)
    return _ask(participation, Occasion.AFTER, window, write_at=window and ends_of(course.contacts[-1]))


def ask_follow_up(participation: Participation) -> int:
    """Ask somebody who completed the course what is asked some weeks later. Return how much was asked."""
    course = participation.course
    if course is None or participation.standing != Standing.COMPLETED:
        return 0
    return sum(
        _ask(participation, Occasion.FOLLOW_UP, follow_up_window(course, weeks), weeks=weeks)
        for weeks in _later(course)
    )


def promise_later(participation: Participation) -> None:
    """Promise to ask at the last contact, and some weeks later where the edition says so."""
    course = participation.course
    window = after_window(course) if course else None
    if course is None or window is None:
        return
    if now() < window.closes_at:
        promise(
            "programmes.after",
            key=f"programmes.after:{participation.id}",
            due_at=window.opens_at,
            participation_id=participation.id,
        )
    for weeks in _later(course):
        later = follow_up_window(course, weeks)
        if later and now() < later.closes_at:
            promise(
                "programmes.follow_up",
                key=f"programmes.follow_up:{participation.id}:{weeks}",
                due_at=later.opens_at,
                participation_id=participation.id,
            )


def before_window(course: Course, booked_at: datetime) -> Window | None:
    """Return when the first questionnaires can be answered, or None when somebody is booked too late for them."""
    if not course.contacts:
        return None
    closes_at = ends_of(course.contacts[:SECOND][-1])
    return Window(booked_at, closes_at) if booked_at < closes_at else None


def after_window(course: Course) -> Window | None:
    """Return when the questionnaires at the end of a course can be answered."""
    if not course.contacts:
        return None
    last = course.contacts[-1]
    return Window(starts_of(last), ends_of(last) + AFTER_LASTS)


def follow_up_window(course: Course, weeks: int) -> Window | None:
    """Return when the questionnaires some weeks after a course can be answered."""
    if not course.contacts:
        return None
    opens_at = ends_of(course.contacts[-1]) + timedelta(weeks=weeks)
    return Window(opens_at, opens_at + FOLLOW_UP_LASTS)


def starts_of(contact: CourseContact) -> datetime:
    """Return when a contact begins: its session, or the day from which on appointments are made."""
    return contact.session.starts_at if contact.session else at_wall_time(contact.on_date, time.min)


def ends_of(contact: CourseContact) -> datetime:
    """Return when a contact is over: its session, or the week in which appointments are made."""
    if contact.session:
        return contact.session.ends_at
    days = 1 if contact.kind in TOGETHER else 7
    return at_wall_time(contact.on_date + timedelta(days=days), time.min)


def _ask(
    participation: Participation, occasion: Occasion, window: Window | None, *, weeks: int = 0,
    write_at: datetime | None = None,
) -> int:  # fmt: skip
    """Ask everything that is measured on an occasion, unless its time is over. Return how much was asked."""
    course = participation.course
    if course is None or window is None or window.closes_at <= now():
        return 0
    asked, done = 0, answered_before(participation) if occasion == Occasion.BEFORE else set()
    for measure in _measures(course, occasion):
        if weeks and measure.get("follow_up_weeks") != weeks:
            continue
        for who in _who_answer(participation, Respondent(measure["respondent"]), window):
            if (measure["instrument"], who.id) in done:
                continue
            made = asking.ask(
                instrument=measure["instrument"], occasion=occasion, respondent=Respondent(measure["respondent"]),
                respondent_id=who.id, subject_id=_subject_of(participation, measure["instrument"]) or who.id,
                about_id=participation.id, title=course.title, opens_at=window.opens_at, closes_at=window.closes_at,
                language=who.language or "en", write_at=write_at,
            )  # fmt: skip
            asked += made is not None
    return asked


def _measures(course: Course, occasion: Occasion) -> Sequence[dict[str, Any]]:
    return [one for one in course.edition.measures if occasion.value in one["when"]]


def _later(course: Course) -> Sequence[int]:
    """Return after how many weeks an edition asks again."""
    return sorted(
        {
            one["follow_up_weeks"]
            for one in _measures(course, Occasion.FOLLOW_UP)
            if one.get("follow_up_weeks")
        }
    )


def _who_answer(participation: Participation, respondent: Respondent, window: Window) -> Sequence[Person]:
    """Return the parent, or both, who take part, or the young person when there is one who is old enough."""
    if respondent == Respondent.PARENT:
        partner = find(Person, participation.partner_id) if participation.partner_id else None
        return [participation.person, *([partner] if partner and not partner.left_at else [])]
    child = find(Person, participation.child_id) if participation.child_id else None
    if child is None or child.date_of_birth is None or child.left_at:
        return []
    born, day = child.date_of_birth, wall(window.opens_at).date()
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return [child] if years >= OLD_ENOUGH else []


def _subject_of(participation: Participation, instrument: str) -> UUID | None:
    """Return the child whom a questionnaire is about, or None when it is about whoever answers."""
    return participation.child_id if outcomes.is_about_child(instrument) else None
