"""Who has their turn: councils among each other, what one person is told, and what kills its worker."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from kernel import claims, jobs, outbox
from kernel.clock import now
from kernel.db import apart, db, unit_of_work
from kernel.ids import new_id
from kernel.outbox import Promise, Wanted, promise, promise_all
from tests.kernel.test_worker import OneProcess


class WorkerKilled(BaseException):
    """What a kill -9 looks like from within a test: nothing after it is done."""


@pytest.fixture
def keeps():
    """Register keepers for a test: ``keeps("topic", function)``."""
    topics = []

    def register(topic, keeper):
        topics.append(topic)
        outbox.keeps(topic)(lambda **ids: keeper(*ids.values()))

    yield register
    for topic in topics:
        del outbox._keepers[topic]


def test_the_flood_of_one_council_does_not_delay_the_single_message_of_another(
    world, servers, app, keeps, monkeypatch
):
    monkeypatch.setattr(outbox, "SLICE", 3 * claims.BATCH)  # 200 would only take longer
    kept = []
    keeps("test", kept.append)
    with unit_of_work(world.leeds):
        flood = [
            {
                "tenant_id": world.leeds,
                "id": new_id(),
                "topic": "test",
                "payload": {"council": str(world.leeds)},
                "dedup_key": f"test:{n}",
                "due_at": now(),
            }
            for n in range(5000)
        ]
        db.execute(insert(Promise), flood)
        promise("test", key="test:last", council=world.leeds)  # and wakes a worker
    with unit_of_work(world.york):
        promise("test", key="test:1", council=world.york)
    with servers.redis() as redis:
        worker = OneProcess([jobs.queue(redis)], connection=redis)
        worker.work(burst=True, max_jobs=2, logging_level="WARNING")

    assert kept.index(world.york) <= outbox.SLICE
    assert kept.count(world.leeds) == outbox.SLICE


def test_a_council_that_nobody_waits_behind_is_not_interrupted(world, servers, app, keeps, monkeypatch):
    monkeypatch.setattr(outbox, "SLICE", claims.BATCH)
    kept = []
    keeps("test", kept.append)
    with unit_of_work(world.leeds):
        promise_all([Wanted("test", f"test:{n}", None, {"thing": new_id()}) for n in range(3 * claims.BATCH)])
    jobs.wake(world.leeds)  # somebody has asked for it once more: that is nobody else
    with servers.redis() as redis:
        OneProcess([jobs.queue(redis)], connection=redis).work(
            burst=True, max_jobs=1, logging_level="WARNING"
        )

    assert len(kept) == 3 * claims.BATCH


def test_a_slow_council_gives_way_too_and_lets_go_of_what_it_did_not_begin(world, keeps, monkeypatch):
    seconds = iter(range(0, 1000, 7))
    monkeypatch.setattr(outbox, "monotonic", lambda: next(seconds))
    kept = []
    keeps("test", kept.append)
    with unit_of_work(world.leeds):
        promise_all([Wanted("test", f"test:{n}", None, {"thing": new_id()}) for n in range(6)])

    assert outbox.drain(world.leeds, seconds=outbox.SLICE_SECONDS) == len(kept) == 1
    assert outbox.drain(world.leeds) == 5, "at once, not when a lease has run out"
    with unit_of_work(world.leeds):
        assert set(db.scalars(select(Promise.attempts))) == {1}


def test_the_urgent_does_not_wait_for_slow_ones_in_bulk(world, keeps, monkeypatch):
    seconds, kept = iter(range(0, 1000, 2)), []
    monkeypatch.setattr(outbox, "monotonic", lambda: next(seconds))

    def keep(word):
        kept.append(word)
        if len(kept) == 1:
            with apart():
                promise("test", key="urgent", word="urgent")

    keeps("test", keep)
    with unit_of_work(world.leeds):
        promise_all([Wanted("test", f"bulk:{n}", None, {"word": "bulk"}, in_bulk=True) for n in range(5)])
    outbox.drain(world.leeds)

    assert kept == ["bulk", "urgent", "bulk", "bulk", "bulk", "bulk"]


def test_what_one_person_is_told_goes_in_order_though_another_worker_has_the_first(world, keeps, clock):
    kept, person = [], new_id()
    keeps("test", kept.append)
    with unit_of_work(world.leeds):
        promise("test", key="test:1", for_id=person, word="confirmed")
    [in_other_hands] = claims.claim_next(world.leeds)
    clock.shift(timedelta(seconds=1))
    with unit_of_work(world.leeds):
        promise("test", key="test:2", for_id=person, word="cancelled")
        promise("test", key="test:3", for_id=new_id(), word="somebody else")

    outbox.drain(world.leeds)
    assert kept == ["somebody else"]
    outbox._keep_in_a_row(world.leeds, [in_other_hands])
    outbox.drain(world.leeds)
    assert kept == ["somebody else", "confirmed", "cancelled"]


def test_what_ends_its_worker_takes_nothing_along_and_is_set_aside(world, keeps, clock):
    kept = []
    keeps("test", kept.append)

    def deadly(thing):
        raise WorkerKilled

    keeps("deadly", deadly)
    with unit_of_work(world.leeds):
        promise("deadly", key="deadly", thing=new_id())
        promise_all([Wanted("test", f"test:{n}", None, {"thing": new_id()}) for n in range(5)])

    for _ in range(outbox.TRIES):
        with pytest.raises(WorkerKilled):
            outbox.drain(world.leeds)
        clock.shift(claims.LEASE + timedelta(seconds=1))
    outbox.drain(world.leeds)

    assert len(kept) == 5
    with unit_of_work(world.leeds):
        [row] = db.scalars(select(Promise).where(Promise.dead_at.is_not(None)))
        assert (row.topic, row.error) == ("deadly", outbox.DEADLY)
        assert now() >= row.dead_at
