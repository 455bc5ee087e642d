"""What happens to messages."""

from dataclasses import dataclass

from kernel.journal import Happening


@dataclass(frozen=True, kw_only=True)
class AddressSuppressed(Happening):
    """An address does not work: nothing is sent there any more. The subject is the suppression."""

    channel: str


@dataclass(frozen=True, kw_only=True)
class SuppressionLifted(Happening):
    """An address is written to again. The subject is the suppression."""


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Happening):
    """A message could not be delivered. The subject is the message."""

    kind: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class ReplySettled(Happening):
    """Somebody has seen to a text message that came in. The subject is the reply."""
