"""What can be done with hubs and their timetable. The only code that changes them."""

from hubs.service.activities import add_activity, change_activity, end_activity, resume_activity
from hubs.service.places import (
    Opening,
    StillInUse,
    add_hub,
    add_room,
    change_hub,
    change_room,
    close_hub,
    close_room,
    join_team,
    leave_team,
    reopen_hub,
    reopen_room,
    set_opening_times,
)

__all__ = [
    "Opening",
    "StillInUse",
    "add_activity",
    "add_hub",
    "add_room",
    "change_activity",
    "change_hub",
    "change_room",
    "close_hub",
    "close_room",
    "end_activity",
    "join_team",
    "leave_team",
    "reopen_hub",
    "reopen_room",
    "resume_activity",
    "set_opening_times",
]
