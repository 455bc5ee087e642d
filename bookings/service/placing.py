"""Taking places, and waiting for them."""

import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import replace as replace_in
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import set_committed_value

from bookings import rules
from bookings.errors import CannotBook, CannotWait, NoLongerHeld, NothingOffered
from bookings.events import BookingChanged, BookingConfirmed, BookingMade, PlaceHeld, WaitingListJoined
from bookings.models import Booking, FamilyAtHub, Place
from bookings.queries import deciding
from bookings.queries.deciding import Coming
from bookings.rules import Decision, reasons
from bookings.service import telling
from bookings.service.door import (
    Door,
    Inside,
    decided,
    give_up,
    keep_others_of_the_family_out,
    open_door,
    open_door_of,
    open_doors,
    pass_over,
    settle,
)
from bookings.terms import LIVE, Channel, Standing, Turn
from kernel import prose
from kernel.clock import now
from kernel.db import actor, db, here
from kernel.ids import new_id
from kernel.journal import record

LETTERS = "ACDEFGHJKMNPQRTUVWXY3479"
"""Nothing that is mistaken for another on the telephone."""


@dataclass(frozen=True)
class Wish:
    """Who would like to come, who is told, and who asks."""

    household_id: UUID
    person_ids: Collection[UUID]
    carer_id: UUID | None
    channel: Channel

    @property
    def by_staff(self) -> bool:
        """Say whether staff ask for the family, or a course that it has joined."""
        return self.channel in (Channel.STAFF, Channel.COURSE)

    @property
    def asked_by(self) -> UUID | None:
        """Return the carer from whom what another does is hidden; staff see all."""
        return None if self.by_staff else self.carer_id

    @property
    def on_course(self) -> bool:
        """Say whether the place comes with a course."""
        return self.channel == Channel.COURSE

    def looked_up(self, session_id: UUID) -> Coming:
        """Return the people, or raise NotFound."""
        return deciding.coming(
            session_id, household_id=self.household_id, person_ids=self.person_ids, carer_id=self.carer_id,
            asked_by=self.carer_id,
        )  # fmt: skip


def book(
    session_id: UUID, *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None, channel: Channel
) -> Booking:  # fmt: skip
    """Give the party places, all or none, or raise CannotBook with every reason (``may_wait``: offer ``join``).

    ``person_ids`` are adults and children of the household, or children whom its carers look after: others are
    NotFound. ``carer_id`` is told about it. Channel.STAFF may book outside the window and without a known age, and
    never beyond the limits.
    """
    return _take(session_id, Wish(household_id, person_ids, carer_id, channel), Standing.CONFIRMED)


def hold(
    session_id: UUID, *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None, channel: Channel
) -> Booking:  # fmt: skip
    """Keep places for the party for the council's ``hold_minutes``."""
    return _take(session_id, Wish(household_id, person_ids, carer_id, channel), Standing.HELD)


def book_several(
    session_ids: Collection[UUID], *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None,
    channel: Channel,
) -> list[Booking]:  # fmt: skip
    """Give the party places in every one of the sessions, or in none; in the order of their start.

    With Channel.COURSE no letter goes out for each of them: whoever runs the course tells of it as a whole.
    """
    wish = Wish(household_id, person_ids, carer_id, channel)
    doors = sorted(open_doors(set(session_ids)), key=lambda door: (door.session.starts_at, door.session.id))
    booked: list[Booking] = []
    refused: list[str] = []
    with db.begin_nested():
        for door in doors:
            try:
                who = wish.looked_up(door.session.id)
                booked.append(_take_inside(door, _settled(door, wish), wish, who, Standing.CONFIRMED))
            except CannotBook as refusal:
                which = f"{door.session.activity.title} on {prose.day(door.session.starts_at)}"
                refused += [f"{which}: {reason}" for reason in refusal.reasons]
        if refused:
            raise CannotBook(*refused)
    return booked


def join(
    session_id: UUID, *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None, channel: Channel
) -> Booking:  # fmt: skip
    """Put the party on the waiting list, or raise CannotWait with every reason."""
    wish = Wish(household_id, person_ids, carer_id, channel)
    who = wish.looked_up(session_id)
    door = open_door(session_id)
    inside = _settled(door, wish)
    waiting = rules.may_wait(_decision(door, inside, wish, who), list_open=door.offers_until is not None)
    if not waiting.allowed:
        raise CannotWait(*waiting.reasons)

    booking = _enter(door, wish, who, Standing.WAITING, queue_no=inside.count.last_queue_no + 1)
    decided(door, booking, Turn.JOINED, reasons.joined(inside.count.waiting))
    record(WaitingListJoined(subject=booking.id, session=session_id, household=household_id))
    telling.tell("waiting", booking)
    return booking


def confirm(booking: Booking) -> Booking:
    """Make a hold a booking, or raise NoLongerHeld. Confirming again changes nothing."""
    return _take_up(booking)


def accept(booking: Booking) -> Booking:
    """Take up an offer, or raise NoLongerHeld or NothingOffered. Accepting again changes nothing.

    When it is too late for offers (``queries.list_closed``), somebody who waits accepts a place that is free.
    """
    return _take_up(booking)


def decline(booking: Booking) -> Booking:
    """Turn an offer down, or leave the waiting list; the place goes to whoever is next."""
    door, booking = open_door_of(booking)
    settle(door)
    if booking.standing == Standing.CONFIRMED:
        raise NothingOffered("You have taken this place already. Cancel the booking if you cannot come.")
    if booking.standing not in LIVE:
        return booking

    why = reasons.declined() if booking.standing == Standing.OFFERED else reasons.left()
    give_up(door, booking, reason=why)
    settle(door)
    return booking


def replace(door: Door, old: Booking, wish: Wish) -> Booking:
    """Give the places of a booking to other people of the family. Stand in a savepoint: a refusal undoes all.

    A party that takes no more room than before comes whoever waits; a larger one passes them as a newcomer would.
    """
    who = wish.looked_up(door.session.id)
    keep_others_of_the_family_out(door, wish.household_id)
    give_up(door, old)
    before, after = rules.Party(old.adults, old.children), rules.party_of(who.comers)
    smaller = after.adults <= before.adults and after.children <= before.children
    count = deciding.counted(
        door.session,
        at=door.at,
        household_id=wish.household_id,
        person_ids=who.person_ids,
        asked_by=wish.asked_by,
    )
    inside = Inside(count, () if smaller or not count.waiting else deciding.queue(door.session.id))
    return _take_inside(door, inside, wish, who, Standing.CONFIRMED, instead_of=old)


def _take(session_id: UUID, wish: Wish, standing: Standing) -> Booking:
    who = wish.looked_up(session_id)
    if who.packed:
        _refuse_at_the_gate(session_id, wish, who)
    door = open_door(session_id)
    return _take_inside(door, _settled(door, wish), wish, who, standing)


def _refuse_at_the_gate(session_id: UUID, wish: Wish, who: Coming) -> None:
    """Send away whoever comes to a full session before they stand in each other's way at its door."""
    ((session, council),) = deciding.sessions([session_id])
    at = now()
    count = deciding.counted(
        session, at=at, household_id=wish.household_id, person_ids=who.person_ids, asked_by=wish.asked_by
    )
    decision = deciding.decide(
        session, council, count, (), who.comers, at=at, by_staff=wish.by_staff, on_course=wish.on_course,
        unseen=who.unseen,
    )  # fmt: skip
    if not decision.allowed and not count.dead:
        raise _refusal(decision)


def _settled(door: Door, wish: Wish) -> Inside:
    keep_others_of_the_family_out(door, wish.household_id)
    return settle(door, household_id=wish.household_id, person_ids=wish.person_ids, asked_by=wish.asked_by)


def _take_inside(
    door: Door, inside: Inside, wish: Wish, who: Coming, standing: Standing, *, instead_of: Booking | None = None
) -> Booking:  # fmt: skip
    # Whoever has a place already, and sends others of the family, may come: but for a child who is there unseen.
    unseen = who.unseen and (instead_of is None or inside.count.booked_here)
    decision = _decision(door, inside, wish, replace_in(who, unseen=unseen))
    if not decision.allowed:
        raise _refusal(decision)

    if inside.waiting and door.offers_until:
        passed = rules.passed_by_newcomer(door.limits, inside.queue) or ()
        pass_over(door, Counter(waiter.id for waiter in passed), inside.waiting)
    booking = _enter(door, wish, who, standing)
    if standing == Standing.HELD:
        record(PlaceHeld(subject=booking.id, session=door.session.id, household=wish.household_id))
        telling.lapse_at(booking, booking.expires_at or door.at)
        return booking
    _record_made(booking, instead_of)
    if wish.on_course:
        telling.remind(booking, door.session, door.council, door.at)
        return booking
    topic = "changed" if instead_of else "confirmed"
    telling.tell_and_remind(topic, booking, door.session, door.council, door.at)
    return booking


def _record_made(booking: Booking, instead_of: Booking | None) -> None:
    where = {"session": booking.session_id, "household": booking.household_id}
    if instead_of:
        record(BookingChanged(subject=booking.id, replaces=instead_of.id, **where))
    else:
        record(BookingMade(subject=booking.id, channel=booking.channel.value, **where))


def _enter(
    door: Door, wish: Wish, who: Coming, standing: Standing, *, queue_no: int | None = None
) -> Booking:
    """Write the party into the session's bookings."""
    adults, children = rules.party_of(who.comers)
    held_until = rules.hold_expiry(door.at, minutes=door.council.hold_minutes, ends_at=door.session.ends_at)
    booking = Booking(
        session_id=door.session.id,
        household_id=wish.household_id,
        booked_by=actor(),
        carer_id=wish.carer_id,
        reference=_reference(),
        channel=wish.channel,
        standing=standing,
        adults=adults,
        children=children,
        queue_no=queue_no,
        expires_at=held_until if standing == Standing.HELD else None,
        confirmed_at=door.at if standing == Standing.CONFIRMED else None,
    )
    set_committed_value(booking, "session", door.session)
    db.add(booking)
    booking.places = [Place(session_id=door.session.id, person_id=person_id) for person_id in who.person_ids]
    db.flush()
    if not who.known_at_hub:
        know_at_hub(door.session.hub_id, wish.household_id)
    return booking


def know_at_hub(hub_id: UUID, household_id: UUID) -> None:
    """Let the staff of a hub open the record of a family, from now on."""
    known = insert(FamilyAtHub).values(
        tenant_id=here(), id=new_id(), hub_id=hub_id, household_id=household_id
    )
    db.execute(known.on_conflict_do_nothing(index_elements=["tenant_id", "hub_id", "household_id"]))


def _take_up(booking: Booking) -> Booking:
    door, booking = open_door_of(booking)
    inside = settle(door)
    if booking.standing == Standing.CONFIRMED:
        return booking
    if booking.standing == Standing.CANCELLED:
        raise NoLongerHeld(NoLongerHeld.cancelled)
    if booking.standing not in LIVE:
        raise NoLongerHeld
    if booking.standing == Standing.WAITING and not _free_for_all(door, inside, booking):
        raise NothingOffered

    if booking.queue_no is not None:
        decided(door, booking, Turn.ACCEPTED, reasons.accepted())
    telling.forget(booking)
    booking.standing, booking.expires_at, booking.confirmed_at = Standing.CONFIRMED, None, door.at
    record(BookingConfirmed(subject=booking.id, session=door.session.id, household=booking.household_id))
    telling.tell("confirmed", booking)
    telling.remind(booking, door.session, door.council, door.at)
    return booking


def _free_for_all(door: Door, inside: Inside, booking: Booking) -> bool:
    """Say whether a party that waits may take what is free without an offer, the list being closed."""
    party = rules.Party(booking.adults, booking.children)
    return door.offers_until is None and rules.fit(door.limits, inside.count.taken, party)


def _decision(door: Door, inside: Inside, wish: Wish, who: Coming) -> Decision:
    return deciding.decide(
        door.session, door.council, inside.count, inside.queue, who.comers, at=door.at, by_staff=wish.by_staff,
        on_course=wish.on_course, unseen=who.unseen,
    )  # fmt: skip


def _refusal(decision: Decision) -> CannotBook:
    return CannotBook(*decision.reasons, may_wait=decision.may_wait)


def _reference() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
