"""Questions about correspondence."""

from correspondence.queries.history import about_session, counted, to_family
from correspondence.queries.inbox import find_reply, from_family, last_read, ours, waiting, waiting_count

__all__ = [
    "about_session", "counted", "find_reply", "from_family", "last_read", "ours", "to_family", "waiting",
    "waiting_count",
]  # fmt: skip
