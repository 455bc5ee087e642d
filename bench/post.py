"""An installation whose programs are measured together: its mail goes to a sink."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cryptography.fernet import Fernet

from accounts import service as accounts
from app import contexts
from app.demo import servers
from app.demo.migrations import upgrade
from kernel import db, jobs, vault
from kernel.settings import Settings
from messaging import service as messaging


class Post:
    """An installation with a council, its programs and a sink for its mail."""

    def __init__(self, folder: Path, running: servers.Servers, stack: ExitStack) -> None:
        name = f"bench_{secrets.token_hex(4)}"
        self.urls = servers.provide(running.admin_url, name)
        stack.callback(servers.drop, running.admin_url, name)
        upgrade(self.urls.owner)
        self.port = servers.free_port()
        prefix = f"bench-{secrets.token_hex(4)}"
        self.env = {
            **os.environ,
            **self.urls.settings,
            "HUBS_REDIS_URL": running.redis_url,
            "HUBS_REDIS_PREFIX": f"{prefix}:",
            "HUBS_SECRET_KEY": secrets.token_urlsafe(48),
            "HUBS_FIELD_KEYS": Fernet.generate_key().decode(),
            "HUBS_INSECURE_COOKIES": "true",
            "HUBS_RATE_LIMITS": "false",
            "HUBS_SMTP_URL": f"smtp://127.0.0.1:{self.port}",
            "MALLOC_ARENA_MAX": "2",
            "PYTHONPATH": ".",
        }
        self.folder, self.stack = folder, stack
        self.start("bench.sink", str(self.port))
        vault.connect(self.env["HUBS_FIELD_KEYS"])
        accounts.use_hasher(time_cost=1, memory_kib=64)
        told = {
            name: self.env[key]
            for name in Settings.model_fields
            if (key := f"HUBS_{name.upper()}") in self.env
        }
        settings = Settings(**told)  # type: ignore[arg-type]
        contexts.connect(settings)
        contexts.preload()
        self.engine = db.engine(self.urls.app, pool_size=1)
        stack.callback(self.engine.dispose)
        stack.callback(messaging.hang_up)
        db.connect(self.engine)
        jobs.connect(settings.redis_url, settings.redis_prefix)
        self.line = _connect(self.port)
        stack.callback(self.line.close)

    def start(self, module: str, *more: str) -> subprocess.Popen[bytes]:
        """Start a program, which ends when the measurement does."""
        log = (self.folder / f"{module}.log").open("ab")
        child = subprocess.Popen([sys.executable, "-m", module, *more], env=self.env, stdout=log, stderr=log)
        log.close()
        self.stack.callback(_end, child)
        return child

    def taken(self) -> int:
        """Return how many messages the sink has."""
        return int(self._ask("COUNT"))

    def seen(self, address: str) -> float:
        """Return when the sink took the last message to an address; 0 when none."""
        return float(self._ask(f"SEEN {address}"))

    def _ask(self, question: str) -> str:
        self.line.sendall(question.encode() + b"\r\n")
        return self.line.recv(200).decode().split()[1]


@contextmanager
def served(env: Mapping[str, str]) -> Iterator[int]:
    """Serve the platform while this lasts; give its port."""
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--preload",
               "--no-control-socket", "--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]  # fmt: skip
    process = subprocess.Popen(command, env=dict(env))
    try:
        _connect(port).close()
        yield port
    finally:
        _end(process)


def _connect(port: int) -> socket.socket:
    """Connect, and for a sink read its greeting."""
    deadline = time.perf_counter() + 60
    while True:
        try:
            line = socket.create_connection(("127.0.0.1", port), timeout=5)
        except OSError:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.05)
            continue
        line.settimeout(2)
        with suppress(TimeoutError):  # the web says nothing until it is asked
            line.recv(200)
        line.settimeout(30)
        return line


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(40)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
