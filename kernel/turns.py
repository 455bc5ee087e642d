"""One at a time: a right that one of several processes has, lent by Redis for a few seconds and renewed.

Never what correctness rests on. When Redis is away nobody can tell who has it, and what is done twice must be harmless.
"""

import json
import os
import secrets
import socket
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from redis import Redis, RedisError

from kernel.clock import now

_IF_OURS = "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end "
_RENEW = _IF_OURS + "return redis.call('pexpire', KEYS[1], ARGV[2])"
_LET_GO = _IF_OURS + "return redis.call('del', KEYS[1])"


class Turn(Enum):
    """Whose turn it is."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODY_KNOWS = "nobody knows"
    """Redis is away."""


class Lease:
    """A right that one process has at a time. Another takes it over when it is not renewed for so many seconds."""

    def __init__(self, redis: Redis, name: str, *, seconds: float) -> None:
        self._redis, self._name, self._milliseconds = redis, name, int(seconds * 1000)
        self._own = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"

    def take(self) -> Turn:
        """Take the right, or renew it, and say who has it now."""
        try:
            if self._redis.eval(_RENEW, 1, self._name, self._own, self._milliseconds):
                return Turn.OURS
            taken = self._redis.set(self._name, self._own, nx=True, px=self._milliseconds)
        except RedisError:
            return Turn.NOBODY_KNOWS
        return Turn.OURS if taken else Turn.THEIRS

    def let_go(self) -> None:
        """Give the right back, if it is still ours."""
        try:
            self._redis.eval(_LET_GO, 1, self._name, self._own)
        except RedisError:
            return


class Beat(NamedTuple):
    """The last sign of life of a process: when, where it runs, and of how many councils it found work due."""

    at: datetime
    process: str
    councils: int


BEAT_KEPT_SECONDS = 24 * 3600


def beat(redis: Redis, name: str, *, councils: int) -> None:
    """Leave a sign of life for whoever asks. Without Redis there is none."""
    told = {
        "at": now().isoformat(),
        "process": f"{socket.gethostname()}:{os.getpid()}",
        "councils": councils,
    }
    try:
        redis.set(name, json.dumps(told), ex=BEAT_KEPT_SECONDS)
    except RedisError:
        return


def last_beat(redis: Redis, name: str) -> Beat | None:
    """Return the last sign of life, or None: there was none for a day. Raises ``RedisError`` when Redis is away."""
    told = redis.get(name)
    if not isinstance(told, bytes):
        return None
    read = json.loads(told)
    return Beat(datetime.fromisoformat(read["at"]), str(read["process"]), int(read["councils"]))
