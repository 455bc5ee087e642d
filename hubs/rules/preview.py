"""What an import would do, row by row, before anything is written."""
# ruff: noqa: D102 - what a protocol asks for says itself

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from difflib import get_close_matches
from typing import Generic, Protocol, TypeVar

from hubs.rules.files import HubRow, TimetableRow, natural_key, next_day
from hubs.rules.opening import read_openings
from hubs.rules.reading import Cost, name_key
from hubs.terms import BookingMode, HubKind, Weekday
from kernel import prose
from kernel.words import Word

ALIKE = 0.88


class Hub(Protocol):
    """A place that the council has; a row of ``hubs`` is one."""

    @property
    def id(self) -> Hashable: ...
    @property
    def name(self) -> str: ...
    @property
    def also_known_as(self) -> str: ...
    @property
    def kind(self) -> HubKind: ...
    @property
    def area(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def accessibility(self) -> str: ...


class Activity(Protocol):
    """An activity that the council has; a row of ``activities`` is one."""

    @property
    def title(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def age_from_months(self) -> int: ...
    @property
    def age_to_months(self) -> int: ...
    @property
    def mode(self) -> BookingMode: ...
    @property
    def price_pence(self) -> int: ...


class Entry(Protocol):
    """An entry of the timetable as it is; a row of ``timetable_entries`` is one."""

    @property
    def id(self) -> Hashable: ...
    @property
    def hub(self) -> Hub: ...
    @property
    def activity(self) -> Activity: ...
    @property
    def weekday(self) -> Weekday: ...
    @property
    def starts(self) -> time: ...
    @property
    def ends(self) -> time: ...
    @property
    def every_weeks(self) -> int: ...
    @property
    def first_date(self) -> date: ...
    @property
    def last_date(self) -> date | None: ...
    @property
    def term_time_only(self) -> bool: ...
    @property
    def import_key(self) -> str: ...


class RowStanding(Word):
    """What an import would do with a row."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "No change"
    DUPLICATE = "duplicate", "Repeated in this file"
    UNREADABLE = "unreadable", "Cannot be read"


R = TypeVar("R", TimetableRow, HubRow)
H = TypeVar("H", bound=Hub)
E = TypeVar("E", bound=Entry)
K = TypeVar("K")


@dataclass(frozen=True, kw_only=True)
class RowPreview(Generic[R, K]):
    """A row of a file, what an import would do with it, and why."""

    row: R
    standing: RowStanding
    explanation: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    key: str = ""
    known: K | None = None
    """The place or the entry that the row is about, when the council has it."""
    hub: Hub | None = None


@dataclass(frozen=True, kw_only=True)
class Preview(Generic[R, K]):
    """All that an import would do."""

    rows: tuple[RowPreview[R, K], ...] = ()
    new_hubs: tuple[str, ...] = ()
    new_activities: tuple[str, ...] = ()
    not_in_file: tuple[K, ...] = ()
    """Entries of the places in the file that the file does not have. They are left as they are."""

    def of(self, *standings: RowStanding) -> tuple[RowPreview[R, K], ...]:
        """Return the rows with one of those standings."""
        return tuple(row for row in self.rows if row.standing in standings)

    @property
    def is_empty(self) -> bool:
        """Say whether an import would change nothing."""
        return not self.of(RowStanding.NEW, RowStanding.CHANGED)

    def summary(self) -> str:
        """Say in one sentence what an import would do."""
        counts = [(len(self.of(standing)), _SUMMED[standing]) for standing in RowStanding]
        said = [f"{prose.count(number, 'row')} {words}" for number, words in counts if number]
        return f"{prose.listing(said)}." if said else "There is nothing to import."


_SUMMED = {
    RowStanding.NEW: "to add",
    RowStanding.CHANGED: "to change",
    RowStanding.UNCHANGED: "without change",
    RowStanding.DUPLICATE: "repeated in the file",
    RowStanding.UNREADABLE: "that cannot be read",
}


def preview_timetable(
    rows: Iterable[TimetableRow],
    hubs: Sequence[H],
    activities: Sequence[Activity],
    entries: Sequence[E],
    *,
    today: date,
) -> Preview[TimetableRow, E]:
    """Return what importing a timetable would do to what the council has; nothing is changed here."""
    checked = _TimetableCheck(hubs, activities, entries, today)
    previews = _with_new_times([checked.look_at(row) for row in rows], entries)
    named = {preview.hub.id for preview in previews if preview.hub}
    met = {id(preview.known) for preview in previews if preview.known}
    return Preview(
        rows=previews,
        new_hubs=tuple(checked.new_hubs.values()),
        new_activities=tuple(checked.new_activities),
        not_in_file=tuple(entry for entry in entries if id(entry) not in met and entry.hub.id in named),
    )


def _with_new_times(
    previews: list[RowPreview[TimetableRow, E]], entries: Sequence[E]
) -> tuple[RowPreview[TimetableRow, E], ...]:
    """Take a new row for an entry that the file lacks, where only its day or start can have changed.

    That is so when the file has met other entries, so that it is no list of additions, when the entry came from a
    file, and when there is one such row and one such entry.
    """
    met = {id(preview.known) for preview in previews if preview.known}
    lacking = [entry for entry in entries if id(entry) not in met and entry.import_key] if met else []
    for alike in (_same_day, _same_place):
        for entry in tuple(lacking):
            rows = [
                n
                for n, p in enumerate(previews)
                if p.standing == RowStanding.NEW and alike(p.row, p.hub, entry)
            ]
            rivals = [
                other
                for other in lacking
                if rows and alike(previews[rows[0]].row, previews[rows[0]].hub, other)
            ]
            if len(rows) == len(rivals) == 1:
                previews[rows[0]] = _with_new_time(previews[rows[0]], entry)
                lacking.remove(entry)
    return tuple(previews)


def _same_place(row: TimetableRow, hub: Hub | None, entry: Entry) -> bool:
    return (
        hub is not None
        and hub.id == entry.hub.id
        and name_key(row.activity) == name_key(entry.activity.title)
    )


def _same_day(row: TimetableRow, hub: Hub | None, entry: Entry) -> bool:
    return _same_place(row, hub, entry) and row.weekday == entry.weekday


def _with_new_time(preview: RowPreview[TimetableRow, E], entry: E) -> RowPreview[TimetableRow, E]:
    others = [said for said in preview.explanation if not said.startswith("Adds ")]
    return replace(
        preview,
        standing=RowStanding.CHANGED,
        explanation=(*_entry_changes(preview.row, entry), *others),
        warnings=(
            *preview.row.warnings,
            f"Taken as the new time of the session on {entry.weekday.label}s at {prose.clock(entry.starts)}, "
            "which is not in this file.",
        ),
        known=entry,
    )


class _TimetableCheck(Generic[E]):
    """The rows met so far, and what the council has."""

    def __init__(
        self, hubs: Sequence[Hub], activities: Sequence[Activity], entries: Sequence[E], today: date
    ) -> None:
        self.hubs = _by_name(hubs)
        self.activities = {name_key(activity.title): activity for activity in activities}
        self.entries = {entry.import_key: entry for entry in entries if entry.import_key} | {
            natural_key(e.hub.name, e.activity.title, e.weekday, e.starts): e for e in entries
        }
        self.today = today
        self.new_hubs: dict[str, str] = {}
        self.new_activities: list[str] = []
        self.first_rows: dict[str, TimetableRow] = {}
        self.seen: dict[str, TimetableRow] = {}

    def look_at(self, row: TimetableRow) -> RowPreview[TimetableRow, E]:
        """Return what an import would do with a row."""
        if row.problems:
            return RowPreview(
                row=row, standing=RowStanding.UNREADABLE, explanation=row.problems, warnings=row.warnings
            )
        hub = self.hubs.get(name_key(row.venue))
        if hub is None and (near := self._alike(row.venue)):
            problem = f"You have no place called {row.venue}. Did you mean {near}? If not, add it first."
            return RowPreview(
                row=row, standing=RowStanding.UNREADABLE, explanation=(problem,), warnings=row.warnings
            )
        key = natural_key(hub.name if hub else row.venue, row.activity, row.weekday, row.starts)
        if twin := self.seen.get(key):
            return RowPreview(
                row=row, standing=RowStanding.DUPLICATE, explanation=(_twin(row, twin),), key=key, hub=hub
            )
        self.seen[key] = row
        return self._compared(row, hub, key)

    def _compared(self, row: TimetableRow, hub: Hub | None, key: str) -> RowPreview[TimetableRow, E]:
        entry = self.entries.get(key)
        activity = self.activities.get(name_key(row.activity))
        quarrel = self._quarrel(row)
        changes = () if quarrel else _activity_changes(row, activity)
        if entry is None:
            said = (*self._new(row, hub, activity), *changes)
            warnings = (*row.warnings, *quarrel, *_defaults(row, self.today))
            return RowPreview(
                row=row, standing=RowStanding.NEW, explanation=said, warnings=warnings, key=key, hub=hub
            )
        changes = (*_entry_changes(row, entry), *changes)
        return RowPreview(
            row=row,
            standing=RowStanding.CHANGED if changes else RowStanding.UNCHANGED,
            explanation=changes or ("Already in your timetable.",),
            warnings=(*row.warnings, *quarrel),
            key=key,
            known=entry,
            hub=hub,
        )

    def _alike(self, venue: str) -> str | None:
        if name_key(venue) in self.new_hubs:
            return None
        near = get_close_matches(name_key(venue), [*self.hubs, *self.new_hubs], n=1, cutoff=ALIKE)
        if not near:
            return None
        return self.hubs[near[0]].name if near[0] in self.hubs else self.new_hubs[near[0]]

    def _new(self, row: TimetableRow, hub: Hub | None, activity: Activity | None) -> list[str]:
        said = [f"Adds {row.sentence()}."]
        if hub is None and name_key(row.venue) not in self.new_hubs:
            self.new_hubs[name_key(row.venue)] = row.venue
            said.append(f"Also adds the place {row.venue}.")
        if activity is None and self.first_rows.get(name_key(row.activity)) is row:
            self.new_activities.append(row.activity)
            said.append(f"Also adds the activity {row.activity}.")
        return said

    def _quarrel(self, row: TimetableRow) -> tuple[str, ...]:
        """Say where two rows of one activity differ in what belongs to the activity: the first row counts."""
        first = self.first_rows.setdefault(name_key(row.activity), row)
        if differs(first, row):
            return (
                f"Line {first.line} says other ages, people, booking or cost for {row.activity}. "
                f"An activity has these once, so line {first.line} counts. Give this one another name if it differs.",
            )
        return ()


def differs(first: TimetableRow, row: TimetableRow) -> bool:
    """Say whether two rows contradict each other in what an activity has once."""
    pairs = (
        (first.ages, row.ages),
        (first.booking, row.booking),
        (first.cost, row.cost),
        (name_key(first.audience) or None, name_key(row.audience) or None),
    )
    return any(one is not None and other is not None and one != other for one, other in pairs)


def _by_name(hubs: Iterable[H]) -> dict[str, H]:
    """Return places by their names and by the other names they go by."""
    every = list(hubs)
    others = {name_key(name): hub for hub in every for name in _aliases(hub) if name_key(name)}
    return others | {name_key(hub.name): hub for hub in every}


def _aliases(hub: Hub) -> list[str]:
    return [
        part for part in hub.also_known_as.replace(";", "\n").replace(",", "\n").split("\n") if part.strip()
    ] + [hub.also_known_as]


def _twin(row: TimetableRow, twin: TimetableRow) -> str:
    same = replace(row, line=0, notes=(), warnings=()) == replace(twin, line=0, notes=(), warnings=())
    return (
        f"The same as line {twin.line}."
        if same
        else f"Line {twin.line} is the same session with other details."
    )


def _entry_changes(row: TimetableRow, entry: Entry) -> tuple[str, ...]:
    """Say what the file would change; where it is silent, the entry stays as it is."""
    changes = []
    if row.starts and row.ends and (row.starts, row.ends) != (entry.starts, entry.ends):
        changes.append(
            f"{prose.times(row.starts, row.ends)} instead of {prose.times(entry.starts, entry.ends)}"
        )
    if row.weekday and row.weekday != entry.weekday:
        changes.append(f"on {row.weekday.label}s instead of {entry.weekday.label}s")
    if row.every_weeks and row.every_weeks != entry.every_weeks:
        changes.append(f"{_often(row.every_weeks)} instead of {_often(entry.every_weeks)}")
    if row.first_date and row.first_date != entry.first_date:
        changes.append(
            f"from {prose.date_only(row.first_date)} instead of {prose.date_only(entry.first_date)}"
        )
    if row.last_date and row.last_date != entry.last_date:
        changes.append(f"until {prose.date_only(row.last_date)}")
    if row.term_time_only is not None and row.term_time_only != entry.term_time_only:
        changes.append("in term time only" if row.term_time_only else "in the school holidays too")
    return tuple(f"{change[0].upper()}{change[1:]}." for change in changes)


def _often(weeks: int) -> str:
    return "every week" if weeks == 1 else f"every {weeks} weeks"


def _activity_changes(row: TimetableRow, activity: Activity | None) -> tuple[str, ...]:
    if activity is None:
        return ()
    changes = []
    if row.ages and not _covers(row, activity):
        changes.append(f"for {row.ages}")
    if row.booking and row.booking != activity.mode:
        changes.append("drop-in" if row.booking == BookingMode.DROP_IN else "places must be booked")
    if row.cost and row.cost.pence != activity.price_pence:
        changes.append(f"{row.cost} instead of {Cost(activity.price_pence)}")
    if row.audience and name_key(row.audience) != name_key(activity.audience):
        changes.append(f"for {row.audience}")
    return tuple(f"{activity.title}, wherever it is held: {change}." for change in changes)


def _covers(row: TimetableRow, activity: Activity) -> bool:
    """Say whether the activity's ages are those of the row; a limit that the row leaves open is not compared."""
    assert row.ages
    first, last = row.ages.from_months, row.ages.to_months
    return first in (None, activity.age_from_months) and last in (None, activity.age_to_months)


def _defaults(row: TimetableRow, today: date) -> tuple[str, ...]:
    """Say what we take for granted where the file is silent."""
    said = []
    if row.every_weeks == 2 and not row.first_date and row.weekday:
        begins = prose.day(next_day(row.weekday, today))
        said.append(f"The file does not say in which weeks, so the first is {begins}. Check the week.")
    if row.every_weeks is None:
        said.append("The file does not say how often, so it was taken as every week.")
    once = row.first_date is not None and row.first_date == row.last_date
    if row.term_time_only is None and not once:
        said.append("The file does not say whether it stops in the school holidays, so it runs all year.")
    return tuple(said)


def preview_hubs(rows: Iterable[HubRow], hubs: Sequence[H]) -> Preview[HubRow, H]:
    """Return what importing a list of places would do; nothing is changed here."""
    known, seen = _by_name(hubs), dict[str, HubRow]()
    previews = tuple(_look_at_hub(row, known, seen) for row in rows)
    new = tuple(preview.row.name for preview in previews if preview.standing == RowStanding.NEW)
    return Preview(rows=previews, new_hubs=new)


def _look_at_hub(row: HubRow, known: dict[str, H], seen: dict[str, HubRow]) -> RowPreview[HubRow, H]:
    if row.problems:
        return RowPreview(
            row=row, standing=RowStanding.UNREADABLE, explanation=row.problems, warnings=row.warnings
        )
    hub = known.get(row.key)
    key = name_key(hub.name) if hub else row.key
    if twin := seen.get(key):
        said = f"The same place as on line {twin.line}."
        return RowPreview(row=row, standing=RowStanding.DUPLICATE, explanation=(said,), key=key)
    seen[key] = row
    if hub is None:
        return RowPreview(
            row=row,
            standing=RowStanding.NEW,
            explanation=(f"Adds {row.name}.",),
            warnings=_hub_warnings(row),
            key=key,
        )
    changes = _hub_changes(row, hub)
    return RowPreview(
        row=row,
        standing=RowStanding.CHANGED if changes else RowStanding.UNCHANGED,
        explanation=changes or ("Already among your places.",),
        warnings=(*row.warnings, *_OPENING_KEPT) if row.opening else row.warnings,
        key=key,
        known=hub,
        hub=hub,
    )


_OPENING_KEPT = ("Opening times are taken for new places only. Change those of this place on its page.",)


def _hub_warnings(row: HubRow) -> tuple[str, ...]:
    unread = [f"‘{words}’" for words in read_openings(row.opening).unread]
    said = (f"We cannot read when it is open from {prose.listing(unread)}.",) if unread else ()
    guessed = () if row.kind_is_said or not row.kind else row.notes[:1]
    return (*row.warnings, *guessed, *said)


def _hub_changes(row: HubRow, hub: Hub) -> tuple[str, ...]:
    changes = []
    if row.kind and row.kind_is_said and row.kind != hub.kind:
        changes.append(f"Kind: {row.kind.label} instead of {hub.kind.label}.")
    for label, new, old in (
        ("Area", row.area, hub.area),
        ("Also known as", row.also_known_as, hub.also_known_as),
        ("Address", row.address, hub.address),
        ("Postcode", row.postcode, hub.postcode),
        ("Telephone", row.phone, hub.phone),
        ("Email", row.email, hub.email),
        ("Accessibility", row.accessibility, hub.accessibility),
    ):
        if new and new != old:
            changes.append(f"{label}: {new}{f' instead of {old}' if old else ''}.")
    return tuple(changes)
