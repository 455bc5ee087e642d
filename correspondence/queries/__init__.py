"""Questions about correspondence."""

from correspondence.queries.addresses import broken, find_broken
from correspondence.queries.history import about_session, counted, to_family
from correspondence.queries.inbox import (
    MOST_FROM_FAMILY,
    find_reply,
    find_reply_with_family,
    from_family,
    last_read,
    ours,
    waiting,
    waiting_count,
)

__all__ = [
    "MOST_FROM_FAMILY", "about_session", "broken", "counted", "find_broken", "find_reply", "find_reply_with_family",
    "from_family", "last_read", "ours", "to_family", "waiting", "waiting_count",
]  # fmt: skip
