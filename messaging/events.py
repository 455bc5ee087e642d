"""What happens to messages."""

from dataclasses import dataclass
from uuid import UUID

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class AddressSuppressed(Happening):
    """An address does not work: nothing is sent there any more. The subject is the suppression."""

    channel: str


@dataclass(frozen=True, kw_only=True)
class SuppressionLifted(Happening):
    """An address is written to again. The subject is the suppression."""

    because: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Happening):
    """A message could not be delivered. The subject is the message."""

    kind: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class DeadLetterRevived(Happening):
    """Whoever runs the house had something tried again that was set aside. The subject is the promise."""

    topic: str


@dataclass(frozen=True, kw_only=True)
class DeadLettersRevived(Happening):
    """Whoever runs the house had all tried again that was set aside. The subject is the council."""

    number: int


@dataclass(frozen=True, kw_only=True)
class DeadLetterForgotten(Happening):
    """Whoever runs the house gave something up that was set aside. The subject is the promise."""

    topic: str


@dataclass(frozen=True, kw_only=True)
class ReplySettled(Happening):
    """Somebody has seen to a text message that came in. The subject is the reply."""


@dataclass(frozen=True, kw_only=True)
class WishChanged(Happening):
    """Somebody gets a group of messages in another way from now on. The subject is the person."""

    group: str
    way: str


@dataclass(frozen=True, kw_only=True)
class WishesJoined(Happening):
    """What somebody has asked for is kept for another record of theirs. The subject is the record that is gone."""

    kept: UUID


@dataclass(frozen=True, kw_only=True)
class SendingChanged(Happening):
    """A council sends otherwise than before. The subject is its settings."""

    what: str
    """The names of the settings that are other now."""


@dataclass(frozen=True, kw_only=True)
class NotifyKeyEntered(Happening):
    """A council has given us a key to GOV.UK Notify. The subject is its settings."""


@dataclass(frozen=True, kw_only=True)
class NotifyKeyForgotten(Happening):
    """A council has taken its key to GOV.UK Notify back. The subject is its settings."""


@dataclass(frozen=True, kw_only=True)
class CallbackWordMade(Happening):
    """GOV.UK Notify is known by a new word when it calls. The subject is the council's settings."""


@dataclass(frozen=True, kw_only=True)
class TestMessageSent(Happening):
    """Somebody has sent themselves a message to try the way. The subject is the council's settings."""

    channel: str


@dataclass(frozen=True, kw_only=True)
class MessageWordsChanged(Happening):
    """A council says something else in a kind of message and a language. The subject is the new wording."""

    kind: str
    language: str
    back_to_shipped: bool


@dataclass(frozen=True, kw_only=True)
class MessageWayChanged(Happening):
    """A kind of message goes by another way. The subject is the council's settings."""

    kind: str
    way: str
