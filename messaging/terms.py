"""The words of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Link(NamedTuple):
    """Where somebody can go from a letter: its words, and a whole address or a path of the council's own."""

    words: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is said to somebody, whichever way it is sent. Names no child and tells nothing about need."""

    kind: str
    """Which letter it is, such as ``booking-confirmed``: kept with the fact that it was sent."""
    subject: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    action: tuple[str, str] | None = None
    """The one thing to do next: words, and a whole address or a path of the council's own."""
    small_links: Sequence[tuple[str, str]] = ()
    calendar: bytes | None = None
    """An appointment as an iCalendar file."""
