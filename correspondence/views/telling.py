"""How what became of messages is said on a page."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from kernel import prose
from messaging import queries as messaging
from messaging.models import Message
from messaging.terms import MessageStanding, as_written

COLOURS = {
    MessageStanding.SENT: "blue",
    MessageStanding.DELIVERED: "green",
    MessageStanding.FAILED: "red",
    MessageStanding.NOT_SENT: "yellow",
}
LATE = timedelta(minutes=5)
"""From when on a message is called late."""
ELSEWHERE = "a family of another hub"


class Told(NamedTuple):
    """A message as staff read of it: never its words."""

    when: datetime
    to: str
    household_id: UUID | None
    kind: str
    about: str
    """Which session or announcement it is about, if it is about one."""
    way: str
    """By which way, such as ``text message``; nothing when it went by none."""
    address: str
    tag: str
    colour: str
    notes: list[str]


def told(row: Any, *, address_too: bool = True) -> Told:
    """Return one message in words; without the address for those who may not open the family."""
    message = row.Message
    return Told(
        when=message.sent_at,
        to=f"{row.given_name or ''} {row.family_name or ''}".strip() or "somebody without a record",
        household_id=row.household_id if address_too else None,
        kind=messaging.kind_name(message.kind),
        about=about_told(row),
        way=_way(message),
        address=as_written(message.address) if address_too else "",
        tag=message.standing.label,
        colour=COLOURS[message.standing],
        notes=_notes(message),
    )


def about_told(row: Any) -> str:
    """Return what it is about, ``Stay and Play, 3 March 2026 at 9:30am`` or ``“Closed on Friday”``, or nothing."""
    if row.starts_at:
        return f"{row.title}, {prose.moment(row.starts_at)}"
    return f"“{row.topic}”" if row.topic else ""


def _way(message: Message) -> str:
    if not message.address:
        return ""
    way = message.channel.label.lower()
    return f"{way} in {message.parts} parts" if message.parts > 1 else way


def _notes(message: Message) -> list[str]:
    late = timedelta(seconds=message.late_seconds)
    notes = [
        f"Because: {message.because.label}" if message.because else "",
        f"{prose.how_long(late)} late"
        if late >= LATE and message.standing != MessageStanding.NOT_SENT
        else "",
        _at("Delivered", message.settled_at) if message.standing == MessageStanding.DELIVERED else "",
        _at("We were told so", message.settled_at) if message.standing == MessageStanding.FAILED else "",
        _at("A link in it was opened", message.opened_at),
        _at("Answered by text", message.answered_at),
    ]
    return [note for note in notes if note]


def _at(what: str, when: datetime | None) -> str:
    return f"{what} {prose.moment(when)}" if when else ""
