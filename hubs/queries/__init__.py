"""Questions about hubs, activities, the timetable and its sessions."""

from hubs.queries.showing import (
    activities,
    all_hubs,
    areas,
    could_join,
    entries,
    import_runs,
    next_sessions,
    open_hub,
    open_hubs,
    rooms,
    sessions_between,
    staff,
    staffing,
    team,
    uploads,
)
from hubs.queries.sight import ensure_sees, find_session, hub_ids_seen_by, hubs_seen_by

__all__ = [
    "activities",
    "all_hubs",
    "areas",
    "could_join",
    "ensure_sees",
    "entries",
    "find_session",
    "hub_ids_seen_by",
    "hubs_seen_by",
    "import_runs",
    "next_sessions",
    "open_hub",
    "open_hubs",
    "rooms",
    "sessions_between",
    "staff",
    "staffing",
    "team",
    "uploads",
]
