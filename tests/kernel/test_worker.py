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
