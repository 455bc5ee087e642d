"""Files of hubs and timetables: kept, looked at row by row, and applied when somebody has agreed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hubs.models import Upload
from hubs.rules import Matching, RowPreview
from hubs.service.plans import LeftOut

HUBS, TIMETABLE = "hubs", "timetable"


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """What importing a file would do; with a ``problem`` it cannot be used at all, and has no rows."""

    kind: str
    columns: Matching
    """Which column was taken for what: ``columns.sentences()``, ``.names``, ``.taken``, ``.unused``, ``.missing``."""
    notes: tuple[str, ...] = ()
    problem: str = ""
    rows: tuple[RowPreview[Any, Any], ...] = ()
    """Each with ``row.line``, ``row.sentence()`` (timetable), ``standing``, ``explanation`` and ``warnings``."""
    new_hubs: tuple[str, ...] = ()
    new_activities: tuple[str, ...] = ()
    not_in_file: tuple[Any, ...] = ()
    """Timetable entries of the places in the file that it does not have; they are left as they are."""

    @property
    def is_empty(self) -> bool:
        """Say whether importing would change nothing."""
        raise NotImplementedError

    def summary(self) -> str:
        """Say in one sentence what importing would do."""
        raise NotImplementedError


@dataclass(kw_only=True)
class Imported:
    """What importing a file did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    duplicate: int = 0
    hubs: int = 0
    activities: int = 0
    sessions: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Line and sentence of rows that could not be applied, such as one whose room is taken."""
    left_out: list[LeftOut] = field(default_factory=list)
    """Days that were not laid out because a room is taken."""


def upload(kind: str, name: str, content: bytes) -> Upload:
    """Keep a file of ``hubs`` or of a ``timetable`` until it is applied; CannotReadFile when it is no spreadsheet."""
    raise NotImplementedError


def preview(upload: Upload, *, choices: Mapping[str, str] | None = None, venue: str = "") -> Previewed:
    """Return what importing would do, row by row.

    ``choices`` maps headings of the file to columns (``hubs.rules.Column``, ``HubColumn``) or to ``""`` to leave one
    out; ``venue`` is the place of rows that name none.
    """
    raise NotImplementedError


def apply(
    upload: Upload, *, progress: Callable[[int], None] = lambda done: None, choices: Mapping[str, str] | None = None,
    venue: str = "",
) -> Imported:  # fmt: skip
    """Import the file, and return what was done. Doing so again does nothing.

    ``progress`` is called with a number of rows each time that so many more are done.
    """
    raise NotImplementedError


def forget_uploads() -> int:
    """Delete the files that were uploaded more than a week ago, and return how many there were."""
    raise NotImplementedError
