"""What the timetable does by itself every night."""

from datetime import time

from hubs.service import imports, timetable
from kernel import prose
from kernel.chores import daily


@daily("hubs.lay_out", at=time(2))
def lay_out() -> str:
    """Lay out the sessions of the weeks that have come into sight."""
    plan = timetable.lay_out()
    taken = f", {prose.count(len(plan.room_taken), 'day')} left out" if plan.room_taken else ""
    return f"{prose.count(len(plan.add), 'session')} added{taken}"


@daily("hubs.forget_uploads", at=time(3))
def forget_uploads() -> str:
    """Delete the files that were uploaded more than a week ago."""
    return f"{prose.count(imports.forget_uploads(), 'file')} deleted"
