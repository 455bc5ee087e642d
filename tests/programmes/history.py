"""A small history of two programmes at four hubs, thrown by dice from stated true effects. Stand in a unit of work."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from families.models import Household, Person
from families.terms import Entered, PersonKind
from hubs.models import Hub
from kernel.clock import today
from kernel.db import db
from kernel.ids import new_id
from kernel.london import at_wall_time
from outcomes.models import Asking, Score
from outcomes.rules import band_of, shipped
from outcomes.terms import AskingStanding, Occasion, Respondent, Way
from programmes.models import (
    Course,
    CourseContact,
    Dose,
    Edition,
    EditionContact,
    Participation,
    Programme,
    Step,
)
from programmes.terms import ContactKind, CourseStanding, Presence, Source, Standing, WayIn
from tests.making import Make

TRUE = {"bpses": 3, "gad7": -4}
"""By how many points each instrument truly changes."""
CONTACTS = 5
ORDER = (
    Programme, Edition, EditionContact, Course, CourseContact, Household, Person, Participation, Step, Dose, Asking,
    Score,
)  # fmt: skip
"""Rows of each belong to rows of those before."""


@dataclass
class History:
    """What was made."""

    hubs: list[Hub] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)


class Teller:
    """Makes programmes, courses and those who take part: ``keep()`` them in the end."""

    def __init__(self, make: Make, seed: int = 7) -> None:
        self.make, self.dice, self.number = make, Random(seed), 0
        self.contacts: dict[UUID, list[CourseContact]] = {}
        self.rows: dict[type, list[Any]] = {kind: [] for kind in ORDER}

    def programme(self, name: str) -> tuple[Programme, Edition]:
        """Return a programme with one edition of five contacts, of which three complete it."""
        programme = self._add(Programme(name=name, name_key=name.casefold()))
        edition = self._add(Edition(programme_id=programme.id, number=1, least_contacts=3))
        for number in range(1, CONTACTS + 1):
            self._add(
                EditionContact(
                    edition_id=edition.id,
                    number=number,
                    kind=ContactKind.GROUP,
                    title=f"Week {number}",
                    minutes=120,
                )
            )
        return programme, edition

    def course(
        self, programme: Programme, edition: Edition, hub: Hub, *, ended: timedelta = timedelta(days=75),
        standing: CourseStanding = CourseStanding.ENDED, title: str = "",
    ) -> Course:  # fmt: skip
        """Return a course of five weeks."""
        last = today() - ended
        course = self._add(
            Course(
                programme_id=programme.id, edition_id=edition.id, hub_id=hub.id,
                title=title or f"{programme.name} at {hub.name}", first_date=last - timedelta(weeks=4), last_date=last,
                places=40, age_from_years=2, age_to_years=11, way_in=WayIn.BOTH, late_start_until=2, standing=standing,
            )
        )  # fmt: skip
        self.contacts[course.id] = [
            self._add(
                CourseContact(
                    course_id=course.id, number=number, kind=ContactKind.GROUP, title=f"Week {number}", minutes=120,
                    on_date=course.first_date + timedelta(weeks=number - 1),
                )
            )
            for number in range(1, CONTACTS + 1)
        ]  # fmt: skip
        return course

    def participant(
        self, course: Course, *path: Standing, attended: int = 0, person: Any = None, referred: int = 60,
        came_on: int = 0, moved_to: Participation | None = None, contacts: tuple[int, ...] = (),
    ) -> Participation:  # fmt: skip
        """Return somebody who stood at each of these in turn, and attended the first so many contacts."""
        self.number += 1
        person = person or self.person(f"Parent{self.number}", f"Number{self.number}")
        begun = at_wall_time(course.first_date - timedelta(days=referred), time(9))
        starts = at_wall_time(course.first_date + timedelta(days=7 * came_on), time(10))
        ended = path[-1] in (
            Standing.COMPLETED,
            Standing.DROPPED_OUT,
            Standing.TRANSFERRED,
            Standing.WITHDRAWN,
        )
        one = self._add(
            Participation(
                programme_id=course.programme_id, course_id=course.id, household_id=person.household_id,
                person_id=person.id, standing=path[-1], source=Source.SELF, referred_at=begun,
                booked_at=begun if Standing.BOOKED in path else None,
                started_at=starts if Standing.STARTED in path else None,
                ended_at=at_wall_time(course.last_date, time(12)) if ended else None,
                transferred_to_id=moved_to.id if moved_to else None,
            )
        )  # fmt: skip
        for number, standing in enumerate(path):
            self._add(
                Step(participation_id=one.id, standing=standing, taken_at=begun + timedelta(days=number))
            )
        for contact in self.contacts.get(course.id) or course_contacts(course):
            came = contact.number in contacts or contact.number <= attended
            presence = self.dice.choice([Presence.ATTENDED, Presence.MADE_UP]) if came else Presence.MISSED
            if Standing.STARTED in path:
                self._add(
                    Dose(participation_id=one.id, contact_id=contact.id, presence=presence, said_at=starts)
                )
        return one

    def answer(
        self, about: Participation, instrument: str, occasion: Occasion, value: int | None, *, scale: str = "total",
        version: str = "", respondent_id: UUID | None = None, days: int = 0,
    ) -> Asking:  # fmt: skip
        """Return an answered questionnaire with its score."""
        known = shipped()[instrument]
        when = datetime.combine(date(2025, 1, 1), time(12), tzinfo=about.referred_at.tzinfo) + timedelta(
            days={Occasion.BEFORE: 0, Occasion.AFTER: 100, Occasion.FOLLOW_UP: 200}[occasion] + days
        )
        respondent = respondent_id or about.person_id
        asking = self._add(
            Asking(
                instrument=instrument, version=version or known.version, occasion=occasion,
                respondent=Respondent.PARENT, respondent_id=respondent, subject_id=respondent, about_id=about.id,
                title="A course", token_hash=new_id().hex, opens_at=when, closes_at=when + timedelta(days=30),
                standing=AskingStanding.ANSWERED, way=Way.LINK, answered_at=when,
            )
        )  # fmt: skip
        bands = known.scale(scale).bands.get(Respondent.PARENT, ())
        band = band_of(bands, Decimal(value)) if value is not None else None
        self._add(
            Score(
                asking_id=asking.id, about_id=about.id, scale=scale, value=value, band=band.name if band else "",
                clinical=band.clinical if band else None,
            )
        )  # fmt: skip
        return asking

    def answers(self, about: Participation, *, after: bool = True, later: bool = False) -> None:
        """Answer both instruments before, and as told afterwards, with the true effects and noise."""
        for code, effect in TRUE.items():
            scale = shipped()[code].scale("total")
            lowest, highest = int(scale.lowest), int(scale.highest)
            before = (
                self.dice.randint(lowest + 2, highest - 2) if code == "bpses" else self.dice.randint(6, 19)
            )
            self.answer(about, code, Occasion.BEFORE, before)
            for occasion, wanted in ((Occasion.AFTER, after), (Occasion.FOLLOW_UP, later)):
                value = round(before + effect + self.dice.gauss(0, 3))
                if wanted:
                    self.answer(about, code, occasion, min(max(value, lowest), highest))

    def crowd(self, course: Course, size: int) -> None:
        """Let so many people take part, each as the dice say."""
        for _ in range(size):
            thrown = self.dice.random()
            referred, came_on = self.dice.randint(1, 120), self.dice.choice([0, 0, 1])
            if thrown < 0.1:
                self.participant(course, Standing.REFERRED, Standing.OFFERED, Standing.DECLINED)
            elif thrown < 0.2:
                self.participant(course, Standing.REFERRED, Standing.BOOKED, Standing.WITHDRAWN)
            elif thrown < 0.4:
                path = (Standing.BOOKED, Standing.STARTED, Standing.DROPPED_OUT)
                one = self.participant(course, *path, attended=2, referred=referred, came_on=came_on)
                self.answers(one, after=self.dice.random() < 0.2)
            else:
                path = (
                    Standing.REFERRED,
                    Standing.OFFERED,
                    Standing.BOOKED,
                    Standing.STARTED,
                    Standing.COMPLETED,
                )
                attended = self.dice.randint(3, 5)
                one = self.participant(course, *path, attended=attended, referred=referred, came_on=came_on)
                self.answers(one, after=self.dice.random() < 0.8, later=self.dice.random() < 0.4)

    def person(self, given: str, family: str) -> Person:
        """Return a carer in a household of their own."""
        reference = f"T{new_id().hex[-8:].upper()}"
        household = self._add(Household(reference=reference, entered=Entered.ONLINE))
        return self._add(
            Person(
                household_id=household.id, kind=PersonKind.CARER, given_name=given, family_name=family,
                name_key=f"{given} {family}".casefold(), family_name_key=family.casefold(), email="",
            )
        )  # fmt: skip

    def keep(self) -> None:
        """Put into the database what was made, those first to which others belong."""
        for kind, rows in self.rows.items():
            db.add_all(rows)
            db.flush()
            self.rows[kind] = []

    def _add(self, row: Any) -> Any:
        self.rows[type(row)].append(row)
        return row


def course_contacts(course: Course) -> list[CourseContact]:
    """Return the contacts of a course, in order."""
    return sorted(
        db.query(CourseContact).filter(CourseContact.course_id == course.id),
        key=lambda contact: contact.number,
    )


def tell(make: Make, seed: int = 7) -> History:
    """Make two programmes at four hubs: one hub with few people, one with a course that somebody moved to."""
    teller, told = Teller(make, seed), History()
    told.hubs = [make.hub("Seacroft")] + [
        make.hub(name, team=()) for name in ("Harehills", "Otley", "=Wetherby")
    ]
    kinds = [teller.programme("Group Triple P"), teller.programme("Understanding your child")]
    told.programmes = [programme for programme, _ in kinds]
    for index, (programme, edition) in enumerate(kinds):
        for hub, size in zip(told.hubs, (30, 16, 3, 9 - index * 7), strict=True):
            course = teller.course(programme, edition, hub)
            teller.crowd(course, size)
            told.courses.append(course)
    _corners(teller, told, *kinds[0])
    return told


def _couples(teller: Teller, course: Course) -> None:
    """Let two couples share a place each: both of one answer twice, of the other each but once."""
    done = (Standing.BOOKED, Standing.STARTED, Standing.COMPLETED)
    for number, told in enumerate([((8, 9), (18, 12)), ((4, None), (None, 20))]):
        place = teller.participant(course, *done, attended=4)
        partner = teller.person("Partner", f"Of{number}")
        place.partner_id = partner.id
        for person_id, scores in zip((place.person_id, partner.id), told, strict=True):
            for occasion, score in zip((Occasion.BEFORE, Occasion.AFTER), scores, strict=True):
                if score is not None:
                    teller.answer(place, "bpses", occasion, score, respondent_id=person_id)


def _corners(teller: Teller, told: History, programme: Programme, edition: Edition) -> None:
    """Let happen what is rare: a move, a mistake in a register, another version, a course that does not count."""
    here, there = told.courses[0], told.courses[1]
    moved = teller.participant(
        there, Standing.BOOKED, Standing.STARTED, Standing.COMPLETED, contacts=(2, 3, 4), referred=5
    )
    person = teller.person("Maya", "Moved")
    moved.person_id, moved.household_id = person.id, person.household_id
    first = teller.participant(
        here, Standing.REFERRED, Standing.BOOKED, Standing.STARTED, Standing.TRANSFERRED,
        person=person, attended=2, moved_to=moved,
    )  # fmt: skip
    teller.answer(first, "bpses", Occasion.BEFORE, 10)
    teller.answer(moved, "bpses", Occasion.BEFORE, 20, days=5)
    teller.answer(moved, "bpses", Occasion.AFTER, 19)
    _couples(teller, here)
    teller.participant(here, Standing.BOOKED, Standing.STARTED, Standing.BOOKED, Standing.WITHDRAWN)
    other = teller.participant(here, Standing.BOOKED, Standing.STARTED, Standing.COMPLETED, attended=5)
    teller.answer(other, "bpses", Occasion.BEFORE, 10, version="1")
    teller.answer(other, "bpses", Occasion.AFTER, 20)
    off = teller.course(programme, edition, told.hubs[0], standing=CourseStanding.CALLED_OFF)
    teller.participant(off, Standing.BOOKED, Standing.WITHDRAWN)
    going_on = teller.course(
        programme, edition, told.hubs[0], ended=timedelta(days=-7), standing=CourseStanding.OPEN
    )
    teller.participant(going_on, Standing.BOOKED, Standing.STARTED, attended=3)
    teller.keep()
