"""Gives councils of the demonstration a service at the Notify of this machine, and tells Notify of them.

What Notify is told lies in ``notify.json``, beside who can sign in.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.demo.notify import Service
from app.demo.notify.far_side import told
from kernel.db import unit_of_work
from kernel.settings import Settings
from messaging.service import channels, own_address
from tenants import queries as tenant_queries

FILE = "notify.json"
TEXTING = {"york": "York"}
"""The councils that send texts. The others write emails only."""
RECEIPTS, TEXTS = "/messages/notify/receipts", "/messages/notify/texts"
PENCE_EACH = Decimal("2.4")


def settle(settings: Settings) -> None:
    """Have York send texts, and tell Notify and whoever looks for it today's addresses."""
    known = _read()
    services = {service["name"]: service for service in known.get("services", ())}
    for slug, name in TEXTING.items():
        with unit_of_work(None, read_only=True):
            council = tenant_queries.by_slug(slug)
        if council and name not in services:
            with unit_of_work(council.id):
                services[name] = told(open_service(name))
    for service in services.values():
        for address in ("receipts_url", "texts_url"):
            # The port may be another than last time.
            at = urlsplit(service[address])
            service[address] = settings.base_url(at.hostname or "") + at.path
    _write({"url": settings.notify_url, "services": list(services.values())})


def open_service(name: str) -> Service:
    """Have the council under way send texts by a service of its own."""
    service = Service(
        name,
        receipts_url=own_address(RECEIPTS),
        texts_url=own_address(TEXTS),
        token=channels.make_callback_word(),
    )
    row = channels.own_settings()
    channels.change_channels(
        {
            "texts": True, "text_template": service.text_template, "email_by_notify": False,
            "email_template": service.email_template, "reply_to_id": service.reply_to_id,
            "falls_back": row.falls_back, "pence_each": PENCE_EACH, "approve_above": row.approve_above,
        },
        key=service.key,
    )  # fmt: skip
    return service


def _file() -> Path:
    return Path(os.environ["HUBS_DEMO_DATA"]) / FILE


def _read() -> dict[str, Any]:
    file = _file()
    known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return known


def _write(known: dict[str, Any]) -> None:
    draft = _file().with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(known, indent=2))
    draft.rename(_file())
