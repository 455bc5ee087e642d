"""Two parents at one place: the second brought along later, or coming no more while the first stays.

The dose, the standing and the times of calls are those of the place. Questionnaires, progress and certificates are each
parent's own.
"""

from uuid import UUID

import bookings.service as bookings
from bookings.terms import Channel
from families.models import Person
from kernel.clock import now
from kernel.db import db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from kernel.outbox import promise
from outcomes import service as questionnaires
from programmes.errors import AlreadyOnACourse, CannotMove
from programmes.events import PartnerChanged
from programmes.models import Course, Participation
from programmes.queries import joining as queries
from programmes.service import asking
from programmes.service.entering import check_people, lock_person
from programmes.terms import LIVE, ON_THE_COURSE, Unit

GONE = "They come to the course no more."


def bring_along(participation: Participation, partner_id: UUID) -> None:
    """Let a second parent share the place: booked for the sessions to come, and asked what is still asked."""
    participation = _locked(participation)
    course = participation.course
    if participation.partner_id == partner_id:
        return
    if course and course.edition.unit == Unit.PARENT:
        raise Unacceptable(partner_id="Each parent takes a place of their own on this course. Book them one.")
    check_people(participation.household_id, participation.person_id, partner_id, participation.child_id)
    lock_person(partner_id)
    if queries.live_of(participation.programme_id, partner_id):
        raise AlreadyOnACourse("They have been referred to this programme, or have a place, already.")

    with db.begin_nested():
        come_alone(participation)
        participation.partner_id = partner_id
        db.flush()
        record(PartnerChanged(subject=participation.id, partner=partner_id))
        if course and participation.standing in ON_THE_COURSE:
            _book(participation, course, find(Person, partner_id))
            _ask(participation, course)
            _tell("course.brought_along", participation, partner_id)


def come_alone(participation: Participation) -> None:
    """Let the second parent take part no more: their sessions are freed and their questions asked no longer.

    What they have answered stays theirs. The place stays with the first parent.
    """
    participation = _locked(participation)
    partner_id = participation.partner_id
    if partner_id is None:
        return
    sessions = {one.session_id for one in queries.bookings_to_come(participation)}
    bookings.free_places_of(partner_id, sessions, GONE)
    questionnaires.withdraw_from(participation.id, partner_id)
    participation.partner_id = None
    db.flush()
    record(PartnerChanged(subject=participation.id, partner=None))
    _tell("course.comes_no_more", participation, partner_id)


def _locked(participation: Participation) -> Participation:
    participation = find(Participation, participation.id, lock=True)
    if participation.standing not in LIVE:
        raise CannotMove
    return participation


def _book(participation: Participation, course: Course, partner: Person) -> None:
    """Book the second parent beside the first, whose own bookings stay as they are."""
    coming = queries.sessions_to_come(course.id, without_doses_of=participation.id)
    if coming:
        bookings.book_several(
            coming, household_id=partner.household_id, person_ids=[partner.id], carer_id=partner.id,
            channel=Channel.COURSE,
        )  # fmt: skip


def _tell(topic: str, participation: Participation, partner_id: UUID) -> None:
    key = f"{topic}:{participation.id}:{partner_id}:{now().isoformat()}"
    promise(topic, key=key, participation_id=participation.id, person_id=partner_id)


def _ask(participation: Participation, course: Course) -> None:
    asking.ask_before(participation)
    window = asking.after_window(course)
    if window and window.opens_at <= now():
        asking.ask_after(participation)
