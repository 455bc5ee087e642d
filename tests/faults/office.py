"""The web on a socket that outlives it, and clients who book by the API and keep what they were answered."""

import json
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from accounts import service as accounts
from accounts.terms import Role
from app.demo import servers as machine
from app.demo.processes import Child
from bench import families as making
from hubs import service as hubs
from kernel.clock import now
from kernel.db import unit_of_work
from kernel.permissions import Permission
from tests.faults.machines import PATIENCE, until
from tests.faults.sending import stay_and_play

HOST = "leeds.localhost"
CLIENTS = 4
GUNICORN = ["gunicorn", "wsgi:app", "--preload", "--no-control-socket", "--timeout", "20",
            "--workers", "2", "--worker-class", "gthread", "--threads", "4"]  # fmt: skip
LIKE_SYSTEMD = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)  # it ends when the tests do
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""Starts a program as systemd starts one that has a socket unit: the listening socket is its descriptor 3."""


@dataclass(frozen=True)
class Web:
    """One generation of the web, and its own log of what it answered."""

    child: Child
    log: Path

    def answers(self, to: str = "") -> int:
        """Return how many requests it has answered."""
        return sum(to in line for line in self.log.read_text().splitlines())


class Office:
    """The web of a council, and clients who book until told to stop. What was asked without an answer has status 0."""

    def __init__(self, house, *, families=1500):
        self.house, self.port, self.generations = house, machine.free_port(), 0
        self.listening = socket.create_server(("127.0.0.1", self.port), backlog=512)
        with unit_of_work(house.leeds):
            hub, play = stay_and_play()
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

    def serve(self):
        """Start a generation of the web, and return when it tells systemd that it is ready."""
        self.generations += 1
        name, home = f"web-{self.generations}", self.house.machines.home
        told, log, answers = home / "ready", home / "logs" / f"{name}.log", home / "logs" / f"{name}.answers"
        told.unlink(missing_ok=True)
        answers.write_text("")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear, log.open("wb") as output:
            ear.bind(str(told))
            ear.setblocking(False)
            process = subprocess.Popen(
                [sys.executable, "-c", LIKE_SYSTEMD, str(self.listening.fileno()), "-m", *GUNICORN,
                 "--access-logfile", str(answers), "--access-logformat", "%(s)s %(r)s"],
                env=dict(self.house.env) | {"HUBS_RATE_LIMITS": "false", "NOTIFY_SOCKET": str(told)},
                pass_fds=[self.listening.fileno()], stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
            web = Web(Child(name, process, log, signal.SIGTERM), answers)
            self.house.children.append(web.child)
            until(lambda: _is_ready(ear) or not web.child.runs, what="no web")
        assert web.child.runs, web.child.tail()
        return web

    def close(self):
        self.stop.set()
        self.listening.close()

    def ask(self, method, path, body=None, key=None):
        """Ask once, on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Host": HOST, "Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers | ({"Idempotency-Key": key} if key else {}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()

    @contextmanager
    def half_asked(self, path):
        """Ask for a page and hold the end of the request back. Gives what sends it and returns the answer's status."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n".encode())

            def end():
                line.sendall(b"Connection: close\r\n\r\n")
                answer = b"".join(iter(lambda: line.recv(65536), b""))
                return int(answer.split()[1]) if answer else 0

            yield end

    def work(self, *, again, pause):
        """Book, look at the timetable, book …; ``again``: ask with the same key until there is an answer."""
        mine = random.Random()
        while not self.stop.is_set():
            with self.lock:
                family = next(self.waiting, None)
            if family:
                self._book(family, mine.choice(self.sessions), again)
            self._timed("GET", "/sessions")
            self.stop.wait(pause)

    def _book(self, family, session, again):
        body = json.dumps(
            {
                "session_id": str(session),
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

    def _timed(self, *asked):
        begun = time.monotonic()
        status, read = self.ask(*asked)
        self.answers.append((begun, time.monotonic() - begun, status))
        return status, read

    @contextmanager
    def at_work(self, *, again=True, pause=0.0):
        """Let clients work meanwhile, and wait at the end until each has its last answer."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            working = [pool.submit(self.work, again=again, pause=pause) for _ in range(CLIENTS)]
            try:
                yield
            finally:
                self.stop.set()
        for one in working:
            one.result()

    def failures(self):
        """Return what was asked in vain: when it was asked, how long it took, and the status."""
        return [one for one in self.answers if one[2] == 0 or one[2] >= 500]

    def refused(self):
        """Return what was refused, which nothing should be."""
        return Counter(status for *_, status in self.answers if 400 <= status < 500)

    def between(self, begin, end):
        return [one for one in self.answers if begin <= one[0] < end]

    def lost(self):
        """Return the bookings that were answered and are not there."""
        there = {str(row[0]) for row in self.house.ask("SELECT id FROM bookings")}
        return set(self.made.values()) - there

    def untold(self):
        """Return the addresses of those who booked and were not told."""
        return set(self.made) - set(self.house.times_by_mail())


def p95(answers):
    return statistics.quantiles([took for _, took, _ in answers], n=20)[18]


def _is_ready(ear):
    try:
        return b"READY=1" in ear.recv(1024)
    except BlockingIOError:
        return False
