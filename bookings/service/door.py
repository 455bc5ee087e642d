"""The door of a session: who has locked it may change its bookings, and nobody else can until that work ends.

Inside, first of all, what has died is let go and what is free is offered to those who wait. Correctness never depends
on a timer: a hold or an offer whose time is over takes no room for whoever comes next.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from bookings import rules
from bookings.events import BookingCancelled, BookingLapsed, PlaceOffered
from bookings.models import Booking, Place, WaitingDecision
from bookings.queries import deciding
from bookings.queries.deciding import Council, Counted
from bookings.rules import Limits, Taken, Waiter, reasons
from bookings.service import telling
from bookings.terms import Standing, Turn
from families.models import Household
from hubs.models import Session
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import actor, db, find
from kernel.journal import record

IN_LINE = (Standing.WAITING, Standing.OFFERED)


@dataclass(frozen=True)
class Door:
    """A session that is locked, and the moment at which it was."""

    session: Session
    council: Council
    at: datetime

    @property
    def limits(self) -> Limits:
        """Return what the session can take."""
        return Limits.of(self.session)

    @property
    def started(self) -> bool:
        """Say whether it is too late to wait."""
        return self.at >= self.session.starts_at

    @property
    def offers_until(self) -> datetime | None:
        """Return until when an offer made now is kept, or None when the waiting list is closed."""
        if self.session.standing == SessionStanding.CALLED_OFF:
            return None
        return deciding.offers_until(self.session, self.council, self.at)


@dataclass(frozen=True)
class Inside:
    """How a session stands when the door has been opened: what is taken, and who still waits, in order."""

    count: Counted
    waiting: Sequence[Booking] = ()

    @property
    def queue(self) -> list[Waiter]:
        """Return those who wait as the rules see them."""
        return deciding.waiters(self.waiting)


def open_door(session_id: UUID) -> Door:
    """Lock the session, or raise NotFound."""
    return open_doors([session_id])[0]


def open_door_of(booking: Booking) -> tuple[Door, Booking]:
    """Lock the booking's session, and return the booking as it is now that nobody else can change it."""
    door = open_door(booking.session_id)
    return door, find(Booking, booking.id, lock=True)


def open_doors(session_ids: Collection[UUID]) -> list[Door]:
    """Lock sessions, in the order of their ids, so that no two who want several stand in each other's way."""
    db.flush()
    locked = deciding.sessions(session_ids, lock=True)
    at = now()
    return [Door(session, council, at) for session, council in locked]


def keep_others_of_the_family_out(door: Door, household_id: UUID) -> None:
    """Lock the family where it may book once a day: it could stand at the doors of two sessions at once.

    Sessions first, then the family, always: nobody then waits for each other in a ring.
    """
    if door.session.activity.one_per_day:
        db.execute(select(Household.id).where(Household.id == household_id).with_for_update(key_share=True))


def settle(
    door: Door,
    *,
    household_id: UUID | None = None,
    person_ids: Collection[UUID] = (),
    asked_by: UUID | None = None,
) -> Inside:
    """Let go what has died, offer what is free to those who wait, and return how things stand then."""

    def count() -> Counted:
        return deciding.counted(
            door.session, at=door.at, household_id=household_id, person_ids=person_ids, asked_by=asked_by
        )

    counted = count()
    if counted.dead or (counted.waiting and door.started):
        _let_lapse(door)
        counted = count()
    if not counted.waiting:
        return Inside(counted)
    waiting = deciding.queue(door.session.id)
    if _hand_on(door, counted.taken, waiting):
        counted = count()
    return Inside(counted, [booking for booking in waiting if booking.standing == Standing.WAITING])


def give_up(door: Door, booking: Booking, *, turn: Turn | None = None, reason: str = "") -> None:
    """Make a live booking a cancelled one and free its places. Nobody is told yet."""
    in_line = booking.standing in IN_LINE
    telling.forget(booking)
    booking.standing = Standing.CANCELLED
    booking.expires_at = None
    booking.cancelled_at, booking.cancelled_by = door.at, actor()
    _free([booking.id], door.at)
    if in_line:
        decided(door, booking, turn or Turn.LEFT, reason or reasons.left())
    record(BookingCancelled(subject=booking.id, session=door.session.id, household=booking.household_id))


def pass_over(door: Door, passed: Counter[UUID], waiting: Collection[Booking]) -> None:
    """Write down how often somebody was served before these parties who began to wait later."""
    for booking in waiting:
        if times := passed[booking.id]:
            booking.times_skipped += times
            party = rules.Party(booking.adults, booking.children)
            decided(door, booking, Turn.SKIPPED, reasons.skipped(party, times, booking.times_skipped))


def decided(door: Door, booking: Booking, turn: Turn, reason: str) -> None:
    """Keep a decision about a party that waits, with its reason."""
    db.add(WaitingDecision(booking_id=booking.id, turn=turn, reason=reason, decided_at=door.at))


def _let_lapse(door: Door) -> None:
    over = [Booking.expires_at <= door.at]
    if door.started:
        over.append(Booking.standing == Standing.WAITING)
    dying = select(Booking).where(Booking.session_id == door.session.id, or_(*over)).order_by(Booking.id)
    bookings = db.scalars(dying.execution_options(populate_existing=True)).all()
    for booking in bookings:
        if booking.standing in IN_LINE:
            why = reasons.lapsed() if booking.standing == Standing.OFFERED else reasons.started()
            decided(door, booking, Turn.LAPSED, why)
        booking.standing, booking.expires_at = Standing.EXPIRED, None
        record(BookingLapsed(subject=booking.id, session=door.session.id, household=booking.household_id))
    _free([booking.id for booking in bookings], door.at)


def _hand_on(door: Door, taken: Taken, waiting: Sequence[Booking]) -> bool:
    """Offer what is free to those whose turn it is; say whether anybody was offered anything."""
    until = door.offers_until
    if until is None:
        return False
    moves = rules.next_turns(door.limits, taken, deciding.waiters(waiting))
    by_id = {booking.id: booking for booking in waiting}
    for move in moves:
        _offer(door, by_id[move.offered.id], until)
    pass_over(door, Counter(waiter.id for move in moves for waiter in move.passed), waiting)
    db.flush()
    return bool(moves)


def _offer(door: Door, booking: Booking, until: datetime) -> None:
    booking.standing, booking.expires_at = Standing.OFFERED, until
    decided(door, booking, Turn.OFFERED, reasons.offered(until))
    record(PlaceOffered(subject=booking.id, session=door.session.id, household=booking.household_id))
    telling.tell("offered", booking)
    telling.lapse_at(booking, until)


def _free(booking_ids: Collection[UUID], at: datetime) -> None:
    db.flush()
    db.execute(
        update(Place)
        .where(Place.booking_id.in_(booking_ids), Place.given_up_at.is_(None))
        .values(given_up_at=at)
    )
