"""The registers of past courses, the places of those to come, and the calls and visits that were made."""

from collections import Counter
from datetime import time, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from app.demo.parenting.people import Taker
from app.demo.past import Past, reference
from attendance.models import Attendance, Register
from attendance.terms import Mark
from bookings.models import Booking, FamilyAtHub, Place
from bookings.terms import Channel, Standing
from families.terms import PersonKind
from kernel.clock import wall
from kernel.london import at_wall_time
from programmes.models import CourseContact, Slot
from programmes.terms import Presence

if TYPE_CHECKING:
    from app.demo.parenting.taking_part import Run

MARKS = {
    Presence.ATTENDED: Mark.HERE,
    Presence.MADE_UP: Mark.APOLOGIES,
    Presence.APOLOGIES: Mark.APOLOGIES,
    Presence.MISSED: Mark.ABSENT,
}
ACROSS = 4
"""How many calls or visits a facilitator makes in a day."""


class Registers:
    """Notes places, marks and appointments as rows."""

    def __init__(self, past: Past, known: set[tuple[UUID, UUID]], dice: Random) -> None:
        self.past, self.known, self.dice = past, known, dice
        self.made: Counter[UUID] = Counter()

    def place(self, run: "Run", contact: CourseContact, taker: Taker, presence: Presence | None) -> None:
        """Note a place at a session of the course and, when something is known, the mark."""
        session = contact.session
        assert session
        made = session.starts_at - timedelta(days=self.dice.randrange(8, 20))
        booking_id = self.past.add(
            Booking, session_id=session.id, household_id=taker.family.household_id, carer_id=taker.carer.id,
            reference=reference(self.dice), channel=Channel.COURSE, standing=Standing.CONFIRMED, adults=1, children=0,
            confirmed_at=made, cancelled_at=None, created_at=made,
        )  # fmt: skip
        self.past.add(
            Place, booking_id=booking_id, session_id=session.id, person_id=taker.carer.id, given_up_at=None
        )
        if (session.hub_id, taker.family.household_id) not in self.known:
            self.known.add((session.hub_id, taker.family.household_id))
            self.past.add(FamilyAtHub, hub_id=session.hub_id, household_id=taker.family.household_id)
        if presence is None:
            return
        early = timedelta(minutes=self.dice.randrange(-8, 9))
        self.past.add(
            Attendance, session_id=session.id, hub_id=session.hub_id, on_date=wall(session.starts_at).date(),
            person_id=taker.carer.id, household_id=taker.family.household_id, kind=PersonKind.CARER, age_months=None,
            booking_id=booking_id, mark=MARKS[presence],
            arrived_at=session.starts_at + early if presence is Presence.ATTENDED else None, left_at=None,
            marked_at=session.starts_at + timedelta(minutes=30), marked_by=run.leader,
        )  # fmt: skip

    def appointment(self, run: "Run", contact: CourseContact, participation_id: UUID) -> None:
        """Note a call, a visit or a meeting that somebody picked a time for."""
        number = self.made[contact.id]
        self.made[contact.id] += 1
        day = contact.on_date + timedelta(days=number // ACROSS)
        minutes = 9 * 60 + 30 + number % ACROSS * 75
        starts = at_wall_time(day, _time(minutes))
        self.past.add(
            Slot, contact_id=contact.id, account_id=run.leader, starts_at=starts,
            ends_at=starts + timedelta(minutes=contact.minutes), participation_id=participation_id,
            picked_at=starts - timedelta(days=self.dice.randrange(2, 9)),
        )  # fmt: skip

    def close_all(self, run: "Run", over: list[CourseContact]) -> None:
        """Close the registers of the sessions that are over, and say what they covered."""
        for contact in over:
            session = contact.session
            if session:
                closed = session.ends_at + timedelta(minutes=20)
                self.past.add(
                    Register, session_id=session.id, adults_counted=0, children_counted=0, notes="", closed_at=closed,
                    closed_by=run.leader,
                )  # fmt: skip
                contact.covered = [n for n in range(len(contact.checklist)) if self.dice.random() < 0.93]
                contact.took_minutes = contact.minutes + self.dice.choice((-10, 0, 0, 0, 5, 15))
                contact.notes = (
                    "A warm group; lots of questions about evenings." if self.dice.random() < 0.2 else None
                )
                contact.noted_by, contact.noted_at = run.leader, closed


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
