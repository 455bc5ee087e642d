"""One at a time: a right that one of several processes has, lent by Redis for a few seconds and renewed.

Never what correctness rests on. When Redis is away nobody can tell who has it, and what is done twice must be harmless.
"""

import os
import secrets
import socket
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum

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
        with suppress(RedisError):
            self._redis.eval(_LET_GO, 1, self._name, self._own)


BEAT_KEPT_SECONDS = 24 * 3600


def beat(redis: Redis, name: str) -> None:
    """Leave a sign of life for whoever asks. Without Redis there is none."""
    with suppress(RedisError):
        redis.set(name, now().isoformat(), ex=BEAT_KEPT_SECONDS)


def last_beat(redis: Redis, name: str) -> datetime | None:
    """Return when the last sign of life was, or None: there was none for a day. Raises ``RedisError`` without Redis."""
    told = redis.get(name)
    try:
        return datetime.fromisoformat(told.decode()).astimezone(UTC) if isinstance(told, bytes) else None
    except ValueError:
        return None  # a stranger wrote there
