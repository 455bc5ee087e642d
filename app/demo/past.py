"""A year that is made up: who booked, who came and who did not, as rows ready to be written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert

from app.demo.story import FamilyStory, Trend, crowd, season, stays_away
from attendance.models import Attendance, Register
from attendance.terms import Mark
from bookings.models import Booking, FamilyAtHub, Place
from bookings.terms import Channel, Standing
from families.models import Person
from families.terms import PersonKind
from hubs.models import Activity, Session, TimetableEntry
from hubs.rules import Window, occurrences
from hubs.rules.recurrence import Calendar, Occurrence, PlainIntent
from hubs.terms import BookingMode, SessionStanding
from kernel.clock import wall
from kernel.db import db
from kernel.ids import new_id

YEAR = timedelta(days=364)
BATCH = 2000
CALLED_OFF = ("The leader is ill", "The heating has failed", "Snow")


@dataclass
class Family:
    """An invented family and its rows."""

    story: FamilyStory
    household_id: UUID
    carers: list[Person]
    children: list[Person]
    hub_id: UUID


class Meeting(NamedTuple):
    """A session of the past, and who kept its register."""

    session_id: UUID
    hub_id: UUID
    starts: datetime
    worker: UUID


@dataclass
class Past:
    """The rows of a year, by table, in the order in which they can be written."""

    tenant_id: UUID
    rows: dict[type, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: type, /, **values: Any) -> UUID:
        """Note a row and return its id."""
        return self.add_as(new_id(), table, **values)

    def add_as(self, row_id: UUID, table: type, /, **values: Any) -> UUID:
        """Note a row that has its id already."""
        self.rows[table].append({"tenant_id": self.tenant_id, "id": row_id, **values})
        return row_id


class Year:
    """Lives one hub's year, week by week."""

    def __init__(
        self, past: Past, families: Iterable[Family], calendar: Calendar, today: date, seed: str
    ) -> None:
        self.past, self.calendar, self.today = past, calendar, today
        self.families = list(families)
        self.dice = Random(f"{seed} year")
        self.known: set[tuple[UUID, UUID]] = set()

    def live(self, entry: TimetableEntry, activity: Activity, trend: Trend, worker: UUID) -> None:
        """Live what an entry of the timetable would have brought in the year until yesterday."""
        first = self.today - YEAR
        intent = PlainIntent(
            weekday=entry.weekday,
            starts=entry.starts,
            ends=entry.ends,
            every_weeks=entry.every_weeks,
            first_date=entry.first_date - YEAR if entry.first_date > first else entry.first_date,
            term_time_only=entry.term_time_only,
            not_on_bank_holidays=entry.not_on_bank_holidays,
        )
        for occurrence in occurrences(intent, Window(first, self.today - timedelta(days=1)), self.calendar):
            self._session(entry, activity, trend, occurrence, worker)

    def _session(
        self, entry: TimetableEntry, activity: Activity, trend: Trend, when: Occurrence, worker: UUID
    ) -> None:
        starts, ends = when.starts_at, when.ends_at
        share = (when.day - (self.today - YEAR)) / YEAR
        day = wall(starts).date()
        off = self.dice.random() < 0.035
        session_id = self.past.add(
            Session,
            entry_id=entry.id,
            entry_date=day,
            activity_id=activity.id,
            hub_id=entry.hub_id,
            room_id=entry.room_id,
            on_date=day,
            starts_at=starts,
            ends_at=ends,
            most_families=activity.most_families,
            most_children=activity.most_children,
            most_adults=activity.most_adults,
            standing=SessionStanding.CALLED_OFF if off else SessionStanding.PLANNED,
            called_off_at=starts - timedelta(hours=20) if off else None,
            called_off_because=self.dice.choice(CALLED_OFF) if off else "",
        )
        if off:
            return
        self._register(session_id, activity, starts, worker)
        meeting = Meeting(session_id, entry.hub_id, starts, worker)
        comers = self._who_would_come(entry.hub_id, activity, day, crowd(trend, share) * season(day))
        for family, party in comers:
            if activity.mode is BookingMode.BOOKABLE:
                self._booked(meeting, family, party, trend)
            else:
                self._came(meeting, family, party, None)

    def _register(self, session_id: UUID, activity: Activity, starts: datetime, worker: UUID) -> None:
        drop_in = activity.mode is BookingMode.DROP_IN
        self.past.add(
            Register,
            session_id=session_id,
            adults_counted=self.dice.randrange(4) if drop_in else 0,
            children_counted=self.dice.randrange(6) if drop_in else 0,
            notes="",
            closed_at=starts + timedelta(hours=3),
            closed_by=worker,
        )

    def _who_would_come(
        self, hub_id: UUID, activity: Activity, day: date, fullness: float
    ) -> list[tuple[Family, list[Person]]]:
        suited = [(family, party_for(family, activity, day)) for family in self.families]
        willing = [(family, party) for family, party in suited if party]
        room = activity.most_families or activity.most_children or activity.most_adults or 18
        wanted = round(room * min(1.0, max(0.1, self.dice.gauss(fullness, 0.13))))
        willing.sort(key=lambda pair: -self._pull(pair[0], hub_id))
        chosen, left = [], wanted
        for family, party in willing:
            size = self._size(activity, party)
            if 0 < size <= left:
                chosen.append((family, party))
                left -= size
        return chosen

    def _pull(self, family: Family, hub_id: UUID) -> float:
        home = 1.0 if family.hub_id == hub_id else 0.25
        return home * (0.15 + family.story.keen) * self.dice.random()

    @staticmethod
    def _size(activity: Activity, party: list[Person]) -> int:
        if activity.most_families:
            return 1
        return sum(
            p.kind is (PersonKind.CHILD if activity.most_children else PersonKind.CARER) for p in party
        )

    def _booked(self, at: Meeting, family: Family, party: list[Person], trend: Trend) -> None:
        made = at.starts - timedelta(days=self.dice.randrange(1, 7), hours=self.dice.randrange(1, 9))
        cancelled = self.dice.random() < 0.08
        booking_id = self.past.add(
            Booking,
            session_id=at.session_id,
            household_id=family.household_id,
            carer_id=party[0].id,
            reference=reference(self.dice),
            channel=Channel.STAFF if self.dice.random() < 0.2 else Channel.WEB,
            standing=Standing.CANCELLED if cancelled else Standing.CONFIRMED,
            adults=1,
            children=len(party) - 1,
            confirmed_at=made,
            cancelled_at=at.starts - timedelta(hours=self.dice.randrange(3, 20)) if cancelled else None,
            created_at=made,
        )
        for person in party:
            self.past.add(
                Place,
                booking_id=booking_id,
                session_id=at.session_id,
                person_id=person.id,
                given_up_at=at.starts - timedelta(hours=3) if cancelled else None,
            )
        if cancelled:
            return
        if self.dice.random() < stays_away(trend) * (1.5 - family.story.keen):
            apologies = self.dice.random() < 0.25
            self._mark(at, family, party, booking_id, Mark.APOLOGIES if apologies else Mark.ABSENT)
        else:
            self._came(at, family, party, booking_id)

    def _came(self, at: Meeting, family: Family, party: list[Person], booking_id: UUID | None) -> None:
        mark = Mark.LATE if self.dice.random() < 0.09 else Mark.HERE
        self._mark(at, family, party, booking_id, mark)
        if (at.hub_id, family.household_id) not in self.known:
            self.known.add((at.hub_id, family.household_id))
            self.past.add(FamilyAtHub, hub_id=at.hub_id, household_id=family.household_id)

    def _mark(
        self, at: Meeting, family: Family, party: list[Person], booking_id: UUID | None, mark: Mark
    ) -> None:
        day = wall(at.starts).date()
        here = mark in (Mark.HERE, Mark.LATE)
        late = timedelta(
            minutes=self.dice.randrange(11, 40) if mark is Mark.LATE else self.dice.randrange(-8, 9)
        )
        for person in party:
            self.past.add(
                Attendance,
                session_id=at.session_id,
                hub_id=at.hub_id,
                on_date=day,
                person_id=person.id,
                household_id=person.household_id,
                kind=person.kind,
                age_months=age_months(person.date_of_birth, day),
                booking_id=booking_id,
                mark=mark,
                arrived_at=at.starts + late if here else None,
                left_at=None,
                marked_at=at.starts + timedelta(minutes=30),
                marked_by=at.worker,
            )


def party_for(family: Family, activity: Activity, day: date) -> list[Person]:
    """Return who of the family would come: the first carer and the children of the right age, or nobody."""
    most = activity.children_per_adult
    children = [child for child in family.children if _suits(child, activity, day)][:most]
    return [family.carers[0], *children] if children else []


def _suits(child: Person, activity: Activity, day: date) -> bool:
    months = age_months(child.date_of_birth, day)
    return months is not None and activity.age_from_months <= months <= activity.age_to_months


def age_months(born: date | None, day: date) -> int | None:
    """Return an age in whole months; None when it is not known or not reached."""
    if born is None or born > day:
        return None
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def reference(dice: Random) -> str:
    """Return a reference such as bookings have."""
    return "".join(dice.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _ in range(10))


def write(past: Past, tables: tuple[type, ...]) -> None:
    """Write the rows that were noted, table after table."""
    for kind in tables:
        rows = past.rows[kind]
        for start in range(0, len(rows), BATCH):
            db.execute(insert(kind), rows[start : start + BATCH])
