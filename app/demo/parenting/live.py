"""What is going on now: calls to make, a course that opens soon, those who wait, and somebody to look after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import select

from app.demo.ahead import tell_nobody
from app.demo.parenting.people import Crowd, Taker
from app.demo.parenting.story import REASONS, REFERRERS, ProgrammeStory, ages_of
from app.demo.parenting.taking_part import Run
from app.demo.personas import Persona
from hubs.models import Hub
from kernel.clock import today
from kernel.db import db
from outcomes import queries as outcomes
from outcomes import service as answering
from programmes import queries
from programmes.models import Edition, Participation, Programme, Step
from programmes.service import asking, courses, interest, joining, slots, tasks
from programmes.terms import BY_APPOINTMENT, ON_THE_COURSE, Part, Source, WayIn

SOON = timedelta(days=17)
LETTERS = (
    "course.booked",
    "course.offered",
    "course.slot_picked",
    "outcomes.invitation",
    "outcomes.reminder",
)
DESPAIR = 6
"""The statement of CORE-10 that speaks of ending one's life."""


@dataclass
class Scene:
    """What is there when something goes on."""

    stories: Sequence[ProgrammeStory]
    """The first opens a course soon; there are referrals to the second and interest in the last."""
    programmes: Mapping[str, tuple[Programme, Edition]]
    crowd: Crowd
    rooms: Mapping[str, UUID]
    hubs: Mapping[str, Hub]
    staff: Sequence[Persona]

    @property
    def hub(self) -> Hub:
        """The hub where most goes on."""
        return self.hubs[self.stories[0].runs[0].hub]

    def play(self, runs: Sequence[Run]) -> None:
        """Let the courses of this term go on, one open soon, and people wait."""
        for number, run in enumerate(run for run in runs if run.course.ended_at is None):
            _go_on(run, day=number % 5)
        self._open_soon()
        self._wait()
        tell_nobody(*LETTERS)

    def _open_soon(self) -> None:
        """Open a course with places left; one of those who booked answers so that somebody must look after them."""
        programme, edition = self.programmes[self.stories[0].listed]
        ages = ages_of(self.stories[0])
        (helper, leader), hub = self.staff[:2], self.hub
        course = courses.set_up(
            edition, hub_id=hub.id, room_id=self.rooms[hub.name], title=f"{programme.name}, with a crèche",
            first_date=today() + SOON, starts=time(10), places=10, creche_places=4,
            about="Tea, toast and a crèche next door.", way_in=WayIn.BOTH, ages=ages,
            facilitators={leader.account_id: Part.LEADS, helper.account_id: Part.HELPS},
        )  # fmt: skip
        takers = self.crowd.draw(programme.id, hub.id, ages, today(), 6)
        booked = [
            _book(course.id, taker, creche_children=int(number == 1))
            for number, taker in enumerate(takers[:4])
        ]
        _despair(booked[0])
        for taker in takers[4:]:
            participation = _refer(programme.id, taker, Source.HEALTH_VISITOR)
            _since(participation, days=5)
        joining.offer(participation, course.id)

    def _wait(self) -> None:
        """Let some be referred who have no course yet, and some be interested in the next."""
        near = self.hub.id
        second, last = self.stories[min(1, len(self.stories) - 1)], self.stories[-1]
        referred, _ = self.programmes[second.listed]
        sources, waited = (Source.SCHOOL, Source.SOCIAL_CARE, Source.HEALTH_VISITOR), iter((12, 33, 71))
        takers = self.crowd.draw(referred.id, near, ages_of(second), today(), len(sources))
        for taker, source in zip(takers, sources, strict=False):
            waiting = _refer(referred.id, taker, source)
            waiting.hub_id = taker.family.hub_id
            _since(waiting, days=next(waited))
        awaited, _ = self.programmes[last.listed]
        for taker in self.crowd.draw(awaited.id, near, ages_of(last), today(), 4):
            interest.show_interest(awaited.id, taker.family.household_id, taker.carer.id)


def _go_on(run: Run, *, day: int) -> None:
    """Promise what is asked at the end, make the tasks to ring, and offer times for what comes next."""
    on_it = db.scalars(
        select(Participation)
        .where(Participation.course_id == run.course.id, Participation.standing.in_(ON_THE_COURSE))
        .order_by(Participation.id)
    ).all()
    known = queries.known_of([one.id for one in on_it])
    for participation in on_it:
        asking.promise_later(participation)
        tasks.keep_up(participation, known[participation.id])
    coming = [c for c in run.contacts if c.kind in BY_APPOINTMENT and c.on_date > today()]
    if coming:
        contact = coming[0]
        offered = slots.offer_slots(
            contact, run.leader, day=contact.on_date + timedelta(days=day), starts=time(12, 45),
            minutes=contact.minutes, number=6, gap=10,
        )  # fmt: skip
        for slot, participation in zip(offered[1:], on_it[:3], strict=False):
            slots.pick(slot, participation)


def _book(course_id: UUID, taker: Taker, *, creche_children: int) -> Participation:
    return joining.book(
        course_id=course_id, household_id=taker.family.household_id, person_id=taker.carer.id, child_id=taker.child.id,
        creche_children=creche_children,
    )  # fmt: skip


def _despair(participation: Participation) -> None:
    for asked in outcomes.askings_of([participation.id]):
        if asked.instrument == "core10":
            for item in outcomes.find_instrument("core10").items:
                answering.save(asked, item.number, 1 if item.number == DESPAIR else 2)
            answering.finish(asked)


def _refer(programme_id: UUID, taker: Taker, source: Source) -> Participation:
    return joining.refer(
        programme_id=programme_id, household_id=taker.family.household_id, person_id=taker.carer.id, source=source,
        referred_by=REFERRERS[source][0], reason=REASONS[0], child_id=taker.child.id,
    )  # fmt: skip


def _since(participation: Participation, *, days: int) -> None:
    """Let somebody have been referred so many days ago."""
    participation.referred_at -= timedelta(days=days)
    for step in db.scalars(select(Step).where(Step.participation_id == participation.id)):
        step.taken_at = participation.referred_at
