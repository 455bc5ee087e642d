"""The web under load while Redis and the database go away: what was answered stays."""

import contextlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection, HTTPException

import pytest

from accounts import service as accounts
from accounts.terms import Role
from app.demo import servers as machine
from bench import families as making
from hubs import service as hubs
from hubs.terms import BookingMode
from kernel.clock import now
from kernel.db import unit_of_work
from kernel.permissions import Permission
from tests.faults.machines import until

pytestmark = pytest.mark.faults

HOST = "leeds.localhost"
CLIENTS = 4
GUNICORN = ["gunicorn", "wsgi:app", "--preload", "--no-control-socket", "--timeout", "20",
            "--workers", "2", "--worker-class", "gthread", "--threads", "4"]  # fmt: skip


class Office:
    """Clients who book by the API until told to stop, and keep what they were answered."""

    def __init__(self, house, *, families=1500):
        self.house, self.port = house, machine.free_port()
        with unit_of_work(house.leeds):
            hub = hubs.add_hub("Seacroft", area="East")
            play = hubs.add_activity(
                "Stay and play",
                age_from_months=0,
                age_to_months=227,
                mode=BookingMode.BOOKABLE,
                most_families=1000,
            )
            sessions = [
                making.session(hub, play, now() + timedelta(days=3 + n), places=10_000).id for n in range(20)
            ]
            worker = accounts.open_account("Wendy Worker", "wendy@leeds.example", Role.HUB_WORKER)
            hubs.join_team(hub, worker.id)
            self.key = accounts.make_api_key(worker, "faults", set(Permission))
            self.sessions, self.families = sessions, making.families(hub.id, families)
        self.waiting = iter(self.families)
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.answers = []  # (when it was asked, how long it took, status)
        self.made = {}  # the booking that was answered, by its address
        self.child = None

    def open(self):
        """Serve, and wait until the first page comes."""
        env = dict(self.house.env) | {"HUBS_RATE_LIMITS": "false"}
        log = (self.house.machines.home / "logs" / "web.log").open("ab")
        self.child = subprocess.Popen(
            [sys.executable, "-m", *GUNICORN, "--bind", f"127.0.0.1:{self.port}",
             "--pid", str(self.house.machines.home / "web.pid"), "--graceful-timeout", "15"],
            env=env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()
        until(lambda: self.ask("GET", "/healthz")[0] not in (0, 503), 60, what="no web")

    def close(self):
        self.stop.set()
        for pid in {self.child.pid, self.master()}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self.child.wait(30)

    def master(self):
        return int((self.house.machines.home / "web.pid").read_text())

    def ask(self, method, path, body=None, key=None):
        """Ask once; the status is 0 when there was no answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=25)
        headers = {"Host": HOST, "Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers | ({"Idempotency-Key": key} if key else {}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()

    def work(self, *, again=True):
        """Book, look at the timetable, book … A request without an answer is repeated with its key."""
        mine = random.Random()
        while not self.stop.is_set():
            with self.lock:
                family = next(self.waiting, None)
            if family is None:
                return
            body = json.dumps(
                {
                    "session_id": str(mine.choice(self.sessions)),
                    "household_id": str(family.household),
                    "person_ids": [str(family.carer), str(family.child)],
                }
            )
            status, read = self._timed("POST", "/api/v1/bookings", body, str(family.carer))
            while again and (status == 0 or status >= 500):
                time.sleep(0.2)
                status, read = self._timed("POST", "/api/v1/bookings", body, str(family.carer))
            if status in (200, 201):
                self.made[family.email] = json.loads(read)["id"]
            self._timed("GET", "/sessions")

    def _timed(self, *asked):
        begun = time.monotonic()
        status, read = self.ask(*asked)
        self.answers.append((begun, time.monotonic() - begun, status))
        return status, read

    def refused(self):
        """Return what was refused, which nothing should be."""
        return Counter(status for *_, status in self.answers if 400 <= status < 500)

    def working(self):
        pool = ThreadPoolExecutor(CLIENTS)
        return pool, [pool.submit(self.work) for _ in range(CLIENTS)]

    def between(self, begin, end):
        return [one for one in self.answers if begin <= one[0] < end]

    def lost(self):
        """Return the bookings that were answered and are not there."""
        there = {str(row[0]) for row in self.house.ask("SELECT id FROM bookings")}
        return set(self.made.values()) - there

    def untold(self):
        """Return the addresses of those who booked and were not told."""
        return set(self.made) - set(self.house.times_by_mail())


@pytest.fixture
def office(installation):
    made = Office(installation)
    made.open()
    yield made
    made.close()


def p95(answers):
    return statistics.quantiles([took for _, took, _ in answers], n=20)[18]


def finish(pool, working):
    for one in working:
        one.result(60)
    pool.shutdown()


def test_r4_redis_away_and_silent_under_load(installation, office, machines, figures):
    installation.start("app.scheduler")
    worker = installation.workers(1)[0]
    pool, working = office.working()
    begun = time.monotonic()
    time.sleep(6)
    machines.kill("valkey")
    gone = time.monotonic()
    time.sleep(6)
    machines.start("valkey")
    machines.freeze("valkey")
    silent = time.monotonic()
    time.sleep(6)
    machines.freeze("valkey", thaw=True)
    back = time.monotonic()
    office.stop.set()
    finish(pool, working)
    if not worker.runs:
        installation.children.remove(worker)
        installation.start("app.worker")
    until(lambda: not installation.open_promises(), 60, what="open promises")
    sent = time.monotonic() - back

    failures = [one for one in office.answers if one[2] == 0 or one[2] >= 500]
    well, away, mute = office.between(begun, gone), office.between(gone, silent), office.between(silent, back)
    assert not failures, Counter(status for *_, status in failures)
    assert office.made
    assert not office.refused()
    assert not office.lost()
    assert not office.untold()
    assert p95(away) <= p95(well) + 0.5
    assert p95(mute) <= p95(well) + 0.5
    assert sent <= 30
    figures(
        f"{len(office.answers)} answers, 0 failures; p95 {p95(well):.2f} s well, {p95(away):.2f} s away,"
        f" {p95(mute):.2f} s silent; {len(office.made)} booked, all told {sent:.0f} s after its return"
    )


def test_r5_database_killed_under_load(installation, office, machines, figures):
    pool, working = office.working()
    time.sleep(5)
    machines.kill("postgresql")
    gone = time.monotonic()
    time.sleep(3)
    machines.start("postgresql")
    back = time.monotonic()
    time.sleep(8)
    office.stop.set()
    finish(pool, working)

    failures = [one for one in office.answers if one[2] == 0 or one[2] >= 500]
    early = [one for one in failures if one[0] + one[1] < gone]
    healed = max([one[0] for one in failures], default=back) - back
    assert not early
    assert healed <= 5
    assert office.made
    assert not office.refused()
    assert not office.lost()
    figures(
        f"{len(office.made)} bookings answered, 0 lost; {len(failures)} of {len(office.answers)} requests failed while"
        f" it was down, the last {max(healed, 0):.1f} s after its return"
    )
