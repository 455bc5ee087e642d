"""How each course went for those who took part: rows of the past, from the referral to the end."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from app.demo.parenting.answering import Answers, Whose
from app.demo.parenting.people import Taker
from app.demo.parenting.registers import Registers
from app.demo.parenting.story import (
    FOLLOW_UP_WEEKS,
    LANGUAGES,
    NEEDS,
    REASONS,
    REFERRERS,
    WHY_LEFT,
    WHY_NOT,
    ProgrammeStory,
)
from app.demo.past import Past
from kernel.clock import now
from kernel.ids import new_id
from kernel.london import at_wall_time
from outcomes.terms import Occasion
from programmes.models import Course, CourseContact, Dose, Edition, Participation, Step
from programmes.service.asking import Window, after_window, ends_of, follow_up_window
from programmes.terms import COUNTS, ON_THE_COURSE, TOGETHER, Presence, Source, Standing

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
DECLINES, WITHDRAWS, MOVES, COMES, MAKES_UP = 0.05, 0.06, 0.07, 0.87, 0.55
MORNING = time(9, 30)


@dataclass
class Run:
    """A course, and who was drawn for it."""

    story: ProgrammeStory
    course: Course
    edition: Edition
    contacts: list[CourseContact]
    leader: UUID
    term: int
    takers: list[Taker] = field(default_factory=list)
    parallel: list["Run"] = field(default_factory=list)
    """Other courses of the same programme in the same term."""
    missing: tuple[int, ...] = ()
    """How many of the last contacts the first of those drawn missed, the second, and so on."""


@dataclass
class Way:
    """One participant's way through a course, as it is being told."""

    run: Run
    taker: Taker
    id: UUID
    standing: Standing
    steps: list[tuple[Standing, datetime, str]] = field(default_factory=list)
    doses: dict[int, Presence] = field(default_factory=dict)
    until: int = 99
    """The number of the last contact for which they had a place."""
    came_from: "Way | None" = None
    """How they fared on the course from which they came."""


class Chronicle:
    """Tells how courses went until now."""

    def __init__(
        self, past: Past, registers: Registers, answers: Answers, coordinator: UUID, dice: Random
    ) -> None:
        self.past, self.registers, self.answers = past, registers, answers
        self.coordinator, self.dice, self.now = coordinator, dice, now()

    def tell(self, run: Run) -> None:
        """Tell one course: everybody's way, the registers, and its end."""
        for number, taker in enumerate(run.takers):
            if number < len(run.missing):
                self._missing(run, taker, run.missing[number])
            else:
                self._one(run, taker)
        self.registers.close_all(run, self.begun(run))

    def begun(self, run: Run) -> list[CourseContact]:
        """Return the contacts that are over."""
        return [
            contact
            for contact in run.contacts
            if moment(contact) + timedelta(minutes=contact.minutes) < self.now
        ]

    def is_over(self, run: Run) -> bool:
        """Say whether the last contact is over."""
        return len(self.begun(run)) == len(run.contacts)

    def _one(self, run: Run, taker: Taker) -> None:
        starts = moment(run.contacts[0])
        source = self.dice.choice(run.story.sources)
        way = Way(run, taker, new_id(), Standing.REFERRED)
        shortest, longest, usual = run.story.wait_weeks
        wait = WEEK * self.dice.triangular(shortest, longest, usual)
        referred = starts - wait * (0.5 if source is Source.SELF else 1)
        offered, booked = (
            referred + wait * self.dice.uniform(0.2, 0.5),
            referred + wait * self.dice.uniform(0.55, 0.9),
        )
        if source is Source.SELF:
            way.steps = [(Standing.BOOKED, referred, "")]
            booked = referred
        else:
            way.steps = [(Standing.REFERRED, referred, ""), (Standing.OFFERED, offered, "")]
            if self.dice.random() < DECLINES:
                way.steps.append((Standing.DECLINED, booked, self.dice.choice(WHY_NOT)))
                self._keep(way, source)
                return
            way.steps.append((Standing.BOOKED, booked, ""))
        if self.dice.random() < WITHDRAWS:
            way.steps.append(
                (Standing.WITHDRAWN, starts - DAY * self.dice.uniform(0.1, 0.9), self.dice.choice(WHY_LEFT))
            )
            self._keep(way, source)
            return
        self._attend(way, source)

    def _missing(self, run: Run, taker: Taker, number: int) -> None:
        """Let somebody who came from the beginning miss the contacts until now, the last without a word."""
        way = Way(run, taker, new_id(), Standing.STARTED)
        begun = self.begun(run)
        way.steps = [(Standing.BOOKED, moment(run.contacts[0]) - WEEK * 3, "")]
        way.doses = {contact.number: Presence.ATTENDED for contact in begun[:-number]}
        way.doses |= {contact.number: Presence.APOLOGIES for contact in begun[-number:]}
        way.doses[begun[-1].number] = Presence.MISSED
        self._start(way)
        self._keep(way, Source.SELF)
        self._answer(way)

    def _attend(self, way: Way, source: Source) -> None:
        run, begun = way.run, self.begun(way.run)
        other = self._other(run)
        if other and self.dice.random() < MOVES:
            self._move(way, source, other)
            return
        stays = self.dice.random() < run.story.stays
        came = (
            run.edition.least_contacts
            if stays
            else self.dice.randint(1, max(run.edition.least_contacts - 1, 1))
        )
        gone = not stays and len(begun) >= came + 2
        if gone:
            way.until = came + 2
            way.doses = {c.number: Presence.ATTENDED for c in begun[:came]}
            way.doses |= {c.number: Presence.MISSED for c in begun[came : came + 2]}
        else:
            way.doses = {contact.number: self._presence(run, contact) for contact in begun}
            if self.is_over(run):
                self._complete(way)
        self._start(way)
        if gone:
            way.steps.append(
                (Standing.DROPPED_OUT, moment(begun[came + 1]) + DAY, self.dice.choice(WHY_LEFT))
            )
        elif self.is_over(run):
            way.steps.append((Standing.COMPLETED, moment(run.contacts[-1]) + 2 * DAY, ""))
        self._keep(way, source)
        self._answer(way)

    def _presence(self, run: Run, contact: CourseContact) -> Presence:
        if self.dice.random() < COMES:
            return Presence.ATTENDED
        other = self._other(run)
        held = other and contact.number <= len(self.begun(other))
        if contact.session_id and held and self.dice.random() < MAKES_UP:
            return Presence.MADE_UP
        return self.dice.choice((Presence.APOLOGIES, Presence.MISSED))

    def _complete(self, way: Way) -> None:
        """Let somebody have had as much as the programme asks for."""
        for contact in way.run.contacts:
            enough = (
                sum(presence in COUNTS for presence in way.doses.values()) >= way.run.edition.least_contacts
            )
            if way.doses[contact.number] not in COUNTS and (contact.must_attend or not enough):
                way.doses[contact.number] = Presence.ATTENDED

    def _start(self, way: Way) -> None:
        first = next((n for n, presence in sorted(way.doses.items()) if presence in COUNTS), None)
        if first:
            way.steps.append(
                (Standing.STARTED, moment(way.run.contacts[first - 1]) + timedelta(minutes=30), "")
            )

    def _move(self, way: Way, source: Source, other: Run) -> None:
        """Let somebody start on one course and go on with another of the same programme."""
        here = self.begun(way.run)[:2]
        way.doses = {contact.number: Presence.ATTENDED for contact in here}
        way.until = 2
        self._start(way)
        moved = moment(here[-1]) + DAY
        way.steps.append((Standing.TRANSFERRED, moved, "The other group is nearer to work."))
        there = Way(other, way.taker, new_id(), Standing.STARTED, came_from=way)
        there.steps = [(Standing.STARTED, moved, "The other group is nearer to work.")]
        there.doses = {contact.number: Presence.MADE_UP for contact in here}
        there.doses |= {c.number: Presence.ATTENDED for c in self.begun(other)[len(here) :]}
        if self.is_over(other):
            there.steps.append((Standing.COMPLETED, moment(other.contacts[-1]) + 2 * DAY, ""))
        self._keep(there, source)
        self._keep(way, source, moved_to=there.id)
        self._answer(there)

    def _other(self, run: Run) -> Run | None:
        """Return a parallel course that is over as well, or as far."""
        return next(
            (one for one in run.parallel if len(self.begun(one)) >= min(len(self.begun(run)), 3) > 2), None
        )

    def _keep(self, way: Way, source: Source, *, moved_to: UUID | None = None) -> None:
        """Write somebody's way down."""
        run, taker, before = way.run, way.taker, way.came_from
        way.standing, last, _ = way.steps[-1]
        at = {standing: when for standing, when, _ in (*(before.steps if before else ()), *way.steps)}
        if before:
            at[Standing.BOOKED] = way.steps[0][1]
        self_booked = source is Source.SELF
        interpreter = LANGUAGES.get(taker.family.story.language, "") if self.dice.random() < 0.4 else ""
        self.past.add_as(
            way.id, Participation,
            programme_id=run.course.programme_id, course_id=run.course.id, hub_id=None,
            household_id=taker.family.household_id, person_id=taker.carer.id, partner_id=None, child_id=taker.child.id,
            standing=way.standing, source=source,
            referred_by="" if self_booked else self.dice.choice(REFERRERS[source]),
            reason=None if self_booked else self.dice.choice(REASONS),
            referred_at=(before or way).steps[0][1], offered_at=at.get(Standing.OFFERED), offer_until=None,
            booked_at=at.get(Standing.BOOKED), started_at=_started(before or way),
            ended_at=None if way.standing in ON_THE_COURSE else last,
            creche_children=0, interpreter=interpreter,
            access_needs=self.dice.choice(NEEDS) if self.dice.random() < 0.08 else None, transferred_to_id=moved_to,
        )  # fmt: skip
        for standing, when, why in way.steps:
            by_itself = standing in (Standing.STARTED, Standing.COMPLETED)
            self.past.add(
                Step, participation_id=way.id, standing=standing, taken_at=when,
                taken_by=None if by_itself else self.coordinator, why=why or None,
            )  # fmt: skip
        if Standing.BOOKED in at:
            self._mark(way)

    def _mark(self, way: Way) -> None:
        other = way.came_from.run if way.came_from else self._other(way.run)
        for contact in way.run.contacts:
            presence = way.doses.get(contact.number)
            brought = way.came_from is not None and contact.number in way.came_from.doses
            elsewhere = other.contacts[contact.number - 1] if presence is Presence.MADE_UP and other else None
            if presence:
                self.past.add(
                    Dose, participation_id=way.id, contact_id=contact.id, presence=presence,
                    made_up_at_id=elsewhere.id if elsewhere else None, said_at=moment(contact) + timedelta(minutes=30),
                    said_by=way.run.leader,
                )  # fmt: skip
            if brought or contact.number > way.until or way.standing is Standing.WITHDRAWN:
                continue
            if contact.kind in TOGETHER:
                self.registers.place(way.run, contact, way.taker, presence)
                if elsewhere:
                    self.registers.place(way.run, elsewhere, way.taker, Presence.ATTENDED)
            elif presence:
                self.registers.appointment(way.run, contact, way.id)

    def _answer(self, way: Way) -> None:
        course = way.run.course
        booked = (way.came_from or way).steps[0][1]
        occasions = {Occasion.BEFORE: Window(booked, ends_of(course.contacts[0]))}
        if way.standing is Standing.COMPLETED and (after := after_window(course)):
            occasions[Occasion.AFTER] = after
            if later := follow_up_window(course, FOLLOW_UP_WEEKS):
                occasions[Occasion.FOLLOW_UP] = later
        self.answers.of(
            Whose(way.id, way.taker.carer.id, course.title),
            way.run.edition.measures,
            way.run.story.effects,
            occasions,
        )


def _started(way: Way) -> datetime | None:
    return next((when for standing, when, _ in way.steps if standing is Standing.STARTED), None)


def moment(contact: CourseContact) -> datetime:
    """Return when a contact begins; an appointment on the Wednesday of its week."""
    return contact.session.starts_at if contact.session else at_wall_time(contact.on_date + 2 * DAY, MORNING)
