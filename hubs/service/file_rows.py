"""Writing what the rows of a file say: the work of an import."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from hubs import rules
from hubs.models import Activity, Hub, Room, TimetableEntry
from hubs.rules import HubRow, RowPreview, RowStanding, TimetableRow, name_key
from hubs.service import activities, places, timetable
from hubs.service.one_session import find_place
from hubs.service.outlook import INTENT
from hubs.service.plans import LeftOut
from hubs.terms import HubKind, Scope
from kernel.clock import today
from kernel.db import db, find
from kernel.errors import Refusal


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


class Rows:
    """What is common to both kinds of import: counting, and going on when one row is refused."""

    def __init__(self) -> None:
        self.done = Imported()

    def do(self, preview: RowPreview[Any, Any]) -> None:
        """Do what was shown for one row."""
        if preview.standing in (RowStanding.NEW, RowStanding.CHANGED):
            before = replace(self.done)
            try:
                with db.begin_nested():
                    self.write(preview)
            except Refusal as refusal:
                self.done = replace(before, refused=[*before.refused, (preview.row.line, str(refusal))])
                self.look()
                return
        self._count(preview.standing)

    def look(self) -> None:
        """Look at what the council has."""

    def write(self, preview: RowPreview[Any, Any]) -> None:
        """Write what a new or changed row says."""
        raise NotImplementedError

    def finish(self) -> None:
        """Do what is left when all rows are written."""

    def _count(self, standing: RowStanding) -> None:
        name = "added" if standing == RowStanding.NEW else standing.value
        setattr(self.done, name, getattr(self.done, name) + 1)


class HubRows(Rows):
    """The import of a list of places."""

    def write(self, preview: RowPreview[HubRow, Hub]) -> None:
        """Add the place, or change what the row says about it."""
        row, hub = preview.row, preview.known
        parts: dict[str, Any] = {part: said for part in _SAID if (said := getattr(row, part))}
        if row.kind and (hub is None or row.kind_is_said):
            parts["kind"] = row.kind
        if hub:
            places.change_hub(hub, **parts)
        else:
            added = places.add_hub(row.name, **parts)
            opening = rules.read_openings(row.opening).stretches
            if opening:
                places.set_opening_times(added, [places.Opening(*stretch) for stretch in opening])
            self.done.hubs += 1


_SAID = ("area", "also_known_as", "address", "postcode", "phone", "email", "accessibility")


class TimetableRows(Rows):
    """The import of a timetable: entries, and the places, rooms and activities that they need."""

    def __init__(self) -> None:
        super().__init__()
        self.first_rows: dict[str, TimetableRow] = {}
        self.new: list[TimetableEntry] = []
        self.look()

    def look(self) -> None:
        """Look at which places and activities the council has."""
        self.hubs = {hub.name_key: hub for hub in db.scalars(select(Hub))}
        self.activities = {activity.title_key: activity for activity in db.scalars(select(Activity))}

    def do(self, preview: RowPreview[Any, Any]) -> None:
        """Do what was shown for one row, knowing which row of an activity came first."""
        if preview.standing != RowStanding.UNREADABLE:
            self.first_rows.setdefault(name_key(preview.row.activity), preview.row)
        super().do(preview)

    def write(self, preview: RowPreview[TimetableRow, TimetableEntry]) -> None:
        """Add the entry, or change what the row says about it; its sessions are laid out when all are written."""
        activity = self._activity(preview.row)
        if preview.known:
            self._change(preview.known, preview)
        else:
            self._add(preview, activity)

    def finish(self) -> None:
        """Lay out all that is new at once."""
        plan = timetable.lay_out_entries(self.new)
        self.done.sessions += len(plan.add)
        self.done.left_out += plan.room_taken

    def _add(self, preview: RowPreview[TimetableRow, TimetableEntry], activity: Activity) -> None:
        row = preview.row
        hub = self._hub(preview)
        room = self._room(hub, row.room)
        find_place(hub.id, activity.id, room.id if room else None)
        intent = rules.intent_of(row, today=today())
        rules.ensure_possible(intent)
        entry = TimetableEntry(
            hub_id=hub.id,
            activity_id=activity.id,
            room_id=room.id if room else None,
            import_key=preview.key,
            **{part: getattr(intent, part) for part in INTENT},
        )
        db.add(entry)
        db.flush()
        self.new.append(entry)

    def _change(self, entry: TimetableEntry, preview: RowPreview[TimetableRow, TimetableEntry]) -> None:
        changes = changes_of(preview)
        if changes:
            plan = timetable.apply_change(entry, Scope.ALL, changes)
            self.done.sessions += len(plan.add)
            self.done.left_out += plan.room_taken
        entry.import_key = preview.key
        db.flush()

    def _hub(self, preview: RowPreview[TimetableRow, TimetableEntry]) -> Hub:
        if preview.hub:
            return find(Hub, preview.hub.id)  # type: ignore[arg-type]
        venue = preview.row.venue
        if hub := self.hubs.get(name_key(venue)):
            return hub
        kind = rules.read_hub_kind(None, name=venue).value or HubKind.COMMUNITY_VENUE
        hub = self.hubs[name_key(venue)] = places.add_hub(venue, kind=kind)
        self.done.hubs += 1
        return hub

    def _room(self, hub: Hub, name: str) -> Room | None:
        if not name:
            return None
        known = {name_key(room.name): room for room in hub.rooms}
        return known.get(name_key(name)) or places.add_room(hub, name)

    def _activity(self, row: TimetableRow) -> Activity:
        key = name_key(row.activity)
        parts = _parts(row)
        activity = self.activities.get(key)
        if activity is None:
            activity = activities.add_activity(row.activity, **parts, **_only_when_new(row))
            self.activities[key] = activity
            self.done.activities += 1
        elif not rules.differs(self.first_rows[key], row):
            if name_key(row.audience) == name_key(activity.audience):
                parts.pop("audience", None)
            changes = {part: value for part, value in parts.items() if value != getattr(activity, part)}
            if changes:
                activities.change_activity(activity, **changes)
        return activity


def changes_of(preview: RowPreview[TimetableRow, TimetableEntry]) -> dict[str, Any]:
    """Return the parts of an entry that a row changes; where it is silent, the entry stays as it is."""
    said = {part: getattr(preview.row, part, None) for part in INTENT}
    return {
        part: value
        for part, value in said.items()
        if value is not None and value != getattr(preview.known, part)
    }


def _parts(row: TimetableRow) -> dict[str, Any]:
    """Return what a row says about its activity; where it is silent, the activity stays as it is."""
    said = {
        "age_from_months": row.ages.from_months if row.ages else None,
        "age_to_months": row.ages.to_months if row.ages else None,
        "mode": row.booking,
        "price_pence": row.cost.pence if row.cost else None,
        "audience": row.audience or None,
    }
    return {part: value for part, value in said.items() if value is not None}


def _only_when_new(row: TimetableRow) -> dict[str, Any]:
    said = {"description": row.description or None, "most_families": row.capacity}
    return {part: value for part, value in said.items() if value is not None}
