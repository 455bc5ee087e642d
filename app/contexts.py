"""Which contexts stand in the house: their pages, their part of the API, and what they listen for."""

from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint, Flask

from kernel import vault
from kernel.settings import Settings
from messaging import service as messaging

CONTEXTS = (
    "tenants",
    "accounts",
    "messaging",
    "families",
    "hubs",
    "bookings",
    "attendance",
    "correspondence",
    "outcomes",
    "programmes",
    "reports",
)
LISTENING = ("service", "jobs")
"""Rooms that must be there for what others record or promise."""
SENT_FROM_OUTSIDE = ("messaging.views.choosing.choose",)
"""Views to which forms come that are not ours, from mail programs: their address is the token."""


def connect(settings: Settings) -> None:
    """Give the contexts the key of what is sealed, and the mail server."""
    vault.connect(settings.field_keys.get_secret_value())
    messaging.connect(
        smtp_url=settings.smtp_url,
        mail_domain=settings.mail_domain,
        base_domain=settings.base_domain,
        base_url=settings.base_url,
        secret=settings.secret_key.get_secret_value(),
        notify_url=settings.notify_url,
    )


def register(app: Flask) -> None:
    """Open the pages of every context."""
    preload()
    for name in CONTEXTS:
        if blueprint := _room(name, "views", "blueprint"):
            app.register_blueprint(blueprint)
        if blueprint := _room(name, "cli", "blueprint"):
            app.register_blueprint(blueprint)
    for view in SENT_FROM_OUTSIDE:
        app.extensions["csrf"].exempt(view)


def preload() -> None:
    """Import the rooms that listen and keep promises: what a worker needs."""
    for name in CONTEXTS:
        for room in LISTENING:
            if find_spec(f"{name}.{room}"):
                import_module(f"{name}.{room}")


def api_blueprints() -> list[Blueprint]:
    """Return each context's part of the API."""
    return [found for name in CONTEXTS if (found := _room(name, "api", "blueprint"))]


def _room(context: str, room: str, what: str) -> Blueprint | None:
    found = find_spec(f"{context}.{room}")
    if found is None or found.origin is None:
        return None
    return getattr(import_module(f"{context}.{room}"), what)  # type: ignore[no-any-return]
