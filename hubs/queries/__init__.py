"""Questions about hubs, activities, the timetable and its sessions."""

from hubs.queries.sight import ensure_sees, find_session, hub_ids_seen_by, hubs_seen_by

__all__ = ["ensure_sees", "find_session", "hub_ids_seen_by", "hubs_seen_by"]
