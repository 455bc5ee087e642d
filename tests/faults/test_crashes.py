"""Workers, Redis and the database are killed while messages go: none is lost, none goes where it may not."""

import time

import pytest
from redis import Redis

from app.scheduler import LEASE_SECONDS
from tests.faults.machines import until
from tests.faults.sending import check, promise

pytestmark = pytest.mark.faults

SENDS = 1000
KILLS = 20


def test_worker_killed_twenty_times_in_a_thousand_sends(installation, figures):
    due = promise(installation, SENDS)
    begun = time.monotonic()
    installation.start("app.scheduler")
    working = installation.workers(2)
    for kill in range(KILLS):
        until(lambda: installation.accepted() >= (kill + 0.5) * due.count / KILLS, what="no progress")  # noqa: B023
        unlucky = next((one for one in working if installation.horse(one)), working[0])
        working.remove(unlucky)
        installation.kill(unlucky)
        working.append(installation.start("app.worker"))
    until(lambda: not installation.open_promises(), what="open promises")

    said = check(installation, due, may_repeat=True)
    figures(f"{KILLS} kill -9 in {time.monotonic() - begun:.0f} s: {said}")


def test_redis_emptied_and_restarted_in_the_middle(installation, machines, figures):
    due = promise(installation, SENDS // 2)
    installation.start("app.scheduler")
    installation.workers(2)
    until(lambda: installation.accepted() > due.count // 4, what="no progress")
    with Redis.from_url(machines.running.redis_url) as redis:
        redis.flushall()
    machines.kill("valkey")
    time.sleep(3)
    machines.start("valkey")
    back = time.monotonic()
    # RQ's workers end when Redis is away.
    until(lambda: not installation.still_open(), what="open promises")

    figures(
        f"all sent {time.monotonic() - back:.1f} s after its return: {check(installation, due, may_repeat=True)}"
    )


def test_database_killed_and_restarted_in_the_middle(installation, machines, figures):
    due = promise(installation, SENDS // 2)
    installation.start("app.scheduler")
    installation.workers(2)
    until(lambda: installation.accepted() > due.count // 4, what="no progress")
    machines.kill("postgresql")
    time.sleep(2)
    machines.start("postgresql")
    back = time.monotonic()
    until(lambda: not installation.open_promises(), what="open promises")

    assert all(child.runs for child in installation.children), "a program did not outlive the database"
    figures(
        f"all sent {time.monotonic() - back:.1f} s after its return: {check(installation, due, may_repeat=True)}"
    )


def test_two_workers_and_two_schedulers_of_which_one_is_killed(installation, figures):
    due = promise(installation, SENDS // 2)
    first = installation.start("app.scheduler")
    until(lambda: "turn=ours" in said(first), what="no scheduler")
    second = installation.start("app.scheduler")
    until(lambda: "turn=theirs" in said(second), what="the second does not stand by")
    time.sleep(LEASE_SECONDS + 2)  # long enough for a right that is not renewed to be taken over
    installation.workers(2)
    until(lambda: installation.accepted() > due.count // 4, what="no progress")
    assert "turn=ours" not in said(second), "two schedulers at work"
    installation.kill(first)
    takeover = until(lambda: "turn=ours" in said(second), what="nobody took over")
    assert takeover <= 15
    until(lambda: not installation.open_promises(), what="open promises")

    figures(
        f"the second scheduler took over after {takeover:.1f} s: {check(installation, due, may_repeat=False)}"
    )


def said(child) -> str:
    """Return what a program wrote, to its log."""
    return str(child.log.read_text(errors="replace"))
