"""The worker: waits to be woken and keeps the promises of the council that it is told."""

import structlog
from redis import Redis

import app.models  # noqa: F401
from app import contexts, guards
from kernel import db, jobs
from kernel.settings import from_environment

WORKER_TTL = 25
MAINTENANCE = 20


def main() -> None:
    """Work until told to stop."""
    settings = from_environment()
    guards.check_settings(settings)
    contexts.connect(settings)
    # Each job runs in a fork: the pool is made small and is thrown away with the fork.
    db.connect(db.engine(settings.database_url, prepared=settings.prepared_statements, pool_size=1))
    guards.check_walls()
    db.opened.kw["bind"].dispose()
    jobs.connect(settings.redis_url, settings.redis_prefix)
    contexts.preload()
    structlog.get_logger().info("worker ready")
    connection = Redis.from_url(settings.redis_url)
    worker = jobs.SafeWorker(
        [jobs.queue(connection)],
        connection=connection,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE,
    )
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main()
