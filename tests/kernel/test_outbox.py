"""Promises: kept once, after the change that made them, whatever dies in between."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from kernel import chores, claims, jobs, outbox
from kernel.clock import now
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.outbox import Promise, promise, withdraw


@pytest.fixture
def kept():
    """What the keeper of the topic ``test`` was given; it fails while ``kept.failing``."""

    class Kept(list):
        failing = False

    seen = Kept()

    @outbox.keeps("test")
    def keeper(**ids):
        if seen.failing:
            raise RuntimeError("O'Neill-Łukasz of 1 High Street")
        seen.append(ids)
        return "done"

    yield seen
    del outbox._keepers["test"]


def test_a_promise_is_kept_once(world, kept):
    thing = new_id()
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=thing, word="hello")

    assert outbox.drain(world.leeds) == 1
    assert outbox.drain(world.leeds) == 0
    assert kept == [{"thing": thing, "word": "hello"}]


def test_a_promise_made_twice_under_one_key_is_kept_once(world, kept):
    for _ in range(2):
        with unit_of_work(world.leeds):
            promise("test", key="test:1", thing=new_id())
    outbox.drain(world.leeds)
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
    outbox.drain(world.leeds)

    assert len(kept) == 1


def test_nothing_is_promised_by_work_that_was_undone(world, kept):
    with pytest.raises(ZeroDivisionError), unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
        raise ZeroDivisionError

    assert outbox.drain(world.leeds) == 0


def test_a_promise_waits_for_its_hour_and_can_be_moved(world, kept, clock):
    with unit_of_work(world.leeds):
        promise("test", key="test:1", due_at=now() + timedelta(hours=2), thing=new_id())
        promise("test", key="test:1", due_at=now() + timedelta(hours=1), thing=new_id())

    assert outbox.drain(world.leeds) == 0
    clock.shift(timedelta(hours=1))
    assert outbox.drain(world.leeds) == 1


def test_what_is_moved_while_a_worker_has_it_in_its_hands_is_kept_at_its_new_hour(world, kept, clock):
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
    in_its_hands = claims.claim_next(world.leeds)
    with unit_of_work(world.leeds):
        promise("test", key="test:1", due_at=now() + timedelta(hours=1), thing=new_id())

    outbox._keep_in_a_row(world.leeds, in_its_hands)
    assert kept == []
    clock.shift(timedelta(hours=1))
    outbox.drain(world.leeds)
    assert len(kept) == 1


def test_a_promise_taken_back_is_not_kept(world, kept, clock):
    with unit_of_work(world.leeds):
        promise("test", key="test:1", due_at=now() + timedelta(hours=1), thing=new_id())
    with unit_of_work(world.leeds):
        withdraw("test:1")
    clock.shift(timedelta(hours=2))

    assert outbox.drain(world.leeds) == 0


def test_what_was_set_aside_and_taken_back_can_be_promised_again(world, kept, clock):
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
        db.execute(
            update(Promise).values(dead_at=now(), attempts=12, promised_for=now(), error="TimeoutError")
        )
        withdraw("test:1")
    clock.shift(timedelta(days=3))
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
    outbox.drain(world.leeds)

    assert len(kept) == 1


def test_a_failing_promise_is_tried_again_later_and_in_the_end_set_aside(world, kept, clock):
    kept.failing = True
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())

    for _ in range(outbox.TRIES):
        assert outbox.drain(world.leeds) == 1
        assert outbox.drain(world.leeds) == 0
        clock.shift(timedelta(hours=2))

    assert outbox.drain(world.leeds) == 0
    with unit_of_work(world.leeds):
        row = db.scalars(select(Promise)).one()
        assert row.dead_at
        assert row.error == "RuntimeError", "the failure's words may name somebody"


def test_what_fails_is_tried_for_a_night(world, kept, clock):
    kept.failing, begun = True, now()
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
    for _ in range(outbox.TRIES):
        outbox.drain(world.leeds)
        with unit_of_work(world.leeds):
            row = db.scalars(select(Promise)).one()
        clock.shift(row.due_at - now())

    assert timedelta(hours=9) < row.dead_at - begun < timedelta(hours=12)


def test_a_poisoned_promise_does_not_stop_the_others(world, kept):
    @outbox.keeps("poison")
    def poison(**ids):
        raise ValueError

    with unit_of_work(world.leeds):
        promise("poison", key="poison:1", thing=new_id())
        for number in range(25):
            promise("test", key=f"test:{number}", thing=new_id())

    outbox.drain(world.leeds)

    assert len(kept) == 25
    del outbox._keepers["poison"]


def test_what_a_dead_worker_claimed_is_kept_by_the_next_when_the_lease_has_run_out(world, kept, clock):
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
    assert len(claims.claim_next(world.leeds)) == 1

    assert outbox.drain(world.leeds) == 0
    clock.shift(claims.LEASE + timedelta(seconds=1))
    assert outbox.drain(world.leeds) == 1
    assert len(kept) == 1


def test_the_first_worker_coming_back_late_does_nothing(world, kept, clock):
    with unit_of_work(world.leeds):
        promise("test", key="test:1", thing=new_id())
    [stale] = claims.claim_next(world.leeds)
    clock.shift(claims.LEASE + timedelta(seconds=1))
    claims.claim_next(world.leeds)

    outbox._keep_in_a_row(world.leeds, [stale])

    assert kept == []


def test_one_council_does_not_keep_the_promises_of_another(world, kept):
    with unit_of_work(world.york):
        promise("test", key="test:1", thing=new_id())

    assert outbox.drain(world.leeds) == 0
    assert outbox.drain(world.york) == 1


def test_the_dispatcher_sees_which_councils_have_work_and_nothing_else(world, kept):
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    from app.scheduler import sweep
    from kernel.db import engine

    with unit_of_work(world.york):
        promise("test", key="test:1", due_at=now() - timedelta(hours=1), thing=new_id())
    dispatcher = engine(world.urls.dispatch)
    try:
        assert sweep(dispatcher) == 1
        for question in (
            "SELECT payload FROM outbox",
            "SELECT * FROM people",
            "UPDATE outbox SET done_at = now()",
        ):
            with (
                dispatcher.connect() as connection,
                pytest.raises(ProgrammingError, match="permission denied"),
            ):
                connection.execute(text(question))
    finally:
        dispatcher.dispose()


def test_a_daily_chore_is_promised_once_a_day_and_caught_up_after_a_night_away(world, clock):
    done = []

    @chores.daily("test.chore", at=chores.time(2))
    def chore():
        done.append(now().date())

    for _ in range(3):
        with unit_of_work(world.leeds):
            chores.promise_todays()
        outbox.drain(world.leeds)
    clock.shift(timedelta(days=1))
    with unit_of_work(world.leeds):
        chores.promise_todays()
    outbox.drain(world.leeds)

    assert len(done) == 2
    chores.CHORES.pop()
    del outbox._keepers["test.chore"]


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("os.system", ("true",)),
        ("kernel.jobs.drain", ("not an id",)),
        ("kernel.jobs.drain", ({"tenant": "x"},)),
        ("builtins.eval", ("1",)),
    ],
)
def test_a_payload_that_is_not_a_job_of_the_house_is_refused(world, servers, function, arguments):
    redis = servers.redis()
    job = jobs.SafeJob.create(function, args=arguments, connection=redis, serializer=jobs.JSONSerializer)

    with pytest.raises(jobs.Forbidden):
        job.perform()
    redis.close()


def test_waking_while_redis_is_away_is_ignored(world, kept, house_settings):
    jobs.connect("redis://127.0.0.1:1/0", "nowhere:")
    try:
        with unit_of_work(world.leeds):
            promise("test", key="test:1", thing=new_id())
        assert outbox.drain(world.leeds) == 1
    finally:
        jobs.connect(house_settings.redis_url, house_settings.redis_prefix)
