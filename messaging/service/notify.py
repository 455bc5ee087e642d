"""Text messages and e-mail by GOV.UK Notify: each council has its own key there, and its own templates.

Its client is imported when the first message goes, since it takes the web process memory that it may never need. Its
errors are told by their status and type; their words change without notice, and are looked at only where the type
leaves no choice. Nothing of a request is raised or logged: it holds a token, an address and what is said.
"""

import atexit
import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from kernel.clock import now
from messaging import rules
from messaging.errors import (
    NotifyAway,
    NotifyHasNoKey,
    NotifyMayNotSend,
    NotifyOnTrial,
    NotifyRefusesClock,
    NotifyRefusesKey,
    NotifyRefusesRequest,
    NotifyReplyAddressMissing,
    NotifyTemplateMissing,
)
from messaging.models import MessageSettings
from messaging.service.addresses import connected
from messaging.service.carriers import TIMEOUT_SECONDS, Busy, FarSide, Handed, Parcel, Refused, carries
from messaging.terms import Channel

Client = Any
"""The official client, which has no types."""

SHORT_PAUSE = timedelta(seconds=20)
"""Notify counts the messages of the last minute."""
LONGEST_PAUSE = timedelta(hours=1)
"""It counts those of a day, too, from midnight UTC on; somebody may have its limit raised before that."""
TYPES = {Channel.TEXT: "sms", Channel.EMAIL: "email"}
FIELDS = {Channel.TEXT: {"body"}, Channel.EMAIL: {"subject", "body"}}
"""The fields by which a template says what we give it."""
BAD_KEY = frozenset({401, 403})

logging.getLogger("notifications_python_client").addHandler(logging.NullHandler())
logging.getLogger("notifications_python_client").propagate = False


class _Line(NamedTuple):
    client: Client
    key: str
    url: str
    process: int


_own = threading.local()
_far_side = FarSide()


class Notify:
    """GOV.UK Notify, as one council uses it."""

    def __init__(self, settings: MessageSettings | None) -> None:
        self.settings = settings

    def carry(self, parcel: Parcel) -> Handed:
        """Hand a message to Notify."""
        settings = self._settings()
        if parcel.channel == Channel.TEXT:
            template = _needed(settings.text_template)
            taken = self._ask(
                lambda client: client.send_sms_notification(
                    parcel.to, template, {"body": parcel.message.text}, reference=rules.reference(parcel.key)
                )
            )
        else:
            taken = self._email(parcel, _needed(settings.email_template), settings.reply_to_id)
        return Handed(str(taken["id"]))

    def find(self, parcel: Parcel) -> Handed | None:
        """Return what Notify calls a message that it took under our reference: it would take it again."""
        found = self._ask(
            lambda client: client.get_all_notifications(
                reference=rules.reference(parcel.key), template_type=TYPES[parcel.channel]
            )
        )
        taken = [one for one in found["notifications"] if one["type"] == TYPES[parcel.channel]]
        return Handed(str(taken[-1]["id"])) if taken else None

    def look_up(self, channel: Channel, template: str) -> None:
        """Raise ``CannotCarry`` unless Notify takes our key and a template says what we give it. Sends nothing.

        One that has lost its ((body)) sends all that stands in it but our words, and nobody is told.
        """
        wanted = _needed(template)
        found = self._ask(lambda client: client.get_template(wanted))
        says = rules.fields_in(f"{found['body']} {found.get('subject') or ''}".lower())
        if found["type"] != TYPES[channel] or not FIELDS[channel] <= says:
            raise NotifyTemplateMissing

    def _email(self, parcel: Parcel, template: str, reply_to_id: str) -> Any:
        stop = parcel.message.stop
        return self._ask(
            lambda client: client.send_email_notification(
                parcel.to,
                template,
                {
                    "subject": rules.one_line(parcel.message.subject),
                    "body": rules.unwrapped_text(parcel.message, parcel.sender),
                },
                reference=rules.reference(parcel.key),
                email_reply_to_id=reply_to_id or None,
                one_click_unsubscribe_url=stop if stop.startswith("https://") else None,
            )
        )

    def _settings(self) -> MessageSettings:
        if self.settings is None or not self.settings.notify_key:
            raise NotifyHasNoKey
        return self.settings

    def _ask(self, question: Callable[[Client], Any]) -> Any:
        """Ask Notify something; what it refuses becomes one of our words."""
        from notifications_python_client.errors import HTTPError, InvalidResponse

        try:
            with _far_side.asked():
                return question(_client(self._settings().notify_key or ""))
        except HTTPError as error:
            if error.response is None:
                hang_up()
            failure: Exception = _meant(error)
        except (InvalidResponse, OSError):
            hang_up()
            failure = NotifyAway()
        except Exception:  # a key of the wrong shape fails in the client's own ways
            failure = NotifyRefusesKey()
        raise failure


def hang_up() -> None:
    """Close the connection to Notify, if this thread has one open."""
    line: _Line | None = getattr(_own, "line", None)
    if line and line.process == os.getpid():
        line.client.request_session.close()
    _own.line = None


atexit.register(hang_up)


@carries("notify")
def notify(settings: MessageSettings | None) -> Notify:
    """Return Notify, as a council with these settings uses it."""
    return Notify(settings)


def _client(key: str) -> Client:
    """Return the client of a key: the one before while nothing has changed. It is not for several threads."""
    url, line = connected().notify_url, getattr(_own, "line", None)
    if line and (line.key, line.url, line.process) == (key, url, os.getpid()):
        return line.client
    from notifications_python_client.notifications import NotificationsAPIClient

    hang_up()
    client: Client = NotificationsAPIClient(key, base_url=url, timeout=TIMEOUT_SECONDS)  # type: ignore[no-untyped-call]
    _own.line = _Line(client, key, url, os.getpid())
    return client


_MEANINGS: tuple[tuple[str, Callable[[], Exception]], ...] = (
    (
        "ValidationError phone_number",
        lambda: Refused("Notify says that texts cannot be sent to this number", address_is_bad=True),
    ),
    (
        "ValidationError email_address",
        lambda: Refused("Notify says that this is no email address", address_is_bad=True),
    ),
    ("international", lambda: Refused("the council sends no texts abroad", address_is_bad=False)),
    ("cannot be longer", lambda: Refused("Notify says that it is too long", address_is_bad=False)),
    ("character count", lambda: Refused("Notify says that it is too long", address_is_bad=False)),
    ("not allowed to send", NotifyMayNotSend),
    ("trial mode", NotifyOnTrial),
    ("team-only", NotifyOnTrial),
    ("email_reply_to_id", NotifyReplyAddressMissing),
    ("emplate", NotifyTemplateMissing),
    ("personalisation", NotifyTemplateMissing),
)
"""What a request that was not right means, by the type and the words of what was said."""


def _needed(template: str) -> str:
    if not template:
        raise NotifyTemplateMissing
    return template


def _meant(error: Any) -> Exception:
    """Return what an answer of Notify means to us."""
    kind, words = _first(error)
    if error.status_code in BAD_KEY:
        return NotifyRefusesClock() if "system clock" in words else NotifyRefusesKey()
    if error.status_code == 429:
        return Busy(SHORT_PAUSE if kind == "RateLimitError" else _until_midnight())
    if error.status_code >= 500:
        return NotifyAway()
    return next((mean() for sign, mean in _MEANINGS if sign in f"{kind} {words}"), NotifyRefusesRequest())


def _first(error: Any) -> tuple[str, str]:
    """Return the type and the words of the first thing that Notify has against a request."""
    told = error.message
    one = told[0] if isinstance(told, list) and told else told
    if not isinstance(one, dict):
        return "", str(one)
    return str(one.get("error", "")), str(one.get("message", ""))


def _until_midnight() -> timedelta:
    today = now().astimezone(UTC).date()
    return min(datetime.combine(today + timedelta(days=1), time(), UTC) - now(), LONGEST_PAUSE)
