"""Deployments while clients book, done as docs/operators.md says: no request and no message is lost."""

import signal
import time
from collections import Counter

import pytest

from bench.sink import SLOW, SLOW_SECONDS
from tests.faults.machines import PATIENCE, until
from tests.faults.office import Office
from tests.faults.test_crashes import said

pytestmark = pytest.mark.faults

DEPLOYMENTS = 2
TOGETHER = 10
FAMILIES = 3000
PAUSE = 0.2


@pytest.fixture
def office(installation):
    made = Office(installation, families=FAMILIES)
    yield made
    made.close()


def test_r8_deployments_under_load(installation, office, figures):
    house, begun, seen = installation, time.monotonic(), Counter()
    web, scheduler, worker = office.serve(), house.start("app.scheduler"), house.workers(1)[0]
    # Nobody asks again: each request has one connection and one chance.
    with office.at_work(again=False, pause=PAUSE):
        for number in range(DEPLOYMENTS):
            next_scheduler, next_worker = house.start("app.scheduler"), house.start("app.worker")
            _change_worker(house, worker, next_worker)
            _change_scheduler(house, scheduler, next_scheduler)
            web = _change_web(house, office, web, f"/sessions?deployment={number}", seen)
            worker, scheduler = next_worker, next_scheduler
    took = time.monotonic() - begun
    until(lambda: not house.open_promises(), what="open promises")

    again = sum(times - 1 for times in house.times_by_mail().values())
    assert not office.failures(), office.failures()
    assert not office.refused()
    assert len(office.made) > 50
    assert not office.lost()
    assert not office.untold()
    assert again == 0, "told twice"
    assert house.ask("SELECT count(*) FROM outbox WHERE attempts > 1") == [(0,)], "a job was broken off"
    figures(
        f"{DEPLOYMENTS} deployments of web, worker and scheduler in {took:.0f} s: {len(office.answers)} answers, 0"
        f" failed, {seen['both']} while old and new served, {seen['late']} by a web that had been told to stop;"
        f" {len(office.made)} booked, each told once; {DEPLOYMENTS} workers told to stop in the middle of a job"
    )


def _change_web(house, office, old, path, seen):
    """Both serve one socket until the old one is told to stop; it answers what it has begun with."""
    with office.half_asked(path) as end:
        new = office.serve()
        counted = old.answers(), new.answers()

        def served():
            return old.answers() - counted[0], new.answers() - counted[1]

        until(lambda: min(served()) >= TOGETHER, what="they do not serve both")
        seen["both"] += sum(served())
        _tell(old.child)
        until(lambda: "Handling signal: term" in said(old.child), what="does not hear")
        before = old.answers()
        assert end() == 200, "what had been asked before was not answered"
    _see_it_end(house, old.child)
    assert old.answers(path) == 1, "another answered what the old one had begun with"
    seen["late"] += old.answers() - before
    return new


def _change_worker(house, old, new):
    """A worker that is told to stop while a letter is on the line finishes the job in its hands."""
    shown = []

    def slow(stage, address):
        if stage == "rcpt":
            shown.append(time.monotonic())
            return SLOW
        return None

    until(lambda: "worker ready" in said(new), what="no new worker")
    house.sink.trouble = slow
    # Two letters on the line: each worker has one.
    until(lambda: sum(time.monotonic() - at < SLOW_SECONDS / 2 for at in shown) == 2, what="idle")
    _tell(old)
    house.sink.trouble = lambda stage, address: None
    _see_it_end(house, old)


def _change_scheduler(house, old, new):
    until(lambda: "turn=theirs" in said(new), what="the new scheduler does not stand by")
    _tell(old)
    _see_it_end(house, old)


def _tell(child):
    """Tell a program to stop, and none of those that it has forked."""
    child.process.send_signal(signal.SIGTERM)


def _see_it_end(house, child):
    assert child.process.wait(PATIENCE) == 0, child.tail()
    house.children.remove(child)
