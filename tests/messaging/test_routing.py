"""Whether a message goes, when and how: what is safe before what is wanted before what is possible."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kernel.london import at_wall_time, wall
from messaging import rules
from messaging.rules import House, Plan
from messaging.rules.routing import address, is_decent, next_decent
from messaging.terms import Channel, Group, Never, NotSent, Recipient, Way

EMAIL, TEXT = Channel.EMAIL, Channel.TEXT
KINDS = rules.kinds()
REMINDER, CONFIRMED, CALLED_OFF = (
    KINDS[code] for code in ("reminder", "booking-confirmed", "session-called-off")
)
PAULA = Recipient(email="paula@people.example", phone="07700 900111")
BOTH = House(channels=frozenset(Channel))
NOON, NIGHT = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (12, 23))
MORNING = datetime(2026, 3, 3, 8, tzinfo=UTC)
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
moments = st.one_of(
    st.builds(lambda minutes: NOON + timedelta(minutes=minutes), st.integers(0, 60 * 24 * 400)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-2880, 2880),
    ),
)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
recipients = st.builds(
    Recipient,
    email=st.sampled_from(["", "paula@people.example"]),
    phone=st.sampled_from(["", "07700 900111", "01904 551550"]),
    never=st.frozensets(st.sampled_from(Never)),
)
houses = st.builds(
    House,
    channels=st.frozensets(st.sampled_from(Channel)),
    falls_back=st.booleans(),
    ways=st.dictionaries(st.sampled_from(sorted(KINDS)), st.sampled_from(Way), max_size=3),
    awake_from=clocks,
    awake_until=clocks,
)


def plan(kind: Any = REMINDER, to: Recipient = PAULA, house: House = BOTH, **parts: Any) -> Plan:
    usual: dict[str, Any] = {"wishes": {}, "suppressed": (), "useless_after": None, "now": NOON}
    return rules.plan(kind, to, house, **{**usual, **parts})


@settings(max_examples=100)
@given(moments, clocks, clocks)
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), time(1), time(1, 45))
@example(datetime(2026, 10, 25, 0, 59, tzinfo=UTC), time(1), time(1, 30))
@example(datetime(2026, 10, 24, 8, 1, tzinfo=UTC), time(9), time(9, 1))
def test_the_next_decent_hour_is_decent_and_never_far(at: datetime, start: time, end: time):
    house = House(awake_from=start, awake_until=end)
    assume(not is_decent(at, house))

    then = next_decent(at, house)

    assert then > at
    assert is_decent(then, house)
    skipped = time(1) <= start < time(2) and start < end <= time(2)
    assert then - at <= timedelta(hours=49 if skipped else 25)


@settings(max_examples=40)
@given(moments, clocks, clocks)
def test_an_hour_is_decent_by_the_clock_on_the_wall_also_over_midnight(at: datetime, start: time, end: time):
    clock = wall(at).time()
    within = {
        True: start <= clock < end,
        False: clock >= start or clock < end,
    }[start < end]

    assert is_decent(at, House(awake_from=start, awake_until=end)) == within


def test_a_council_whose_two_hours_are_one_never_sleeps():
    assert plan(house=replace(BOTH, awake_from=time(8), awake_until=time(8)), now=NIGHT).by == (TEXT,)


@pytest.mark.parametrize("change", CHANGES)
def test_the_morning_after_a_change_of_summer_time_is_at_the_hour_on_the_wall(change: datetime):
    night = at_wall_time(wall(change).date(), time(4))

    until = plan(now=night).until

    assert until
    assert wall(until).time() == time(8)


@settings(max_examples=100)
@given(
    st.sampled_from(sorted(KINDS)), recipients, houses, moments,
    st.dictionaries(st.sampled_from(Group), st.sampled_from(Way)),
    st.frozensets(st.sampled_from(["paula@people.example", "+447700900111"])),
    st.one_of(st.none(), st.integers(-60, 60 * 24 * 3)),
)  # fmt: skip
def test_a_plan_is_one_thing_and_sends_nothing_that_must_not_be_sent(
    code: str, to: Recipient, house: House, now: datetime, wishes: Any, suppressed: Any, minutes: int | None
):
    kind = KINDS[code]
    useless = None if minutes is None else now + timedelta(minutes=minutes)

    made = plan(kind, to, house, wishes=wishes, suppressed=suppressed, useless_after=useless, now=now)

    assert [bool(made.by), bool(made.until), bool(made.because)].count(True) == 1
    for channel in made.by:
        assert channel in house.channels
        assert {EMAIL: Never.EMAIL, TEXT: Never.TEXT}[channel] not in to.never
        assert address(channel, to)
        assert address(channel, to) not in suppressed
    if made.by:
        assert useless is None or now < useless
        assert kind.at_once or is_decent(now, house) or made.by == (EMAIL,)
        assert not kind.optional or Way.NEITHER not in (wishes.get(kind.group), house.ways.get(code))
    if made.until:
        assert useless is None or made.until < useless, "it would be too late when it goes"
        assert is_decent(made.until, house)
    if made.because == NotSent.NOT_WANTED:
        assert kind.optional, "what must be told cannot be switched off"


def test_what_is_useless_is_not_sent_and_what_would_be_by_the_morning_goes_by_email_alone():
    assert plan(useless_after=NOON) == Plan(because=NotSent.TOO_LATE)
    assert plan(useless_after=NOON + timedelta(minutes=1)).by == (TEXT,)
    assert plan(now=NIGHT, useless_after=MORNING + timedelta(hours=2)) == Plan(until=MORNING)
    assert plan(CALLED_OFF, now=NIGHT, useless_after=MORNING) == Plan(by=(EMAIL,))
    assert plan(now=NIGHT, useless_after=MORNING).by == (EMAIL,), (
        "a text would wake her: the council falls back"
    )
    strict = replace(BOTH, falls_back=False)
    assert plan(house=strict, now=NIGHT, useless_after=MORNING) == Plan(because=NotSent.TOO_LATE)
    no_email = replace(PAULA, email="")
    assert plan(to=no_email, now=NIGHT, useless_after=MORNING) == Plan(because=NotSent.TOO_LATE)


def test_what_somebody_has_just_asked_for_goes_at_any_hour():
    assert plan(CONFIRMED, now=NIGHT).by == (EMAIL,)


@pytest.mark.parametrize(
    ("wish", "council", "expected"),
    [
        (None, None, (TEXT,)),
        (None, Way.EMAIL, (EMAIL,)),
        (Way.EMAIL, None, (EMAIL,)),
        (Way.BOTH, Way.EMAIL, (EMAIL, TEXT)),
        (Way.NEITHER, Way.TEXT, ()),
        (Way.TEXT, Way.NEITHER, ()),
    ],
)
def test_a_wish_goes_before_what_the_council_does_and_either_can_switch_off_what_is_optional(
    wish: Any, council: Any, expected: Any
):
    house = replace(BOTH, ways={"reminder": council} if council else {})

    assert plan(house=house, wishes={Group.REMINDERS: wish} if wish else {}).by == expected


@pytest.mark.parametrize("council", [None, Way.NEITHER])
def test_what_must_be_told_is_told_whatever_was_switched_off(council: Any):
    house = replace(BOTH, ways={"session-called-off": council} if council else {})

    assert plan(CALLED_OFF, house=house, wishes={Group.BOOKINGS: Way.NEITHER}).by == (EMAIL, TEXT)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"phone": ""}, (EMAIL,)),
        ({"phone": "01904 551550"}, (EMAIL,)),
        ({"never": frozenset({Never.TEXT})}, (EMAIL,)),
        ({"phone": "", "email": ""}, NotSent.NO_ADDRESS),
        ({"never": frozenset({Never.TEXT, Never.EMAIL})}, NotSent.UNSAFE),
        ({"never": frozenset({Never.TEXT}), "email": ""}, NotSent.UNSAFE),
        ({"never": frozenset({Never.POST, Never.VOICEMAIL, Never.PLACE})}, (TEXT,)),
    ],
)
def test_what_cannot_go_one_way_goes_the_other_if_that_is_safe(changes: Any, expected: Any):
    made = plan(to=replace(PAULA, **changes))

    assert (made.by or made.because) == expected


def test_nothing_falls_back_where_the_council_does_not_want_it():
    strict = replace(BOTH, falls_back=False)

    assert plan(house=strict, suppressed={"+447700900111"}) == Plan(because=NotSent.SUPPRESSED)
    assert plan(house=replace(strict, channels=frozenset({EMAIL}))) == Plan(because=NotSent.NO_CHANNEL)
