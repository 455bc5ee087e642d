"""What the entries of the timetable ask for from today on, as far as the council lays its timetable out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from hubs import rules
from hubs.models import Activity, Hub, Session, TimetableEntry
from hubs.rules import Does, Intent, PlainIntent, Series, Window
from hubs.service.drafts import Draft, bookings_of
from hubs.service.one_session import find_room
from kernel.clock import now, today
from kernel.db import db
from kernel.errors import ensure_known
from tenants import queries as tenants

WEEKS_AHEAD = 13
INTENT = (
    "weekday", "starts", "ends", "every_weeks", "first_date", "last_date", "term_time_only", "not_on_bank_holidays",
)  # fmt: skip


def entries_to_come() -> Sequence[TimetableEntry]:
    """Return the entries that are still to take place."""
    last = TimetableEntry.last_date
    to_come = or_(last.is_(None), (last >= today()) & (last >= TimetableEntry.first_date))
    named = (joinedload(TimetableEntry.hub), joinedload(TimetableEntry.activity))
    return db.scalars(select(TimetableEntry).where(to_come).options(*named).order_by(TimetableEntry.id)).all()


def laid(*entry_ids: UUID) -> Sequence[Session]:
    """Return the sessions that entries have from today on."""
    return db.scalars(select(Session).where(*_of(entry_ids)).order_by(Session.id)).all()


def locked(*entry_ids: UUID) -> Sequence[Session]:
    """Return the sessions that entries have from today on, and let nobody book them meanwhile."""
    wanted = select(Session).where(*_of(entry_ids)).order_by(Session.id).with_for_update()
    return db.scalars(wanted.execution_options(populate_existing=True)).all()


def _of(entry_ids: Collection[UUID]) -> tuple[Any, ...]:
    return Session.entry_id.in_(entry_ids), Session.entry_date >= today()


def changed_intent(
    entry: TimetableEntry, changes: Mapping[str, Any], *, from_day: date | None
) -> PlainIntent:
    """Return what an entry would say with these changes, as a whole or from a day on."""
    ensure_known(changes, (*INTENT, "room_id"))
    changed = PlainIntent(**{part: changes.get(part, getattr(entry, part)) for part in INTENT})
    after = rules.split(entry, changed, from_day=from_day)[1] if from_day else changed
    rules.ensure_possible(after)
    return after


@dataclass(frozen=True)
class Outlook:
    """How far the council's timetable is laid out, and its school calendar."""

    window: Window
    calendar: rules.Calendar

    def new(
        self, hub: Hub, activity: Activity, room_id: UUID | None, intent: Intent, *, entry_id: UUID | None
    ) -> Draft:
        """Return what a new entry adds."""
        found = rules.series(intent, self.window, self.calendar)
        steps = rules.plan((), found.occurrences, window=self.window, now=now(), room_id=room_id)
        return Draft(hub=hub, activity=activity, entry_id=entry_id, steps=steps, skipped=found.skipped)

    def changed(
        self,
        entry: TimetableEntry,
        laid: Sequence[Session],
        changes: Mapping[str, Any],
        *,
        from_day: date | None,
        booked: Mapping[UUID, int] | None = None,
    ) -> Draft:
        """Return what a change does to all sessions of an entry, or to those from a day on."""
        intent = changed_intent(entry, changes, from_day=from_day)
        room_id = changes.get("room_id", entry.room_id)
        if room_id != entry.room_id:
            find_room(entry.hub, room_id)
        mine = rules.following(laid, from_day=from_day) if from_day else laid
        found = rules.series(intent, self._window(mine), self.calendar)
        return self._draft(entry, mine, found, room_id=room_id, booked=booked)

    def ended(self, entry: TimetableEntry, laid: Sequence[Session], last_date: date) -> Draft:
        """Return what ending an entry after a day does."""
        endless = PlainIntent(**{part: getattr(entry, part) for part in INTENT if part != "last_date"})
        until = replace(self._window(laid), last=last_date)
        found = rules.series(endless, until, self.calendar)
        return self._draft(entry, laid, Series(found.occurrences, ()), room_id=entry.room_id)

    def as_they_say(self, entries: Sequence[TimetableEntry], laid: Sequence[Session]) -> list[Draft]:
        """Return what brings the sessions of entries to what these say, as the calendar is now."""
        grouped, booked, drafts = by_entry(laid), booked_of(laid), []
        for entry in entries:
            mine = grouped[entry.id]
            found = rules.series(entry, self._window(mine), self.calendar)
            draft = self._draft(entry, mine, found, room_id=entry.room_id, booked=booked)
            drafts.append(replace(draft, skipped=()))
        return drafts

    def missing(self, entries: Sequence[TimetableEntry], laid: Sequence[Session]) -> list[Draft]:
        """Return what is to be added, and no more: all else waits for somebody to look at it."""
        grouped, drafts = by_entry(laid), []
        for entry in entries:
            found = rules.series(entry, self.window, self.calendar)
            draft = self._draft(entry, grouped[entry.id], found, room_id=entry.room_id, booked={})
            drafts.append(replace(draft, steps=rules.Plan(draft.steps.of(Does.ADD)), skipped=()))
        return drafts

    def _draft(
        self,
        entry: TimetableEntry,
        laid: Sequence[Session],
        found: Series,
        *,
        room_id: UUID | None,
        booked: Mapping[UUID, int] | None = None,
    ) -> Draft:
        steps = rules.plan(
            laid,
            found.occurrences,
            window=self._window(laid),
            now=now(),
            room_id=room_id,
            bookings=booked_of(laid) if booked is None else booked,
            skipped=found.skipped,
        )
        return Draft(
            hub=entry.hub, activity=entry.activity, entry_id=entry.id, steps=steps, skipped=found.skipped
        )

    def _window(self, laid: Iterable[Session]) -> Window:
        """Return the days to plan: to the horizon, and on to the last session that is laid out already."""
        last = max((s.entry_date for s in laid if s.entry_date), default=self.window.last)
        return replace(self.window, last=max(self.window.last, last))


def outlook() -> Outlook:
    """Return the council's outlook today."""
    settings = tenants.settings()
    weeks = settings.weeks_ahead if settings else WEEKS_AHEAD
    return Outlook(rules.horizon(today(), weeks=weeks), tenants.school_calendar())


def booked_of(laid: Iterable[Session]) -> Mapping[UUID, int]:
    """Return how many live bookings sessions have."""
    return bookings_of([session.id for session in laid])


def by_entry(laid: Iterable[Session]) -> Mapping[UUID, list[Session]]:
    """Return sessions by the entry that they are of."""
    grouped: dict[UUID, list[Session]] = defaultdict(list)
    for session in laid:
        if session.entry_id:
            grouped[session.entry_id].append(session)
    return grouped
