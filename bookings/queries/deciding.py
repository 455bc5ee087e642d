"""What is needed to decide about a party, and the decision as it would be now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import aliased, contains_eager

from bookings import rules
from bookings.models import Booking, FamilyAtHub, Place, ReminderRule
from bookings.queries.hiding import CARER, hidden, hidden_session
from bookings.rules import Before, Comer, Decision, Taken, Waiter
from bookings.terms import LIVE, TAKES_ROOM, Standing
from families.models import Caring, Person
from families.terms import PersonKind
from hubs.models import Session
from hubs.terms import ActivityKind
from kernel.clock import now
from kernel.db import db, kept
from kernel.errors import NotFound
from tenants.models import CouncilSettings

At = datetime | ColumnElement[datetime]
"""A moment, or a parameter that stands for one."""
AT = bindparam("at", type_=DateTime(timezone=True))


class Council(NamedTuple):
    """How the council has set what concerns bookings."""

    reminder_hours: int
    hold_minutes: int
    offer_hours: int
    waking_from: Any
    waking_until: Any
    reminders: Sequence[Any]
    """Its rules of reminders: the kind of activity, hours, days and time of day of each."""

    def reminders_of(self, kind: ActivityKind | None) -> Collection[Before]:
        """Return how long before sessions of a kind families are reminded: by its own rules, or by everybody's."""
        return self.own_reminders(kind) or self.own_reminders(None) or [Before(hours=self.reminder_hours)]

    def own_reminders(self, kind: ActivityKind | None) -> Collection[Before]:
        """Return the rules of a kind of activity itself, or those of every kind."""
        return [_before(*row[1:]) for row in self.reminders if row[0] == kind]


def _before(hours: int | None, days: int | None, at: str | None) -> Before:
    return Before(hours, days, time.fromisoformat(at) if at else None)


@dataclass(frozen=True)
class Counted:
    """What the bookings of a session come to at a moment, and what a family has booked already."""

    taken: Taken
    waiting: int
    dead: int
    last_queue_no: int
    booked_here: bool
    booked_that_day: bool


@dataclass(frozen=True)
class Coming:
    """The people of a party, looked up."""

    person_ids: tuple[UUID, ...]
    comers: tuple[Comer, ...]
    packed: bool
    """Whether the session looked full, with nobody at its door."""
    known_at_hub: bool
    unseen: bool = False
    """Whether another carer goes to the session whom the one who asks must not find there."""


_REMINDERS = select(
    func.coalesce(
        func.json_agg(
            func.json_build_array(
                ReminderRule.kind, ReminderRule.hours_before, ReminderRule.days_before, ReminderRule.at
            )
        ),
        text("'[]'::json"),
    )
).scalar_subquery()
_COUNCIL = (
    select(
        CouncilSettings.reminder_hours,
        CouncilSettings.hold_minutes,
        CouncilSettings.offer_hours,
        CouncilSettings.waking_from,
        CouncilSettings.waking_until,
        _REMINDERS.label("reminders"),
    )
    .order_by(CouncilSettings.set_at.desc(), CouncilSettings.id.desc())
    .limit(1)
    .subquery()
)
_SESSIONS = kept(
    select(Session, _COUNCIL)
    .join(Session.activity)
    .outerjoin(Session.room)
    .join(_COUNCIL, true())
    .where(Session.id.in_(bindparam("ids", expanding=True)))
    .order_by(Session.id)
    .options(contains_eager(Session.activity), contains_eager(Session.room))
    .execution_options(populate_existing=True)
)
_HOUSE = kept(select(_COUNCIL))
_LOCKED = kept(_SESSIONS.with_for_update(of=Session))


def sessions(session_ids: Collection[UUID], *, lock: bool = False) -> list[tuple[Session, Council]]:
    """Return sessions with their activities, rooms and the council's settings, in the order of their ids."""
    found = db.execute(_LOCKED if lock else _SESSIONS, {"ids": list(session_ids)}).all()
    if len(found) != len(set(session_ids)):
        raise NotFound("session")
    return [(session, Council(*settings)) for session, *settings in found]


def council() -> Council:
    """Return how the council has set what concerns bookings."""
    return Council(*db.execute(_HOUSE).one())


def takes_room(at: At) -> ColumnElement[bool]:
    """Return the condition that a booking takes room at that moment: dead holds and offers do not."""
    return Booking.standing.in_(TAKES_ROOM) & not_dead(at)


def not_dead(at: At) -> ColumnElement[bool]:
    """Return the condition that a booking is no hold or offer whose time is over."""
    return or_(Booking.expires_at.is_(None), Booking.expires_at > at)


def _looks_packed() -> ColumnElement[bool]:
    """Say, from outside, whether those who have a place leave no room in some limit."""
    most = (Session.most_families, Session.most_children, Session.most_adults)
    sums = (func.count(), func.sum(Booking.children), func.sum(Booking.adults))
    reached = [func.coalesce(many >= limit, false()) for many, limit in zip(sums, most, strict=True)]
    return (
        select(or_(*reached))
        .select_from(Session)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.id == bindparam("session"), takes_room(AT))
        .group_by(*most)
        .scalar_subquery()
    )


def _known_at_hub() -> ColumnElement[bool]:
    return exists(
        select(FamilyAtHub.id)
        .join(Session, Session.hub_id == FamilyAtHub.hub_id)
        .where(Session.id == bindparam("session"), FamilyAtHub.household_id == bindparam("household"))
        .correlate(None)
    )


def _coming() -> Select[*tuple[Any, ...]]:
    carer = aliased(Person)
    cared_for = (
        select(Caring.child_id)
        .join(carer, carer.id == Caring.carer_id)
        .where(carer.household_id == bindparam("household"), carer.left_at.is_(None))
    )
    return kept(
        select(
            Person.id,
            Person.kind,
            Person.date_of_birth,
            Person.due_date,
            _looks_packed().label("packed"),
            _known_at_hub().label("known"),
            hidden_session(bindparam("session"), CARER).label("unseen"),
        )
        .where(
            Person.id.in_(bindparam("ids", expanding=True)),
            Person.left_at.is_(None),
            or_(Person.household_id == bindparam("household"), Person.id.in_(cared_for)),
        )
        .order_by(Person.id)
    )


_COMING = _coming()


def coming(
    session_id: UUID, *, household_id: UUID, person_ids: Collection[UUID], carer_id: UUID | None = None,
    asked_by: UUID | None = None,
) -> Coming:  # fmt: skip
    """Return the people of a party, or raise NotFound for somebody for whom the household may not book.

    ``asked_by`` is the carer who asks, or is told about the booking.
    """
    wanted = {*person_ids, carer_id} - {None}
    asked = {
        "session": session_id,
        "household": household_id,
        "ids": list(wanted),
        "at": now(),
        "carer": asked_by,
    }
    rows = db.execute(_COMING, asked).all()
    if len(rows) != len(wanted) or any(r.id == carer_id and r.kind != PersonKind.CARER for r in rows):
        raise NotFound("person")
    people = [row for row in rows if row.id in set(person_ids)]
    return Coming(
        tuple(row.id for row in people),
        tuple(Comer(row.kind == PersonKind.CHILD, row.date_of_birth, row.due_date) for row in people),
        packed=any(row.packed for row in rows),
        known_at_hub=any(row.known for row in rows),
        unseen=any(row.unseen for row in rows),
    )


def counted(
    session: Session, *, at: datetime, household_id: UUID | None = None, person_ids: Collection[UUID] = (),
    asked_by: UUID | None = None,
) -> Counted:  # fmt: skip
    """Return what the bookings of the session come to at that moment. One statement.

    What is hidden from the carer who asks does not count as the family's one booking of a day.
    """
    one_per_day = household_id is not None and session.activity.one_per_day
    asked = {
        "at": at,
        "session": session.id,
        "people": list(person_ids),
        "household": household_id,
        "activity": session.activity_id,
        "day": session.on_date,
        "carer": asked_by,
    }
    row = db.execute(_counting(here=bool(person_ids), that_day=one_per_day), asked).one()
    taken = Taken(row.families, row.children, row.adults, row.children + row.adults)
    return Counted(taken, row.waiting, row.dead, row.last_queue_no, row.here, row.that_day)


def queue(session_id: UUID) -> list[Booking]:
    """Return the bookings that wait, in the order in which they began."""
    waiting = select(Booking).where(Booking.session_id == session_id, Booking.standing == Standing.WAITING)
    in_order = waiting.order_by(Booking.queue_no).execution_options(populate_existing=True)
    return list(db.scalars(in_order).all())


def waiters(bookings: Sequence[Booking]) -> list[Waiter]:
    """Return bookings that wait as the rules see them."""
    return [Waiter(b.id, rules.Party(b.adults, b.children), b.times_skipped) for b in bookings]


def offers_until(session: Session, council: Council, at: datetime) -> datetime | None:
    """Return until when an offer made now is kept, or None when the waiting list is closed."""
    return rules.offer_expiry(
        at,
        hours=council.offer_hours,
        starts_at=session.starts_at,
        waking_from=council.waking_from,
        waking_until=council.waking_until,
    )


def may_book(
    session_id: UUID,
    *,
    household_id: UUID | None = None,
    person_ids: Collection[UUID] = (),
    by_staff: bool = False,
    asked_by: UUID | None = None,
) -> Decision:
    """Say whether the party could book now, with every reason why not; without a household, whether anybody could."""
    who = None
    if household_id:
        who = coming(session_id, household_id=household_id, person_ids=person_ids, asked_by=asked_by)
    at = now()
    ((session, council),) = sessions([session_id])
    count = counted(
        session,
        at=at,
        household_id=household_id,
        person_ids=person_ids,
        asked_by=None if by_staff else asked_by,
    )
    waiting = queue(session_id) if count.waiting else []
    return decide(
        session, council, count, waiters(waiting), who.comers if who else None, at=at, by_staff=by_staff,
        unseen=bool(who and who.unseen),
    )  # fmt: skip


def decide(
    session: Session, council: Council, count: Counted, waiting: Sequence[Waiter], comers: Collection[Comer] | None,
    *, at: datetime, by_staff: bool, on_course: bool = False, unseen: bool = False,
) -> Decision:  # fmt: skip
    """Say whether a party gets places at once, from what was looked up.

    Where another carer goes ``unseen`` the session is full: to say that a child has a place would tell where it is.
    """
    unseen = unseen and not on_course
    may_come = rules.may_come(
        session,
        comers,
        now=at,
        by_staff=by_staff,
        on_course=on_course,
        booked_here=count.booked_here and not unseen,
        booked_that_day=count.booked_that_day,
    )
    if unseen:
        return Decision(False, (*may_come.reasons, rules.UNSEEN if by_staff else rules.FULL))
    party = rules.party_of(comers) if comers else None
    list_open = offers_until(session, council, at) is not None
    return rules.may_take(may_come, session, count.taken, waiting, party, list_open=list_open)


@lru_cache(maxsize=4)
def _counting(*, here: bool, that_day: bool) -> Select[*tuple[Any, ...]]:
    living = takes_room(AT)
    return kept(
        select(
            func.count().filter(living).label("families"),
            func.coalesce(func.sum(Booking.children).filter(living), 0).label("children"),
            func.coalesce(func.sum(Booking.adults).filter(living), 0).label("adults"),
            func.count().filter(Booking.standing == Standing.WAITING).label("waiting"),
            func.count().filter(Booking.expires_at <= AT).label("dead"),
            func.coalesce(func.max(Booking.queue_no), 0).label("last_queue_no"),
            (_booked_here() if here else false()).label("here"),
            (_booked_that_day() if that_day else false()).label("that_day"),
        ).where(Booking.session_id == bindparam("session"), Booking.standing.in_(LIVE))
    )


def _booked_here() -> ColumnElement[bool]:
    return exists(
        select(Place.id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Place.session_id == bindparam("session"),
            Place.person_id.in_(bindparam("people", expanding=True)),
            Place.given_up_at.is_(None),
            not_dead(AT),
        )
        .correlate(None)
    )


def _booked_that_day() -> ColumnElement[bool]:
    other = aliased(Session)
    return exists(
        select(Booking.id)
        .join(other, other.id == Booking.session_id)
        .where(
            other.activity_id == bindparam("activity"),
            other.on_date == bindparam("day"),
            other.id != bindparam("session"),
            Booking.household_id == bindparam("household"),
            Booking.standing.in_(LIVE),
            not_dead(AT),
            ~hidden(CARER),
        )
        .correlate(None)
    )
