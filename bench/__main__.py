"""``make bench``: the measurements, each pair side by side in one run, as a table of medians and ratios."""

import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
from cryptography.fernet import Fernet

from accounts import service as accounts
from app.demo import servers
from app.demo.migrations import upgrade
from bench import load, messages, pgbench
from bench.stage import RUSH_PLACES, Stage, furnish
from bench.statements import counted
from kernel import db, vault
from kernel.db import engine

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
BOOKINGS = 600
CLIENTS = 16
RUSH = 2000
Party = tuple[UUID, UUID, UUID]
HOST = "bench.localhost"
GUNICORN = [
    "--preload",
    "--no-control-socket",
    "--worker-class",
    "gthread",
    "--workers",
    "2",
    "--threads",
    "4",
    "--log-level",
    "warning",
]


def main() -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory(prefix="hubs-bench-") as home:
        folder = Path(home)
        folder.chmod(0o755)
        running = servers.start(folder)
        try:
            _measure(folder, running)
            messages.measured(folder, running, _row)
        finally:
            running.stop()


def _measure(folder: Path, running: servers.Servers) -> None:
    name = f"bench_{secrets.token_hex(4)}"
    database = servers.provide(running.admin_url, name)
    try:
        upgrade(database.owner)
        settings = _environment(database, running)
        stage = _furnish(database, settings)
        pgbench.prepare(database.owner, stage)
        _heading(database)
        with psycopg.connect(database.owner, autocommit=True) as owner:
            owner.execute("ANALYZE")
        counted(settings, stage, _row)
        with _web("wsgi:app", settings) as (port, started, workers):
            _row("cold start to the first page", f"{started:.1f} s", "goal: 5 s or less")
            with _web("bench.bare:bare_app", {**settings, "BENCH_TENANT": str(stage.tenant)}) as (bare, _, _):
                _pages(port, bare, stage)
            _bookings(port, stage, database, folder)
            _rush(port, stage, database)
            _row(
                "memory of a worker afterwards",
                f"{max(map(_memory, workers)):.0f} MB",
                "goal: 160 MB or less",
            )
    finally:
        servers.drop(running.admin_url, name)


def _environment(database: servers.Database, running: servers.Servers) -> dict[str, str]:
    return {
        **os.environ,
        **database.settings,
        "HUBS_REDIS_URL": running.redis_url,
        "HUBS_REDIS_PREFIX": f"bench-{secrets.token_hex(4)}:",
        "HUBS_SECRET_KEY": secrets.token_urlsafe(48),
        "HUBS_FIELD_KEYS": Fernet.generate_key().decode(),
        "HUBS_INSECURE_COOKIES": "true",
        "HUBS_RATE_LIMITS": "false",
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _furnish(database: servers.Database, settings: dict[str, str]) -> Stage:
    vault.connect(settings["HUBS_FIELD_KEYS"])
    accounts.use_hasher(time_cost=1, memory_kib=64)
    bind = engine(database.app, pool_size=1)
    db.connect(bind)
    stage = furnish()
    bind.dispose()
    return stage


@contextmanager
def _web(app: str, settings: dict[str, str]) -> Iterator[tuple[int, float, list[int]]]:
    """Serve an application as the demo does; give its port, the seconds it took to answer, and its workers."""
    port = servers.free_port()
    begun = time.perf_counter()
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", *GUNICORN]
    process = subprocess.Popen(command, env=settings)
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"{app} did not start")
            time.sleep(0.05)
        started = time.perf_counter() - begun
        yield port, started, _children(process.pid)
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return bool(load.each_once(port, [load.get(HOST, "/")], clients=1).statuses[200])


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024


def _pages(port: int, bare: int, stage: Stage) -> None:
    cookie = f"signed-in={stage.parent_token}"
    pages = {
        "find a session, 30 rows (public)": load.get(HOST, "/sessions"),
        "My bookings, 30 rows": load.get(HOST, "/bookings", cookie=cookie),
        "one session's page": load.get(HOST, f"/sessions/{stage.hot}"),
    }
    for name, request in pages.items():
        ours, theirs = _interleaved(partial(_rate, port, request), partial(_rate, bare, load.get(HOST, "/")))
        _pair(name, ours, theirs, "bare page", "goal: 0.5 or more")


def _rate(port: int, request: bytes) -> float:
    tally = load.for_a_while(port, request, clients=8, seconds=SECONDS)
    if set(tally.statuses) != {200}:
        raise RuntimeError(f"unexpected answers: {dict(tally.statuses)}")
    return tally.rate


def _bookings(port: int, stage: Stage, database: servers.Database, folder: Path) -> None:
    seconds = max(2, round(SECONDS))
    taken = iter(stage.parties)
    scenes = {
        "bookings by HTTP, over 200 sessions": stage.sessions,
        "bookings by HTTP, all on one session": [stage.hot],
    }
    for name, sessions in scenes.items():
        mine, theirs = _interleaved(
            partial(_book_some, port, stage, sessions, taken),
            partial(pgbench.rate, database.app, stage, folder, hot=len(sessions) == 1, seconds=seconds),
        )
        _pair(name, mine, theirs, "pgbench", "goal: 0.08 or more")


def _book_some(port: int, stage: Stage, sessions: list[UUID], taken: Iterator[Party]) -> float:
    requests = [
        _booking(sessions[number % len(sessions)], next(taken), stage)
        for number in range(BOOKINGS // (ROUNDS + 1))
    ]
    tally = load.each_once(port, requests, clients=CLIENTS)
    if set(tally.statuses) != {201}:
        raise RuntimeError(f"unexpected answers: {dict(tally.statuses)}")
    return tally.rate


def _booking(session: UUID, party: Party, stage: Stage) -> bytes:
    household, carer, child = map(str, party)
    body = json.dumps({"session_id": str(session), "household_id": household, "person_ids": [carer, child]})
    return load.post(HOST, "/api/v1/bookings", body, key=stage.staff_key)


def _rush(port: int, stage: Stage, database: servers.Database) -> None:
    tally = load.each_once(
        port, [_booking(stage.rush, party, stage) for party in stage.parties[-RUSH:]], clients=32
    )
    told = dict(sorted(tally.statuses.items()))
    _row(
        f"the rush: {RUSH:,} attempts at {RUSH_PLACES} places, 32 clients",
        f"{tally.took:.1f} s",
        f"answers {told}",
    )
    _row("    until the last place was taken", f"{tally.last(201):.1f} s", "")
    with psycopg.connect(database.owner) as owner:
        counts = owner.execute(
            "SELECT count(*), count(DISTINCT household_id) FROM bookings WHERE session_id = %s AND standing = 'confirmed'",
            [stage.rush],
        ).fetchone()
    taken, families = counts or (0, 0)
    exact = taken == families == RUSH_PLACES == tally.statuses[201]
    verdict = "exactly, none twice" if exact else "WRONG"
    _row("    places taken, by different families", f"{taken}, {families}", verdict)
    _row("    slowest of 100 answers", f"{statistics.quantiles(tally.times, n=100)[98]:.2f} s", "")
    failures = sum(n for status, n in tally.statuses.items() if status == 0 or status >= 500)
    _row("    failures", f"{failures}", "goal: 0")


def _interleaved(ours: Callable[[], float], theirs: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Measure both in turn, after one round that does not count."""
    ours()
    theirs()
    pairs = [(ours(), theirs()) for _ in range(ROUNDS)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _pair(name: str, ours: list[float], theirs: list[float], against: str, goal: str) -> None:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    rates = f"{statistics.median(ours):,.0f}/s, {against} {statistics.median(theirs):,.0f}/s"
    _row(name, f"{ratio:.2f}", f"{rates}; {goal}")


def _heading(database: servers.Database) -> None:
    with psycopg.connect(database.owner) as owner:
        version = (owner.execute("SHOW server_version").fetchone() or ("?",))[0]
    print(
        f"PostgreSQL {version}, Python {sys.version.split()[0]}, {os.cpu_count()} cores, {socket.gethostname()}"
    )
    print(
        f"medians of {ROUNDS} rounds; pages by 8 clients for {SECONDS:g} s a round; gunicorn with 2 workers of 4 threads\n"
    )


def _row(what: str, figure: str, more: str) -> None:
    print(f"{what:62} {figure:>14}   {more}", flush=True)


if __name__ == "__main__":
    main()
