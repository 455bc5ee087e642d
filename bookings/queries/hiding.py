"""What one carer must not see of another's bookings: where and when somebody goes who must not be found.

To a carer a booking is hidden when somebody of it, or whoever is told about it, is another carer who goes unseen, and
the carer is neither told about it nor comes along. So are the dates of a course that another is on, whoever they are:
which course somebody needs is their own. Staff see all of it.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import BindParameter

from bookings.models import Booking, Place
from bookings.terms import LIVE, Channel
from families.models import Caring, ContactRules, Person
from families.queries import goes_unseen
from kernel.db import db, kept

CARER: BindParameter[UUID] = bindparam("carer", type_=Uuid)


def hidden(carer: Any, booking: Any = Booking) -> ColumnElement[bool]:
    """Return the condition that a booking is hidden from a carer."""
    theirs, mine = aliased(Place), aliased(Place)
    comes = exists(
        select(theirs.id)
        .join(ContactRules, ContactRules.person_id == theirs.person_id)
        .where(
            theirs.booking_id == booking.id,
            theirs.person_id != carer,
            ContactRules.replaced_at.is_(None),
            ContactRules.never.contains(["place"]),
        )
        .correlate(booking)
    )
    is_there = exists(
        select(mine.id)
        .where(
            mine.booking_id == booking.id,
            mine.person_id == carer,
            # whoever came along and does not any more is not told where the others go
            or_(mine.given_up_at.is_(None), mine.given_up_at == booking.cancelled_at),
        )
        .correlate(booking)
    )
    return and_(
        carer.is_not(None),
        booking.carer_id.is_distinct_from(carer),
        ~is_there,
        or_(comes, goes_unseen(booking.carer_id), booking.channel == Channel.COURSE),
    )


def hidden_session(session_id: Any, carer: Any) -> ColumnElement[bool]:
    """Return the condition that a booking of a session is hidden from a carer of whose family somebody is coming."""
    other, place, me = aliased(Booking), aliased(Place), aliased(Person)
    of_family = or_(
        other.household_id.in_(select(me.household_id).where(me.id == carer)),
        exists(
            select(place.id)
            .join(Caring, Caring.child_id == place.person_id)
            .where(place.booking_id == other.id, Caring.carer_id == carer)
            .correlate(other)
        ),
    )
    return exists(
        select(other.id).where(
            other.session_id == session_id,
            other.standing.in_(LIVE),
            of_family,
            hidden(carer, other),
        )
    )


_WHICH = kept(
    select(Booking.session_id)
    .distinct()
    .where(
        Booking.session_id.in_(bindparam("ids", expanding=True)), hidden_session(Booking.session_id, CARER)
    )
)


def hidden_sessions(session_ids: Collection[UUID], carer: Person | None) -> set[UUID]:
    """Return those of the sessions that are full to a carer, because another goes there unseen. One statement."""
    if carer is None or not session_ids:
        return set()
    return set(db.scalars(_WHICH, {"ids": list(session_ids), "carer": carer.id}))


def is_hidden(booking_id: UUID, carer_id: UUID | None) -> bool:
    """Say whether a booking is hidden from a carer; nothing is from staff."""
    if carer_id is None:
        return False
    found = select(Booking.id).where(Booking.id == booking_id, hidden(CARER))
    return db.scalar(found, {"carer": carer_id}) is not None
