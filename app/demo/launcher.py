"""One running demo: every server and every program of the platform, started, announced and watched."""

import contextlib
import http.client
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from cryptography.fernet import Fernet

from app.demo import servers
from app.demo.processes import Child, spawn, stop

PATIENCE = 60.0
GUNICORN = ("gunicorn", "wsgi:app", "--preload", "--no-control-socket", "--timeout", "20")
WORKERS = ("--workers", "2", "--worker-class", "gthread", "--threads", "4")


class Trouble(Exception):
    """The demo cannot go on; says why."""


class Demo:
    """All that belongs to one demo. What it writes is below its folder."""

    def __init__(self, port: int, data: Path) -> None:
        self.port = port
        self.data = data
        self.since = time.monotonic()
        self.on_terminal = sys.stdout.isatty()
        self.servers: servers.Servers | None = None
        self.children: list[Child] = []

    def run(self) -> NoReturn:
        """Start everything, say where it is, and watch until something ends."""
        serving, owning = self._settle()
        say("Preparing the demonstration, which takes half a minute the first time …")
        self._finish("preparation", ["app.demo.preparation"], serving | owning)

        self._start(
            "mail", ["app.demo.mailbox", serving["HUBS_SMTP_URL"].rpartition(":")[2], self._folder("mail")]
        )
        notify_port = serving["HUBS_NOTIFY_URL"].rpartition(":")[2]
        self._start(
            "notify", ["app.demo.notify", notify_port, self._folder("mail"), str(self.data / "notify.json")]
        )
        self._start("web", [*GUNICORN, *WORKERS, "--bind", f"127.0.0.1:{self.port}"], serving)
        self._start("worker", ["app.worker"], serving)
        self._start("scheduler", ["app.scheduler"], serving)
        self._wait_for_web()

        self._announce()
        self._watch()

    def end(self) -> None:
        """End every program, and the servers after those that use them."""
        stop(self.children)
        if self.servers:
            self.servers.stop()

    def _settle(self) -> tuple[dict[str, str], dict[str, str]]:
        """Start the servers; return the settings for every program, and those for the tables' owner."""
        self.servers = servers.start(self.data)
        own = _own_secrets(self.data / "secrets.json")
        database = servers.provide(self.servers.admin_url, own["name"])
        serving = os.environ | {
            "HUBS_DATABASE_URL": database.app,
            "HUBS_DISPATCH_DATABASE_URL": database.dispatch,
            "HUBS_REDIS_URL": self.servers.redis_url,
            "RQ_KEY_PREFIX": own["name"],
            "HUBS_REDIS_PREFIX": f"{own['name']}:",
            "HUBS_SECRET_KEY": own["secret_key"],
            "HUBS_FIELD_KEYS": own["field_keys"],
            "HUBS_BASE_DOMAIN": "localhost",
            "HUBS_PUBLIC_SCHEME": "http",
            "HUBS_PUBLIC_PORT": str(self.port),
            "HUBS_INSECURE_COOKIES": "true",
            "HUBS_SMTP_URL": f"smtp://127.0.0.1:{servers.free_port()}",
            "HUBS_NOTIFY_URL": f"http://127.0.0.1:{servers.free_port()}",
            "HUBS_DEMO_DATA": str(self.data),
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",
            "TMPDIR": self._folder("tmp"),
        }
        return serving, {"HUBS_OWNER_DATABASE_URL": database.owner}

    def _folder(self, name: str) -> str:
        folder = self.data / name
        folder.mkdir(exist_ok=True)
        return str(folder)

    def _start(self, name: str, module: list[str], env: Mapping[str, str] | None = None) -> Child:
        child = spawn(name, [sys.executable, "-m", *module], logs=self.data / "logs", env=env)
        self.children.append(child)
        return child

    def _finish(self, name: str, module: list[str], env: Mapping[str, str]) -> None:
        """Run a program to its end, and go on only if it did what it should."""
        child = self._start(name, module, env)
        if child.process.wait():
            raise Trouble(_last_words(child))
        self.children.remove(child)

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._check_children()
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/", headers={"Host": f"localhost:{self.port}"})
                if connection.getresponse().status < 500:
                    return
            time.sleep(0.1)
        raise Trouble(f"The web did not answer within {PATIENCE:.0f} s. Its log is in {self.data / 'logs'}.")

    def _watch(self) -> NoReturn:
        # When make leads the session it keeps from us that the terminal has gone, so we look for ourselves.
        while sys.stdout.isatty() == self.on_terminal:
            time.sleep(0.3)
            self._check_children()
        raise KeyboardInterrupt

    def _check_children(self) -> None:
        for child in [*self.children, *(self.servers.children if self.servers else ())]:
            if not child.runs:
                raise Trouble(_last_words(child))

    def _announce(self) -> None:
        """Say in one line that everything is there and where, and below it who can sign in."""
        people = _personas(self.data / "personas.json")
        addresses = dict.fromkeys(
            [f"http://localhost:{self.port}", *(person["base_url"] for person in people)]
        )
        took = f"{time.monotonic() - self.since:.1f} s"
        where = f"Sign in as anybody below; mail and texts are in {self.data}/mail"
        say(f"READY in {took}: {'  '.join(addresses)}  {where}")
        columns = ("tenant", "role", "name", "email", "password")
        widths = [max((len(person[column] or "") for person in people), default=0) for column in columns]
        for person in people:
            cells = (f"{person[column] or '':{width}}" for column, width in zip(columns, widths, strict=True))
            say("    " + "  ".join(cells).rstrip())


def say(text: str) -> None:
    """Tell whoever watches, if anybody still does."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def _last_words(child: Child) -> str:
    status = child.process.returncode
    return f"The {child.name} ended (status {status}). The end of {child.log}:\n\n{child.tail()}"


def _personas(file: Path) -> list[dict[str, str]]:
    people: list[dict[str, str]] = json.loads(file.read_text()) if file.exists() else []
    return people


def _own_secrets(file: Path) -> dict[str, str]:
    """Return the name and the keys of this demo, made up once and then kept."""
    if not file.exists():
        made = {
            "name": f"hubs_{secrets.token_hex(4)}",
            "secret_key": secrets.token_urlsafe(48),
            "field_keys": Fernet.generate_key().decode(),
        }
        draft = file.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        draft.rename(file)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
