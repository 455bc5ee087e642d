"""What every way into a course goes through: its door, who comes, and the sessions that they are booked into."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

import bookings.service as bookings
from bookings.terms import Channel
from families.models import Caring, Person
from families.terms import PersonKind
from kernel.db import db, find
from kernel.errors import NotFound
from programmes.errors import CourseIsClosed, CourseIsFull, CrecheIsFull, GoesUnseen
from programmes.models import Course, Participation
from programmes.queries import joining as queries
from programmes.rules import joining as rules
from programmes.rules.joining import Door
from programmes.terms import CourseStanding, Unit


def open_door(course_id: UUID) -> tuple[Course, Door]:
    """Lock a course, and say how it stands now that nobody else can take its places."""
    db.flush()
    course = find(Course, course_id, lock=True)
    return course, queries.door(course)


def lock_person(person_id: UUID) -> None:
    """Let nobody else put this person on a course until this work ends. Courses first, then people, always."""
    db.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def ensure_room(
    door: Door, *, places: int = 1, creche_children: int = 0, kept: bool = False, elsewhere: bool = False
) -> None:
    """Refuse whom a course cannot take, in words that say why."""
    reasons = rules.reasons_against(
        door, places=places, creche_children=creche_children, kept=kept, elsewhere=elsewhere
    )
    if not reasons:
        return
    if door.standing != CourseStanding.OPEN or (door.too_late and not elsewhere):
        raise CourseIsClosed(" ".join(reasons))
    if not kept and door.places_left < places:
        raise CourseIsFull(" ".join(reasons))
    raise CrecheIsFull(" ".join(reasons))


def ensure_apart(course: Course, *people: UUID | None, by_family: bool = False) -> None:
    """Refuse carers where another is who must not be found: a family is told that the course is full."""
    if any(queries.another_unseen([course.id], find(Person, one)) for one in people if one):
        raise CourseIsFull if by_family else GoesUnseen


def check_people(household_id: UUID, person_id: UUID, partner_id: UUID | None, child_id: UUID | None) -> None:
    """Raise NotFound unless these are a carer of the household, another carer of the child, and a child of theirs."""
    person = find(Person, person_id)
    if person.kind != PersonKind.CARER or person.left_at or person.household_id != household_id:
        raise NotFound("person")
    if child_id and not _looked_after(find(Person, child_id), person):
        raise NotFound("child")
    if partner_id:
        partner = find(Person, partner_id)
        shared = partner.household_id == household_id or (child_id and _cares(partner_id, child_id))
        if partner.kind != PersonKind.CARER or partner.left_at or partner_id == person_id or not shared:
            raise NotFound("partner")


def _looked_after(child: Person, carer: Person) -> bool:
    own = child.household_id == carer.household_id or _cares(carer.id, child.id)
    return child.kind == PersonKind.CHILD and not child.left_at and own


def _cares(carer_id: UUID, child_id: UUID) -> bool:
    caring = select(Caring.id).where(Caring.carer_id == carer_id, Caring.child_id == child_id)
    return db.scalar(caring) is not None


def book_sessions(participation: Participation, course: Course) -> None:
    """Book those who take part into the group sessions to come that they still need; each family for its own."""
    if session_ids := queries.sessions_to_come(course.id, without_doses_of=participation.id):
        book_into(participation, session_ids, with_child=course.edition.unit == Unit.FAMILY)


def book_into(participation: Participation, session_ids: Sequence[UUID], *, with_child: bool = False) -> None:
    """Book those who take part into these sessions; each family for its own."""
    families = by_family(participation)
    if participation.child_id and with_child:
        families[participation.household_id].append(participation.child_id)
    for household_id, people in families.items():
        bookings.book_several(
            session_ids,
            household_id=household_id,
            person_ids=people,
            carer_id=people[0],
            channel=Channel.COURSE,
        )


def by_family(participation: Participation) -> dict[UUID, list[UUID]]:
    """Return the parents who take part by their household: two who live apart are booked apart."""
    families: dict[UUID, list[UUID]] = defaultdict(list)
    families[participation.household_id].append(participation.person_id)
    if participation.partner_id:
        families[find(Person, participation.partner_id).household_id].append(participation.partner_id)
    return families
