"""One scheduler at a time; and what a stranger who can write to Redis can, and cannot, have done."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import metrics, scheduler
from app.guards import WillNotOpen
from kernel import chores, jobs, outbox, turns
from kernel.clock import at_wall_time, now
from kernel.db import db, engine, unit_of_work
from kernel.ids import new_id
from kernel.outbox import Promise, promise
from kernel.turns import Lease, Turn
from tenants.models import Tenant
from tests.kernel.test_worker import OneProcess


@pytest.fixture
def redis(servers):
    with servers.redis() as redis:
        yield redis


@pytest.fixture
def leases(redis, servers):
    redis.delete(f"{servers.redis_prefix}turn")  # a test before may have left it
    return [Lease(redis, f"{servers.redis_prefix}turn", seconds=60) for _ in range(2)]


def test_one_has_the_turn_and_the_other_takes_over_when_it_is_let_go(leases):
    first, second = leases

    assert (first.take(), second.take(), first.take()) == (Turn.OURS, Turn.THEIRS, Turn.OURS)
    second.let_go()
    assert second.take() == Turn.THEIRS, "nobody lets go what another has"
    first.let_go()
    assert (second.take(), first.take()) == (Turn.OURS, Turn.THEIRS)


def test_the_turn_of_one_who_died_is_taken_over(leases, redis, servers):
    first, second = leases
    first.take()
    key = f"{servers.redis_prefix}turn"

    assert 0 < redis.pttl(key) <= 60_000
    redis.pexpire(key, 1)
    while redis.exists(key):
        pass
    assert second.take() == Turn.OURS


def test_without_redis_nobody_knows_and_everybody_sweeps(world, monkeypatch):
    swept, stop = [], threading.Event()
    monkeypatch.setattr(scheduler, "sweep", lambda dispatcher: swept.append(stop.set()) or 1)
    monkeypatch.setattr(scheduler, "promise_chores", lambda: None)
    nowhere = turns.Redis.from_url("redis://127.0.0.1:1/0", retry=None)
    lease = Lease(nowhere, "scheduler", seconds=1)

    assert lease.take() == Turn.NOBODY_KNOWS
    scheduler.sweeps(None, lease, stop)
    assert swept
    nowhere.close()


def test_a_scheduler_that_would_find_nothing_does_not_begin(house_settings, monkeypatch):
    monkeypatch.setattr(scheduler, "from_environment", lambda: house_settings)

    with pytest.raises(WillNotOpen, match="HUBS_DISPATCH_DATABASE_URL"):
        scheduler.main()


def test_who_stands_by_does_not_sweep(world, leases, monkeypatch):
    first, second = leases
    stop = threading.Event()
    monkeypatch.setattr(scheduler, "sweep", lambda dispatcher: pytest.fail("it was not their turn"))
    monkeypatch.setattr(stop, "wait", lambda seconds: stop.set())
    first.take()

    scheduler.sweeps(None, second, stop)


def test_the_scheduler_leaves_word_of_its_last_sweep(world, app, servers):
    servers.forget_redis()
    assert jobs.last_sweep() is None

    jobs.swept()

    assert jobs.last_sweep() == now()


@pytest.mark.parametrize("written", ["", "{}", "2026-99-99", b"\xff", "2026-03-02"])
def test_what_a_stranger_writes_instead_stops_no_probe(world, app, servers, redis, written):
    redis.set(f"{servers.redis_prefix}scheduler:swept", written)

    assert b"hubs_redis_up 1.0" in metrics.told()


def test_a_chore_that_was_missed_says_how_late_it_was_and_keeps_its_pauses(world, clock):
    fails = [True]

    @chores.daily("test.late", at=chores.time(2))
    def chore():
        if fails:
            raise ValueError(fails.pop())
        return "tidied"

    try:
        for _ in range(2):
            with unit_of_work(world.leeds):
                chores.promise_todays()
            outbox.drain(world.leeds)
        with unit_of_work(world.leeds):
            assert _promise().due_at > now(), "promised again, it waits its pause all the same"
        clock.shift(timedelta(minutes=5))
        outbox.drain(world.leeds)
        with unit_of_work(world.leeds):
            assert _promise().promised_for == at_wall_time(now().date(), chores.time(2))
            assert _promise().outcome == "tidied, 8 h 5 min late"
    finally:
        chores.CHORES.pop()
        del outbox._keepers["test.late"]


def _promise():
    return db.scalars(select(Promise).where(Promise.topic.startswith("test."))).one()


def test_a_payload_that_names_another_council_has_done_only_what_is_due_there(world, redis, app):
    """Whoever writes to Redis can name any council. All that comes of it is what would have come of it anyway."""
    seen = []
    outbox.keeps("test.due")(lambda **ids: seen.append((ids["thing"], now())))
    thing, later = new_id(), new_id()
    with unit_of_work(world.york):
        promise("test.due", key="test:due", thing=thing)
        promise("test.due", key="test:later", due_at=now() + timedelta(hours=1), thing=later)
    try:
        _altered(redis, args=(str(world.york),))
        _altered(redis, args=(str(world.york),))

        assert seen == [(thing, now())], "once, and what is not due is not done"
        assert list(jobs.ALLOWED) == [jobs.DRAIN], (
            "a new job: say here what a stranger could have done with it, for any council"
        )
    finally:
        del outbox._keepers["test.due"]


def test_a_payload_cannot_have_anything_called_or_asked_besides(world, redis, app, tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr("rq.callbacks.import_attribute", called.append, raising=False)
    monkeypatch.setattr("rq.webhook.Webhook.send", lambda *_, **__: called.append("webhook"))

    job = _altered(
        redis,
        args=(str(world.leeds),),
        success_callback_name="os.abort",
        failure_callback_name="os.abort",
        webhooks='[{"url": "http://169.254.169.254/", "job_status": "finished"}]',
        repeats_left="5",
        repeat_intervals="[0]",
        dependency_ids="[]",
    )

    assert called == []
    assert job.success_callback is None
    assert job.failure_callback is None
    assert job.webhooks == []
    assert not job.repeats_left


def _altered(redis, *, args, **fields):
    """Have a worker do a job whose row in Redis was written by a stranger; return what the worker reads."""
    queue = jobs.queue(redis)
    job = queue.enqueue(jobs.DRAIN, *args, result_ttl=60)
    if fields:
        redis.hset(job.key, mapping=fields)
    read = jobs.SafeJob.fetch(job.id, connection=redis, serializer=jobs.JSONSerializer)
    OneProcess([queue], connection=redis).work(burst=True, logging_level="WARNING")
    return read


def test_a_council_that_is_closed_sends_nothing_and_has_no_daily_work(world, servers):
    servers.forget_redis()
    for council in (world.leeds, world.york):
        with unit_of_work(council):
            promise("test", key="test:1", due_at=now() - timedelta(hours=1), thing=new_id())
    with unit_of_work(world.york):
        db.execute(update(Tenant).where(Tenant.id == world.york).values(closed_at=now()))
    dispatcher = engine(world.urls.dispatch)

    scheduler.promise_chores()
    woken = scheduler.sweep(dispatcher)
    dispatcher.dispose()

    assert woken == 1
    for council, chores_too in ((world.leeds, True), (world.york, False)):
        with unit_of_work(council):
            assert (len(db.scalars(select(Promise)).all()) > 1) is chores_too
