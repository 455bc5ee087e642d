"""Whether a party may come, and every reason why not, in words for parents."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bookings.rules.fitting import Limits, Party, RoomLeft, Taken, Waiter, fit, passed_by_newcomer, room_left
from bookings.rules.times import closes_at, opens_at
from hubs.models import Session
from hubs.terms import BookingMode, CountedIn, SessionStanding
from kernel import prose

ALONE_FROM_MONTHS = 8 * 12
"""Younger children come with an adult; older ones too where the activity says how many an adult may bring."""
ALL_CHILDREN_TO_MONTHS = 18 * 12
"""An activity for all ages up to here or beyond is for families without children too."""


FULL = "This session is full."
UNSEEN = (
    "Another parent or carer of these children has a place here and must not be found. To this family the session is "
    "full: say only that."
)
"""What staff alone are told, who book on the telephone."""


@dataclass(frozen=True)
class Decision:
    """Whether something may be done, and every reason why not, each a sentence for a parent.

    ``may_wait``: nothing but the lack of room stands in the way, and the waiting list is open.
    """

    allowed: bool
    reasons: tuple[str, ...] = ()
    may_wait: bool = False


class Comer(NamedTuple):
    """Somebody of a party: a child has a date of birth, a due date, or an age that nobody has told us."""

    is_child: bool
    born: date | None = None
    due: date | None = None


def party_of(comers: Collection[Comer]) -> Party:
    """Return how many adults and children there are. A child who is not born yet takes a child's place."""
    children = sum(comer.is_child for comer in comers)
    return Party(len(comers) - children, children)


def may_come(
    session: Session, comers: Collection[Comer] | None, *, now: datetime, by_staff: bool = False,
    on_course: bool = False, booked_here: bool = False, booked_that_day: bool = False,
) -> Decision:  # fmt: skip
    """Say whether the party may come to the session, room apart. Without a party, whether anybody could.

    A session that is part of a course is joined with its course alone (``on_course``).
    Staff may book outside the hours of booking and for a child whose age is not known, until the session ends.
    """
    reasons = tuple(_about_session(session, now, by_staff))
    if session.activity.mode == BookingMode.COURSE and not on_course:
        reasons += ("This session is part of a course. You join the course as a whole.",)
    if comers is not None:
        reasons += tuple(_about_party(session, comers, by_staff))
        reasons += tuple(_about_other_bookings(booked_here, booked_that_day and session.activity.one_per_day))
    return Decision(not reasons, reasons)


def may_take(
    coming: Decision,
    session: Session,
    taken: Taken,
    queue: Sequence[Waiter],
    party: Party | None,
    *,
    list_open: bool,
) -> Decision:
    """Say whether a party that may come gets places at once: there is room, and nobody is unfairly passed.

    A queue counts while its list is open.
    """
    limits = Limits.of(session)
    reasons = tuple(_about_room(session, limits, taken, queue if list_open else (), party))
    could_wait = coming.allowed and bool(reasons) and list_open and _fits_when_empty(limits, party)
    return Decision(coming.allowed and not reasons, coming.reasons + reasons, could_wait)


def may_wait(taking: Decision, *, list_open: bool) -> Decision:
    """Say whether the party may join the waiting list, given whether it could take places."""
    if taking.may_wait:
        return Decision(True)
    if taking.allowed:
        return Decision(False, ("There is room, so you can book now.",))
    late = () if list_open else ("It is too late to join the waiting list of this session.",)
    return Decision(False, taking.reasons + late)


def may_cancel(session: Session, *, now: datetime, by_staff: bool) -> bool:
    """Say whether a booking can be cancelled still: families until the start, staff until the end."""
    return now < (session.ends_at if by_staff else session.starts_at)


def _about_session(session: Session, now: datetime, by_staff: bool) -> Iterator[str]:
    activity = session.activity
    if session.standing == SessionStanding.CALLED_OFF:
        yield "This session has been called off."
    if activity.mode == BookingMode.DROP_IN:
        yield "You do not need to book. You can just come along."
    if now >= session.ends_at:
        yield "This session is over."
    elif not by_staff and now >= session.starts_at:
        yield "This session has started."
    if not by_staff:
        yield from _about_window(session, now)


def _about_window(session: Session, now: datetime) -> Iterator[str]:
    opens = opens_at(session.on_date, session.activity.opens_days_before)
    closes = closes_at(session.starts_at, session.activity.closes_minutes_before)
    if opens and now < opens:
        yield f"Booking opens on {prose.day(opens)}."
    if closes <= now < session.starts_at:
        yield f"Booking closed at {prose.clock(closes)} on {prose.day(closes)}."


def _about_party(session: Session, comers: Collection[Comer], by_staff: bool) -> Iterator[str]:
    if not comers:
        yield "Choose who is coming."
        return
    yield from _about_ages(session, comers, by_staff)
    yield from _about_adults(session, comers)


def _about_ages(session: Session, comers: Collection[Comer], by_staff: bool) -> Iterator[str]:
    first, last = session.activity.age_from_months, session.activity.age_to_months
    children = [comer for comer in comers if comer.is_child]
    ages = [_months_old(child, session.on_date) for child in children]
    for_whom = f"This session is for children of these ages: {_in_a_sentence(prose.ages(first, last))}."
    if not children and first == 0 and last >= ALL_CHILDREN_TO_MONTHS:
        return
    if not children and session.activity.counted_in != CountedIn.ADULTS:
        yield f"Choose at least one child. {for_whom}"
    if any(age == _UNBORN for age in ages) and first > 0:
        yield f"{for_whom} A child who is not born yet cannot be booked."
    if any(age is not None and age != _UNBORN and not first <= age <= last for age in ages):
        who = "Your child" if len(ages) == 1 else "One of the children"
        yield f"{for_whom} {who} is too {_young_or_old(ages, first)} on that day."
    if any(age is None for age in ages) and not by_staff:
        yield "We do not know how old one of the children is. Add the date of birth, or ask the hub to book for you."


def _about_adults(session: Session, comers: Collection[Comer]) -> Iterator[str]:
    adults, children = party_of(comers)
    most = session.activity.children_per_adult
    ages = [_months_old(comer, session.on_date) for comer in comers if comer.is_child]
    if children and not adults:
        if most is not None or any(age is None or age < ALONE_FROM_MONTHS for age in ages):
            yield "At least one adult must come with the children."
    elif most is not None and children > most * adults:
        many = prose.count(most, "child", "children")
        yield f"Each adult can bring up to {many}. Add another adult, or choose fewer children."


def _about_other_bookings(here: bool, that_day: bool) -> Iterator[str]:
    if here:
        yield "Somebody you chose has a place at this session already, or is on its waiting list."
    if that_day:
        yield "Your family has a booking for this activity on the same day. You can book one each day."


def _about_room(
    session: Session, limits: Limits, taken: Taken, queue: Sequence[Waiter], party: Party | None
) -> Iterator[str]:
    left = room_left(limits, taken, counted_in=session.activity.counted_in)
    if party and not fit(limits, Taken(), party):
        yield "Your party is larger than this session can take."
    elif left.full and not (party and fit(limits, taken, party)):
        yield FULL
    elif party and not fit(limits, taken, party):
        yield f"There are not enough places left for all of you. {_still_free(left)}"
    elif passed_by_newcomer(limits, queue) is None:
        yield "Families who are waiting for this session are next."


def _still_free(left: RoomLeft) -> str:
    named = (
        (left.families, "family", "families"),
        (left.children, "child", "children"),
        (left.adults, "adult", "adults"),
        (left.people, "person in the room", "people in the room"),
    )
    said = [prose.count(many, one, more) for many, one, more in named if many is not None]
    return f"There is room for {prose.listing(said)}."


def _fits_when_empty(limits: Limits, party: Party | None) -> bool:
    return party is None or fit(limits, Taken(), party)


_UNBORN = -1


def _months_old(child: Comer, day: date) -> int | None:
    """Return a child's age on a day in whole months, _UNBORN, or None when it is not known."""
    if child.born is None:
        return _UNBORN if child.due else None
    if child.born > day:
        return _UNBORN
    months = (day.year - child.born.year) * 12 + day.month - child.born.month
    return months - (day.day < child.born.day)


def _young_or_old(ages: Sequence[int | None], first: int) -> str:
    return "young" if any(age is not None and _UNBORN < age < first for age in ages) else "old"


def _in_a_sentence(ages: str) -> str:
    return ages[0].lower() + ages[1:]
