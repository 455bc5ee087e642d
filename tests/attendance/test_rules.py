"""What a press means, who counts, and when a register can be changed."""

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance import rules
from attendance.errors import CalledOff, IsClosed, NotACount, NotYet, StillRunning
from attendance.rules import Said, after_tap
from attendance.terms import CAME, Mark, Tap
from families.terms import PersonKind
from hubs.terms import SessionStanding

STARTS = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)
AT_FIVE_PAST = STARTS + timedelta(minutes=5)
LATER = STARTS + timedelta(minutes=50)
AFTERWARDS = ENDS + timedelta(days=1)
CARER, CHILD = PersonKind.CARER, PersonKind.CHILD

Line = namedtuple(
    "Line",
    "kind mark left_at household_id given_name family_name name_key date_of_birth person_id reference arrived_at "
    "booking_id marked_at marked_by coming_said_at",
    defaults=[None, None, UUID(int=1), "Mia", "Reyes", "mia reyes", None, UUID(int=2), "F1", *[None] * 5],
)
Register = namedtuple(
    "Register", "closed_at adults_counted children_counted notes", defaults=[None, 0, 0, ""]
)


def tap(said, what, now=AT_FIVE_PAST):
    return after_tap(said, what, now=now, ends_at=ENDS)


def test_the_first_press_keeps_when_somebody_came():
    assert tap(None, Tap.HERE) == Said(Mark.HERE, AT_FIVE_PAST)


def test_late_instead_of_here_keeps_when_they_came():
    assert tap(Said(Mark.HERE, AT_FIVE_PAST), Tap.LATE, LATER) == Said(Mark.LATE, AT_FIVE_PAST)


def test_who_leaves_has_come():
    assert tap(Said(Mark.LATE, AT_FIVE_PAST), Tap.LEFT, LATER) == Said(Mark.LATE, AT_FIVE_PAST, LATER)
    assert tap(None, Tap.LEFT, LATER) == Said(Mark.HERE, None, LATER)
    assert tap(Said(Mark.APOLOGIES), Tap.LEFT, LATER) == Said(Mark.HERE, None, LATER)


def test_who_comes_back_has_not_left():
    assert tap(Said(Mark.HERE, AT_FIVE_PAST, LATER), Tap.HERE) == Said(Mark.HERE, AT_FIVE_PAST)


def test_undo_goes_one_step_back():
    left = Said(Mark.HERE, AT_FIVE_PAST, LATER)
    assert tap(left, Tap.UNDO) == Said(Mark.HERE, AT_FIVE_PAST)
    assert tap(Said(Mark.HERE, AT_FIVE_PAST), Tap.UNDO) is None
    assert tap(Said(Mark.APOLOGIES), Tap.UNDO) is None
    assert tap(None, Tap.UNDO) is None


def test_a_press_on_the_next_day_tells_no_time():
    assert tap(None, Tap.HERE, AFTERWARDS) == Said(Mark.HERE)
    assert tap(Said(Mark.HERE), Tap.LEFT, AFTERWARDS) == Said(Mark.HERE, None, ENDS)


SAYINGS = st.lists(
    st.tuples(st.sampled_from(Tap), st.sampled_from([STARTS, AT_FIVE_PAST, LATER, AFTERWARDS]))
)


@given(SAYINGS)
def test_whatever_is_pressed_makes_sense(presses):
    said = None
    for what, now in presses:
        said = tap(said, what, now)
        if said:
            assert said.mark in CAME or (said.arrived_at is None and said.left_at is None)


@given(
    SAYINGS, st.sampled_from([t for t in Tap if t != Tap.UNDO]), st.sampled_from([AT_FIVE_PAST, AFTERWARDS])
)
def test_the_same_press_twice_says_the_same(presses, what, now):
    said = None
    for each, at in presses:
        said = tap(said, each, at)
    once = tap(said, what, now)
    assert tap(once, what, now) == once


@given(SAYINGS)
def test_two_undos_always_leave_nothing_said(presses):
    said = None
    for what, now in presses:
        said = tap(said, what, now)
    assert tap(tap(said, Tap.UNDO), Tap.UNDO) is None


@pytest.mark.parametrize(
    ("minutes", "late"), [(-30, False), (0, False), (10, False), (11, True), (89, True), (90, False)]
)
def test_more_than_ten_minutes_after_the_start_is_late_until_the_end(minutes, late):
    now = STARTS + timedelta(minutes=minutes)
    assert rules.is_late(starts_at=STARTS, ends_at=ENDS, now=now) is late


def opened(**changed):
    usual = {"on_date": STARTS.date(), "today": STARTS.date(), "standing": SessionStanding.PLANNED}
    return rules.ensure_open(**{**usual, **changed})


def test_a_register_opens_on_its_day_and_stays_open():
    opened()
    opened(today=STARTS.date() + timedelta(days=400))
    with pytest.raises(NotYet):
        opened(today=STARTS.date() - timedelta(days=1))


def test_closed_registers_and_sessions_that_were_called_off_are_not_changed():
    with pytest.raises(IsClosed):
        opened(closed_at=LATER)
    with pytest.raises(CalledOff):
        opened(standing=SessionStanding.CALLED_OFF)


def test_a_register_is_closed_when_the_session_is_over():
    rules.ensure_over(ends_at=ENDS, now=ENDS)
    with pytest.raises(StillRunning):
        rules.ensure_over(ends_at=ENDS, now=LATER)


def test_nobody_counts_more_than_a_thousand_heads():
    rules.ensure_heads(adults=1000, children=-3)
    with pytest.raises(NotACount) as refusal:
        rules.ensure_heads(adults=3, children=1001)
    assert list(refusal.value.problems) == ["children"]


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        (date(2024, 1, 15), date(2026, 3, 2), 25),
        (date(2026, 2, 2), date(2026, 3, 2), 1),
        (date(2026, 2, 3), date(2026, 3, 2), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 3, 3), date(2026, 3, 2), None),
        (None, date(2026, 3, 2), None),
    ],
)
def test_an_age_is_told_in_whole_months_on_the_day(born, on, months):
    assert rules.age_months(CHILD, born, on=on) == months


def test_the_age_of_carers_is_not_kept():
    assert rules.age_months(CARER, date(1990, 1, 1), on=date(2026, 3, 2)) is None


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 9000))
def test_a_child_only_grows_older(born, days):
    on = born + timedelta(days=days)
    today, tomorrow = (rules.age_months(CHILD, born, on=on + timedelta(days=n)) for n in (0, 1))
    assert tomorrow - today in (0, 1)


def test_the_summary_counts_everybody_once():
    lines = [
        Line(CARER, Mark.HERE),
        Line(CHILD, Mark.LATE),
        Line(CHILD, Mark.HERE, LATER),
        Line(CHILD, Mark.APOLOGIES),
        Line(CARER, Mark.ABSENT),
        Line(CHILD),
    ]
    told = rules.summary(lines)
    assert told == (1, 1, 1, 1, 1, 1, 3)
    assert told.here == 2


LINES = st.lists(st.builds(Line, st.sampled_from([CARER, CHILD]), st.sampled_from([None, *Mark])))


@given(LINES)
def test_nobody_is_lost_in_the_summary(lines):
    told = rules.summary(lines)
    assert told.here + told.left + told.to_come + told.apologies + told.absent == len(lines)


def person(number, kind, given, family, household, born=None):
    return Line(
        kind, household_id=UUID(int=household), given_name=given, family_name=family, date_of_birth=born,
        name_key=f"{given} {family}".casefold(), person_id=UUID(int=number), reference=f"F{household}",
    )  # fmt: skip


def test_families_stand_together_carers_first_then_the_eldest():
    lines = [
        person(1, CHILD, "Noah", "Reyes", 7, date(2025, 1, 1)),
        person(2, CARER, "Ann", "Zola", 3),
        person(3, CHILD, "Mia", "Reyes", 7, date(2023, 1, 1)),
        person(4, CARER, "Paula", "Reyes", 7),
        person(5, CHILD, "Ali", "", 5),
    ]
    told = rules.families(lines)
    assert [family.name for family in told] == ["Ali", "Reyes", "Zola"]
    assert [line.given_name for line in told[1].people] == ["Paula", "Mia", "Noah"]
    assert told[1].to_come == 3


def test_the_version_changes_with_all_that_another_worker_would_see():
    lines = [Line(CHILD), Line(CARER, person_id=UUID(int=9))]
    same = rules.version(Register(), reversed(lines))
    assert rules.version(Register(), lines) == same
    others = {
        rules.version(Register(notes="Loud"), lines),
        rules.version(Register(adults_counted=1), lines),
        rules.version(Register(closed_at=LATER), lines),
        rules.version(Register(), lines[:1]),
        rules.version(Register(), [lines[0]._replace(mark=Mark.HERE), lines[1]]),
        rules.version(Register(), [lines[0]._replace(left_at=LATER), lines[1]]),
    }
    assert same not in others
    assert len(others) == 6


def test_what_one_said_of_many_can_be_taken_back_for_two_minutes():
    me, you = UUID(int=1), UUID(int=2)
    lines = [Line(CHILD, Mark.HERE, marked_at=LATER, marked_by=me) for _ in range(3)]
    soon = LATER + timedelta(minutes=1)
    assert rules.lately(lines, by=me, now=soon) == (LATER, 3, False)
    assert rules.lately(lines, by=you, now=soon) is None
    assert rules.lately(lines, by=me, now=LATER + timedelta(minutes=3)) is None
    since = [*lines, Line(CHILD, Mark.LATE, marked_at=soon, marked_by=me)]
    assert rules.lately(since, by=me, now=soon) is None
