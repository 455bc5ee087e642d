"""Servers for the tests: one PostgreSQL and one Redis for a whole run, and a database for whoever asks.

Put ``from tests.servers import *`` into conftest.py. With ``HUBS_DATABASE_URL`` (an administrator's) and
``HUBS_REDIS_URL`` the tests run on servers that others may be using at the same time.
"""

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from redis import Redis
from rq import Queue

from app.demo import servers as machine
from app.demo.migrations import upgrade
from app.demo.servers import Database

__all__ = ["database", "new_database", "servers"]

PATIENCE = {"lock_timeout": "60s", "statement_timeout": "120s"}
NewDatabase = Callable[[], AbstractContextManager[Database]]


@dataclass(frozen=True)
class TestServers:
    """What one test process works with."""

    admin_url: str
    redis_url: str
    redis_prefix: str
    """Begins every key of this process, for ``Settings(redis_prefix=…)``. Nobody's data is flushed."""
    template: str
    """A database that is migrated and empty."""

    __test__ = False

    @contextmanager
    def new_database(self, like: Database | None = None) -> Iterator[Database]:
        """Give a database that is gone afterwards: migrated and empty, or like one that nobody is connected to."""
        name = f"{self.template}_{uuid4().hex[:12]}"
        template = conninfo_to_dict(like.owner)["dbname"] if like else self.template
        try:
            made = machine.provide(self.admin_url, name, template=template)
            _be_patient(self.admin_url, name)
            yield made
        finally:
            machine.drop(self.admin_url, name)

    def redis(self) -> Redis:
        """Return a client of the tests' Redis."""
        return Redis.from_url(self.redis_url)

    def forget_redis(self) -> None:
        """Remove this process's keys, and the jobs that it left waiting."""
        with self.redis() as redis:
            queue = Queue(f"{self.redis_prefix}work".replace(":", "-"), connection=redis)
            queue.delete(delete_jobs=True)
            for pattern in (f"{self.redis_prefix}*", f"rq:*:{queue.name}"):
                for key in redis.scan_iter(pattern, count=1000):
                    redis.delete(key)


def _be_patient(admin_url: str, name: str) -> None:
    """Let a database wait longer for locks than one at large does: a slow machine must not fail a test."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for role in (machine.APP, machine.DISPATCH):
            for what, value in PATIENCE.items():
                admin.execute(
                    sql.SQL("alter role {} in database {} set {} = {}").format(
                        sql.Identifier(role), sql.Identifier(name), sql.Identifier(what), value
                    )
                )


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[TestServers]:
    """PostgreSQL and Redis, with a migrated template: made by whichever test process asks first."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    with (shared / "servers.in-use").open("w") as in_use:
        with FileLock(shared / "servers.lock"):
            fcntl.flock(in_use, fcntl.LOCK_SH)
            told = _running(shared) or _open(shared)
        ours = TestServers(**told, redis_prefix=f"{told['template']}:{worker_id}:")
        yield ours
        ours.forget_redis()


@pytest.fixture(scope="session")
def new_database(servers: TestServers) -> NewDatabase:
    """A context manager that gives a migrated, empty database: ``with new_database() as database``."""
    return servers.new_database


@pytest.fixture
def database(new_database: NewDatabase) -> Iterator[Database]:
    """A migrated, empty database for one test that commits, cuts connections or uses threads."""
    with new_database() as made:
        yield made


def _running(shared: Path) -> dict[str, str] | None:
    """What the caretaker said, if it is still there."""
    said = shared / "servers.json"
    return json.loads(said.read_text()) if said.exists() else None


_caretakers: list[subprocess.Popen[bytes]] = []
"""Kept, so that Python does not complain of a child that is meant to outlive us."""


def _open(shared: Path) -> dict[str, str]:
    """Start the caretaker, a program that outlives the test process that happens to come first."""
    log = shared / "servers.log"
    with log.open("w") as output:
        caretaker = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", shared],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _caretakers.append(caretaker)
    while caretaker.poll() is None:
        if told := _running(shared):
            return told
        time.sleep(0.05)
    pytest.exit(f"The servers for the tests did not start.\n{log.read_text()}", returncode=3)


def take_care(shared: Path) -> None:
    """Run the servers, and end them when no test process uses them any more, however it ended."""
    template = f"hubs_test_{uuid4().hex[:8]}"
    with machine.throw_away() as running:
        try:
            upgrade(machine.provide(running.admin_url, template).owner)
            _say(shared, admin_url=running.admin_url, redis_url=running.redis_url, template=template)
            _until_unused(shared)
        finally:
            for name in machine.databases(running.admin_url, template):
                machine.drop(running.admin_url, name)


def _say(shared: Path, **told: str) -> None:
    draft = shared / "servers.draft"
    draft.write_text(json.dumps(told))
    draft.rename(shared / "servers.json")


def _until_unused(shared: Path) -> None:
    """Wait until every test process has let go; the system lets go for those that were killed."""
    with (shared / "servers.in-use").open("w") as in_use:
        while True:
            time.sleep(0.5)
            with FileLock(shared / "servers.lock"):
                try:
                    fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                (shared / "servers.json").unlink()
                return


if __name__ == "__main__":
    take_care(Path(sys.argv[1]))
