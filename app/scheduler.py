"""The scheduler: finds what a crash left behind and what has come due, and wakes workers. Any number may run."""

import signal
import threading
from time import monotonic

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import app.models  # noqa: F401
from app import contexts
from kernel import chores, db, jobs, outbox
from kernel.settings import from_environment
from tenants import queries as tenants

SWEEP_SECONDS = 2
CHORES_SECONDS = 60
log = structlog.get_logger()


def main() -> None:
    """Sweep until told to stop."""
    settings = from_environment()
    db.connect(db.engine(settings.database_url, prepared=settings.prepared_statements, pool_size=1))
    dispatcher = db.engine(
        settings.dispatch_database_url or settings.database_url,
        prepared=settings.prepared_statements,
        pool_size=1,
    )
    jobs.connect(settings.redis_url, settings.redis_prefix)
    contexts.preload()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())

    chores_due = 0.0
    while not stop.is_set():
        try:
            if monotonic() >= chores_due:
                promise_chores()
                chores_due = monotonic() + CHORES_SECONDS
            sweep(dispatcher)
        except SQLAlchemyError as failure:
            log.warning("sweep failed", kind=type(failure).__name__)
        stop.wait(SWEEP_SECONDS)


def sweep(dispatcher: Engine) -> int:
    """Wake a worker for each council that has promises due; return how many there were."""
    with dispatcher.connect() as connection:
        due = connection.scalars(outbox.unkept()).all()
    for tenant in due:
        jobs.wake(tenant)
    return len(due)


def promise_chores() -> None:
    """Promise today's chores of every council whose hour has come."""
    with db.unit_of_work(None, read_only=True):
        ids = [council.id for council in tenants.councils()]
    for tenant in ids:
        with db.unit_of_work(tenant):
            chores.promise_todays()


if __name__ == "__main__":
    main()
