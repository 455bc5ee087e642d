"""Sending letters in a council's name, and the one-step links in them."""

import base64
import hashlib
import smtplib
import ssl
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy import select

from kernel.clock import now
from kernel.db import db, here
from messaging import rules
from messaging.models import Message
from messaging.rules import Appointment, calendar_file
from messaging.terms import Letter
from tenants import queries as tenants
from tenants.models import Tenant, TenantHost
from tenants.terms import Ground

__all__ = [
    "Appointment", "Letter", "calendar_file", "connect", "one_step", "own_address", "read_one_step", "send",
]  # fmt: skip

TIMEOUT_SECONDS = 10
SENT, REFUSED = "sent", "refused by the mail server"


class _Post(NamedTuple):
    smtp_url: str
    mail_domain: str
    base_domain: str
    base_url: Callable[[str], str]
    secret: str


_post: _Post | None = None


def connect(
    *, smtp_url: str, mail_domain: str, base_domain: str, base_url: Callable[[str], str], secret: str
) -> None:
    """Bind the house to its mail server (``smtp://``, ``smtps://`` or ``smtp+starttls://``) and its addresses."""
    global _post  # noqa: PLW0603
    _post = _Post(smtp_url, mail_domain, base_domain, base_url, secret)


def send(letter: Letter, *, to: str, about: UUID, key: str | None = None) -> str:
    """Hand the letter to the mail server and keep that it went; return a word on what came of it.

    A failure that may pass is raised, so that the promise is kept later. Letters of one key are one message: give
    the key of the promise when one booking can get several letters of one kind.
    """
    mail = rules.email(letter, _sender(), to=to, key=f"{here()}:{key or f'{letter.kind}:{about}'}", now=now())
    try:
        with _mail_server() as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refusal:
        if all(code >= 500 for code, _ in refusal.recipients.values()):
            return REFUSED
        raise

    db.add(Message(kind=letter.kind, about=about, address=to, sent_at=now()))
    return SENT


def one_step(purpose: str, id: UUID) -> str:
    """Return a token for a link that does one thing to one row of this council, and tells nothing about it."""
    packed = base64.urlsafe_b64encode(id.bytes).rstrip(b"=")
    return _signer(purpose).sign(packed).decode()


def read_one_step(purpose: str, token: str) -> UUID | None:
    """Return the row for which this council made the token for this purpose, or None."""
    try:
        packed = _signer(purpose).unsign(token.encode())
        return UUID(bytes=base64.urlsafe_b64decode(packed + b"=="))
    except (BadSignature, ValueError):
        return None


def _signer(purpose: str) -> Signer:
    return Signer(
        _connected().secret.encode(),
        salt=b"one-step:" + purpose.encode() + b":" + here().bytes,
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )


def own_address(path: str = "") -> str:
    """Return the whole address of a path of the council under way, as people type it."""
    host = db.scalar(
        select(TenantHost.host).where(TenantHost.tenant_id == here()).order_by(TenantHost.host).limit(1)
    )
    house = db.get_one(Tenant, here())
    if house.ground == Ground.PLATFORM:
        host = _connected().base_domain
    elif not host:
        host = f"{house.slug}.{_connected().base_domain}"
    return _connected().base_url(host) + path


def _sender() -> rules.Sender:
    council = tenants.settings()
    house = db.get_one(Tenant, here())
    return rules.Sender(
        name=council.name if council else house.name,
        address=f"{house.slug}@{_connected().mail_domain}",
        reply_to=council.contact_email if council else "",
        phone=council.contact_phone if council else "",
        colour=council.brand_colour if council else "#1d70b8",
        base_url=own_address(),
    )


def _mail_server() -> smtplib.SMTP:
    at = urlsplit(_connected().smtp_url)
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


def _connected() -> _Post:
    if _post is None:
        raise RuntimeError("messaging.service.connect() first")
    return _post
