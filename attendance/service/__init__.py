"""What can be done with registers. The only code that changes them.

``register`` is what ``queries.find_register`` finds, ``spot`` what ``queries.find_spot`` finds.
"""

from attendance.service import following
from attendance.service.keeping import (
    close_register,
    count_heads,
    note,
    open_register,
    reopen,
    set_heads,
)
from attendance.service.marking import all_left, ensure_open, mark, mark_all_here, re_key, undo_all
from attendance.service.walking import walk_in, walk_in_new

__all__ = [
    "all_left",
    "close_register",
    "count_heads",
    "ensure_open",
    "following",
    "mark",
    "mark_all_here",
    "note",
    "open_register",
    "re_key",
    "reopen",
    "set_heads",
    "undo_all",
    "walk_in",
    "walk_in_new",
]
