"""Background work. A job is a name on a list, a council and ids: nothing that a stranger in Redis could abuse."""

import re
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from kernel import outbox, turns

DRAIN = "kernel.jobs.drain"
ALLOWED = frozenset({DRAIN})
"""The functions that a worker agrees to run."""
WEEK = 7 * 24 * 3600
REDIS_SECONDS = 0.3
"""How long anybody waits for Redis, which may be away."""

_OWN_FIELDS = frozenset(
    "data created_at origin worker_name description enqueued_at started_at ended_at last_heartbeat timeout result_ttl"
    " failure_ttl status meta exc_info".split()
)
"""What we read of a job. RQ would also import what a payload names as to be called back, and ask any web address."""

_redis: Redis | None = None
_queue: Queue | None = None
_prefix = ""


class Forbidden(Exception):
    """A payload asked the worker for something that is not a job of this house."""


class SafeJob(Job):
    """A job that runs only functions that are on the list, for one council, with ids."""

    @property
    def func(self) -> Any:
        """Return the function to run, or refuse before anything is imported."""
        if self.func_name not in ALLOWED or self.kwargs or not all(_is_id(arg) for arg in self.args):
            raise Forbidden(re.sub(r"[^\w.]", "?", str(self.func_name))[:80])
        return super().func

    def restore(self, raw_data: Any) -> Any:
        """Read a job, and nothing that a payload wants done besides: calls back, requests to addresses, repetitions."""
        read = super().restore(
            {name: value for name, value in raw_data.items() if _text(name) in _OWN_FIELDS}
        )
        self.webhooks = []
        return read


class SafeWorker(Worker):
    """A worker that reads JSON and runs safe jobs."""

    job_class = SafeJob

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"serializer": JSONSerializer})


def connect(url: str, prefix: str) -> Redis:
    """Bind the house to its queue. Redis may be away: waking then fails soon, silently."""
    global _redis, _queue, _prefix  # noqa: PLW0603
    _redis = Redis.from_url(
        url,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
        decode_responses=False,
    )
    _prefix = prefix
    _queue = queue(_redis)
    outbox.connect(wake)
    return _redis


def queue(redis: Redis) -> Queue:
    """Return the house's one queue."""
    return Queue(
        f"{_prefix}work".replace(":", "-"), connection=redis, serializer=JSONSerializer, job_class=SafeJob
    )


def own_queue() -> Queue | None:
    """Return the queue to which the house is bound, if it is bound to one."""
    return _queue


def wake(tenant: UUID) -> None:
    """Have a worker keep the council's promises soon, unless one has been asked to and has not begun."""
    if _redis is None or _queue is None:
        return
    with suppress(RedisError):  # the sweep finds what is due
        if not _redis.set(_flag(tenant), 1, nx=True, ex=5):
            return
        # One that waits will do: while no worker runs, the sweep asks again and again.
        if not any(one.startswith(_draining(tenant)) for one in _queue.get_job_ids()):
            _queue.enqueue(
                DRAIN, str(tenant),
                job_id=f"{_draining(tenant)}{uuid4().hex}", result_ttl=0, failure_ttl=WEEK, job_timeout=600,
            )  # fmt: skip


def drain(tenant: str) -> None:
    """Keep the council's promises that are due: what a woken worker runs. Other councils have their turn in between."""
    council, until = UUID(tenant), monotonic() + outbox.SLICE_SECONDS
    if _redis is not None:
        with suppress(RedisError):
            _redis.delete(_flag(council))
    while (left := until - monotonic()) > 0:
        tried = outbox.drain(council, at_most=outbox.SLICE, seconds=left)
        if tried < outbox.SLICE and monotonic() < until:
            return  # nothing more is due
        if _others_wait(council):
            break
    wake(council)  # at the end of the queue, behind the councils that wait


def scheduling(seconds: float) -> turns.Lease | None:
    """Return the right to be the one scheduler, or None: the house is bound to no queue."""
    return turns.Lease(_redis, f"{_prefix}scheduler", seconds=seconds) if _redis is not None else None


def swept() -> None:
    """Leave word that the scheduler looked for what is due just now."""
    if _redis is not None:
        turns.beat(_redis, f"{_prefix}scheduler:swept")


def last_sweep() -> datetime | None:
    """Return when a scheduler last looked, or None: not within a day. Raises ``RedisError`` when Redis is away."""
    return turns.last_beat(_redis, f"{_prefix}scheduler:swept") if _redis is not None else None


def _others_wait(tenant: UUID) -> bool:
    """Say whether a worker is wanted for another council."""
    try:
        waiting = _queue.get_job_ids() if _queue is not None else []
    except RedisError:
        return True
    return not all(one.startswith(_draining(tenant)) for one in waiting)


def _draining(tenant: UUID) -> str:
    """Return how the ids of the jobs begin that keep a council's promises."""
    return f"drain_{tenant}_"


def _flag(tenant: UUID) -> str:
    return f"{_prefix}wake:{tenant}"


def _text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _is_id(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False
