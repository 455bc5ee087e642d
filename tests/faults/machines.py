"""Servers and programs of the platform that can be killed and started again, and the far side that takes messages."""

import contextlib
import os
import secrets
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time as clock
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from redis import Redis, RedisError

from app import contexts
from app.demo import servers as machine
from app.demo.migrations import upgrade
from app.demo.notify.doors import serving
from app.demo.notify.far_side import FarSide, Service
from app.demo.processes import Child, spawn, stop
from bench.sink import Sink, in_thread
from kernel import db, outbox, vault
from kernel.db import unit_of_work
from kernel.settings import Settings
from messaging import service as messaging
from messaging.models import MessageSettings
from tenants import queries as tenant_queries
from tenants import service as tenants
from tests.conftest import FIELD_KEY

PATIENCE = 120.0
"""Seconds to wait for what must come: only what hangs takes so long, on a slow machine, too."""
KEY = "a secret for the fault tests, long enough to be one"


class Machines:
    """A PostgreSQL and a Redis of our own, at addresses that stay when they are killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.running = machine.start(home, given={})
        self._made = {child.name: child for child in self.running.children}
        self.template = f"faults_{secrets.token_hex(4)}"
        upgrade(machine.provide(self.running.admin_url, self.template).owner)
        self._numbers = 0

    def end(self) -> None:
        stop(self._made.values())

    @contextmanager
    def database(self) -> Iterator[machine.Database]:
        self._numbers += 1
        name = f"{self.template}_{self._numbers}"
        yield machine.provide(self.running.admin_url, name, template=self.template)
        machine.drop(self.running.admin_url, name)

    def kill(self, name: str) -> None:
        """Kill -9 a server and wait until it is gone: ``postgresql`` or ``valkey``."""
        child = self._made[name]
        child.process.send_signal(signal.SIGKILL)
        child.process.wait()

    def start(self, name: str) -> None:
        """Start a killed server again, where it was."""
        before = self._made[name]
        keeper = machine._keeper(self.home / "postgresql", self.home) if name == "postgresql" else None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            child = spawn(name, list(map(str, before.process.args)), logs=self.home / "logs",
                          farewell=before.farewell, user=keeper)  # fmt: skip
            self._made[name] = child
            while child.runs and time.monotonic() < deadline:
                if self._answers(name):
                    return
                time.sleep(0.05)
            time.sleep(0.3)  # what the killed one left behind has not ended yet
        raise AssertionError(f"{name} did not come back\n{child.tail()}")

    def freeze(self, name: str, *, thaw: bool = False) -> None:
        """Stop a server without a word, as a black hole does, or let it go on."""
        self._made[name].process.send_signal(signal.SIGCONT if thaw else signal.SIGSTOP)

    def _answers(self, name: str) -> bool:
        try:
            if name == "postgresql":
                psycopg.connect(self.running.admin_url, connect_timeout=2).close()
            else:
                with Redis.from_url(self.running.redis_url, socket_timeout=1) as redis:
                    redis.ping()
        except (psycopg.OperationalError, RedisError):
            return False
        return True


@dataclass
class House:
    """One installation: its programs, and what the far side took from it."""

    machines: Machines
    urls: machine.Database
    env: Mapping[str, str]
    settings: Settings
    sink: Sink
    notify: FarSide
    leeds: UUID
    service: Service
    children: list[Child] = field(default_factory=list)
    started: int = 0

    def start(self, module: str, *more: str) -> Child:
        """Start a program of the platform."""
        self.started += 1
        child = spawn(f"{module}-{self.started}", [sys.executable, "-m", module, *more],
                      logs=self.machines.home / "logs", env=self.env)  # fmt: skip
        self.children.append(child)
        return child

    def workers(self, count: int = 1) -> list[Child]:
        """Start workers, and wait until they work."""
        made = [self.start("app.worker") for _ in range(count)]
        until(
            lambda: all(
                "worker ready" in one.log.read_text(errors="replace") or not one.runs for one in made
            ),
            what="no workers",
        )
        return made

    def kill(self, child: Child) -> None:
        """Kill -9 a program and all that it has forked."""
        for pid in [child.process.pid, *_below(child.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        child.process.wait()
        self.children.remove(child)

    def running(self, module: str) -> list[Child]:
        """Return the programs of this kind that run."""
        return [one for one in self.children if one.runs and one.name.startswith(f"{module}-")]

    def watch_over(self) -> None:
        """Start again what has ended, as systemd does."""
        for child in [one for one in self.children if not one.runs]:
            self.children.remove(child)
            self.start(child.name.rpartition("-")[0])

    def horse(self, child: Child) -> int | None:
        """Return the fork that does a worker's job at this moment."""
        return next(iter(_below(child.process.pid)), None)

    def end(self) -> None:
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.process.pid, signal.SIGCONT)
        stop(self.children)

    def accepted(self) -> int:
        """Return how many messages the far side has taken."""
        return len(self.sink.taken) + len(self.notify.kept)

    def open_promises(self) -> int:
        """Return how many promises are neither kept nor set aside and are due now."""
        with psycopg.connect(self.urls.owner) as owner:
            found = owner.execute(
                "SELECT count(*) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL"
                " AND due_at < now() + interval '2 minutes'"
            ).fetchone()
        return int(found[0]) if found else 0

    def still_open(self) -> int:
        """Return how many promises are open, and start again whatever has ended."""
        self.watch_over()
        return self.open_promises()

    def ask(self, question: str, *told: Any) -> list[tuple[Any, ...]]:
        """Ask the database, as the owner of its tables."""
        with psycopg.connect(self.urls.owner) as owner:
            return owner.execute(question, told).fetchall()

    def times_by_mail(self) -> Counter[str]:
        """Return how often each address was sent something by e-mail."""
        return Counter(one.to for one in self.sink.taken)

    def times_by_text(self) -> Counter[str]:
        """Return how often Notify took each message, by the reference that we gave it."""
        return Counter(str(one.reference) for one in self.notify.kept.values())


@contextmanager
def house(machines: Machines, **more: str) -> Iterator[House]:
    """Set up a council that sends e-mail by SMTP and texts by Notify, with far sides that remember what they took."""
    sink, notify = Sink(keeps_content=True), FarSide()
    notify.per_minute = 1_000_000
    port = machine.free_port()
    with machines.database() as urls, in_thread(sink, port), serving(notify) as notify_url:
        prefix = f"faults-{secrets.token_hex(3)}"
        env = os.environ | {
            "HUBS_DATABASE_URL": urls.app,
            "HUBS_DISPATCH_DATABASE_URL": urls.dispatch,
            "HUBS_REDIS_URL": machines.running.redis_url,
            "HUBS_REDIS_PREFIX": f"{prefix}:",
            "HUBS_SECRET_KEY": KEY,
            "HUBS_FIELD_KEYS": FIELD_KEY,
            "HUBS_INSECURE_COOKIES": "true",
            "HUBS_PUBLIC_SCHEME": "http",
            "HUBS_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "HUBS_NOTIFY_URL": notify_url,
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": ".",
            "MALLOC_ARENA_MAX": "2",
            **more,
        }
        told = {
            name: env[f"HUBS_{name.upper()}"]
            for name in Settings.model_fields
            if f"HUBS_{name.upper()}" in env
        }
        settings = Settings(**told)  # type: ignore[arg-type]
        vault.connect(FIELD_KEY)
        contexts.connect(settings)
        contexts.preload()
        engine = db.engine(urls.app, pool_size=4, pool_pre_ping=True)
        db.connect(engine)
        service = notify.open_service("leeds")
        made = House(machines, urls, env, settings, sink, notify, _council(service), service)
        try:
            yield made
        finally:
            made.end()
            messaging.hang_up()
            engine.dispose()


def until(true: Callable[[], bool], *, what: str) -> float:
    """Wait until something is true; return how long it took."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > PATIENCE:
            raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - begun


def _council(service: Service) -> UUID:
    tenant_queries.forget_hosts()
    leeds = tenants.create_council("leeds", "Leeds City Council", contact_email="hubs@leeds.example")
    with unit_of_work(leeds):
        tenants.change_settings(waking_from=clock(0), waking_until=clock(23, 59, 59))  # tests run at any hour
        db.db.add(
            MessageSettings(
                notify_key=service.key, text_template=service.text_template,
                email_template=service.email_template, texts=True,
            )
        )  # fmt: skip
    outbox.drain(leeds)  # new hours move what was promised: over before there is something
    return leeds


def _below(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child), *_below(int(child))]
    return found
