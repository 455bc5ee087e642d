"""Times at which facilitators can ring, visit or meet one participant, and who picked them."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from accounts.models import Account
from kernel.clock import at_wall_time, now
from kernel.db import db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from kernel.outbox import promise
from kernel.prose import clock
from programmes.errors import CannotMove, SlotIsTaken
from programmes.events import SlotLetGo, SlotPicked
from programmes.models import CourseContact, Facilitator, Participation, Slot
from programmes.service import dates
from programmes.terms import BY_APPOINTMENT, ON_THE_COURSE

MOST_AT_ONCE = 30


def offer_slots(
    contact: CourseContact, account_id: UUID, *, day: date, starts: time, minutes: int, number: int, gap: int = 0
) -> list[Slot]:  # fmt: skip
    """Offer times one after another on a day. One facilitator is in one place at a time."""
    _ensure_sensible(contact, account_id, minutes, number, gap)
    first = at_wall_time(day, starts)
    begins = [first + timedelta(minutes=(minutes + gap) * n) for n in range(number)]
    if first <= now():
        raise Unacceptable(day="Choose a time that has not passed yet")
    find(Account, account_id, lock=True)
    if clash := _offered_between(account_id, first, begins[-1] + timedelta(minutes=minutes)):
        raise Unacceptable(starts=f"This overlaps with a time offered at {clock(clash)} on that day")
    slots = [
        Slot(
            contact_id=contact.id,
            account_id=account_id,
            starts_at=begin,
            ends_at=begin + timedelta(minutes=minutes),
        )
        for begin in begins
    ]
    db.add_all(slots)
    db.flush()
    return slots


def worth_a_look(
    account_id: UUID, *, day: date, starts: time, minutes: int, number: int, gap: int = 0
) -> list[str]:
    """Say at which sessions a facilitator should be at the times that would be offered: never a refusal.

    Times that they offer already are none of this: ``offer_slots`` refuses what overlaps with them.
    """
    first = at_wall_time(day, starts)
    begins = [first + timedelta(minutes=(minutes + gap) * n) for n in range(number)]
    return dates.on_shift(account_id, [(begin, begin + timedelta(minutes=minutes)) for begin in begins])


def pick(slot: Slot, participation: Participation) -> None:
    """Take a time for somebody, instead of any other that they picked for the same contact."""
    participation = find(Participation, participation.id, lock=True)
    slot = find(Slot, slot.id, lock=True)
    if slot.participation_id == participation.id:
        return
    if slot.contact.course_id != participation.course_id or participation.standing not in ON_THE_COURSE:
        raise CannotMove("You can pick a time once you have a place on the course.")
    if slot.starts_at <= now():
        raise SlotIsTaken("This time has passed. Choose another.")
    if slot.participation_id:
        raise SlotIsTaken
    before = select(Slot).where(
        Slot.contact_id == slot.contact_id, Slot.participation_id == participation.id
    ).with_for_update()  # fmt: skip
    for other in db.scalars(before.order_by(Slot.id)).all():
        if other.starts_at <= now():
            raise SlotIsTaken("You have had this contact at the time that you picked.")
        other.participation_id = other.picked_at = None
    db.flush()
    slot.participation_id, slot.picked_at = participation.id, now()
    db.flush()
    record(SlotPicked(subject=participation.id, slot=slot.id))
    promise(
        "course.slot_picked",
        key=f"course.slot_picked:{slot.id}:{participation.id}:{slot.picked_at.isoformat()}",
        slot_id=slot.id,
        participation_id=participation.id,
    )


def let_go(slot: Slot) -> None:
    """Make a time free again, and tell whoever had picked it; a free one stays free."""
    slot = find(Slot, slot.id, lock=True)
    if slot.participation_id is None or slot.picked_at is None:
        return
    if slot.starts_at <= now():
        raise SlotIsTaken("This time has passed already.")
    had_it, picked_at = slot.participation_id, slot.picked_at
    slot.participation_id = slot.picked_at = None
    db.flush()
    record(SlotLetGo(subject=had_it, slot=slot.id))
    promise(
        "course.slot_let_go",
        key=f"course.slot_let_go:{slot.id}:{had_it}:{picked_at.isoformat()}",
        slot_id=slot.id,
        contact_id=slot.contact_id,
        participation_id=had_it,
    )


def take_away(slot: Slot) -> None:
    """Offer a time no longer that nobody has picked."""
    slot = find(Slot, slot.id, lock=True)
    if slot.participation_id:
        raise SlotIsTaken("Somebody has picked this time. Ring them before you take it away.")
    db.delete(slot)
    db.flush()


def _ensure_sensible(contact: CourseContact, account_id: UUID, minutes: int, number: int, gap: int) -> None:
    if contact.kind not in BY_APPOINTMENT:
        raise Unacceptable("Times are offered for calls, visits and one to one meetings only.")
    leads = select(Facilitator.id).where(
        Facilitator.course_id == contact.course_id, Facilitator.account_id == account_id
    )
    if db.scalar(leads) is None:
        raise Unacceptable(account_id="Choose a facilitator of this course")
    if not 5 <= minutes <= 480:
        raise Unacceptable(minutes="Enter a number of minutes between 5 and 480")
    if not 1 <= number <= MOST_AT_ONCE:
        raise Unacceptable(number=f"Enter a number between 1 and {MOST_AT_ONCE}")
    if not 0 <= gap <= 240:
        raise Unacceptable(gap="Enter a number of minutes between 0 and 240")


def _offered_between(account_id: UUID, first: datetime, last: datetime) -> datetime | None:
    return db.scalar(
        select(Slot.starts_at)
        .where(Slot.account_id == account_id, Slot.starts_at < last, Slot.ends_at > first)
        .order_by(Slot.starts_at)
        .limit(1)
    )
