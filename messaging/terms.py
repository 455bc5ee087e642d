"""The words of messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from kernel.words import Word


class Channel(Word):
    """By which way a message goes."""

    EMAIL = "email", "Email"
    TEXT = "text", "Text message"


def as_written(address: str) -> str:
    """Return a mobile number as people here write it, ``07700 900123``, and anything else as it is."""
    is_british = address.startswith("+447") and len(address) == 13
    return f"0{address[3:7]} {address[7:]}" if is_british else address


class Way(Word):
    """By which channels a kind of message is to go."""

    EMAIL = "email", "Email"
    TEXT = "text", "Text message"
    BOTH = "both", "Email and text message"
    NEITHER = "neither", "Not at all"


class Group(Word):
    """Kinds of message that somebody has one wish about."""

    ACCOUNT = "account", "Signing in"
    BOOKINGS = "bookings", "Your bookings"
    REMINDERS = "reminders", "Reminders"
    COURSES = "courses", "Your courses"
    QUESTIONS = "questions", "Questionnaires"
    NEWS = "news", "News and announcements"
    STAFF = "staff", "For staff"


class Never(Word):
    """What must not be done, because somebody else may read, hear or see it."""

    TEXT = "text", "Do not text their number"
    EMAIL = "email", "Do not write to their email address"
    VOICEMAIL = "voicemail", "Do not leave a message when you ring"
    POST = "post", "Send nothing by post"
    PLACE = "place", "Do not let another carer see where or when they go"


class MessageStanding(Word):
    """What became of a message."""

    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Not delivered"
    NOT_SENT = "not_sent", "Not sent"


class NotSent(Word):
    """Why a message was not sent."""

    NO_ADDRESS = "no_address", "no address"
    UNSAFE = "unsafe", "not safe to send"
    NOT_WANTED = "not_wanted", "these are switched off"
    SUPPRESSED = "suppressed", "their address does not work"
    TOO_LATE = "too_late", "too late"
    NO_CHANNEL = "no_channel", "the council sends no text messages"
    REFUSED = "refused", "refused by the mail server"


class At(NamedTuple):
    """A moment or a day, and how it is written: in the language of whoever reads it."""

    at: datetime | date
    style: Literal["day", "short_day", "date", "clock", "moment", "until"]


class Span(NamedTuple):
    """From when until when, on one day."""

    starts_at: datetime
    ends_at: datetime


class Marked(NamedTuple):
    """Several paragraphs of the council's own, in Markdown: what they look like in an email is kept."""

    markdown: str
    plain: str
    """The same as a text message says it."""


class Phrase(NamedTuple):
    """Words of the product's own in which values stand, ``You pick a time, in the week of ((day))``."""

    words: str
    says: Mapping[str, str | At | Span]
    english: str = ""
    """As English has it where the words alone would not do: ``1 adult and 2 children``."""


PARTY = "Adults: ((adults)), children: ((children))"

Value = str | At | Span | Marked | Phrase
"""What a named field of a message can hold."""


class Link(NamedTuple):
    """Where somebody can go from a letter: its words, and a whole address or a path of the council's own."""

    words: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is to be said to somebody, whichever way it is sent. Names no child and tells nothing about need.

    The words come from the wording of its kind (``rules.kinds``), in the language of whoever it is for.
    """

    kind: str
    """Which message it is, such as ``booking-confirmed``."""
    says: Mapping[str, Value] = field(default_factory=dict)
    """The named fields of its kind. What is not told is empty."""
    facts: Sequence[tuple[str, Value]] = ()
    action: tuple[str, str] | None = None
    """The one thing to do next: words, and a whole address or a path of the council's own."""
    small_links: Sequence[tuple[str, str]] = ()
    calendar: bytes | None = None
    """An appointment as an iCalendar file."""
    useless_after: datetime | None = None
    """From when on it would only confuse, such as the start of the session that it is about."""
    session_id: UUID | None = None
    """The session that it is about, if it is about one."""
    way: Way | None = None
    """How it is to go, whatever is usual for its kind; what its reader wishes comes first."""
    by_text: bool = True
    """Whether it can go by text: not when it is too long."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom a message is for, as they can be reached at this moment."""

    id: UUID | None = None
    """The person of a family; none for staff and for those who are not known."""
    email: str = ""
    phone: str = ""
    language: str = "en"
    never: frozenset[Never] = frozenset()

    @property
    def written_to(self) -> str:
        """The address to which we write, for a page to tell; nothing when it is not safe to write there."""
        return "" if Never.EMAIL in self.never else self.email


class ReplyStanding(Word):
    """What became of a text message that came in."""

    DONE = "done", "Done by itself"
    WAITING = "waiting", "To be read"
    SETTLED = "settled", "Read"


class WorksAgain(Word):
    """Why an address is written to again that did not work."""

    TOLD = "told", "They told us that it works now"
    TRIED = "tried", "We tried it and it works"
    WANTED = "wanted", "They want our texts again"
    CORRECTED = "corrected", "It is not on their record any more"
