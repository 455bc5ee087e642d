"""The numbers that Prometheus asks for, worked out when it asks. They name councils and kinds of message alone."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import RedisError

from kernel import jobs
from kernel.clock import now
from kernel.db import unit_of_work
from messaging.queries.standing import CouncilStanding, every_council

CONTENT_TYPE = CONTENT_TYPE_LATEST
QUEUES: dict[str, tuple[str, Callable[[CouncilStanding], float]]] = {
    "hubs_queue_waiting": ("Promises that are not kept yet, due or not.", lambda c: c.queue.waiting),
    "hubs_queue_due": ("Promises whose hour has come.", lambda c: c.queue.due),
    "hubs_queue_in_bulk": ("Of those that are due, announcements.", lambda c: c.queue.in_bulk),
    "hubs_queue_failing": (
        "Promises that failed at least once and are tried again.",
        lambda c: c.queue.failing,
    ),
    "hubs_queue_oldest_seconds": (
        "For how long the oldest has been due, but for announcements.",
        lambda c: c.queue.age.total_seconds(),
    ),
    "hubs_queue_oldest_in_bulk_seconds": (
        "For how long the oldest announcement to somebody has been due.",
        lambda c: c.queue.age_in_bulk.total_seconds(),
    ),
    "hubs_queue_dead": ("Dead letters: set aside after twenty failures.", lambda c: c.queue.dead),
    "hubs_chores_undone": (
        "Daily work of today and yesterday that is not done though its hour has come.",
        lambda c: c.chores.undone,
    ),
    "hubs_chores_late_seconds": (
        "How late the latest daily work of today and yesterday was done, or is by now.",
        lambda c: c.chores.late.total_seconds(),
    ),
}
"""What is told of each council, and how it is read."""


def told() -> bytes:
    """Return all numbers as Prometheus reads them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_House())
    return generate_latest(registry)


class _House(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Look into each council, one after the other."""
        with unit_of_work(None, read_only=True):
            councils = every_council()
        for name, (meaning, read) in QUEUES.items():
            family = GaugeMetricFamily(name, meaning, labels=["council"])
            for council in councils:
                family.add_metric([council.slug], read(council))
            yield family
        yield _failures(councils)
        yield from _messages(councils)
        yield from _scheduler()


def _failures(councils: list[CouncilStanding]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "hubs_queue_failures",
        "Promises that are failing or dead, by topic and by what went wrong.",
        labels=["council", "topic", "failure", "standing"],
    )
    for council in councils:
        for one in council.queue.failures:
            standing = "dead" if one.dead else "failing"
            family.add_metric([council.slug, one.topic, one.error, standing], one.number)
    return family


def _messages(councils: list[CouncilStanding]) -> Iterator[GaugeMetricFamily]:
    labels = ["council", "kind", "channel", "standing"]
    went = GaugeMetricFamily(
        "hubs_messages_last_day", "Messages of the last 24 hours, by what came of them.", labels=labels
    )
    late = GaugeMetricFamily(
        "hubs_messages_late_seconds",
        "How late the latest message of the last 24 hours was.",
        labels=["council"],
    )
    for council in councils:
        for one in council.messages:
            went.add_metric([council.slug, one.kind, one.channel.value, one.standing.value], one.number)
        late.add_metric([council.slug], council.late.total_seconds())
    yield went
    yield late


def _scheduler() -> Iterator[GaugeMetricFamily]:
    up = GaugeMetricFamily("hubs_redis_up", "Whether Redis answers. Nothing is lost while it does not.")
    swept = GaugeMetricFamily(
        "hubs_scheduler_seconds",
        "How long ago a scheduler last looked for what is due. Not told without Redis.",
    )
    try:
        last = jobs.last_sweep()
    except RedisError:
        up.add_metric([], 0)
    else:
        up.add_metric([], 1)
        if last:
            swept.add_metric([], (now() - last).total_seconds())
    yield up
    yield swept
