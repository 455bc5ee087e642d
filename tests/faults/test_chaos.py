"""Everything at once: what was answered is kept and told, whatever is killed, stopped or cut meanwhile."""

import os
import random
import signal
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bench import families as making
from bookings import service as bookings
from bookings.terms import Channel
from kernel import jobs
from kernel.clock import now
from kernel.db import unit_of_work
from messaging.rules import mobile
from tests.bookings import test_chaos as cutting
from tests.faults.machines import until
from tests.faults.sending import stay_and_play

pytestmark = pytest.mark.faults

CUTS, CLIENTS = 100, 16
CHAOS_SECONDS = 60
SERVERS = {"Redis": "valkey", "PostgreSQL": "postgresql"}


def test_r1_sixteen_clients_while_connections_are_cut(world, servers, set_up, monkeypatch, figures):
    monkeypatch.setattr(cutting, "CUTS", CUTS)
    monkeypatch.setattr(cutting, "WORKERS", CLIENTS)
    with set_up() as make:
        sessions = [
            make.session(families=5, most_children=7, starts_in=timedelta(days=days)).id for days in (3, 4, 5)
        ]
        clients = [
            cutting.Client(
                world,
                n,
                [make.family(*["A B", "C D"][: 1 + m % 2]) for m in range(cutting.FAMILIES_EACH)],
                sessions,
            )
            for n in range(CLIENTS)
        ]
    cutting.test_nothing_that_was_answered_is_lost_when_connections_are_cut(clients, world, servers)

    answers, tries = sum(len(one.answers) for one in clients), sum(one.tries for one in clients)
    figures(
        f"{answers} answers of {CLIENTS} clients, {tries} requests cut: 0 lost, 0 answered differently, 0 rules broken"
    )


def test_r3_everything_is_killed_and_stopped_for_a_minute(installation, machines, figures):
    house, acknowledged, stop = installation, [], threading.Event()
    jobs.connect(house.settings.redis_url, house.settings.redis_prefix)
    session_id, waiting = _stage(house)
    house.start("app.scheduler")
    house.workers(2)

    def book():
        for family in waiting:
            if stop.is_set():
                return
            try:
                with unit_of_work(house.leeds):
                    bookings.book(
                        session_id, household_id=family.household, person_ids=[family.carer, family.child],
                        carer_id=family.carer, channel=Channel.WEB,
                    )  # fmt: skip
            except DBAPIError:
                time.sleep(0.2)
            else:
                acknowledged.append(family)  # only now: what was not kept was not answered
            time.sleep(0.02)

    booking = threading.Thread(target=book)
    booking.start()
    did = _chaos(house, machines)
    stop.set()
    booking.join()
    drained = until(lambda: not house.still_open(), what="open promises")

    mails, texts = house.times_by_mail(), house.times_by_text()
    told = set(mails) | {mobile(one.to) for one in house.notify.texts}
    missing = [one for one in acknowledged if (one.email or mobile(one.phone)) not in told]
    again = sum(times - 1 for times in mails.values())
    ((booked, noted, about),) = house.ask(
        "SELECT (SELECT count(*) FROM bookings), count(*), count(DISTINCT about) FROM messages"
        " WHERE kind = 'booking-confirmed' AND standing = 'sent'"
    )
    assert len(acknowledged) > 100
    assert not missing, f"{len(missing)} were answered and never told"
    assert set(texts.values()) == {1}
    assert booked == noted == about, "what was sent was not noted exactly once"
    assert again <= max(2, len(mails) // 100)
    assert drained <= 30
    figures(
        f"{did}; {len(acknowledged)} answered, 0 missing, {len(mails)} e-mails ({again} twice), {len(texts)} texts"
        f" exactly once, drained {drained:.0f} s after the last fault"
    )


def _stage(house):
    with unit_of_work(house.leeds):
        hub, play = stay_and_play()
        session = making.session(hub, play, now() + timedelta(days=3), places=100_000)
        by_mail = making.families(hub.id, 2000, prefix="mail")
        by_text = making.families(hub.id, 2000, prefix="text", by_text=True)
        return session.id, [family for pair in zip(by_mail, by_text, strict=True) for family in pair]


def _chaos(house, machines):
    """Do something bad every few seconds; return what was done."""
    did, until_then, choice = Counter(), time.monotonic() + CHAOS_SECONDS, random.Random(4)
    while time.monotonic() < until_then:
        time.sleep(2)
        what = choice.choice(["worker", "fork", "Redis", "PostgreSQL", "stopped"])
        workers = house.running("app.worker")
        forks = list(filter(None, map(house.horse, workers)))
        if what == "worker" and workers:
            house.kill(workers[0])
            house.workers(1)
        elif what == "fork" and forks:
            os.kill(forks[0], signal.SIGKILL)
        elif what == "stopped" and workers:
            os.kill(workers[0].process.pid, signal.SIGSTOP)
            time.sleep(2)
            os.kill(workers[0].process.pid, signal.SIGCONT)
        elif what in SERVERS:
            machines.kill(SERVERS[what])
            time.sleep(1)
            machines.start(SERVERS[what])
        else:
            continue
        did[what] += 1
        house.watch_over()
    return ", ".join(f"{name} {times}" for name, times in sorted(did.items()))
