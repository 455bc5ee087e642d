"""Taking places, waiting for them and giving them up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from bookings import queries, service
from bookings.errors import (
    CannotBook,
    CannotChange,
    CannotWait,
    NoLongerHeld,
    NothingOffered,
    TooLateToCancel,
)
from bookings.jobs import expiry
from bookings.models import Booking, FamilyAtHub, Place
from bookings.terms import Channel, Standing, Turn
from families.events import HouseholdsMerged, PeopleMerged, PersonLeft
from families.models import Caring
from hubs.events import SessionCalledOff, SessionMoved, SessionPlacesChanged
from hubs.terms import SessionStanding
from kernel.clock import now
from kernel.db import db
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.journal import record
from kernel.outbox import Promise

DAY = timedelta(days=1)


def book(session: Any, people: list[Any], **parts: Any) -> Booking:
    return service.book(session.id, **_wish(people, **parts))


def join(session: Any, people: list[Any], **parts: Any) -> Booking:
    return service.join(session.id, **_wish(people, **parts))


def _wish(people: list[Any], channel: Channel = Channel.WEB) -> dict[str, Any]:
    return {
        "household_id": people[0].household_id,
        "person_ids": [person.id for person in people],
        "carer_id": people[0].id,
        "channel": channel,
    }


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what is said to the database."""
    said: list[str] = []
    bind = db.get_bind()

    def listen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(bind, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(bind, "before_cursor_execute", listen)


def test_a_family_books_all_of_its_party(make):
    session, family = make.session(), make.family("Mia Reyes", "Leo Reyes")

    booking = book(session, family)

    assert (booking.standing, booking.adults, booking.children) == (Standing.CONFIRMED, 1, 2)
    assert {place.person_id for place in booking.places} == {person.id for person in family}
    assert queries.room_left([session.id])[session.id].told == 7


def test_a_booking_takes_at_most_twelve_statements(make):
    session, family = make.session(starts_in=3 * DAY), make.family("Mia Reyes", "Leo Reyes")

    with statements() as said:
        book(session, family)
        db.flush()

    begin_tenant_and_commit = 3
    assert len(said) + begin_tenant_and_commit <= 12, said


def test_the_session_is_locked_and_nothing_is_counted_before(make):
    session, family = make.session(), make.family()

    with statements() as said:
        book(session, family)

    lock = next(i for i, statement in enumerate(said) if "FOR UPDATE OF sessions" in statement)
    count = next(i for i, statement in enumerate(said) if "last_queue_no" in statement)
    assert lock < count


def test_staff_of_the_hub_know_the_family_from_then_on(make):
    session, family = make.session(), make.family()

    book(session, family)

    known = db.scalars(select(FamilyAtHub.household_id).where(FamilyAtHub.hub_id == session.hub_id)).all()
    assert known == [family[0].household_id]


def test_a_full_session_is_refused_and_the_waiting_list_is_offered(make):
    session = make.session(families=1, starts_in=3 * DAY)
    book(session, make.family())

    with pytest.raises(CannotBook, match="full") as refusal:
        book(session, make.family())

    assert refusal.value.may_wait


def test_every_limit_holds_at_once(make):
    room = make.room(people=5)
    session = make.session(families=3, most_children=3, room_id=room.id)
    book(session, make.family("A B", "C D"))

    with pytest.raises(CannotBook, match="room for 2 families, 1 child and 2 people in the room"):
        book(session, make.family("E F", "G H"))
    book(session, make.family("E F"))

    with pytest.raises(CannotBook, match="full"):
        book(session, make.family())


def test_siblings_are_booked_all_or_none(make):
    session = make.session(most_children=1)

    with pytest.raises(CannotBook):
        book(session, make.family("Mia Reyes", "Leo Reyes"))

    assert not db.scalars(select(Place)).all()


def test_strangers_cannot_be_put_into_a_party(make):
    session, paula, other = make.session(), make.family(), make.family()

    with pytest.raises(NotFound):
        book(session, [paula[0], other[1]])
    with pytest.raises(NotFound):
        service.book(session.id, **{**_wish(paula), "carer_id": other[0].id})
    with pytest.raises(NotFound):
        book(session, [*paula, other[0]])


def test_a_parent_who_lives_apart_books_for_the_child(make):
    session, (paula, mia) = make.session(), make.family()
    father = make.carer("Tom Field", household=make.household())
    db.add(Caring(carer_id=father.id, child_id=mia.id))

    booking = book(session, [father, mia])

    assert booking.household_id == father.household_id
    with pytest.raises(CannotBook, match="has a place at this session already"):
        book(session, [paula, mia])


def test_somebody_has_one_place_at_a_session(make):
    session, family = make.session(), make.family()
    book(session, family)

    with pytest.raises(CannotBook, match="has a place at this session already"):
        book(session, family)


def test_one_booking_a_day_where_the_activity_says_so(make):
    activity = make.activity(one_per_day=True)
    morning, afternoon, next_day = (
        make.session(activity=activity, starts_in=timedelta(hours=hours)) for hours in (24, 28, 48)
    )
    family = make.family()
    book(morning, family)

    with pytest.raises(CannotBook, match="one each day"):
        book(afternoon, family)
    book(next_day, family)


def test_staff_book_before_booking_opens_and_never_beyond_the_limits(make):
    activity = make.activity(opens_days_before=2)
    session = make.session(activity=activity, families=1, starts_in=5 * DAY)

    with pytest.raises(CannotBook, match="Booking opens on Thursday 5 March 2026"):
        book(session, make.family())
    book(session, make.family(), channel=Channel.STAFF)
    with pytest.raises(CannotBook, match="full"):
        book(session, make.family(), channel=Channel.STAFF)


def test_all_reasons_are_told_at_once(make):
    activity = make.activity(opens_days_before=2, children_per_adult=1, age_to_months=11)
    session = make.session(activity=activity, families=0, starts_in=5 * DAY)

    with pytest.raises(CannotBook) as refusal:
        book(session, make.family("A B", "C D"))

    said = " ".join(refusal.value.reasons)
    assert all(word in said for word in ("opens", "too old", "Each adult", "larger"))
    assert not refusal.value.may_wait


def test_a_place_given_up_is_offered_to_whoever_waited_longest(make, clock):
    session = make.session(families=1, starts_in=3 * DAY)
    first = book(session, make.family())
    second, third = join(session, make.family()), join(session, make.family())
    assert (queries.position(second), queries.position(third)) == (1, 2)

    clock.shift(timedelta(hours=1))
    service.cancel(first)

    assert (second.standing, third.standing) == (Standing.OFFERED, Standing.WAITING)
    assert queries.position(third) == 1
    assert "kept for you until 3 March 2026 at 11am" in queries.decisions(second.id)[0].reason
    assert promised("booking.offered") == [second.id]


def promised(topic):
    rows = db.scalars(select(Promise.payload).where(Promise.topic == topic, Promise.done_at.is_(None)))
    return [UUID(row["booking_id"]) for row in rows]


def test_an_offer_is_accepted(make, clock):
    session = make.session(families=1, starts_in=3 * DAY)
    first = book(session, make.family())
    second = join(session, make.family())
    clock.shift(timedelta(hours=1))
    service.cancel(first)
    clock.shift(timedelta(hours=1))

    service.accept(second)
    service.accept(second)

    assert second.standing == Standing.CONFIRMED
    assert second.id in promised("booking.reminder")
    assert [d.turn for d in queries.decisions(second.id)] == [Turn.ACCEPTED, Turn.OFFERED, Turn.JOINED]


def test_an_offer_that_lapsed_goes_to_the_next_and_cannot_be_accepted(make, clock):
    session = make.session(families=1, starts_in=5 * DAY)
    first = book(session, make.family())
    second, third = join(session, make.family()), join(session, make.family())
    service.cancel(first)

    clock.shift(timedelta(hours=24))

    with pytest.raises(NoLongerHeld):
        service.accept(second)
    assert (second.standing, third.standing) == (Standing.EXPIRED, Standing.OFFERED)


def test_an_offer_can_be_turned_down(make):
    session = make.session(families=1, starts_in=5 * DAY)
    first = book(session, make.family())
    second, third = join(session, make.family()), join(session, make.family())
    service.cancel(first)

    service.decline(second)

    assert (second.standing, third.standing) == (Standing.CANCELLED, Standing.OFFERED)


def test_nothing_is_accepted_before_it_is_offered(make):
    session = make.session(families=1, starts_in=5 * DAY)
    book(session, make.family())
    waiting = join(session, make.family())

    with pytest.raises(NothingOffered):
        service.accept(waiting)


def test_who_can_book_cannot_wait(make):
    with pytest.raises(CannotWait, match="you can book now"):
        join(make.session(starts_in=3 * DAY), make.family())


def test_a_hold_dies_without_a_timer(make, clock):
    session = make.session(families=1, starts_in=3 * DAY)
    held = service.hold(session.id, **_wish(make.family()))
    with pytest.raises(CannotBook):
        book(session, make.family())

    clock.shift(timedelta(minutes=15))
    book(session, make.family())

    with pytest.raises(NoLongerHeld):
        service.confirm(held)


def test_an_offer_lapses_although_nobody_comes_to_the_door(make, clock):
    session = make.session(families=1, starts_in=5 * DAY)
    first = book(session, make.family())
    second, third = join(session, make.family()), join(session, make.family())
    service.cancel(first)
    due = db.scalar(select(Promise.due_at).where(Promise.topic == "booking.expiry"))
    assert due == second.expires_at

    clock.move_to(due)
    expiry.let_lapse(second.id)

    assert (second.standing, third.standing) == (Standing.EXPIRED, Standing.OFFERED)


def test_a_hold_is_confirmed(make):
    held = service.hold(make.session().id, **_wish(make.family()))

    assert service.confirm(held).standing == Standing.CONFIRMED
    assert held.expires_at is None


def test_a_large_party_is_passed_three_times_and_then_nobody_gets_in_before_it(make, clock):
    session = make.session(families=None, most_children=4, starts_in=9 * DAY)
    single = [book(session, make.family(f"Child{i} Reyes")) for i in range(4)]
    large = join(session, make.family("A B", "C D"))
    small = [join(session, make.family(f"Small{i} Reyes")) for i in range(4)]

    for booking in single:
        clock.shift(timedelta(minutes=1))
        service.cancel(booking)

    assert [b.standing for b in small] == [Standing.OFFERED] * 3 + [Standing.WAITING]
    assert (large.standing, large.times_skipped) == (Standing.WAITING, 3)
    reasons = [d.reason for d in queries.decisions(large.id) if d.turn == Turn.SKIPPED]
    assert len(reasons) == 3
    assert "From now on nobody gets a place before you" in reasons[0]
    with pytest.raises(CannotBook, match="waiting for this session are next"):
        book(session, make.family())
    service.decline(small[0])
    assert large.standing == Standing.OFFERED


def test_a_newcomer_who_fits_passes_a_large_party_in_the_same_way(make):
    session = make.session(families=None, most_children=2, starts_in=9 * DAY)
    first = book(session, make.family())
    book(session, make.family())
    large = join(session, make.family("A B", "C D"))
    service.cancel(first)

    book(session, make.family())

    assert (large.standing, large.times_skipped) == (Standing.WAITING, 1)


def test_those_who_are_passed_several_times_at_once_are_told_once(make):
    session = make.session(families=None, most_children=3, starts_in=9 * DAY)
    book(session, make.family("A B", "C D", "E F"))
    large = join(session, make.family("G H", "I J", "K L"))
    small = [join(session, make.family(name)) for name in ("M N", "O P")]

    session.most_children = 5
    record(SessionPlacesChanged(subject=session.id))

    assert [b.standing for b in small] == [Standing.OFFERED] * 2
    assert large.times_skipped == 2
    (told,) = [d.reason for d in queries.decisions(large.id) if d.turn == Turn.SKIPPED]
    assert "so 2 smaller parties got places" in told
    assert "This can happen 1 more time at most" in told


def test_when_it_is_too_late_for_offers_the_first_to_come_is_served(make, clock):
    session = make.session(families=1, starts_in=timedelta(hours=9))
    first = book(session, make.family())
    waiting = join(session, make.family())
    clock.shift(timedelta(hours=7))

    service.cancel(first)

    assert waiting.standing == Standing.WAITING
    assert queries.list_closed(session.id)
    with pytest.raises(CannotWait, match="you can book now"):
        join(session, make.family())
    assert service.accept(waiting).standing == Standing.CONFIRMED


def test_whoever_waits_in_vain_is_let_go_when_the_session_starts(make, clock):
    session = make.session(families=1, starts_in=timedelta(hours=9))
    book(session, make.family())
    waiting = join(session, make.family())

    clock.shift(timedelta(hours=9))

    assert service.lapse_due() == 1
    assert waiting.standing == Standing.EXPIRED
    assert service.lapse_due() == 0


def test_families_cancel_until_the_start_and_staff_until_the_end(make, clock):
    session = make.session(starts_in=timedelta(hours=1), lasts=timedelta(hours=1))
    booking = book(session, make.family())
    clock.shift(timedelta(hours=1))

    with pytest.raises(TooLateToCancel):
        service.cancel(booking)
    service.cancel(booking, "Rang to say so", channel=Channel.STAFF)

    assert (booking.standing, booking.cancelled_because) == (Standing.CANCELLED, "Rang to say so")
    assert service.cancel(booking) is booking


def test_cancelling_frees_the_people_and_withdraws_the_reminder(make):
    session, family = make.session(starts_in=3 * DAY), make.family()
    booking = book(session, family)
    assert promised("booking.reminder") == [booking.id]

    service.cancel(booking)

    assert promised("booking.reminder") == []
    assert promised("booking.cancelled") == [booking.id]
    book(session, family)


def test_no_reminder_is_promised_for_an_hour_that_has_passed(make):
    book(make.session(starts_in=timedelta(hours=23)), make.family())

    assert promised("booking.reminder") == []


def test_a_party_is_changed_whole_or_not_at_all(make):
    session = make.session(most_children=2, starts_in=3 * DAY)
    paula, mia, leo, tom = make.family("Mia Reyes", "Leo Reyes", "Tom Reyes")
    booking = book(session, [paula, mia])

    larger = service.change_party(booking, [paula.id, mia.id, leo.id])

    assert (booking.standing, larger.standing, larger.children) == (Standing.CANCELLED, Standing.CONFIRMED, 2)
    with pytest.raises(CannotBook, match="larger than this session"):
        service.change_party(larger, [paula.id, mia.id, leo.id, tom.id])
    assert larger.standing == Standing.CONFIRMED
    assert queries.taken(session.id).children == 2


def test_a_smaller_party_makes_room_for_those_who_wait_and_keeps_its_own(make):
    session = make.session(families=None, most_children=2, starts_in=3 * DAY)
    paula, mia, leo = make.family("Mia Reyes", "Leo Reyes")
    booking = book(session, [paula, mia, leo])
    waiting = join(session, make.family())

    changed = service.change_party(booking, [paula.id, leo.id])

    assert (changed.standing, waiting.standing) == (Standing.CONFIRMED, Standing.OFFERED)
    assert promised("booking.changed") == [changed.id]


def test_only_a_booked_place_is_changed(make):
    session, (paula, mia, leo) = make.session(starts_in=3 * DAY), make.family("Mia Reyes", "Leo Reyes")
    booking = service.cancel(book(session, [paula, mia]))

    with pytest.raises(CannotChange):
        service.change_party(booking, [paula.id, leo.id])


def test_several_sessions_are_booked_all_or_none(make):
    sessions = [make.session(families=1, starts_in=days * DAY) for days in (4, 3, 5)]
    family = make.family()
    wish = _wish(family)
    in_the_way = book(sessions[2], make.family())

    with pytest.raises(CannotBook, match="Stay and play on Saturday 7 March 2026: This session is full"):
        service.book_several([s.id for s in sessions], **wish)
    assert not queries.for_session(sessions[0].id)
    service.cancel(in_the_way)

    booked = service.book_several([s.id for s in sessions], **wish)

    assert [b.session_id for b in booked] == [sessions[1].id, sessions[0].id, sessions[2].id]


def test_a_basket_keeps_to_one_booking_a_day(make):
    activity = make.activity(one_per_day=True)
    sessions = [make.session(activity=activity, starts_in=timedelta(hours=h)) for h in (24, 28)]

    with pytest.raises(CannotBook, match="one each day"):
        service.book_several([s.id for s in sessions], **_wish(make.family()))
    assert not db.scalars(select(Booking)).all()


def test_a_session_that_is_called_off_cancels_its_bookings_and_tells(make):
    session = make.session(families=1, starts_in=3 * DAY)
    booked, waiting = book(session, make.family()), join(session, make.family())

    session.standing, session.called_off_because = SessionStanding.CALLED_OFF, "The heating is broken."
    record(SessionCalledOff(subject=session.id))

    assert (booked.standing, waiting.standing) == (Standing.CANCELLED, Standing.CANCELLED)
    assert booked.cancelled_because == "The heating is broken."
    assert sorted(promised("booking.session_called_off")) == sorted([booked.id, waiting.id])
    assert promised("booking.reminder") == []
    with pytest.raises(CannotBook, match="called off"):
        book(session, make.family())


def test_a_reminder_moves_with_the_session(make):
    session = make.session(starts_in=3 * DAY)
    booking = book(session, make.family())

    session.starts_at, session.ends_at = session.starts_at + DAY, session.ends_at + DAY
    record(SessionMoved(subject=session.id))

    open_ones = Promise.topic == "booking.reminder", Promise.done_at.is_(None)
    assert db.scalars(select(Promise.due_at).where(*open_ones)).all() == [now() + 3 * DAY]
    assert promised("booking.changed") == [booking.id]


def test_more_places_go_to_those_who_wait_and_fewer_take_none_away(make):
    session = make.session(families=1, starts_in=3 * DAY)
    booked, waiting = book(session, make.family()), join(session, make.family())

    session.most_families = 2
    record(SessionPlacesChanged(subject=session.id))
    assert waiting.standing == Standing.OFFERED
    session.most_families = 0
    record(SessionPlacesChanged(subject=session.id))

    assert (booked.standing, waiting.standing) == (Standing.CONFIRMED, Standing.OFFERED)


def test_the_bookings_of_merged_people_and_households_stay(make):
    session, other_session = make.session(starts_in=3 * DAY), make.session(starts_in=4 * DAY)
    (paula, mia), (paula_again, mia_again, leo) = make.family(), make.family("Mia Reyes", "Leo Reyes")
    book(session, [paula, mia])
    again = book(session, [paula_again, mia_again, leo])
    other = book(other_session, [paula_again, mia_again])

    record(PeopleMerged(subject=paula.id, gone=paula_again.id))
    record(PeopleMerged(subject=mia.id, gone=mia_again.id))
    record(HouseholdsMerged(subject=paula.household_id, gone=paula_again.household_id))
    db.expire_all()

    assert (again.adults, again.children, again.household_id) == (0, 1, paula.household_id)
    assert {place.person_id for place in other.places} == {paula.id, mia.id}
    assert queries.taken(session.id).people == 3


def test_somebody_who_leaves_the_family_leaves_the_others_their_places(make):
    session, alone = make.session(starts_in=3 * DAY), make.session(starts_in=4 * DAY)
    paula, mia, leo = make.family("Mia Reyes", "Leo Reyes")
    together, only_leo = book(session, [paula, mia, leo]), book(alone, [paula, leo])
    record(PersonLeft(subject=paula.id, household=paula.household_id))
    record(PersonLeft(subject=leo.id, household=leo.household_id))

    assert (together.standing, together.adults, together.children) == (Standing.CONFIRMED, 0, 1)
    assert only_leo.standing == Standing.CANCELLED
    assert queries.taken(session.id).people == 1


def test_free_places_and_lists_are_read_in_few_statements(make):
    sessions = [make.session(starts_in=timedelta(hours=24 + i), families=2) for i in range(35)]
    for session in sessions[:3]:
        book(session, make.family())
        book(session, make.family())
    wanted = queries.Wanted(date(2026, 3, 2), date(2026, 4, 2))

    with statements() as said:
        found = queries.find_sessions(wanted)

    assert (len(said), len(found.sessions)) == (2, 30)
    assert [found.room[row.id].full for row in found.sessions[:4]] == [True, True, True, False]
    rest = queries.find_sessions(replace(wanted, after=found.more))
    assert [row.id for row in rest.sessions] == [s.id for s in sessions[30:]]
    assert rest.more is None
    free = queries.find_sessions(replace(wanted, only_with_room=True, limit=50))
    assert [row.id for row in free.sessions] == [s.id for s in sessions[3:]]


def test_sessions_are_found_by_age_on_the_day_by_words_and_by_kind(make):
    babies = make.session(activity=make.activity("Baby massage", age_to_months=11), starts_in=40 * DAY)
    toddlers = make.session(activity=make.activity("Toddler time", age_from_months=12), starts_in=40 * DAY)
    wanted = queries.Wanted(date(2026, 3, 2), date(2026, 5, 2))

    def found(**parts):
        return [row.id for row in queries.find_sessions(replace(wanted, **parts)).sessions]

    assert found(age_months=11) == [toddlers.id]
    assert found(age_months=10) == [babies.id]
    assert found(text="massage seacroft") == [babies.id]
    assert found(text="100%") == []
    assert found(kinds=["youth"]) == []
    assert found(hub_ids=[new_id()]) == []


def test_a_page_asks_why_somebody_cannot_book(make):
    session, family = make.session(families=1, starts_in=3 * DAY), make.family()
    book(session, make.family())

    assert queries.may_book(session.id).may_wait
    decision = queries.may_book(session.id, household_id=family[0].household_id, person_ids=[family[1].id])

    assert decision.reasons == ("At least one adult must come with the children.", "This session is full.")
