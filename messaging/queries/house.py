"""How the council under way sends."""

from sqlalchemy import select

from kernel.db import db
from messaging.models import MessageSettings
from messaging.rules import House
from messaging.terms import Channel, Way
from tenants import queries as tenants


def settings() -> MessageSettings | None:
    """Return how the council sends, or None while everything is as it comes."""
    return db.scalar(select(MessageSettings).limit(1))


def house() -> House:
    """Return how the council sends, as the rules ask it."""
    return house_by(settings())


def house_by(settings: MessageSettings | None) -> House:
    """Return how a council with these settings sends, as the rules ask it."""
    council = tenants.settings()
    return House(
        channels=frozenset({Channel.EMAIL, *([Channel.TEXT] if settings and settings.texts else [])}),
        falls_back=settings.falls_back if settings else True,
        ways={kind: Way(way) for kind, way in settings.ways.items()} if settings else {},
        **({"awake_from": council.waking_from, "awake_until": council.waking_until} if council else {}),
    )
