"""Ann, who is reminded by text of her place at a session, and Bea, who waits for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bookings import service
from bookings.models import Booking
from bookings.terms import Channel, Standing
from families.models import Person
from kernel import outbox
from kernel.clock import now
from kernel.db import db, find
from kernel.outbox import Promise
from messaging import service as messaging
from messaging.models import TextReply
from messaging.terms import ReplyStanding
from tests.conftest import Stage
from tests.texting import *  # noqa: F403
from tests.texting import Notify

DAY = timedelta(days=1)
ANN, BEA = "+447700900111", "+447700900222"


@pytest.fixture
def drain(world: Stage) -> Callable[[], int]:
    """Keep all promises of Leeds that are due."""
    return lambda: outbox.drain(world.leeds)


@pytest.fixture
def texting(set_up: Any, notify: Notify) -> Notify:
    """Notify, by which Leeds sends its texts."""
    with set_up():
        notify.serves()
    return notify


class Reminded:
    """Ann, who has a place at a session for one family tomorrow, and Bea, who waits for it."""

    def __init__(self, set_up: Any, *, bea: str = BEA) -> None:
        self.set_up = set_up
        with set_up() as make:
            self.session = make.session(starts_in=2 * DAY + timedelta(hours=4), families=1).id
            self.hub = make.hub().id
            self.ann = self._book(make.family("Bo Smith", carer="Ann Smith"), ANN, service.book)
            self.bea = self._book(make.family("Cy Jones", carer="Bea Jones"), bea, service.join)

    def _book(self, family: list[Person], number: str, how: Any) -> UUID:
        family[0].phone = number
        return how(
            self.session,
            household_id=family[0].household_id,
            person_ids=[person.id for person in family],
            carer_id=family[0].id,
            channel=Channel.WEB,
        ).id

    def says(self, words: str, number: str = ANN) -> ReplyStanding | None:
        with self.set_up():
            count = len(db.scalars(select(TextReply.id)).all())
            return messaging.received(number, words, reference=f"in-{count}")

    def standings(self) -> tuple[Standing, Standing]:
        with self.set_up():
            return find(Booking, self.ann).standing, find(Booking, self.bea).standing

    def inbox(self) -> list[tuple[str, str, UUID | None]]:
        with self.set_up():
            waiting = select(TextReply).where(TextReply.standing == ReplyStanding.WAITING)
            return [(one.words, one.outcome, one.hub_id) for one in db.scalars(waiting)]

    def promised(self, topic: str) -> list[str]:
        """Return about what something of a topic is due now."""
        with self.set_up():
            due = select(Promise).where(
                Promise.topic == topic, Promise.done_at.is_(None), Promise.due_at <= now()
            )
            return [row.payload["booking_id"] for row in db.scalars(due)]


@pytest.fixture
def reminded(set_up: Any, texting: Notify, drain: Any, clock: Any) -> Reminded:
    """Ann has been reminded by text: it is the day before."""
    played = Reminded(set_up)
    drain()
    clock.shift(DAY + timedelta(hours=4))
    drain()
    assert "Reply YES if you are coming" in texting.texts[-1].body
    texting.kept.clear()
    return played
