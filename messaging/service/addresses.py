"""Where a council is found, in whose name it writes, and the one-step links in its messages."""

import base64
import hashlib
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy import select

from kernel.db import db, here
from messaging import rules
from tenants import queries as tenants
from tenants.models import Tenant, TenantHost
from tenants.terms import Ground

SMTP = ("smtp", "smtps", "smtp+starttls")
"""Ways to speak to a mail server. What is misspelt must not go without encryption."""


class Post(NamedTuple):
    """What the house is told of the world at its start."""

    smtp_url: str
    mail_domain: str
    base_domain: str
    base_url: Callable[[str], str]
    secret: str
    notify_url: str


_post: Post | None = None


def connect(
    *, smtp_url: str, mail_domain: str, base_domain: str, base_url: Callable[[str], str], secret: str,
    notify_url: str = "https://api.notifications.service.gov.uk",
) -> None:  # fmt: skip
    """Bind the house to its mail server (``smtp://``, ``smtps://``, ``smtp+starttls://``), Notify and its addresses."""
    global _post  # noqa: PLW0603
    if urlsplit(smtp_url).scheme not in SMTP:
        raise ValueError(f"The address of the mail server must begin with one of {', '.join(SMTP)}.")
    _post = Post(smtp_url, mail_domain, base_domain, base_url, secret, notify_url)


def connected() -> Post:
    """Return what the house was told at its start."""
    if _post is None:
        raise RuntimeError("messaging.service.connect() first")
    return _post


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


def own_address(path: str = "") -> str:
    """Return the whole address of a path of the council under way, as people type it."""
    host = db.scalar(
        select(TenantHost.host).where(TenantHost.tenant_id == here()).order_by(TenantHost.host).limit(1)
    )
    house = db.get_one(Tenant, here())
    if house.ground == Ground.PLATFORM:
        host = connected().base_domain
    elif not host:
        host = f"{house.slug}.{connected().base_domain}"
    return connected().base_url(host) + path


def sender() -> rules.Sender:
    """Return in whose name the council under way writes."""
    council = tenants.settings()
    house = db.get_one(Tenant, here())
    return rules.Sender(
        name=council.name if council else house.name,
        address=f"{house.slug}@{connected().mail_domain}",
        reply_to=council.contact_email if council else "",
        phone=council.contact_phone if council else "",
        colour=council.brand_colour if council else "#1d70b8",
        base_url=own_address(),
    )


def _signer(purpose: str) -> Signer:
    return Signer(
        connected().secret.encode(),
        salt=b"one-step:" + purpose.encode() + b":" + here().bytes,
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )
