"""Which contexts stand in the house: their pages, their part of the API, and what they listen for."""

from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint, Flask

CONTEXTS = (
    "tenants",
    "accounts",
    "messaging",
    "families",
    "hubs",
    "bookings",
    "attendance",
    "outcomes",
    "programmes",
    "reports",
)
LISTENING = ("service", "jobs")
"""Rooms that must be there for what others record or promise."""


def register(app: Flask) -> None:
    """Open the pages of every context."""
    preload()
    for name in CONTEXTS:
        if blueprint := _room(name, "views", "blueprint"):
            app.register_blueprint(blueprint)
        if blueprint := _room(name, "cli", "blueprint"):
            app.register_blueprint(blueprint)


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
