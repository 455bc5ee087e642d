"""Coming to a course and leaving it: referred, offered, booked, withdrawn, dropped out, moved elsewhere."""

from dataclasses import dataclass, replace
from uuid import UUID

import bookings.service as bookings
from families import queries as families
from families.models import Person
from kernel.clock import now
from kernel.db import db, find
from kernel.errors import NotFound, Unacceptable
from kernel.outbox import promise
from programmes.errors import AlreadyOnACourse, CannotMove, OfferIsOver, OnlyByReferral
from programmes.models import Course, Participation, Programme
from programmes.queries import joining as queries
from programmes.rules import joining as rules
from programmes.rules.joining import Door
from programmes.service import interest
from programmes.service.entering import (
    book_sessions,
    check_people,
    ensure_apart,
    ensure_room,
    lock_person,
    open_door,
)
from programmes.service.leaving import complete, drop_out, forget_offer, lapse_key, transfer, withdraw
from programmes.service.standing import begin, move
from programmes.terms import ON_THE_COURSE, Source, Standing, Unit

__all__ = [
    "Wish", "accept", "book", "complete", "decline", "drop_out", "is_kept", "lapse", "offer", "refer", "transfer",
    "withdraw",
]  # fmt: skip

MOST_CRECHE = 10


@dataclass(frozen=True)
class Wish:
    """What somebody needs who joins a course."""

    household_id: UUID
    child_id: UUID | None = None
    partner_id: UUID | None = None
    creche_children: int = 0
    interpreter: str = ""
    access_needs: str = ""


def refer(
    *, programme_id: UUID, household_id: UUID, person_id: UUID, source: Source, referred_by: str = "",
    reason: str = "", course_id: UUID | None = None, hub_id: UUID | None = None, child_id: UUID | None = None,
    partner_id: UUID | None = None,
) -> Participation:  # fmt: skip
    """Keep a referral of somebody to a programme, or to one of its courses."""
    programme = find(Programme, programme_id)
    if programme.ended_at:
        raise Unacceptable(programme_id=f"{programme.name} is no longer offered")
    course = find(Course, course_id) if course_id else None
    if course and course.programme_id != programme_id:
        raise Unacceptable(course_id="Choose a course of this programme")
    check_people(household_id, person_id, partner_id, child_id)
    lock_person(person_id)
    if queries.live_of(programme_id, person_id) or (course_id and queries.completed(course_id, person_id)):
        raise AlreadyOnACourse(
            "They have been referred to this programme, or are on one of its courses, already."
        )
    return begin(
        Participation(
            programme_id=programme_id,
            course_id=course_id,
            hub_id=hub_id or (course.hub_id if course else None),
            household_id=household_id,
            person_id=person_id,
            partner_id=partner_id,
            child_id=child_id,
            standing=Standing.REFERRED,
            source=source,
            referred_by=referred_by,
            reason=reason or None,
            referred_at=now(),
            interpreter=families.interpreter_for(find(Person, person_id)),
        )
    )


def offer(participation: Participation, course_id: UUID) -> None:
    """Offer somebody a place on a course, and keep it for them for a week. Offering again keeps it for longer."""
    course, door = open_door(course_id)
    participation = find(Participation, participation.id, lock=True)
    if course.programme_id != participation.programme_id:
        raise Unacceptable(course_id="Choose a course of this programme")
    if participation.standing not in (Standing.REFERRED, Standing.OFFERED):
        raise CannotMove
    ensure_apart(course, participation.person_id, participation.partner_id)
    kept = is_kept(participation, course_id)
    places = rules.places_needed(course.edition.unit, with_partner=participation.partner_id is not None)
    ensure_room(door, places=places, kept=kept)

    if participation.standing == Standing.OFFERED and participation.course_id != course_id:
        move(participation, Standing.REFERRED, "Offered another course.")
    participation.course_id = course_id
    participation.offer_until = rules.offer_until(now(), queries.next_start(course_id))
    move(participation, Standing.OFFERED)
    db.flush()
    promise(
        "course.offered",
        key=f"course.offered:{participation.id}:{participation.offer_until.isoformat()}",
        participation_id=participation.id,
    )
    promise(
        "course.offer_lapse",
        key=lapse_key(participation),
        due_at=participation.offer_until,
        participation_id=participation.id,
    )


def lapse(participation: Participation) -> bool:
    """Let a place go that was offered and not taken up in time; say whether it was."""
    participation = find(Participation, participation.id, lock=True)
    until = participation.offer_until
    if participation.standing != Standing.OFFERED or until is None or until > now():
        return False
    course = find(Course, participation.course_id) if participation.course_id else None
    participation.hub_id = participation.hub_id or (course.hub_id if course else None)
    move(participation, Standing.REFERRED, "The offer was not taken up in time.")
    participation.course_id = participation.offer_until = None
    db.flush()
    return True


def accept(participation: Participation) -> None:
    """Take up the place that is offered. Accepting again changes nothing."""
    if participation.standing in ON_THE_COURSE:
        return
    if participation.course_id is None:
        raise OfferIsOver
    wish = Wish(
        participation.household_id,
        participation.child_id,
        participation.partner_id,
        participation.creche_children,
        participation.interpreter,
        participation.access_needs or "",
    )
    with db.begin_nested():
        course, door = open_door(participation.course_id)
        participation = find(Participation, participation.id, lock=True)
        if participation.standing != Standing.OFFERED or participation.course_id != course.id:
            raise OfferIsOver
        ensure_apart(course, participation.person_id, participation.partner_id, by_family=True)
        _take_all(course, door, participation.person_id, wish, participation)


def decline(participation: Participation, why: str = "") -> None:
    """Turn the place or the referral down. Declining again changes nothing."""
    participation = find(Participation, participation.id, lock=True)
    forget_offer(participation)
    move(participation, Standing.DECLINED, why)


def book(
    *, course_id: UUID, household_id: UUID, person_id: UUID, child_id: UUID | None = None,
    partner_id: UUID | None = None, creche_children: int = 0, interpreter: str = "", access_needs: str = "",
    by_family: bool = False,
) -> Participation:  # fmt: skip
    """Give somebody a place on a course and at all its group sessions to come, or refuse with the reason.

    A referral or offer that they have becomes the booking. Where one person takes a place, a partner gets one of
    their own. ``by_family``: the way in of the course holds, and nobody is brought along who lives elsewhere or hides
    where they go.
    """
    if not 0 <= creche_children <= MOST_CRECHE:
        raise Unacceptable(creche_children=f"Enter a number between 0 and {MOST_CRECHE}")
    check_people(household_id, person_id, partner_id, child_id)
    if by_family and partner_id:
        _ensure_may_bring(find(Person, person_id), find(Person, partner_id))
    wish = Wish(household_id, child_id, partner_id, creche_children, interpreter, access_needs)
    with db.begin_nested():
        course, door = open_door(course_id)
        waits = _referral(course, person_id)
        if by_family and not (rules.families_book(course.way_in) or is_kept(waits, course_id)):
            raise OnlyByReferral
        ensure_apart(course, person_id, partner_id, by_family=by_family)
        return _take_all(course, door, person_id, wish, waits)


def _ensure_may_bring(person: Person, partner: Person) -> None:
    # That somebody is on a course of the programme already would be told by the refusal.
    if partner.household_id != person.household_id or partner.id in families.others_unseen(person):
        raise NotFound("partner")


def _take_all(
    course: Course, door: Door, person_id: UUID, wish: Wish, waits: Participation | None
) -> Participation:
    """Give one person a place, and the partner one too where each needs one."""
    places = rules.places_needed(course.edition.unit, with_partner=wish.partner_id is not None)
    kept = is_kept(waits, course.id)
    ensure_room(door, places=places, creche_children=wish.creche_children, kept=kept)
    if wish.partner_id is None or course.edition.unit != Unit.PARENT:
        return _take(course, person_id, wish, waits)

    booked = _take(course, person_id, replace(wish, partner_id=None), waits)
    theirs = Wish(find(Person, wish.partner_id).household_id, wish.child_id, interpreter=wish.interpreter)
    ensure_room(queries.door(course))
    _take(course, wish.partner_id, theirs, _referral(course, wish.partner_id))
    return booked


def _take(course: Course, person_id: UUID, wish: Wish, waits: Participation | None) -> Participation:
    if queries.completed(course.id, person_id):
        raise AlreadyOnACourse
    if wish.partner_id and (partners := _referral(course, wish.partner_id)):
        withdraw(partners, "They come with their partner.")
    if waits:
        forget_offer(waits)
        booked = waits
        _fill(booked, course, wish)
        booked.offer_until = None
        move(booked, Standing.BOOKED)
    else:
        at = now()
        booked = Participation(
            programme_id=course.programme_id,
            person_id=person_id,
            standing=Standing.BOOKED,
            source=Source.SELF,
            referred_at=at,
            booked_at=at,
        )
        _fill(booked, course, wish)
        begin(booked)
    book_sessions(booked, course)
    bookings.know_at_hub(course.hub_id, booked.household_id)
    interest.no_longer(course.programme_id, person_id)
    promise("course.booked", key=f"course.booked:{booked.id}", participation_id=booked.id)
    return booked


def _fill(participation: Participation, course: Course, wish: Wish) -> None:
    participation.course_id = course.id
    participation.household_id = wish.household_id
    participation.child_id = wish.child_id or participation.child_id
    participation.partner_id = wish.partner_id
    participation.creche_children = wish.creche_children
    participation.interpreter = wish.interpreter
    participation.access_needs = wish.access_needs or None


def _referral(course: Course, person_id: UUID) -> Participation | None:
    """Return the referral or offer that somebody has for the programme; AlreadyOnACourse when they have a place."""
    lock_person(person_id)
    standing = queries.live_of(course.programme_id, person_id)
    if any(one.standing in ON_THE_COURSE for one in standing):
        raise AlreadyOnACourse
    return next((one for one in standing if one.person_id == person_id), None)


def is_kept(participation: Participation | None, course_id: UUID) -> bool:
    """Say whether a place of this course is kept for somebody now."""
    return bool(
        participation
        and participation.standing == Standing.OFFERED
        and participation.course_id == course_id
        and (participation.offer_until is None or participation.offer_until > now())
    )
