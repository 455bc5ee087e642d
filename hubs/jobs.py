"""What the timetable does by itself every night, and the import of long files."""

from datetime import time
from uuid import UUID

from hubs.service import imports, timetable, uploads
from kernel import prose
from kernel.chores import daily
from kernel.outbox import keeps


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


@keeps("hubs.import")
def import_file(run_id: UUID) -> str:
    """Import a long file that somebody agreed to."""
    return uploads.carry_out(run_id)
