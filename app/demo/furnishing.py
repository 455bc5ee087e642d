"""Furnishes one council: its places, people, timetable, families, a year behind it and the days ahead."""

from datetime import time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from accounts.terms import Role
from app.demo import announcing, contacting, households, wishing
from app.demo.ahead import book_days_ahead, remind_twice
from app.demo.history import write_history
from app.demo.parenting import furnishing as parenting
from app.demo.past import Family, Past, Year, write
from app.demo.personas import Persona, open_persona
from app.demo.story import ACTIVITIES, MESSY, YORK, ActivityStory, CouncilStory, Trend, families
from app.demo.wording import say_it_in_own_words
from attendance.models import Attendance, Register
from bookings.models import Booking, FamilyAtHub, Place
from hubs import service as hubs
from hubs.models import Activity, Hub, Room, Session, Shift, TimetableEntry
from hubs.service import imports, timetable
from hubs.terms import CountedIn, ShiftPart, Weekday
from kernel.clock import now, today, wall
from kernel.db import db, here
from kernel.settings import Settings
from kernel.spreadsheets import read_sheet
from tenants import queries as tenant_queries
from tenants import service as tenants
from tenants.rules import SchoolCalendar, read_term_dates

FILES = Path(__file__).parent / "data"
ORDER = (Session, Register, Booking, Place, Attendance, FamilyAtHub)
LAST_QUARTER = 88
"""Ten in the evening, in quarters of an hour."""


class Furnishing:
    """Furnishes one council."""

    def __init__(self, story: CouncilStory, settings: Settings) -> None:
        self.story, self.settings = story, settings
        self.dice = Random(f"{story.slug} seed")
        self.activities: dict[str, Activity] = {}
        self.hubs: dict[str, Hub] = {}
        self.personas: list[Persona] = []

    def furnish(self) -> list[Persona]:
        """Make everything, the past before the future."""
        self.make_settings()
        self.make_places()
        self.open_accounts()
        self.make_timetable()
        known = self.add_families()
        self.live_a_year(known)
        self.make_today()
        self.make_rota()
        if self.story.slug == YORK.slug:
            remind_twice()
        book_days_ahead(known, self.dice)
        self.tell_of_the_fortnight()
        if self.story.programmes:
            self.run_programmes(known)
        announcing.answer_about_news()
        if self.story.slug == YORK.slug:
            announcing.announce(self.personas, self.hubs)
        return self.personas

    def make_settings(self) -> None:
        """Set the council's colour, telephone and term dates."""
        tenants.change_settings(brand_colour=self.story.colour, contact_phone=self.story.phone)
        dates = []
        for name in self.story.terms:
            read = read_term_dates(read_sheet((FILES / name).read_bytes()).lines)
            dates += [
                tenants.Dates(row.kind, row.name, row.first_day, row.last_day)
                for row in read.rows
                if row.kind and row.first_day and row.last_day
            ]
        tenants.set_term_dates(dates)

    def make_places(self) -> None:
        """Make hubs with rooms and opening times, and the activities."""
        for kind, name in self.story.files:
            imports.apply(imports.upload(kind, Path(name).name, (FILES / name).read_bytes()))
        for name, area in self.story.hubs:
            hubs.add_hub(name, area=area)
        self.hubs = {hub.name: hub for hub in db.scalars(select(Hub))}
        for number, hub in enumerate(sorted(self.hubs.values(), key=lambda h: h.name)):
            hub.phone = hub.phone or f"{self.story.phone[:-2]}{number + 10}"
            hub.accessibility = "Level entrance, accessible toilet, baby changing and a hearing loop."
            hubs.add_room(hub, "Main room", people=45)
        for name in {line.hub for line in self.story.weekly}:
            hubs.set_opening_times(
                self.hubs[name], [hubs.Opening(day, time(9), time(17)) for day in list(Weekday)[:5]]
            )
            hubs.add_room(self.hubs[name], "Sensory room", people=12)
        wanted = {line.activity for line in self.story.weekly}
        self.activities = {a.title: _activity(a) for a in ACTIVITIES if a.title in wanted}

    def open_accounts(self) -> None:
        """Open the accounts of the personas, and let them join their hubs."""
        domain = self.story.email.partition("@")[2]
        for role, name, where in self.story.people:
            persona = open_persona(self.story.slug, role, name, self.settings, domain)
            self.personas.append(persona)
            for hub in where.split("|") if where and role != Role.PARENT else ():
                hubs.join_team(self.hubs[hub], persona.account_id)
            if role == Role.COUNCIL_ADMIN:
                say_it_in_own_words(persona.account_id)

    def make_timetable(self) -> None:
        """Lay the weekly timetable."""
        rooms = {(room.hub_id, room.name): room.id for room in db.scalars(select(Room))}
        for line in self.story.weekly:
            hub = self.hubs[line.hub]
            first = today() - timedelta(days=(today().weekday() - line.weekday.number) % 7)
            timetable.add_entry(
                hub_id=hub.id,
                activity_id=self.activities[line.activity].id,
                room_id=rooms[hub.id, line.room],
                weekday=line.weekday,
                starts=line.starts,
                ends=line.ends,
                every_weeks=line.every_weeks,
                first_date=first,
                last_date=None,
                term_time_only=line.term_time_only,
                not_on_bank_holidays=True,
            )

    def add_families(self) -> list[Family]:
        """Add the families; those of the parents who can sign in come first."""
        named = sorted(
            {line.hub for line in self.story.weekly} | {h for h in self.hubs if h in self.story.trends}
        )
        others = sorted(name for name in self.hubs if name not in named)
        told = families(self.story, named + others if self.story is YORK else named, today())
        made = [households.add_family(story, self.hubs[story.hub].id, self.dice) for story in told]
        db.flush()
        return [*self._own_families(), *made]

    def live_a_year(self, known: list[Family]) -> None:
        """Write what the timetable would have brought in the year until yesterday."""
        past = Past(here())
        calendar = SchoolCalendar(tenant_queries.term_dates())
        worker = next(p.account_id for p in self.personas if p.role == Role.HUB_WORKER)
        year = Year(past, known, calendar, today(), self.story.slug)
        year.known = {
            (row.hub_id, row.household_id)
            for row in db.execute(select(FamilyAtHub.hub_id, FamilyAtHub.household_id))
        }
        titles = {activity.id: activity for activity in db.scalars(select(Activity))}
        names = {hub.id: hub.name for hub in self.hubs.values()}
        for entry in db.scalars(
            select(TimetableEntry).order_by(TimetableEntry.weekday, TimetableEntry.starts, TimetableEntry.id)
        ):
            trend = self.story.trends.get(names[entry.hub_id], Trend.STEADY)
            year.live(entry, titles[entry.activity_id], trend, worker)
        write(past, ORDER)

    def make_today(self) -> None:
        """Let something happen today at the first hub worker's hub, so that there is a register to take any day."""
        where = next(where for role, _, where in self.story.people if role == Role.HUB_WORKER)
        clock = wall(now())
        quarter = clock.hour * 4 + clock.minute // 15 + 3
        first = min(quarter, LAST_QUARTER)
        timetable.add_session(
            hub_id=self.hubs[where].id,
            activity_id=self.activities[MESSY].id,
            on_date=today(),
            starts=_quarter(first),
            ends=_quarter(first + 6),
        )

    def make_rota(self) -> None:
        """Put the hub workers on the sessions of the next fortnight."""
        soon = select(Session).where(
            Session.starts_at > now(), Session.starts_at < now() + timedelta(days=14)
        )
        for persona, (role, _, where) in zip(self.personas, self.story.people, strict=True):
            if role not in (Role.HUB_WORKER, Role.HUB_MANAGER):
                continue
            hub = self.hubs[where.split("|")[0]]
            part = ShiftPart.LEADS if role == Role.HUB_WORKER else ShiftPart.HELPS
            db.add_all(
                Shift(session_id=session.id, account_id=persona.account_id, part=part)
                for session in db.scalars(soon.where(Session.hub_id == hub.id))
            )

    def tell_of_the_fortnight(self) -> None:
        """Write what was sent about bookings, with texts that wait at the first hub worker's hub."""
        where = next(where for role, _, where in self.story.people if role == Role.HUB_WORKER)
        write_history(self.hubs[where.split("|")[0]].id, self.story.slug)
        wishing.wish(self.hubs[where.split("|")[0]].id)
        contacting.keep_safe(self.hubs[where.split("|")[0]].id)

    def run_programmes(self, known: list[Family]) -> None:
        """Run the parenting programmes for three terms, until now."""
        parenting.Furnishing(self.story, self.personas, self.hubs).furnish(known)

    def _own_families(self) -> list[Family]:
        return [
            households.register_own(
                persona, where, self.hubs[where].id, f"{self.story.postcodes[0]}AB", self.dice
            )
            for persona, (role, _, where) in zip(self.personas, self.story.people, strict=True)
            if role == Role.PARENT
        ]


def _activity(story: ActivityStory) -> Activity:
    most = {
        CountedIn.FAMILIES: "most_families",
        CountedIn.CHILDREN: "most_children",
        CountedIn.ADULTS: "most_adults",
    }[story.counted_in]
    limits: dict[str, int | None] = {"most_adults": story.adults_too, most: story.places}
    return hubs.add_activity(
        story.title,
        kind=story.kind,
        description=story.description,
        bring=story.bring,
        audience=story.audience,
        age_from_months=story.ages[0],
        age_to_months=story.ages[1],
        mode=story.mode,
        price_pence=story.price_pence,
        counted_in=story.counted_in,
        opens_days_before=story.opens_days_before,
        one_per_day=story.one_per_day,
        children_per_adult=story.children_per_adult,
        **limits,
    )


def _quarter(number: int) -> time:
    return time(number // 4, number % 4 * 15)
