# ruff: noqa: DTZ001 - a spreadsheet's moments have no zone, and its rows are long

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from hubs.rules import (
    Does,
    Occurrence,
    PlainIntent,
    Window,
    following,
    in_two_places,
    occurrences,
    plan,
    room_clashes,
    series,
    slots,
    split,
    uses,
    week_of,
)
from hubs.rules.changes import Use
from hubs.terms import SessionStanding, Weekday
from kernel.london import at_wall_time
from tests.hubs.test_rules_recurrence import EveryDay, calendars, intents

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WINDOW = Window(date(2026, 3, 2), date(2026, 5, 31))
TUESDAY = PlainIntent(weekday=Weekday.TUESDAY, starts=time(10), ends=time(11), first_date=date(2026, 1, 1))
_numbers = count(1)


@dataclass(frozen=True)
class Laid:
    """A session that is laid out."""

    id: int
    entry_date: date | None
    starts_at: datetime
    ends_at: datetime
    room_id: str | None = None
    standing: SessionStanding = SessionStanding.PLANNED
    changed_by_hand_at: datetime | None = None


def laid(occurrence, **others):
    return Laid(next(_numbers), occurrence.day, occurrence.starts_at, occurrence.ends_at, **others)


def lay(intent, window=WINDOW, calendar=EveryDay()):
    return [laid(occurrence) for occurrence in occurrences(intent, window, calendar)]


def carried_out(sessions, found):
    """Do what a plan says, as the service does."""
    rows = {session.id: session for session in sessions}
    for step in found.changes:
        if step.does == Does.ADD:
            new = laid(step.wanted, room_id=step.room_id)
            rows[new.id] = new
        elif step.does == Does.MOVE:
            w = step.wanted
            rows[step.session.id] = replace(
                step.session, entry_date=w.day, starts_at=w.starts_at, ends_at=w.ends_at, room_id=step.room_id
            )
        elif step.does == Does.CALL_OFF:
            rows[step.session.id] = replace(step.session, standing=SessionStanding.CALLED_OFF)
        else:
            del rows[step.session.id]
    return list(rows.values())


def planned(sessions, intent, **others):
    found = series(intent, WINDOW, others.pop("calendar", EveryDay()))
    return plan(sessions, found.occurrences, skipped=found.skipped, window=WINDOW, now=NOW, **others)


def does(found):
    return [(step.does, step.day) for step in found.steps]


def test_what_is_as_wanted_needs_nothing():
    found = planned(lay(TUESDAY), TUESDAY)

    assert found.is_empty
    assert found.summary() == "Nothing changes."


def test_a_new_entry_is_laid_out_whole():
    assert len(planned([], TUESDAY).of(Does.ADD)) == 13


def test_another_time_moves_each_session_and_counts_its_bookings():
    sessions = lay(TUESDAY)

    found = planned(sessions, replace(TUESDAY, starts=time(10, 30)), bookings={sessions[0].id: 4})

    assert {step.does for step in found.steps} == {Does.MOVE}
    assert found.bookings_touched == 4
    assert found.summary() == "13 sessions moved. 4 bookings are affected."
    assert found.steps[0].reason == (
        "It moves from Tuesday 3 March 2026, 10am to 11am to Tuesday 3 March 2026, 10:30am to 11am."
    )


def test_another_weekday_moves_the_session_within_its_week():
    found = planned(lay(TUESDAY), replace(TUESDAY, weekday=Weekday.FRIDAY))

    assert does(found)[:2] == [(Does.MOVE, date(2026, 3, 6)), (Does.MOVE, date(2026, 3, 13))]
    assert not found.of(Does.ADD, Does.REMOVE, Does.CALL_OFF)


def test_another_room_is_a_move():
    found = planned(lay(TUESDAY), TUESDAY, room_id="the hall")

    assert found.steps[0].reason == "It moves to another room."


def test_a_session_with_bookings_is_called_off_and_one_without_is_removed():
    sessions = lay(TUESDAY)
    calendar = EveryDay(frozenset({date(2026, 3, 10), date(2026, 3, 17)}))

    found = planned(
        sessions, replace(TUESDAY, term_time_only=True), calendar=calendar, bookings={sessions[1].id: 2}
    )

    assert does(found) == [(Does.CALL_OFF, date(2026, 3, 10)), (Does.REMOVE, date(2026, 3, 17))]
    assert found.steps[0].reason == "Tuesday 10 March 2026 is in the school holidays (half term)."
    assert found.bookings_touched == 2


def test_what_has_begun_is_never_touched_and_never_added_again():
    monday = replace(TUESDAY, weekday=Weekday.MONDAY, starts=time(9), ends=time(12))
    sessions = lay(monday)

    found = planned(sessions, replace(monday, starts=time(14), ends=time(15)))

    assert date(2026, 3, 2) not in {step.day for step in found.steps}


def test_what_was_changed_by_hand_stays_and_is_told():
    sessions = lay(TUESDAY)
    sessions[0] = replace(
        sessions[0], starts_at=sessions[0].starts_at + timedelta(hours=2), changed_by_hand_at=NOW
    )

    unchanged, moved = (
        planned(sessions, TUESDAY),
        planned(sessions, replace(TUESDAY, weekday=Weekday.FRIDAY)),
    )

    assert unchanged.is_empty
    assert [step.session for step in moved.of(Does.KEEP)] == [sessions[0]]
    assert date(2026, 3, 6) not in {step.day for step in moved.changes}


def test_what_was_called_off_is_not_put_back():
    sessions = lay(TUESDAY)
    sessions[0] = replace(sessions[0], standing=SessionStanding.CALLED_OFF)

    found = planned(sessions, TUESDAY)

    assert found.is_empty
    assert does(found) == [(Does.KEEP, date(2026, 3, 3))]


def test_this_and_following_leaves_what_is_before():
    sessions = lay(TUESDAY)
    ended, changed = split(TUESDAY, replace(TUESDAY, weekday=Weekday.MONDAY), from_day=date(2026, 3, 10))

    before = planned([s for s in sessions if s not in following(sessions, from_day=date(2026, 3, 10))], ended)
    after = planned(following(sessions, from_day=date(2026, 3, 10)), changed)

    assert before.is_empty
    assert does(after)[0] == (Does.MOVE, date(2026, 3, 9))
    assert len(after.steps) == 12


standings = st.sampled_from([SessionStanding.PLANNED, SessionStanding.PLANNED, SessionStanding.CALLED_OFF])


@st.composite
def histories(draw):
    """Sessions as a history of changes may have left them."""
    sessions = lay(draw(intents), Window(date(2026, 2, 1), date(2026, 6, 30)), draw(calendars))
    left = []
    for session in sessions:
        if draw(st.integers(0, 9)) == 0:
            continue
        shift = timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 3, -2])))
        left.append(
            replace(
                session,
                starts_at=session.starts_at + shift,
                ends_at=session.ends_at + shift,
                standing=draw(standings),
                room_id=draw(st.sampled_from([None, "hall", "den"])),
                changed_by_hand_at=draw(st.sampled_from([None, None, NOW])),
            )
        )
    return left


@given(histories(), intents, calendars, st.sampled_from([None, "hall"]), st.sets(st.integers(0, 30)))
def test_to_carry_out_a_plan_leaves_nothing_to_plan(sessions, intent, calendar, room, booked):
    bookings = {session.id: 3 for n, session in enumerate(sessions) if n in booked}
    wanted = series(replace(intent, first_date=date(2026, 1, 5)), WINDOW, calendar)

    def again(those):
        return plan(those, wanted.occurrences, window=WINDOW, now=NOW, room_id=room, bookings=bookings)

    found = again(sessions)
    after = carried_out(sessions, found)

    assert again(after).is_empty
    before = {session.id: session for session in sessions}
    for session in after:
        was = before.pop(session.id, None)
        assert was is None or was == session or was.starts_at > NOW
        assert was is None or was == session or not was.changed_by_hand_at
        assert was is None or was == session or was.standing == SessionStanding.PLANNED
    assert not any(gone.id in bookings or gone.starts_at <= NOW for gone in before.values())
    on = [session.entry_date for session in after]
    assert len(on) == len(set(on))


@given(histories(), intents, calendars)
def test_a_plan_leaves_each_wanted_day_with_a_session_unless_its_week_has_one_that_stays(
    sessions, intent, calendar
):
    wanted = occurrences(replace(intent, first_date=date(2026, 1, 5)), WINDOW, calendar)

    after = carried_out(sessions, plan(sessions, wanted, window=WINDOW, now=NOW))

    weeks = {week_of(session.entry_date) for session in after}
    assert {week_of(w.day) for w in wanted if w.starts_at > NOW} <= weeks


def test_slots_cover_a_session_in_quarter_hours():
    starts = datetime(2026, 3, 3, 10, 5, tzinfo=UTC)

    assert [f"{slot:%H:%M}" for slot in slots(starts, starts + timedelta(minutes=30))] == [
        "10:00",
        "10:15",
        "10:30",
    ]
    assert len(slots(datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 3, 14, tzinfo=UTC))) == 20


moments = st.datetimes(datetime(2026, 3, 28), datetime(2026, 3, 30)).map(lambda m: m.replace(tzinfo=UTC))
rooms_used = st.builds(
    lambda room, starts, minutes: Use(room, starts, starts + timedelta(minutes=minutes)),
    st.sampled_from(["hall", "den", None]),
    moments,
    st.integers(1, 400),
)


@given(st.lists(rooms_used, max_size=12), st.lists(rooms_used, max_size=6))
def test_rooms_clash_exactly_when_they_share_a_slot(own, others):
    found = {frozenset((id(one), id(other))) for one, other in room_clashes(own, others)}

    every = [*own, *others]
    expected = {
        frozenset((id(one), id(other)))
        for n, one in enumerate(every)
        for other in every[n + 1 :]
        if n < len(own) and one.room_id and one.room_id == other.room_id
        if set(slots(one.starts_at, one.ends_at)) & set(slots(other.starts_at, other.ends_at))
    }
    assert found == expected


def test_the_uses_of_a_plan_are_its_new_rooms_and_times():
    found = planned(lay(TUESDAY), TUESDAY, room_id="hall")

    assert len(uses(found)) == 13


@dataclass(frozen=True)
class Shift:
    """That somebody works at a time."""

    person_id: str
    starts_at: datetime
    ends_at: datetime


def test_nobody_can_be_in_two_places():
    def shift(who, first, last):
        day = date(2026, 3, 3)
        return Shift(who, at_wall_time(day, time(first)), at_wall_time(day, time(last)))

    morning, late, noon, other = (
        shift("Asha", 9, 11),
        shift("Asha", 10, 12),
        shift("Asha", 12, 13),
        shift("Beth", 9, 12),
    )

    assert in_two_places([noon, late, other, morning]) == [(morning, late)]


def test_an_occurrence_is_ordered_by_its_day():
    one = Occurrence(date(2026, 3, 3), NOW, NOW + timedelta(hours=1))

    assert sorted([replace(one, day=date(2026, 3, 4)), one])[0] is one
