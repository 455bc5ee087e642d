"""By which other way a message goes when those that were meant have failed for good. Pure."""

from collections.abc import Collection
from datetime import datetime

from messaging.rules.kinds import Kind
from messaging.rules.routing import House, _hindrance, is_decent
from messaging.terms import Channel, Recipient


def instead(
    tried: Collection[Channel],
    kind: Kind,
    to: Recipient,
    house: House,
    *,
    suppressed: Collection[str],
    can_be_texted: bool,
    now: datetime,
) -> tuple[Channel, ...]:
    """Return the other ways, as the council says, and as far as they are there, safe, and wake nobody up."""
    if not house.falls_back:
        return ()
    quiet = not kind.at_once and not is_decent(now, house)
    closed = {*tried, *([Channel.TEXT] if quiet or not can_be_texted else [])}
    return tuple(
        channel
        for channel in Channel
        if channel not in closed and _hindrance(channel, to, house, suppressed) is None
    )
