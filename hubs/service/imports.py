"""Files of hubs and timetables: kept, looked at row by row, and applied when somebody has agreed."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from hubs import rules
from hubs.models import Activity, Hub, TimetableEntry, Upload
from hubs.rules import Matching, RowPreview, RowStanding, TimetableRow
from hubs.service.drafts import settled
from hubs.service.file_rows import HubRows, Imported, TimetableRows, changes_of
from hubs.service.outlook import booked_of, by_entry, laid, outlook
from hubs.service.plans import Plan
from kernel.clock import now, today
from kernel.db import actor, db, find
from kernel.errors import NotFound, Refusal
from kernel.spreadsheets import read_sheet

__all__ = ["HUBS", "TIMETABLE", "Imported", "Previewed", "apply", "forget_uploads", "preview", "upload"]

HUBS, TIMETABLE = "hubs", "timetable"
KEPT = timedelta(days=7)
NO_CHOICES: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """What importing a file would do; with a ``problem`` it cannot be used at all, and has no rows."""

    kind: str
    columns: Matching
    """Which column was taken for what: ``columns.sentences()``, ``.names``, ``.taken``, ``.unused``, ``.missing``."""
    notes: tuple[str, ...] = ()
    problem: str = ""
    found: rules.Preview[Any, Any] = field(default_factory=rules.Preview)
    plan: Plan = field(default_factory=Plan)
    """What the changed rows do to sessions that are laid out already: ``lines`` with the ``entry_id`` of each."""

    @property
    def rows(self) -> tuple[RowPreview[Any, Any], ...]:
        """Return the rows: each has ``row.line``, ``row.sentence()``, ``standing``, ``explanation``, ``warnings``."""
        return self.found.rows

    @property
    def new_hubs(self) -> tuple[str, ...]:
        """Return the places that would be added."""
        return self.found.new_hubs

    @property
    def new_activities(self) -> tuple[str, ...]:
        """Return the activities that would be added."""
        return self.found.new_activities

    @property
    def not_in_file(self) -> tuple[TimetableEntry, ...]:
        """Return the entries of the places in the file that it does not have; they are left as they are."""
        return tuple(e for e in self.found.not_in_file if e.last_date is None or e.last_date >= today())

    @property
    def is_empty(self) -> bool:
        """Say whether importing would change nothing."""
        return self.found.is_empty

    def summary(self) -> str:
        """Say in one sentence what importing would do."""
        return self.problem or self.found.summary()


def upload(kind: str, name: str, content: bytes) -> Upload:
    """Keep a file of ``hubs`` or of a ``timetable`` until it is applied; CannotReadFile when it is no spreadsheet."""
    if kind not in (HUBS, TIMETABLE):
        raise NotFound(kind)
    read_sheet(content)

    kept = Upload(name=name[:200], kind=kind, content=content, uploaded_at=now(), uploaded_by=actor())
    db.add(kept)
    db.flush()
    return kept


def preview(upload: Upload, *, choices: Mapping[str, str] = NO_CHOICES, venue: str = "") -> Previewed:
    """Return what importing would do, row by row.

    ``choices`` maps headings of the file to columns (``hubs.rules.Column``, ``HubColumn``) or to ``""`` to leave one
    out; ``venue`` is the place of rows that name none.
    """
    sheet, hubs = read_sheet(upload.content), db.scalars(select(Hub).order_by(Hub.id)).all()
    if upload.kind == HUBS:
        listed = rules.read_hubs(sheet, choices=choices)
        return Previewed(
            kind=HUBS,
            columns=listed.columns,
            notes=listed.notes,
            problem=listed.problem,
            found=rules.preview_hubs(listed.rows, hubs),
        )
    read = rules.read_timetable(sheet, venue=venue, choices=choices)
    known = db.scalars(select(Activity).order_by(Activity.id)).all()
    found = rules.preview_timetable(read.rows, hubs, known, _entries(), today=today())
    return Previewed(
        kind=TIMETABLE,
        columns=read.columns,
        notes=read.notes,
        problem=read.problem,
        found=found,
        plan=_plan(found),
    )


def apply(
    upload: Upload, *, progress: Callable[[int], None] = lambda done: None, choices: Mapping[str, str] = NO_CHOICES,
    venue: str = "",
) -> Imported:  # fmt: skip
    """Import the file, and return what was done. Doing so again does nothing.

    ``progress`` is called with a number of rows each time that so many more are done.
    """
    _one_at_a_time()
    upload = find(Upload, upload.id, lock=True)
    previewed = preview(upload, choices=choices, venue=venue)
    if previewed.problem:
        raise Refusal(previewed.problem)

    work = HubRows() if upload.kind == HUBS else TimetableRows()
    for row in previewed.rows:
        work.do(row)
        progress(1)
    work.finish()
    upload.applied_at = now()
    db.flush()
    return work.done


def forget_uploads() -> int:
    """Delete the files that were uploaded more than a week ago, and return how many there were."""
    old = delete(Upload).where(Upload.uploaded_at < now() - KEPT).returning(Upload.id)
    return len(db.scalars(old).all())


def _plan(found: rules.Preview[TimetableRow, TimetableEntry]) -> Plan:
    """Return what the changed rows together do to the sessions that are laid out."""
    changed = [
        (p.known, changes) for p in found.of(RowStanding.CHANGED) if p.known and (changes := changes_of(p))
    ]
    if not changed:
        return Plan()
    ahead, sessions = outlook(), laid(*(entry.id for entry, _ in changed))
    mine, booked = by_entry(sessions), booked_of(sessions)
    drafts = []
    for entry, changes in changed:
        with suppress(Refusal):  # what cannot be is said for its row, when it is applied
            drafts.append(ahead.changed(entry, mine[entry.id], changes, from_day=None, booked=booked))
    return settled(drafts)


def _entries() -> Sequence[TimetableEntry]:
    """Return the entries that a file may speak of; those that staff ended or replaced are none of its business."""
    named = (joinedload(TimetableEntry.hub), joinedload(TimetableEntry.activity))
    standing = TimetableEntry.ended_at.is_(None) & TimetableEntry.replaced_by_id.is_(None)
    return db.scalars(
        select(TimetableEntry).where(standing).options(*named).order_by(TimetableEntry.id)
    ).all()


def _one_at_a_time() -> None:
    """Let two imports of one council wait for each other, so that nothing is added twice."""
    for row in (Upload.id, Hub.id):
        db.execute(select(row).order_by(row).with_for_update(key_share=True))
