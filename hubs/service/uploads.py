"""Carrying an import out: at once when the file is short, by a worker when it is long, with a count on the way."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update

from hubs.models import ImportRun, Upload
from hubs.service import imports
from hubs.service.file_rows import Imported
from kernel import prose
from kernel.clock import now
from kernel.db import apart, db, find
from kernel.errors import Refusal
from kernel.outbox import promise

AT_ONCE = 60
"""A file with more rows is imported by a worker."""
EVERY = 10
COUNTS = ("added", "changed", "unchanged", "unreadable", "duplicate", "hubs", "activities", "sessions")


def begin(upload: Upload, *, choices: Mapping[str, str], venue: str = "") -> ImportRun:
    """Import a file that somebody agreed to, or promise to."""
    previewed = imports.preview(upload, choices=choices, venue=venue)
    if previewed.problem:
        raise Refusal(previewed.problem)

    rows = len(previewed.rows)
    run = ImportRun(upload_id=upload.id, choices=dict(choices), venue=venue, rows=rows, asked_at=now())
    db.add(run)
    db.flush()
    if rows <= AT_ONCE:
        _carry_out(run, lambda done: None)
    else:
        promise("hubs.import", key=f"hubs.import:{run.id}", run_id=run.id)
    return run


def carry_out(run_id: UUID) -> str:
    """Import a file, counting its rows where others can see them on the way; return what came of it."""
    run = find(ImportRun, run_id)
    if run.ended_at is None:
        _carry_out(run, _Count(run.id))
    return prose.count(run.rows, "row")


class _Count:
    """Counts rows in transactions of their own, for the import is seen by nobody before it is whole."""

    def __init__(self, run_id: UUID) -> None:
        self.run_id, self.done = run_id, 0

    def __call__(self, more: int) -> None:
        self.done += more
        if self.done % EVERY == 0:
            with apart() as own:
                own.execute(update(ImportRun).where(ImportRun.id == self.run_id).values(rows_done=self.done))


def _carry_out(run: ImportRun, progress: Any) -> None:
    upload = find(Upload, run.upload_id)
    try:
        with db.begin_nested():
            done = imports.apply(upload, progress=progress, choices=run.choices, venue=run.venue)
        run.outcome = _told(done)
    except Refusal as refusal:
        run.outcome = {"problem": str(refusal)}
    run.rows_done, run.ended_at = run.rows, now()
    db.flush()


def _told(done: Imported) -> dict[str, Any]:
    left_out = [
        f"{left.activity}, {left.hub}, {prose.day(left.day)}: {left.reason}" for left in done.left_out
    ]
    return {
        **{name: getattr(done, name) for name in COUNTS},
        "refused": [list(pair) for pair in done.refused],
        "left_out": left_out[:200],
    }
