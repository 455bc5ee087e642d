"""Who carries messages: one small module for each, with one interface.

A carrier is handed a parcel and returns what it calls it. ``Refused``: it will never take it, so it is not tried again.
``Busy``: not now. Any other failure is tried again later; whether it went the first time is then asked (``find``),
where the carrier can tell.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import NamedTuple, Protocol

from messaging.models import MessageSettings
from messaging.rules import Sender, Worded
from messaging.terms import Channel

TIMEOUT_SECONDS = 10
SILENT_SECONDS = 30
"""For how long nobody waits again for a far side that kept silent: other messages and councils stand behind us."""


class Parcel(NamedTuple):
    """A message for one address by one channel. The same key is the same message."""

    message: Worded
    sender: Sender
    channel: Channel
    to: str
    key: str


class Handed(NamedTuple):
    """What the carrier calls a message that it took; nothing when it has no name for it."""

    reference: str = ""


class Refused(Exception):
    """The carrier will never take this: the address does not exist, or it takes nothing for it.

    ``address_is_bad``: nothing else will arrive there either.
    """

    def __init__(self, why: str, *, address_is_bad: bool) -> None:
        super().__init__(why)
        self.why, self.address_is_bad = why, address_is_bad


class Busy(Exception):
    """The carrier takes no more now."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__("busy")
        self.pause = pause


class FarSide(threading.local):
    """Remembers that a far side kept silent, so that not each of a thousand messages waits for it in turn."""

    _silent_until = 0.0

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Ask it something that takes ``TIMEOUT_SECONDS`` at most; raise TimeoutError at once while it is silent."""
        begun = monotonic()
        if begun < self._silent_until:
            raise TimeoutError
        try:
            yield
        except Exception:
            if monotonic() - begun >= TIMEOUT_SECONDS:
                self._silent_until = monotonic() + SILENT_SECONDS
            raise


class Carrier(Protocol):
    """Takes messages to people."""

    def carry(self, parcel: Parcel) -> Handed:
        """Take a message; return what it is called there."""
        ...

    def find(self, parcel: Parcel) -> Handed | None:
        """Return what a message is called that was taken earlier, or None: it was not, or nobody can tell."""
        ...


_makers: dict[str, Callable[[MessageSettings | None], Carrier]] = {}


def carries(name: str) -> Callable[[Callable[[MessageSettings | None], Carrier]], Callable[..., Carrier]]:
    """Make a function the one that gives the carrier of a name, for a council's settings."""

    def register(maker: Callable[[MessageSettings | None], Carrier]) -> Callable[..., Carrier]:
        _makers[name] = maker
        return maker

    return register


def carrier_of(channel: Channel, settings: MessageSettings | None) -> Carrier:
    """Return who carries a channel for a council."""
    by_notify = channel == Channel.TEXT or bool(settings and settings.email_by_notify)
    return _makers["notify" if by_notify else "smtp"](settings)
