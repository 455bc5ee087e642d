"""The machine finds nothing wrong with the house, and finds every mutant that we plant."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import true
from sqlalchemy.exc import DBAPIError

from bookings import rules
from bookings.queries import deciding
from bookings.rules import Limits, Party, admission, fitting
from bookings.service import changing, door, following, placing, telling
from bookings.terms import LIVE, TAKES_ROOM, Standing, Turn
from kernel import db as kernel_db
from tests.bookings.machine import BookingMachine, Broken, Cast

HEALTHY = settings(
    max_examples=8, stateful_step_count=25, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
HUNT = settings(
    HEALTHY, max_examples=40, phases=[Phase.generate], report_multiple_bugs=False, print_blob=False
)


@pytest.fixture(scope="module")
def house(rehearsed: Any) -> Iterator[Any]:
    """A connection in which everything is undone in the end, with the families in it."""
    engine = kernel_db.engine(rehearsed.urls.app, pool_size=1)
    with engine.connect() as connection, connection.begin() as outer:
        kernel_db.opened.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield connection, Cast.made(rehearsed.leeds, rehearsed.cast)
        kernel_db.opened.configure(bind=engine, join_transaction_mode="conditional_savepoint")
        outer.rollback()
    engine.dispose()


@pytest.fixture
def machine(house: Any, clock: Any) -> type[BookingMachine]:
    connection, cast = house
    return type("Machine", (BookingMachine,), {"connection": connection, "cast": cast, "clock": clock})


def test_nothing_that_must_hold_is_ever_broken(machine):
    run_state_machine_as_test(machine, settings=HEALTHY)


# The mutants. Each breaks the house in one place, as a tired programmer might.

MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {}


def mutant(plant: Callable[[pytest.MonkeyPatch], None]) -> Callable[[pytest.MonkeyPatch], None]:
    MUTANTS[plant.__name__] = plant
    return plant


def _limits(patch: pytest.MonkeyPatch, change: Callable[[Limits], Limits]) -> None:
    right = Limits.of
    patch.setattr(Limits, "of", classmethod(lambda cls, session: change(right(session))))


@mutant
def one_family_too_many_fits(patch):
    _limits(patch, lambda most: replace(most, families=most.families and most.families + 1))


@mutant
def one_child_too_few_fits(patch):
    _limits(patch, lambda most: replace(most, children=most.children and most.children - 1))


@mutant
def only_the_limit_that_is_told_is_checked(patch):
    _limits(patch, lambda most: Limits(families=most.families))


@mutant
def the_room_is_forgotten(patch):
    _limits(patch, lambda most: replace(most, people=None))


@mutant
def adults_are_not_counted(patch):
    _limits(patch, lambda most: replace(most, adults=None))


@mutant
def a_family_counts_as_one_child(patch):
    right = rules.party_of
    patch.setattr(
        rules, "party_of", lambda comers: Party(right(comers).adults, min(1, right(comers).children))
    )


@mutant
def a_sibling_is_dropped(patch):
    right = deciding.coming

    def coming(*args: Any, **kwargs: Any) -> Any:
        who = right(*args, **kwargs)
        return replace(who, person_ids=who.person_ids[:-1], comers=who.comers[:-1])

    patch.setattr(deciding, "coming", coming)


@mutant
def nobody_locks_the_door(patch):
    right = deciding.sessions
    patch.setattr(deciding, "sessions", lambda ids, **_kwargs: right(ids))


@mutant
def the_count_is_taken_before_the_lock(patch):
    right, remembered = deciding.counted, {}

    def coming(session_id: Any, _right: Any = deciding.coming, **kwargs: Any) -> Any:
        ((session, _council),) = deciding.sessions([session_id])
        remembered[session_id] = right(session, at=door.now())
        return _right(session_id, **kwargs)

    def counted(session: Any, **kwargs: Any) -> Any:
        return remembered.pop(session.id, None) or right(session, **kwargs)

    patch.setattr(deciding, "coming", coming)
    patch.setattr(deciding, "counted", counted)


@mutant
def a_hold_outlives_its_time(patch):
    patch.setattr(deciding, "not_dead", lambda at: true())
    patch.setattr(door, "_let_lapse", lambda door: None)


@mutant
def what_is_over_can_still_be_taken_up(patch):
    patch.setattr(
        placing, "settle", lambda door, **_kwargs: placing.Inside(deciding.counted(door.session, at=door.at))
    )


@mutant
def cancelled_bookings_count(patch):
    patch.setattr(deciding, "LIVE", (*LIVE, Standing.CANCELLED))
    patch.setattr(deciding, "TAKES_ROOM", (*TAKES_ROOM, Standing.CANCELLED))


@mutant
def offers_take_no_room(patch):
    patch.setattr(deciding, "TAKES_ROOM", (Standing.HELD, Standing.CONFIRMED))


@mutant
def holds_take_no_room(patch):
    patch.setattr(deciding, "TAKES_ROOM", (Standing.OFFERED, Standing.CONFIRMED))


@mutant
def a_cancelled_party_keeps_its_people(patch):
    patch.setattr(door, "_free", lambda ids, at: None)


@mutant
def the_last_to_come_is_served_first(patch):
    right = deciding.queue
    patch.setattr(deciding, "queue", lambda session_id: right(session_id)[::-1])


@mutant
def nobody_hands_places_on(patch):
    patch.setattr(door, "_hand_on", lambda *args: False)


@mutant
def cancelling_hands_nothing_on(patch):
    patch.setattr(changing, "settle", lambda door, **_kwargs: None)


@mutant
def a_large_party_can_be_passed_for_ever(patch):
    patch.setattr(fitting, "MOST_SKIPS", 99)


@mutant
def a_large_party_holds_everybody_up(patch):
    patch.setattr(fitting, "MOST_SKIPS", 0)


@mutant
def newcomers_walk_past_those_who_are_next(patch):
    for module in (rules, admission):
        patch.setattr(module, "passed_by_newcomer", lambda limits, queue: ())


@mutant
def newcomers_are_not_counted_as_passing(patch):
    patch.setattr(placing, "pass_over", lambda *args: None)


@mutant
def offers_lapse_in_the_night(patch):
    patch.setattr(rules, "offer_expiry", lambda now, **_kwargs: now + timedelta(hours=14))


@mutant
def reminders_of_cancelled_bookings_stay(patch):
    patch.setattr(telling, "forget", lambda booking: None)


@mutant
def nobody_hears_of_an_offer(patch):
    right = telling.tell
    patch.setattr(
        telling, "tell", lambda topic, booking, **k: topic == "offered" or right(topic, booking, **k)
    )


@mutant
def decisions_are_not_written_down(patch):
    right = door.decided

    def decided(at: Any, booking: Any, turn: Turn, reason: str) -> None:
        if turn != Turn.SKIPPED:
            right(at, booking, turn, reason)

    patch.setattr(door, "decided", decided)


@mutant
def a_basket_is_booked_in_part(patch):
    right = placing.open_doors
    patch.setattr(
        placing, "open_doors", lambda ids: sorted(right(ids), key=lambda one: one.session.starts_at)[:1]
    )


@mutant
def a_changed_party_loses_its_place_to_the_queue(patch):
    right = placing.give_up

    def give_up(at: Any, booking: Any, **kwargs: Any) -> None:
        right(at, booking, **kwargs)
        placing.settle(at)

    patch.setattr(placing, "give_up", give_up)


@mutant
def fewer_places_throw_somebody_out(patch):
    def tidy(session_id: Any) -> None:
        at = door.open_door(session_id)
        door.settle(at)
        most = at.limits.families
        live = following.live_ones(at)
        if most is not None and len(live) > most:
            door.give_up(at, live[-1])

    patch.setattr(following, "tidy", tidy)


@pytest.fixture
def plant(monkeypatch):
    """Plant a mutant, also in the statements that are built once."""

    def planting(name: str) -> None:
        MUTANTS[name](monkeypatch)
        deciding._counting.cache_clear()

    yield planting
    monkeypatch.undo()
    deciding._counting.cache_clear()


@pytest.mark.thorough
@pytest.mark.parametrize("name", MUTANTS)
def test_the_machine_kills_the_mutant(name, machine, plant):
    plant(name)

    with pytest.raises((Broken, DBAPIError)):
        run_state_machine_as_test(machine, settings=HUNT)
