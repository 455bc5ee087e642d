"""What machines ask of the house at any host: whether it lives, whether it can work, and its numbers.

They are answered before the house looks whose host was asked, and leave nothing in the log. Strangers learn a word.
"""

import hmac
import json
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import metrics
from kernel import jobs
from kernel.db import db, unit_of_work
from kernel.settings import Settings
from kernel.tables import Table

Answer = tuple[str, str, bytes]
PLAIN = "text/plain; charset=utf-8"
COLUMNS = """
SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
"""
log = structlog.get_logger()


class Probes:
    """Stands before the house and answers ``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(self, house: Any, settings: Settings) -> None:
        self.house = house
        self.token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
        self.doors: dict[str, Callable[[bool], Answer]] = {
            "/healthz": lambda _: ("200 OK", PLAIN, b"alive\n"),
            "/readyz": _ready,
            "/metrics": _numbers,
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a probe; let everything else in."""
        door = self.doors.get(environ.get("PATH_INFO", ""))
        if door is None or environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
            return self.house(environ, start_response)  # type: ignore[no-any-return]
        status, kind, body = door(self._known(environ))
        start_response(
            status,
            [
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [body] if environ["REQUEST_METHOD"] == "GET" else []

    def _known(self, environ: dict[str, Any]) -> bool:
        """Say whether whoever asks shows the token, which a house without one knows nobody by."""
        shown = str(environ.get("HTTP_AUTHORIZATION", "")).encode("latin1")
        return bool(self.token) and hmac.compare_digest(shown, f"Bearer {self.token}".encode())


def _numbers(known: bool) -> Answer:
    if not known:
        return "404 Not Found", PLAIN, b"There is no such page.\n"
    try:
        return "200 OK", metrics.CONTENT_TYPE, metrics.told()
    except SQLAlchemyError as failure:
        log.warning("no numbers", kind=type(failure).__name__)
        return "503 Service Unavailable", PLAIN, b"The database does not answer.\n"


def _ready(known: bool) -> Answer:
    """Say whether requests can be served. Redis is told to those who are known, and is not needed."""
    looks = {"database": _database(), "redis": _redis()} if known else {"database": _database()}
    ready = looks["database"] == "ok"
    body = json.dumps(looks) if known else "ready" if ready else "not ready"
    return ("200 OK" if ready else "503 Service Unavailable"), PLAIN, f"{body}\n".encode()


_reached = False


def _database() -> str:
    """Say whether the database answers and has all that this version of the house knows."""
    global _reached  # noqa: PLW0603 - a migration that was reached stays so
    try:
        with unit_of_work(None, read_only=True):
            if _reached:
                db.execute(text("SELECT 1"))
                return "ok"
            there = set(db.scalars(text(COLUMNS)))
    except SQLAlchemyError as failure:
        log.warning("not ready", kind=type(failure).__name__)
        return "away"
    known = {f"{table.name}.{one.name}" for table in Table.metadata.tables.values() for one in table.columns}
    _reached = known <= there
    return "ok" if _reached else "not migrated"


def _redis() -> str:
    try:
        jobs.last_sweep()
    except RedisError:
        return "away"
    return "ok"
