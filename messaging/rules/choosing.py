"""What somebody can choose about the messages that they get, and what they cannot. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from messaging.rules.kinds import Kind, kinds, shipped
from messaging.rules.routing import House
from messaging.terms import Channel, Group, Way

ASKED_ABOUT = (Group.REMINDERS, Group.BOOKINGS, Group.COURSES, Group.QUESTIONS, Group.NEWS)
"""The groups about which families have a wish, in the order in which they are asked."""
_ABOUT = {
    Group.REMINDERS: "Before a session that you have booked",
    Group.BOOKINGS: "When a place is booked, offered or cancelled, and when a session changes or is called off",
    Group.COURSES: "When you get a place on a course, and when one of its dates changes or is called off",
    Group.QUESTIONS: "A few questions about a course that you are on, and a reminder when you have not answered",
    Group.NEWS: "What is on at our hubs, if your family agreed to news, and when a course that you asked about opens",
}
_WHY = {
    Group.BOOKINGS: "We always tell you, or you would come to a session that is off",
    Group.COURSES: "We always tell you, or you would come on a day that has changed",
}
_BY = {Way.EMAIL: "email", Way.TEXT: "text message", Way.BOTH: "email and by text message"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One group of messages, and what can be chosen about it. There may be nothing to choose."""

    group: Group
    about: str
    why: str
    """Why it cannot be switched off; empty when it can."""
    usual: str
    """How it goes when nothing was chosen, in words."""
    ways: Sequence[tuple[Way, str]]
    """What can be chosen instead, and what that is called."""


def choosable(house: House) -> Sequence[Choice]:
    """Return what can be chosen where a council sends like this. What it has switched off itself is not asked about."""
    return [choice for group in ASKED_ABOUT if (choice := _choice(group, house))]


def can_be_stopped(group: Group) -> bool:
    """Say whether some of a group is optional."""
    return any(kind.optional for kind in _of(group))


def _of(group: Group) -> list[Kind]:
    return [kind for kind in kinds().values() if kind.group == group]


def _choice(group: Group, house: House) -> Choice | None:
    sent = [kind for kind in _of(group) if not (kind.optional and house.ways.get(kind.code) == Way.NEITHER)]
    if not sent:
        return None
    optional = [kind for kind in sent if kind.optional]
    texts = Channel.TEXT in house.channels and any(shipped("en")[kind.code].text for kind in sent)
    usual = _usual(sent, house)
    ways = [(way, f"By {words}") for way, words in _BY.items() if texts and f"by {words}" != usual]
    if optional:
        ways.append((Way.NEITHER, "Not at all" if optional == sent else "As usual, but no reminders"))
    return Choice(group, _ABOUT[group], "" if optional else _WHY[group], usual, ways)


def _usual(sent: list[Kind], house: House) -> str:
    """Return how the kinds of a group go when nobody has chosen: ``by email``."""
    ways = [house.ways.get(kind.code) or kind.way for kind in sent]
    ways = [kind.way if way == Way.NEITHER else way for kind, way in zip(sent, ways, strict=True)]
    if Channel.TEXT not in house.channels or set(ways) == {Way.EMAIL}:
        return f"by {_BY[Way.EMAIL]}"
    return f"by {_BY[ways[0]]}" if len(set(ways)) == 1 else "by email, and some by text message too"
