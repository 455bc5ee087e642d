"""Whether a message goes, when, and by which ways. Pure: everything that is known is an argument.

What is not safe comes before everything: no wish, setting or fallback sends what must never be sent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from kernel.london import at_wall_time, wall
from messaging.rules.kinds import Kind
from messaging.rules.texting import mobile
from messaging.terms import Channel, Group, Letter, Never, NotSent, Recipient, Way

FORBIDS = {Channel.TEXT: Never.TEXT, Channel.EMAIL: Never.EMAIL}


@dataclass(frozen=True, kw_only=True)
class House:
    """How a council sends."""

    channels: frozenset[Channel] = frozenset({Channel.EMAIL})
    """The channels that it has."""
    falls_back: bool = True
    """Whether what cannot go by one way goes by another."""
    ways: Mapping[str, Way] = field(default_factory=dict)
    """How each kind goes, where the council has said so."""
    awake_from: time = time(8)
    awake_until: time = time(21)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a message: it goes by these ways now, it waits until then, or it is not sent, because."""

    by: tuple[Channel, ...] = ()
    until: datetime | None = None
    because: NotSent | None = None


def plan(
    kind: Kind,
    to: Recipient,
    house: House,
    *,
    wishes: Mapping[Group, Way],
    suppressed: Collection[str],
    useless_after: datetime | None,
    now: datetime,
) -> Plan:
    """Return what becomes of a message.

    ``wishes`` are those of the person; ``suppressed`` the addresses and numbers that do not work.
    """
    if useless_after and now >= useless_after:
        return Plan(because=NotSent.TOO_LATE)
    wanted = _wanted(kind, house, wishes)
    if not wanted:
        return Plan(because=NotSent.NOT_WANTED)
    by, because = _possible(wanted, to, house, suppressed)
    if not by:
        return Plan(because=because)
    if kind.at_once or is_decent(now, house):
        return Plan(by=by)
    until = next_decent(now, house)
    if useless_after is None or until < useless_after:
        return Plan(until=until)
    # It cannot wait for the morning: an email wakes nobody up.
    if Channel.EMAIL not in by and house.falls_back:
        by, _ = _possible((Channel.EMAIL,), to, house, suppressed)
    return Plan(by=(Channel.EMAIL,)) if Channel.EMAIL in by else Plan(because=NotSent.TOO_LATE)


def as_asked(letter: Letter, house: House) -> House:
    """Return how a council sends one letter that has a way of its own, or that is too long for a text message."""
    if letter.way and house.ways.get(letter.kind) != Way.NEITHER:
        house = replace(house, ways={**house.ways, letter.kind: letter.way})
    return (
        house if letter.by_text else replace(house, channels=house.channels - {Channel.TEXT}, falls_back=True)
    )


def is_decent(at: datetime, house: House) -> bool:
    """Say whether people may be written to at this hour. A council whose two hours are one is always awake."""
    clock = wall(at).time()
    if house.awake_from < house.awake_until:
        return house.awake_from <= clock < house.awake_until
    return clock >= house.awake_from or clock < house.awake_until


def next_decent(at: datetime, house: House) -> datetime:
    """Return when people may be written to next, from an hour at which they may not."""
    today = wall(at).date()
    mornings = (at_wall_time(today + timedelta(days=days), house.awake_from) for days in range(3))
    # Where the clocks skip the whole of a short waking time, that day has none.
    return next(morning for morning in mornings if morning > at and is_decent(morning, house))


def may(channel: Channel, to: Recipient) -> bool:
    """Say whether it is safe to reach somebody by a channel."""
    return FORBIDS[channel] not in to.never


def address(channel: Channel, to: Recipient) -> str:
    """Return where somebody is reached by a channel, or nothing: a number only when it takes texts."""
    return to.email if channel == Channel.EMAIL else mobile(to.phone)


def suppression_key(address: str) -> str:
    """Return an address or a number as one that does not work is kept: it does not work in capitals either."""
    return address.casefold()


def _wanted(kind: Kind, house: House, wishes: Mapping[Group, Way]) -> tuple[Channel, ...]:
    """Return the channels by which a message should go; none when it is not wanted.

    Either side can switch off what is optional, and neither what is not.
    """
    ways = [wishes.get(kind.group), house.ways.get(kind.code), kind.way]
    if kind.optional and Way.NEITHER in ways:
        return ()
    way = next(way for way in ways if way and way != Way.NEITHER)
    return {
        Way.EMAIL: (Channel.EMAIL,),
        Way.TEXT: (Channel.TEXT,),
        Way.BOTH: (Channel.EMAIL, Channel.TEXT),
    }[way]


def _possible(
    wanted: tuple[Channel, ...], to: Recipient, house: House, suppressed: Collection[str]
) -> tuple[tuple[Channel, ...], NotSent | None]:
    others = tuple(channel for channel in Channel if channel not in wanted) if house.falls_back else ()
    reasons: list[NotSent] = []
    for channels in (wanted, others):
        by: list[Channel] = []
        for channel in channels:
            because = _hindrance(channel, to, house, suppressed)
            if because is None:
                by.append(channel)
            else:
                reasons.append(because)
        if by:
            return tuple(by), None
    worst = [NotSent.UNSAFE, NotSent.SUPPRESSED, NotSent.NO_ADDRESS, NotSent.NO_CHANNEL]
    return (), min(reasons, key=worst.index)


def _hindrance(channel: Channel, to: Recipient, house: House, suppressed: Collection[str]) -> NotSent | None:
    at = address(channel, to)
    if not at:
        return NotSent.NO_ADDRESS
    if not may(channel, to):
        return NotSent.UNSAFE
    if channel not in house.channels:
        return NotSent.NO_CHANNEL
    return NotSent.SUPPRESSED if suppression_key(at) in suppressed else None
