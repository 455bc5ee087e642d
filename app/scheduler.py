"""The scheduler: finds what a crash left behind and what has come due, and wakes workers.

Any number may be started: one works, the others stand by and take over within seconds. Two at work would be harmless.
"""

import signal
import threading
from time import monotonic

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import app.models  # noqa: F401
from app import contexts
from app.guards import WillNotOpen
from kernel import chores, db, jobs, outbox
from kernel.settings import from_environment
from kernel.turns import Lease, Turn
from tenants import queries as tenants

SWEEP_SECONDS = 2
CHORES_SECONDS = 60
LEASE_SECONDS = 7
"""How long after its last sign of life a scheduler's work is taken over by another."""
log = structlog.get_logger()


def main() -> None:
    """Sweep until told to stop."""
    settings = from_environment()
    if not settings.dispatch_database_url:
        raise WillNotOpen("HUBS_DISPATCH_DATABASE_URL is not set: nothing that is due would be found")
    db.connect(db.engine(settings.database_url, prepared=settings.prepared_statements, pool_size=1))
    dispatcher = db.engine(settings.dispatch_database_url, prepared=settings.prepared_statements, pool_size=1)
    jobs.connect(settings.redis_url, settings.redis_prefix)
    contexts.preload()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())

    lease = jobs.scheduling(LEASE_SECONDS)
    assert lease
    sweeps(dispatcher, lease, stop)
    lease.let_go()


def sweeps(dispatcher: Engine, lease: Lease, stop: threading.Event) -> None:
    """Sweep every other second while it is our turn, and while nobody can tell whose turn it is."""
    chores_due, before = 0.0, None
    while not stop.is_set():
        turn = lease.take()
        if turn != before:
            log.info("scheduler", turn=turn.value)
        before = turn
        if turn != Turn.THEIRS:
            try:
                if monotonic() >= chores_due:
                    promise_chores()
                    chores_due = monotonic() + CHORES_SECONDS
                sweep(dispatcher)
                jobs.swept()
            except SQLAlchemyError as failure:
                log.warning("sweep failed", kind=type(failure).__name__)
        stop.wait(SWEEP_SECONDS)


def sweep(dispatcher: Engine) -> int:
    """Wake a worker for each council that has promises due and is not closed; return how many there were."""
    with dispatcher.connect() as connection:
        due = set(connection.scalars(outbox.unkept()))
    if due:
        with db.unit_of_work(None, read_only=True):
            due -= {house.id for house in tenants.houses() if house.closed_at}
    for tenant in due:
        jobs.wake(tenant)
    return len(due)


def promise_chores() -> None:
    """Promise today's chores of every open council whose hour has come. What fails in one holds up no other."""
    with db.unit_of_work(None, read_only=True):
        ids = [council.id for council in tenants.councils() if council.closed_at is None]
    for tenant in ids:
        try:
            with db.unit_of_work(tenant):
                chores.promise_todays()
        except SQLAlchemyError as failure:
            log.warning("chores failed", council=str(tenant), kind=type(failure).__name__)


if __name__ == "__main__":
    main()
