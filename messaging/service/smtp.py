"""E-mail by SMTP. A connection is kept open for a while: making one takes longer than a letter."""

import atexit
import contextlib
import os
import re
import smtplib
import ssl
import threading
from time import monotonic
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from kernel.clock import now
from messaging import rules
from messaging.errors import NotOneAddress
from messaging.models import MessageSettings
from messaging.service.addresses import connected
from messaging.service.carriers import TIMEOUT_SECONDS, FarSide, Handed, Parcel, Refused, carries

KEEP_SECONDS = 5
"""How long an idle connection is kept."""
BUSY_SECONDS = 0.5
"""How long after a letter it is not asked whether the other side is still there."""
KEEP_LETTERS = 100
NO_SUCH_ADDRESS = "the mail server knows no such address"
NO_SUCH = frozenset({550, 551, 553})
"""By which a mail server that says no more tells that it knows no such address."""
NO_ROOM = 552
ANSWERS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
"""After which the next letter can go by the same connection, unless the server has closed it (421)."""


class _Open(NamedTuple):
    server: smtplib.SMTP
    url: str
    process: int
    since: float


_far_side = FarSide()


class Smtp(threading.local):
    """The mail server of the house. Each thread has a connection of its own: two letters on one would be mixed up."""

    _open: _Open | None = None
    _used = 0

    def carry(self, parcel: Parcel) -> Handed:
        """Hand an e-mail to the mail server."""
        try:
            mail = rules.email(parcel.message, parcel.sender, to=parcel.to, key=parcel.key, now=now())
        except NotOneAddress:
            raise Refused("it is not one email address", address_is_bad=True) from None
        server = self._server()
        try:
            server.send_message(mail, to_addrs=[parcel.to])
        except Exception as failure:
            if server.sock is None or not isinstance(failure, ANSWERS):
                self.close()
            if refused := _meant(failure):
                raise refused from None
            raise
        return Handed(str(mail["Message-ID"]))

    def find(self, parcel: Parcel) -> Handed | None:
        """Return None: a mail server does not tell what it took."""
        return None

    def close(self) -> None:
        """Hang up."""
        if self._open and self._open.process == os.getpid():
            with contextlib.suppress(Exception):
                self._open.server.close()
        self._open = None

    def _server(self) -> smtplib.SMTP:
        """Return an open connection: the one before while it is fresh and answers, or a new one."""
        kept, url = self._open, connected().smtp_url
        fresh = kept and kept.process == os.getpid() and kept.url == url and self._used < KEEP_LETTERS
        rested = monotonic() - kept.since if kept else 0
        if kept and fresh and rested < KEEP_SECONDS and (rested < BUSY_SECONDS or _answers(kept.server)):
            self._used += 1
            self._open = kept._replace(since=monotonic())
            return kept.server
        self.close()
        with _far_side.asked():
            self._open = _Open(_connect(url), url, os.getpid(), monotonic())
        self._used = 1
        return self._open.server


def _meant(failure: Exception) -> Refused | None:
    """Return the refusal that a failure means, or None: the same letter may be taken later."""
    match failure:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            ((code, said),) = refused.values()
            if _knows_no_such(code, said):
                return Refused(NO_SUCH_ADDRESS, address_is_bad=True)
            if code == NO_ROOM or (code >= 500 and _enhanced(said).startswith("5.2.")):
                return Refused("the mailbox takes nothing more", address_is_bad=False)
        case smtplib.SMTPDataError(smtp_code=code) if code >= 500:
            return Refused("the mail server refused the message", address_is_bad=False)
        case smtplib.SMTPSenderRefused(smtp_code=code) if code == NO_ROOM:
            return Refused("the message is too large for the mail server", address_is_bad=False)
        case smtplib.SMTPNotSupportedError():
            return Refused("the mail server cannot write such an address", address_is_bad=True)
    return None


def _knows_no_such(code: int, said: bytes) -> bool:
    """Say whether a mail server means the address: not that it takes nothing from us or has no room."""
    if enhanced := _enhanced(said):
        return code >= 500 and rules.knows_no_such(enhanced)
    return code in NO_SUCH and b"relay" not in said.lower()


def _enhanced(said: bytes) -> str:
    """Return the code of RFC 3463 with which an answer begins that is final, or nothing."""
    found = re.match(rb"5\.\d+\.\d+", said)
    return found[0].decode() if found else ""


def _answers(server: smtplib.SMTP) -> bool:
    """Say whether the other side is still there: asked after a rest, so that a line that was cut costs no letter."""
    try:
        return server.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def greet() -> None:
    """Say hello to the mail server; raise what there is against it. Sends nothing."""
    server = _connect(connected().smtp_url)
    try:
        code, _ = server.ehlo()
        if code != 250:
            raise smtplib.SMTPHeloError(code, "")
    finally:
        server.close()


def _connect(url: str) -> smtplib.SMTP:
    at = urlsplit(url)
    host, port = at.hostname or "127.0.0.1", at.port
    if at.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
    try:
        if at.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if at.username:
            server.login(unquote(at.username), unquote(at.password or ""))
    except Exception:
        server.close()
        raise
    return server


_smtp = Smtp()


def hang_up() -> None:
    """Close the connection to the mail server, if one is open."""
    _smtp.close()


atexit.register(hang_up)


@carries("smtp")
def smtp(settings: MessageSettings | None) -> Smtp:
    """Return the mail server of the house: one for all councils."""
    return _smtp
