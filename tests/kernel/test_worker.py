"""What a worker makes of a wake-up."""

from rq import SimpleWorker

from kernel import jobs


class OneProcess(SimpleWorker, jobs.SafeWorker):
    """The worker of the house, without the fork."""


def test_a_woken_worker_drains_the_council_that_woke_it(world, servers, app, monkeypatch):
    drained = []
    monkeypatch.setattr("kernel.outbox.drain", lambda tenant, **_: drained.append(tenant) or 0)
    with servers.redis() as redis:
        jobs.wake(world.leeds)

        OneProcess([jobs.queue(redis)], connection=redis).work(burst=True, logging_level="WARNING")

    assert drained == [world.leeds]


def test_while_no_worker_runs_one_wake_up_waits_for_each_council(world, servers, app):
    servers.forget_redis()
    with servers.redis() as redis:
        for _ in range(3):
            jobs.wake(world.leeds)
            jobs.wake(world.york)
            redis.delete(*redis.keys(f"{servers.redis_prefix}wake:*"))  # as it is after five seconds

        assert jobs.queue(redis).count == 2


def test_a_worker_keeps_promises_though_redis_is_away(world, app, house_settings, monkeypatch):
    drained = []
    monkeypatch.setattr("kernel.outbox.drain", lambda tenant, **_: drained.append(tenant) or 0)
    jobs.connect("redis://127.0.0.1:1/0", "nowhere:")
    try:
        jobs.drain(str(world.leeds))
    finally:
        jobs.connect(house_settings.redis_url, house_settings.redis_prefix)

    assert drained == [world.leeds]
