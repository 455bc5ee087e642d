"""How it stands with the messages of every council, in numbers, for those who run the house. Names nobody."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Text, case, cast, func, select

from kernel import standing
from kernel.clock import now
from kernel.db import db, visiting
from messaging.models import Message
from messaging.terms import Channel, MessageStanding, NotSent
from tenants import queries as tenants
from tenants.models import Tenant
from tenants.terms import Ground

LAST_DAY = timedelta(days=1)
NONE = standing.Chores(0, timedelta())
"""The platform's own house has no daily work."""
REFUSED = Message.because == NotSent.REFUSED
"""Counted as not delivered: it was tried, and whoever carries messages would not have it."""


class Count(NamedTuple):
    """How many messages of a kind went by a channel and came to what, and how late the latest was."""

    kind: str
    channel: Channel
    standing: MessageStanding
    number: int
    late: timedelta


class CouncilStanding(NamedTuple):
    """How it stands with one council."""

    id: UUID
    slug: str
    name: str
    queue: standing.Standing
    chores: standing.Chores
    messages: Sequence[Count]
    """Of the last day."""

    @property
    def failed(self) -> int:
        """Return how many messages of the last day did not arrive."""
        return sum(one.number for one in self.messages if one.standing == MessageStanding.FAILED)

    @property
    def late(self) -> timedelta:
        """Return how late the latest message of the last day was."""
        return max((one.late for one in self.messages), default=timedelta())


def every_council() -> list[CouncilStanding]:
    """Return how it stands with each house that is open, the platform's too: a look into each, one after the other."""
    return [of_council(house) for house in tenants.houses() if house.closed_at is None]


def of_council(house: Tenant) -> CouncilStanding:
    """Return how it stands with one council, wherever one stands oneself. Reads only."""
    with visiting(house.id, read_only=True):
        is_council = house.ground == Ground.COUNCIL
        chores = standing.chores(since=house.created_at) if is_council else NONE
        return CouncilStanding(house.id, house.slug, house.name, standing.standing(), chores, _last_day())


def _last_day() -> list[Count]:
    came_to = case((REFUSED, MessageStanding.FAILED.value), else_=cast(Message.standing, Text))
    counts = (
        select(
            Message.kind,
            Message.channel,
            came_to.label("came_to"),
            func.count().label("number"),
            func.max(Message.late_seconds).label("late"),
        )
        .where(Message.standing.in_(MessageStanding), Message.sent_at > now() - LAST_DAY)
        .group_by(Message.kind, Message.channel, came_to)
        .order_by(Message.kind, Message.channel, came_to)
    )
    return [
        Count(row.kind, row.channel, MessageStanding(row.came_to), row.number, timedelta(seconds=row.late))
        for row in db.execute(counts)
    ]
