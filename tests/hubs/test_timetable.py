"""The timetable as a service: laying out, changing, ending, calling off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select

from hubs.errors import CannotRepeat, RoomTaken, SessionHasBegun, SessionIsCalledOff
from hubs.models import RoomSlot, Session, TimetableEntry
from hubs.service import drafts, timetable
from hubs.service.timetable import (
    add_entry,
    add_session,
    apply_calendar,
    apply_change,
    call_off,
    change_places,
    end_entry,
    lay_out,
    preview_calendar,
    preview_change,
    preview_end,
    preview_lay_out,
    preview_new,
)
from hubs.terms import Scope, SessionStanding, Weekday
from kernel.clock import wall
from kernel.db import db
from kernel.errors import Unacceptable
from kernel.journal import Entry
from tenants import service as tenants
from tenants.service import Dates
from tenants.terms import DatesKind
from tests.making import Make

WEEKLY = {"weekday": Weekday.TUESDAY, "starts": time(9, 30), "ends": time(11), "first_date": date(2026, 3, 3)}
Add = Callable[..., TimetableEntry]


@pytest.fixture
def add(make: Make) -> Add:
    """Add an entry: stay and play at Seacroft on Tuesdays from 9:30am to 11am, from tomorrow on."""

    def adding(**parts: Any) -> TimetableEntry:
        places = {"hub_id": make.hub().id, "activity_id": make.activity().id}
        return add_entry(**{**WEEKLY, **places, **parts})

    return adding


@pytest.fixture
def booked(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Any, int]]:
    """How many bookings sessions are said to have: ``booked[session.id] = 2``."""
    counts: dict[Any, int] = {}
    monkeypatch.setattr(
        drafts, "_countings", [lambda ids: {one: counts[one] for one in ids if one in counts}]
    )
    return counts


def sessions(entry: TimetableEntry | None = None) -> list[Session]:
    wanted = select(Session).order_by(Session.starts_at, Session.id)
    return list(db.scalars(wanted.where(Session.entry_id == entry.id) if entry else wanted))


def days(entry: TimetableEntry | None = None) -> list[date]:
    return [session.on_date for session in sessions(entry)]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


def slots_of(session: Session) -> int:
    return db.scalar(select(func.count(RoomSlot.id)).where(RoomSlot.session_id == session.id)) or 0


def happenings() -> list[str]:
    return list(db.scalars(select(Entry.kind).order_by(Entry.id)))


def terms(*holidays: tuple[date, date]) -> None:
    """Enter a spring term until 27 March and a summer term from 13 April, with breaks in them."""
    tenants.set_term_dates(
        [
            Dates(DatesKind.TERM, "Spring term", date(2026, 1, 5), date(2026, 3, 27)),
            Dates(DatesKind.TERM, "Summer term", date(2026, 4, 13), date(2026, 7, 17)),
            *(Dates(DatesKind.HOLIDAY, "Half term", first, last) for first, last in holidays),
        ]
    )


def test_an_entry_is_laid_out_to_the_sunday_of_the_last_week_ahead(add: Add) -> None:
    laid = sessions(add())

    assert len(laid) == 14
    assert laid[0].starts_at == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert laid[-1].on_date == date(2026, 6, 2)
    assert {session.most_families for session in laid} == {None}


def test_a_session_has_the_places_of_its_activity(make: Make, add: Add) -> None:
    activity = make.activity("Messy play", most_families=8, most_children=12)

    entry = add(activity_id=activity.id)

    assert {(s.most_families, s.most_children, s.most_adults) for s in sessions(entry)} == {(8, 12, None)}


def test_half_past_nine_stays_half_past_nine_when_the_clocks_change(add: Add) -> None:
    laid = sessions(add())

    assert {wall(session.starts_at).time() for session in laid} == {time(9, 30)}
    assert {session.starts_at.astimezone(UTC).hour for session in laid} == {9, 8}


def test_laying_out_again_adds_nothing(add: Add) -> None:
    entry = add()
    before = [session.id for session in sessions(entry)]

    assert lay_out().is_empty
    assert lay_out(entry).is_empty
    assert [session.id for session in sessions(entry)] == before


def test_laying_out_goes_on_as_time_does(add: Add, clock: Any) -> None:
    entry = add()
    clock.shift(timedelta(weeks=2))

    plan = lay_out()

    assert [line.day for line in plan.add] == [date(2026, 6, 9), date(2026, 6, 16)]
    assert len(sessions(entry)) == 16


def test_bank_holidays_and_school_holidays_are_left_out_and_said(make: Make, add: Add) -> None:
    terms()
    wanted = {**WEEKLY, "weekday": Weekday.MONDAY, "hub_id": make.hub().id, "activity_id": make.activity().id}

    plan = preview_new(**wanted, term_time_only=True)

    assert date(2026, 4, 6) not in [line.day for line in plan.add]
    reasons = {left.day: left.reason for left in plan.left_out}
    assert "Easter Monday" in reasons[date(2026, 4, 6)]
    assert "school holidays" in reasons[date(2026, 3, 30)]
    assert sessions() == []


def test_an_entry_that_contradicts_itself_is_refused(add: Add) -> None:
    with pytest.raises(CannotRepeat, match="end time"):
        add(ends=time(9))
    with pytest.raises(CannotRepeat, match="last date"):
        add(last_date=date(2026, 3, 1))


def test_an_entry_needs_a_room_of_its_own_hub_and_a_hub_that_is_open(make: Make, add: Add) -> None:
    elsewhere = make.room(hub=make.hub("Gipton"))
    with pytest.raises(Unacceptable, match="room of Seacroft"):
        add(room_id=elsewhere.id)
    make.hub().closed_at = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(Unacceptable, match="closed"):
        add()


def test_a_day_on_which_the_room_is_taken_is_left_out_and_said(make: Make, add: Add) -> None:
    room = make.room()
    place = {"hub_id": make.hub().id, "activity_id": make.activity("Baby massage").id, "room_id": room.id}
    add_session(**place, on_date=date(2026, 3, 10), starts=time(10, 50), ends=time(12))

    entry = add(room_id=room.id)

    assert date(2026, 3, 10) not in days(entry)
    assert len(sessions(entry)) == 13
    [left] = preview_lay_out(entry).room_taken
    assert left.day == date(2026, 3, 10)
    assert left.reason == "Blue room is taken: Baby massage, Tuesday 10 March 2026, 10:50am to midday."


def test_a_left_out_day_is_laid_out_once_the_room_is_free(make: Make, add: Add) -> None:
    room = make.room()
    place = {"hub_id": make.hub().id, "activity_id": make.activity("Baby massage").id, "room_id": room.id}
    other = add_session(**place, on_date=date(2026, 3, 10), starts=time(10), ends=time(12))
    entry = add(room_id=room.id)

    call_off(other, "The leader is ill.")
    plan = lay_out()

    assert [line.day for line in plan.add] == [date(2026, 3, 10)]
    assert date(2026, 3, 10) in days(entry)


def test_an_entry_whose_room_is_always_taken_is_refused_by_name(make: Make, add: Add) -> None:
    room = make.room()
    add(room_id=room.id)

    with pytest.raises(
        RoomTaken, match="Blue room is taken: Stay and play, Tuesday 3 March 2026, 9:30am to 11am"
    ):
        add(room_id=room.id, starts=time(10), activity_id=make.activity("Baby massage").id)


def test_sessions_that_follow_each_other_share_a_room(make: Make, add: Add) -> None:
    room = make.room()
    add(room_id=room.id)

    entry = add(room_id=room.id, starts=time(11), ends=time(12), activity_id=make.activity("Baby massage").id)

    assert len(sessions(entry)) == 14


def test_changing_all_moves_the_sessions_to_come(make: Make, add: Add, booked: dict[Any, int]) -> None:
    room = make.room()
    entry = add(room_id=room.id)
    first = sessions(entry)[0]
    booked[first.id] = 3
    changes = {"starts": time(10), "ends": time(12)}

    shown = preview_change(entry, Scope.ALL, changes)
    done = apply_change(entry, Scope.ALL, changes)

    assert shown == done
    assert (len(done.move), done.touches) == (14, 3)
    assert (
        "from Tuesday 3 March 2026, 9:30am to 11am to Tuesday 3 March 2026, 10am to midday"
        in done.move[0].reason
    )
    assert {wall(session.starts_at).time() for session in sessions(entry)} == {time(10)}
    assert slots_of(first) == 8
    assert happenings().count("SessionMoved") == 14
    assert apply_change(entry, Scope.ALL, changes).is_empty


def test_showing_a_change_changes_nothing(add: Add) -> None:
    entry = add()
    before = days(entry)

    preview_change(entry, Scope.ALL, {"weekday": Weekday.FRIDAY})
    preview_end(entry, date(2026, 3, 3))

    assert (days(entry), entry.weekday, entry.last_date) == (before, Weekday.TUESDAY, None)
    assert not db.dirty


def test_changing_all_leaves_what_has_begun(add: Add, clock: Any) -> None:
    entry = add()
    clock.move_to(datetime(2026, 3, 10, 9, 45, tzinfo=UTC))

    apply_change(entry, Scope.ALL, {"starts": time(9), "ends": time(10)})

    kept = [wall(session.starts_at).time() for session in sessions(entry)]
    assert kept[:3] == [time(9, 30), time(9, 30), time(9)]


def test_another_weekday_moves_each_session_within_its_week(add: Add) -> None:
    entry = add()
    ids = [session.id for session in sessions(entry)]

    plan = apply_change(entry, Scope.ALL, {"weekday": Weekday.THURSDAY})

    assert days(entry)[:2] == [date(2026, 3, 5), date(2026, 3, 12)]
    assert [session.id for session in sessions(entry)] == ids
    assert next(line.day for line in plan.move) == date(2026, 3, 5)


def test_this_and_following_ends_the_entry_and_begins_another(add: Add, booked: dict[Any, int]) -> None:
    entry = add()
    third = sessions(entry)[2]
    booked[third.id] = 1

    shown = preview_change(third, Scope.FOLLOWING, {"starts": time(13), "ends": time(14)})
    done = apply_change(third, Scope.FOLLOWING, {"starts": time(13), "ends": time(14)})

    new = db.get_one(TimetableEntry, (entry.tenant_id, entry.replaced_by_id))
    assert (len(shown.move), shown.touches) == (len(done.move), done.touches) == (12, 1)
    assert (entry.last_date, new.first_date, new.starts) == (date(2026, 3, 16), date(2026, 3, 17), time(13))
    assert len(sessions(entry)) == 2
    assert third.id in [session.id for session in sessions(new)]
    assert lay_out().is_empty


def test_this_and_following_of_the_first_is_all(add: Add) -> None:
    entry = add()

    apply_change(sessions(entry)[0], Scope.FOLLOWING, {"starts": time(10)})

    assert entry.replaced_by_id is None
    assert entry.starts == time(10)


def test_every_other_week_calls_off_what_is_booked_and_removes_the_rest(
    add: Add, booked: dict[Any, int]
) -> None:
    entry = add()
    second, fourth = sessions(entry)[1], sessions(entry)[3]
    booked[second.id] = 2

    plan = apply_change(entry, Scope.ALL, {"every_weeks": 2}, because="We have fewer staff.")

    assert (len(plan.call_off), len(plan.remove), plan.touches) == (1, 6, 2)
    assert (second.standing, second.called_off_because) == (
        SessionStanding.CALLED_OFF,
        "We have fewer staff.",
    )
    assert fourth.id not in [session.id for session in sessions(entry)]
    assert happenings().count("SessionCalledOff") == 1


def test_a_session_that_was_booked_once_is_called_off_rather_than_deleted(make: Make, add: Add) -> None:
    from bookings.models import Booking
    from bookings.terms import Channel, Standing

    entry = add()
    second = sessions(entry)[1]
    old = Booking(
        session_id=second.id, household_id=make.household().id, reference="B1", channel=Channel.WEB,
        standing=Standing.CANCELLED, adults=1, children=1, cancelled_at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    db.add(old)
    db.flush()

    apply_change(entry, Scope.ALL, {"every_weeks": 2})

    assert second.standing == SessionStanding.CALLED_OFF
    assert len(sessions(entry)) == 8


def test_one_session_moves_alone_and_then_stays(make: Make, add: Add) -> None:
    room = make.room()
    entry = add(room_id=room.id)
    second = sessions(entry)[1]

    plan = apply_change(
        second, Scope.THIS_ONE, {"on_date": date(2026, 3, 11), "starts": time(14), "ends": time(15)}
    )
    later = apply_change(entry, Scope.ALL, {"starts": time(10)})

    assert (len(plan.move), plan.move[0].day) == (1, date(2026, 3, 11))
    assert (second.on_date, second.entry_date, wall(second.starts_at).time()) == (
        date(2026, 3, 11),
        date(2026, 3, 10),
        time(14),
    )
    assert slots_of(second) == 4
    assert [line.session_id for line in later.keep] == [second.id]
    assert lay_out().is_empty


def test_a_move_into_a_room_that_is_taken_is_shown_and_refused(make: Make, add: Add) -> None:
    room, massage = make.room(), make.activity("Baby massage")
    entry = add(room_id=room.id)
    add_session(
        hub_id=make.hub().id, activity_id=massage.id, room_id=room.id, on_date=date(2026, 3, 10),
        starts=time(13), ends=time(14),
    )  # fmt: skip
    second = sessions(entry)[1]
    changes = {"starts": time(13, 30), "ends": time(14, 30)}

    shown = preview_change(second, Scope.THIS_ONE, changes)

    assert [str(clash) for clash in shown.clashes[0].clashes] == [
        "Baby massage, Tuesday 10 March 2026, 1pm to 2pm"
    ]
    for scope in Scope:
        with pytest.raises(RoomTaken, match="Baby massage"), db.begin_nested():
            apply_change(second, scope, changes)
    assert wall(second.starts_at).time() == time(9, 30)


def test_a_session_that_has_begun_or_was_called_off_is_not_changed(add: Add, clock: Any) -> None:
    entry = add()
    first, second = sessions(entry)[:2]
    call_off(second, "The heating has broken.")
    clock.move_to(datetime(2026, 3, 3, 9, 30, tzinfo=UTC))

    for scope in (Scope.THIS_ONE, Scope.FOLLOWING):
        with pytest.raises(SessionHasBegun):
            apply_change(first, scope, {"starts": time(10)})
        with pytest.raises(SessionIsCalledOff):
            apply_change(second, scope, {"starts": time(10)})
    with pytest.raises(SessionHasBegun):
        call_off(first, "Nobody is here.")
    with pytest.raises(SessionHasBegun):
        change_places(first, most_families=3)


def test_ending_an_entry_takes_the_later_sessions_away(add: Add, booked: dict[Any, int]) -> None:
    entry = add()
    fifth = sessions(entry)[4]
    booked[fifth.id] = 1

    shown = preview_end(entry, date(2026, 3, 17))
    done = end_entry(entry, date(2026, 3, 17))

    assert shown == done
    assert done.summary() == "10 sessions removed and 1 session called off. 1 booking is affected."
    assert days(entry) == [date(2026, 3, 3), date(2026, 3, 10), date(2026, 3, 17), date(2026, 3, 31)]
    assert fifth.called_off_because == "It is no longer in the timetable."
    assert lay_out().is_empty


def test_an_entry_can_be_ended_before_it_began(add: Add) -> None:
    entry = add()

    end_entry(entry, date(2026, 3, 2))

    assert days(entry) == []
    assert lay_out().is_empty
    assert preview_calendar().is_empty


def test_a_called_off_session_keeps_its_row_and_gives_its_room_back(make: Make, add: Add) -> None:
    entry = add(room_id=make.room().id)
    second = sessions(entry)[1]
    assert slots_of(second) == 6

    call_off(second, "  The heating has broken. ")

    assert (second.standing, second.called_off_because) == (
        SessionStanding.CALLED_OFF,
        "The heating has broken.",
    )
    assert slots_of(second) == 0
    assert lay_out().is_empty
    with pytest.raises(SessionIsCalledOff):
        call_off(second, "Again.")
    with pytest.raises(Unacceptable, match="Say why"):
        call_off(sessions(entry)[2], " ")


def test_places_of_one_session(add: Add) -> None:
    session = sessions(add())[0]

    change_places(session, most_families=4)
    change_places(session, most_families=4)

    assert session.most_families == 4
    assert happenings().count("SessionPlacesChanged") == 1
    with pytest.raises(Unacceptable):
        change_places(session, most_families=0)
    with pytest.raises(TypeError):
        change_places(session, standing=1)


def test_a_session_of_its_own(make: Make) -> None:
    activity = make.activity("Trip to the farm", most_families=10)
    place = {"hub_id": make.hub().id, "activity_id": activity.id, "room_id": make.room().id}
    when = {"on_date": date(2026, 3, 14), "starts": time(10), "ends": time(12)}

    session = add_session(**place, **when, most_children=15)

    assert (session.most_families, session.most_children, session.entry_id) == (10, 15, None)
    assert "SessionAdded" in happenings()
    with pytest.raises(RoomTaken, match="Blue room is taken: Trip to the farm, Saturday 14 March 2026"):
        add_session(**place, **when)
    with pytest.raises(Unacceptable, match="today or later"):
        add_session(**place, **{**when, "on_date": date(2026, 3, 1)})
    with pytest.raises(Unacceptable, match="not part of the weekly timetable"):
        apply_change(session, Scope.FOLLOWING, {"starts": time(9)})


def test_a_changed_school_calendar_takes_the_half_term_away(add: Add, booked: dict[Any, int]) -> None:
    terms()
    termly, always = add(term_time_only=True), add(starts=time(13), ends=time(14))
    booked[{s.on_date: s for s in sessions(termly)}[date(2026, 5, 26)].id] = 2
    terms((date(2026, 3, 9), date(2026, 3, 13)), (date(2026, 5, 25), date(2026, 5, 29)))

    shown = preview_calendar()
    done = apply_calendar()

    assert shown == done
    assert [line.day for line in done.remove] == [date(2026, 3, 10)]
    [off] = done.call_off
    assert (off.day, off.bookings) == (date(2026, 5, 26), 2)
    assert "is in the school holidays (Half term)" in off.reason
    assert date(2026, 3, 10) in days(always)
    assert apply_calendar().is_empty
    terms((date(2026, 5, 25), date(2026, 5, 29)))
    assert [line.day for line in apply_calendar().add] == [date(2026, 3, 10)]


def test_a_longer_term_adds_sessions(add: Add) -> None:
    entry = add(term_time_only=True)
    assert days(entry) == []

    terms()

    assert [line.day for line in preview_calendar().add][:2] == [date(2026, 3, 3), date(2026, 3, 10)]
    apply_calendar()
    assert date(2026, 3, 31) not in days(entry)
    assert date(2026, 4, 14) in days(entry)


def test_a_council_of_twelve_hubs_is_laid_out_in_seconds_with_few_statements(
    make: Make,
) -> None:
    groups = [make.activity(f"Group {slot}").id for slot in range(30)]
    for n in range(12):
        hub = make.hub(f"Hub {n}", team=())
        rooms = [make.room(f"Room {room}", hub=hub) for room in range(6)]
        for slot in range(30):
            db.add(
                TimetableEntry(
                    hub_id=hub.id, room_id=rooms[slot % 6].id, activity_id=groups[slot],
                    weekday=list(Weekday)[slot % 5], starts=time(9 + slot // 6), ends=time(10 + slot // 6),
                    first_date=date(2026, 1, 1), term_time_only=False,
                )
            )  # fmt: skip
    db.flush()

    began = process_time()
    with statements() as said:
        plan = lay_out()

    assert len(plan.add) > 4500
    assert len(said) < 60
    assert process_time() - began < 15, "seconds of our own work, whatever else the machine does"


@settings(max_examples=15)
@given(
    weekday=st.sampled_from(list(Weekday)),
    every=st.sampled_from([1, 2]),
    offset=st.integers(-200, 60),
    termly=st.booleans(),
    starts=st.sampled_from([time(0, 30), time(1, 30), time(9, 7), time(22)]),
)
def test_laying_out_twice_is_laying_out_once(
    add: Add, *, weekday: Weekday, every: int, offset: int, termly: bool, starts: time
) -> None:
    first = date(2026, 3, 2) + timedelta(days=offset)

    entry = add(
        weekday=weekday, every_weeks=every, first_date=first, term_time_only=termly, starts=starts,
        ends=time(starts.hour + 1, 30),
    )  # fmt: skip

    assert lay_out(entry).is_empty
    assert preview_change(entry, Scope.ALL, {}).is_empty
    assert {Weekday.of(day) for day in days(entry)} <= {weekday}


def test_who_counts_bookings_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "_countings", [])

    def counting(ids: Any) -> dict[Any, int]:
        return dict.fromkeys(ids, 1)

    timetable.counts_bookings(counting)
    timetable.counts_bookings(counting)

    assert drafts.bookings_of(["one"]) == {"one": 1}
