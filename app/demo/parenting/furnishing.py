"""Furnishes a council's parenting programmes: three terms of courses, and what is going on now."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from accounts.terms import Role
from app.demo.parenting import live
from app.demo.parenting.answering import Answers
from app.demo.parenting.people import Crowd, add_older
from app.demo.parenting.registers import Registers
from app.demo.parenting.story import FOLLOW_UP_WEEKS, ROOM, ProgrammeStory, RunStory, ages_of
from app.demo.parenting.taking_part import Chronicle, Run
from app.demo.parenting.terms import first_date
from app.demo.past import Family, Past, write
from app.demo.personas import Persona
from app.demo.story import CouncilStory
from attendance.models import Attendance, Register
from bookings.models import Booking, FamilyAtHub, Place
from hubs import service as hubs
from hubs.models import Hub
from kernel.clock import now, today, wall
from kernel.db import acts, db, here
from outcomes.models import Asking, Score
from programmes.models import Accreditation, Dose, Edition, Facilitator, Participation, Programme, Slot, Step
from programmes.service import courses, templates
from programmes.terms import BY_APPOINTMENT, CourseStanding, Part, WayIn
from tenants import queries as tenant_queries

ORDER = (
    Participation, Step, Booking, Place, Register, Attendance, FamilyAtHub, Dose, Slot, Asking, Score,
)  # fmt: skip
LAST_START = 21 * 4 + 2
"""Half past nine in the evening, in quarters of an hour: two hours later is still today."""


class Furnishing:
    """Furnishes the programmes of one council."""

    def __init__(self, council: CouncilStory, personas: Sequence[Persona], places: Mapping[str, Hub]) -> None:
        self.council, self.hubs = council, places
        self.dice = Random(f"{council.slug} programmes")
        self.staff = [p for p in personas if p.role in (Role.COORDINATOR, Role.HUB_WORKER)]
        self.coordinator = next(p.account_id for p in personas if p.role == Role.COORDINATOR)
        self.dates = tenant_queries.term_dates()
        self.rooms: dict[str, UUID] = {}
        self.programmes: dict[str, tuple[Programme, Edition]] = {}
        self.runs: list[Run] = []

    def furnish(self, families: Sequence[Family]) -> None:
        """Make programmes, three terms of courses with all who took part, and what is going on now."""
        acts(self.coordinator)
        self.adopt()
        self.accredit()
        runs = [run for story in self.council.programmes for run in story.runs]
        older = add_older(self.council, {name: hub.id for name, hub in self.hubs.items()}, runs, today())
        for name in sorted({run.hub for run in runs}):
            self.rooms[name] = hubs.add_room(self.hubs[name], ROOM, people=16).id
        for term in (0, 1, 2):
            for story in self.council.programmes:
                self.set_up(story, term)
        crowd = Crowd([*families[1:], *older], self.dice)
        self.tell(crowd)
        live.Scene(self.council.programmes, self.programmes, crowd, self.rooms, self.hubs, self.staff).play(
            self.runs
        )
        acts(None)

    def adopt(self) -> None:
        """Take the programmes over from the shipped templates, for the ages that the council says."""
        for story in self.council.programmes:
            programme = templates.adopt(story.template)
            ages = ages_of(story)
            templates.change_programme(programme, age_from_years=ages[0], age_to_years=ages[1])
            shipped = db.scalars(
                select(Edition).where(Edition.programme_id == programme.id).order_by(Edition.number)
            ).all()
            self.programmes[story.listed] = programme, self._own(programme, shipped[0], story)

    def accredit(self) -> None:
        """Say who is accredited in what; one of them not for much longer."""
        soon = True
        for programme, _ in self.programmes.values():
            for person in self.staff:
                expires = today() + timedelta(days=38 if soon else self.dice.randrange(200, 900))
                since = expires - timedelta(days=3 * 365)
                soon = False
                db.add(
                    Accreditation(
                        account_id=person.account_id,
                        what=programme.accreditation,
                        trained_on=since - timedelta(days=60),
                        accredited_on=since,
                        expires_on=expires,
                    )
                )
        db.flush()

    def set_up(self, story: ProgrammeStory, term: int) -> None:
        """Set the courses of a programme up that ran, or run, in a term."""
        programme, edition = self.programmes[story.listed]
        made = []
        for number, run in enumerate(story.runs):
            if term not in run.terms:
                continue
            tonight = term == 2 and story is self.council.programmes[0] and number == 0
            leader = self._leader(run.hub)
            begins, starts, in_term = self._when(edition, run, term, tonight=tonight)
            people = self._facilitators(edition, leader)
            course = courses.set_up(
                edition, hub_id=self.hubs[run.hub].id, room_id=None if _alone(edition) else self.rooms[run.hub],
                title=f"{programme.name}, {_when_in_week(begins, starts)}", first_date=begins, starts=starts,
                places=max(run.people, edition.fewest), facilitators=people if term == 2 else None,
                ages=ages_of(story), way_in=WayIn.BOTH, term_time_only=in_term, history=True,
            )  # fmt: skip
            if term < 2:  # nobody needs the rota of what is over
                db.add_all(
                    Facilitator(course_id=course.id, account_id=one, part=part)
                    for one, part in people.items()
                )
            made.append(
                Run(
                    story,
                    course,
                    edition,
                    list(course.contacts),
                    leader,
                    term,
                    missing=(1, 2) if tonight else (),
                )
            )
        for one in made:
            one.parallel = [other for other in made if other is not one]
        self.runs += made

    def tell(self, crowd: Crowd) -> None:
        """Write down how every course went until now."""
        past = Past(here())
        known = {
            (row.hub_id, row.household_id)
            for row in db.execute(select(FamilyAtHub.hub_id, FamilyAtHub.household_id))
        }
        registers, answers = Registers(past, known, self.dice), Answers(past, self.dice, now())
        chronicle = Chronicle(past, registers, answers, self.coordinator, self.dice)
        for run in self.runs:
            people = next(one.people for one in run.story.runs if self.hubs[one.hub].id == run.course.hub_id)
            run.takers = crowd.draw(
                run.course.programme_id, run.course.hub_id, ages_of(run.story), run.course.first_date, people
            )
        for run in self.runs:
            chronicle.tell(run)
            if chronicle.is_over(run):
                run.course.standing, run.course.ended_at = (
                    CourseStanding.ENDED,
                    run.contacts[-1].noted_at or now(),
                )
        db.flush()
        write(past, ORDER)
        db.expire_all()

    def _own(self, programme: Programme, shipped: Edition, story: ProgrammeStory) -> Edition:
        """Return the edition that the council runs: the shipped one, or its own where it measures distress as well."""
        if not story.distress:
            return shipped
        both = ["before", "after"]
        return templates.make_edition(
            programme,
            contacts=[
                {
                    part: getattr(contact, part)
                    for part in ("kind", "title", "minutes", "weeks_after", "must_attend", "checklist")
                }
                for contact in shipped.contacts
            ],
            name="Our council’s own way",
            source=f"{self.council.name}: as shipped, with a second questionnaire.",
            **{
                part: getattr(shipped, part)
                for part in ("unit", "fewest", "most", "facilitators", "prerequisites", "least_contacts")
            },
            late_start_until=shipped.late_start_until,
            measures=[
                {"instrument": "bpses", "respondent": "parent", "when": [*both, "follow_up"],
                 "follow_up_weeks": FOLLOW_UP_WEEKS},
                {"instrument": "core10", "respondent": "parent", "when": both},
            ],
        )  # fmt: skip

    def _when(self, edition: Edition, run: RunStory, term: int, *, tonight: bool) -> tuple[date, time, bool]:
        """Return when a course begins and at what time; and whether it keeps to term time."""
        if not tonight:
            return first_date(run, term, self.dates, today()), run.starts, True
        clock = wall(now())
        quarter = max(18 * 4, min(clock.hour * 4 + clock.minute // 15 + 3, LAST_START))
        starts = time(quarter // 4, quarter % 4 * 15)
        for weeks in (5, 6, 7, 4, 3):
            begins = today() - timedelta(weeks=weeks)
            plan = courses.preview(
                edition,
                hub_id=self.hubs[run.hub].id,
                room_id=None,
                first_date=begins,
                starts=starts,
                history=True,
            )
            if any(contact.starts_at and contact.day == today() for contact in plan.contacts):
                return begins, starts, True
        return today() - timedelta(weeks=5), starts, False

    def _leader(self, hub: str) -> UUID:
        for person, (role, _, where) in zip(self.staff, self._places(), strict=True):
            if role == Role.HUB_WORKER and hub in where.split("|"):
                return person.account_id
        return self.coordinator

    def _places(self) -> list[tuple[str, str, str]]:
        return [one for one in self.council.people if one[0] in (Role.COORDINATOR, Role.HUB_WORKER)]

    def _facilitators(self, edition: Edition, leader: UUID) -> dict[UUID, Part]:
        helper = next(p.account_id for p in self.staff if p.account_id != leader)
        return {leader: Part.LEADS} | ({helper: Part.HELPS} if edition.facilitators > 1 else {})


def _alone(edition: Edition) -> bool:
    """Say whether an edition has appointments only, and no session of a group."""
    return all(contact.kind in BY_APPOINTMENT for contact in edition.contacts)


def _when_in_week(day: date, starts: time) -> str:
    part = "mornings" if starts < time(12) else "afternoons" if starts < time(17) else "evenings"
    return f"{day:%A} {part}"
