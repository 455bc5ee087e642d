"""Makes the demonstration data, once: four councils, a year of history, and the people who can sign in."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import repeat
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

import app.models  # noqa: F401
from accounts import queries as account_queries
from accounts import service as accounts
from accounts.terms import Role
from app import contexts
from app.demo.past import Family, Past, Year, party_for
from app.demo.story import (
    ACTIVITIES,
    COUNCILS,
    MESSY,
    OPERATOR,
    YORK,
    ActivityStory,
    CouncilStory,
    FamilyStory,
    Trend,
    families,
)
from attendance.models import Attendance, Register
from bookings import service as bookings
from bookings.errors import CannotBook
from bookings.models import Booking, FamilyAtHub, Place
from bookings.terms import Channel
from families import rules as family_rules
from families import service as family_service
from families.models import CareRecord, Caring, Household, Person
from families.service import NewCarer, NewChild, NewContact, NewFamily
from families.terms import ConsentKind, Entered, PersonKind, Relationship, Responsibility, SendStatus
from hubs import service as hubs
from hubs.models import Activity, Hub, Room, Session, Shift, TimetableEntry
from hubs.service import imports, timetable
from hubs.terms import BookingMode, CountedIn, ShiftPart, Weekday
from kernel import db as kernel_db
from kernel import vault
from kernel.clock import now, today, wall
from kernel.db import db, here, unit_of_work
from kernel.outbox import Promise, promise
from kernel.permissions import Permission
from kernel.settings import Settings, from_environment
from kernel.spreadsheets import read_sheet
from tenants import queries as tenant_queries
from tenants import service as tenants
from tenants.rules import SchoolCalendar, read_term_dates
from tenants.terms import Ground

FILES = Path(__file__).parent / "data"
BATCH = 2000
AT_ONCE = 2
ORDER = (Session, Register, Booking, Place, Attendance, FamilyAtHub)
LAST_QUARTER = 88
"""Ten in the evening, in quarters of an hour."""


@dataclass
class Persona:
    """Somebody as whom the demonstration can be used."""

    tenant: str
    role: str
    name: str
    email: str
    password: str
    base_url: str
    api_token: str
    account_id: UUID = field(compare=False)

    def told(self) -> dict[str, str]:
        """Return what is written down for whoever uses the demonstration."""
        return {name: str(value) for name, value in vars(self).items() if name != "account_id"}


def main() -> None:
    """Make the data unless it is there, and write down who can sign in."""
    settings = from_environment()
    personas = Path(os.environ["HUBS_DEMO_DATA"]) / "personas.json"
    _open(settings)
    if personas.exists() and _is_furnished():
        people = json.loads(personas.read_text())
    else:
        people = [persona.told() for persona in seed(settings)]

    draft = personas.with_suffix(".draft")
    draft.write_text(
        json.dumps([_moved(person, settings) for person in people], indent=2, ensure_ascii=False)
    )
    draft.rename(personas)
    _close()


def seed(settings: Settings) -> list[Persona]:
    """Make the platform and its councils, or those that are missing, and return who can sign in."""
    personas = [_operator(settings)]
    _close()  # what a fork must not share
    with ProcessPoolExecutor(AT_ONCE, initializer=_open, initargs=(settings,)) as councils:
        for people in councils.map(_council, COUNCILS, repeat(settings)):
            personas += people
    return personas


def _open(settings: Settings) -> None:
    kernel_db.connect(kernel_db.engine(settings.database_url, pool_size=1))
    vault.connect(settings.field_keys.get_secret_value())
    accounts.use_hasher(time_cost=settings.argon2_time_cost, memory_kib=settings.argon2_memory_kib)
    contexts.preload()


def _close() -> None:
    kernel_db.opened.kw["bind"].dispose()


def _is_furnished() -> bool:
    with unit_of_work(None, read_only=True):
        return all(tenant_queries.by_slug(story.slug) for story in COUNCILS)


def _moved(person: dict[str, str], settings: Settings) -> dict[str, str]:
    """Return the person at today's address: the demonstration may have another port than last time."""
    host = person["base_url"].partition("://")[2].partition(":")[0]
    return person | {"base_url": settings.base_url(host)}


def _operator(settings: Settings) -> Persona:
    role, name = OPERATOR
    with unit_of_work(None, read_only=True):
        found = tenant_queries.by_slug("operators")
    tenant = (
        found.id
        if found
        else tenants.create_council(
            "operators", "Family Hubs", contact_email="team@familyhubs.example", ground=Ground.PLATFORM
        )
    )
    with unit_of_work(tenant):
        return _person("", role, name, settings, "familyhubs.example")


def _council(story: CouncilStory, settings: Settings) -> list[Persona]:
    with unit_of_work(None, read_only=True):
        found = tenant_queries.by_slug(story.slug)
    tenant = found.id if found else tenants.create_council(story.slug, story.name, contact_email=story.email)
    with unit_of_work(tenant):
        if db.scalar(select(Hub.id).limit(1)):
            return _known_personas(story, settings)
        return Furnishing(story, settings).furnish()


def _known_personas(story: CouncilStory, settings: Settings) -> list[Persona]:
    return [
        _person(story.slug, role, name, settings, story.email.partition("@")[2])
        for role, name, _ in story.people
    ]


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
        self._settings()
        self._places()
        self._people()
        self._timetable()
        known = self._families()
        self._year(known)
        self._today()
        self._rota()
        self._days_ahead(known)
        return self.personas

    def _settings(self) -> None:
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

    def _places(self) -> None:
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
                self.hubs[name], [hubs.Opening(day, _at(9), _at(17)) for day in list(Weekday)[:5]]
            )
            hubs.add_room(self.hubs[name], "Sensory room", people=12)
        wanted = {line.activity for line in self.story.weekly}
        self.activities = {a.title: _activity(a) for a in ACTIVITIES if a.title in wanted}

    def _people(self) -> None:
        domain = self.story.email.partition("@")[2]
        for role, name, where in self.story.people:
            persona = _person(self.story.slug, role, name, self.settings, domain)
            self.personas.append(persona)
            for hub in where.split("|") if where and role != Role.PARENT else ():
                hubs.join_team(self.hubs[hub], persona.account_id)

    def _timetable(self) -> None:
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

    def _families(self) -> list[Family]:
        named = sorted(
            {line.hub for line in self.story.weekly} | {h for h in self.hubs if h in self.story.trends}
        )
        others = sorted(name for name in self.hubs if name not in named)
        told = families(self.story, named + others if self.story is YORK else named, today())
        made = [self._family(story) for story in told]
        db.flush()
        return [*self._own_families(), *made]

    def _family(self, story: FamilyStory) -> Family:
        household = Household(
            reference=family_rules.new_reference(self.dice),
            address=f"{self.dice.randrange(1, 120)} Example Road",
            postcode=story.postcode,
            postcode_key=family_rules.postcode_key(story.postcode),
            entered=Entered.ONLINE,
            completed_at=now() - timedelta(days=self.dice.randrange(30, 400)),
        )
        db.add(household)
        carers = [_row(household, PersonKind.CARER, given, story) for given in story.carers]
        carers[0].phone = f"07700 900{self.dice.randrange(1000):03}"
        carers[
            0
        ].email = (
            f"{family_rules.name_key(carers[0].given_name)}.{self.dice.randrange(10**6)}@families.example"
        )
        children = [_row(household, PersonKind.CHILD, given, story, born) for given, born in story.children]
        db.flush()
        db.add_all([*carers, *children])
        db.flush()
        for carer in carers:
            for child in children:
                db.add(
                    Caring(
                        carer_id=carer.id,
                        child_id=child.id,
                        responsibility=Responsibility.YES,
                        relationship=Relationship.MOTHER if carer is carers[0] else Relationship.FATHER,
                    )
                )
        if story.allergy or story.medical or story.need:
            if story.need:
                children[0].send = SendStatus.SUPPORT
            db.add(
                CareRecord(
                    person_id=children[0].id, allergies=story.allergy, medical=story.medical, needs=story.need
                )
            )
        return Family(story, household.id, carers, children, self.hubs[story.hub].id)

    def _own_families(self) -> list[Family]:
        """Register the families of the parents among the personas, as they would themselves."""
        own = []
        for persona, (role, name, where) in zip(self.personas, self.story.people, strict=True):
            if role == Role.PARENT:
                own.append(self._own_family(persona, name, where))
        return own

    def _own_family(self, persona: Persona, name: str, where: str) -> Family:
        given, _, family_name = name.partition(" ")
        born = today() - timedelta(days=870), today() - timedelta(days=190)
        first, second = self.dice.sample(["Maja", "Leo", "Nia", "Theo", "Hana", "Finn"], 2)
        told = FamilyStory(
            family_name,
            (given,),
            ((first, born[0]), (second, born[1])),
            f"{self.story.postcodes[0]}AB",
            "en",
            "",
            where,
            0.9,
            None,
            None,
            None,
        )
        household = family_service.register(
            NewFamily(
                carer=NewCarer(
                    given_name=given, family_name=family_name, email=persona.email, phone="07700 900123"
                ),
                children=tuple(
                    NewChild(
                        given_name=child,
                        family_name=family_name,
                        date_of_birth=day,
                        relationship=Relationship.MOTHER,
                        responsibility=Responsibility.YES,
                        allergies="Peanuts" if child == first else "",
                    )
                    for child, day in told.children
                ),
                address="4 Example Road",
                postcode=told.postcode,
                contacts=(NewContact("Gran", "07700 900456", "Grandmother"),),
                consents={ConsentKind.PHOTOS: True, ConsentKind.FIRST_AID: True, ConsentKind.NEWS: False},
            ),
            entered=Entered.ONLINE,
            account_id=persona.account_id,
            hub_id=self.hubs[where].id,
        )
        people = db.scalars(
            select(Person).where(Person.household_id == household.id).order_by(Person.kind, Person.id)
        ).all()
        carers = [p for p in people if p.kind is PersonKind.CARER]
        return Family(
            told, household.id, carers, [p for p in people if p.kind is PersonKind.CHILD], self.hubs[where].id
        )

    def _year(self, known: list[Family]) -> None:
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
        for kind in ORDER:
            rows = past.rows[kind]
            for start in range(0, len(rows), BATCH):
                db.execute(insert(kind), rows[start : start + BATCH])

    def _rota(self) -> None:
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

    def _today(self) -> None:
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

    def _days_ahead(self, known: list[Family]) -> None:
        """Book the coming weeks through the front door; the nearest session of messy play fills up and has a queue."""
        ahead = (
            select(Session)
            .join(Activity, Activity.id == Session.activity_id)
            .where(
                Session.starts_at > now(),
                Session.starts_at < now() + timedelta(days=9),
                Activity.mode == BookingMode.BOOKABLE,
            )
            .order_by(Session.starts_at, Session.id)
        )
        activities = {activity.id: activity for activity in db.scalars(select(Activity))}
        full = False
        for session in db.scalars(ahead).all():
            soon = session.on_date == today()
            fill = not full and not soon and activities[session.activity_id].title == MESSY
            full = full or fill
            self._book(session, activities[session.activity_id], known[1:], 24 if fill else 9 if soon else 6)
        self._tell_nobody()
        self._remind(known[0], activities, db.scalars(ahead).all())

    def _tell_nobody(self) -> None:
        """Take back the letters about bookings that were made before anybody looked; reminders stay."""
        told = Promise.topic.in_(("booking.confirmed", "booking.waiting")), Promise.done_at.is_(None)
        db.execute(update(Promise).where(*told).values(done_at=now(), outcome="before the demonstration"))

    def _book(self, session: Session, activity: Activity, known: list[Family], tries: int) -> None:
        suited = [f for f in known if party_for(f, activity, session.on_date)]
        for family in self.dice.sample(suited, min(tries, len(suited))):
            party = [person.id for person in party_for(family, activity, session.on_date)]
            told: dict[str, Any] = {
                "household_id": family.household_id,
                "person_ids": party,
                "carer_id": family.carers[0].id,
                "channel": Channel.STAFF,
            }
            try:
                bookings.book(session.id, **told)
            except CannotBook as refusal:
                if refusal.may_wait:
                    bookings.join(session.id, **told)

    def _remind(self, family: Family, activities: dict[UUID, Activity], ahead: Sequence[Session]) -> None:
        """Book the first parent's family once, its reminder due at once so that it can be seen to arrive."""
        for session in ahead:
            party = party_for(family, activities[session.activity_id], session.on_date)
            if not party:
                continue
            try:
                booking = bookings.book(
                    session.id,
                    household_id=family.household_id,
                    person_ids=[p.id for p in party],
                    carer_id=family.carers[0].id,
                    channel=Channel.STAFF,
                )
            except CannotBook:
                continue
            promise(
                "booking.reminder", key=f"booking.reminder:{booking.id}", due_at=now(), booking_id=booking.id
            )
            return


def _person(slug: str, role: str, name: str, settings: Settings, domain: str) -> Persona:
    """Open the account of a persona, or find it, with a password and an API key of its own."""
    given = family_rules.name_key(name).split()[0]
    email, password = f"{given}@{domain}", f"{name.split(maxsplit=1)[0]} brings the biscuits"
    with_account = account_queries.by_email(email) or accounts.open_account(
        name, email, Role(role), password=password
    )
    token = accounts.make_api_key(with_account, "Demonstration", set(Permission))
    host = f"{slug}.{settings.base_domain}" if slug else settings.base_domain
    return Persona(
        slug or "platform", role, name, email, password, settings.base_url(host), token, with_account.id
    )


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


def _row(
    household: Household, kind: PersonKind, given: str, story: FamilyStory, born: date | None = None
) -> Person:
    name = f"{given} {story.family_name}"
    return Person(
        household_id=household.id,
        kind=kind,
        given_name=given,
        family_name=story.family_name,
        name_key=family_rules.name_key(name),
        family_name_key=family_rules.name_key(story.family_name),
        date_of_birth=born,
        language=story.language,
        ethnicity=story.ethnicity,
    )


def _quarter(number: int) -> time:
    return time(number // 4, number % 4 * 15)


def _at(hour: int) -> time:
    return time(hour)


if __name__ == "__main__":
    main()
