"""What every template may use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, request
from flask_login import current_user

from accounts import queries as accounts
from kernel.db import NoUnitOfWork, here, unit_of_work
from kernel.web.access import may
from kernel.web.navigation import Link, links_for
from kernel.web.once import fresh_key
from tenants import queries as tenants


def register(app: Flask) -> None:
    """Tell the templates about the council, the person and the way around."""

    @app.context_processor
    def surroundings() -> dict[str, Any]:
        with _somewhere():
            known = current_user._get_current_object()
            person = known if known.is_authenticated else None
            return {
                "nonce": g.get("nonce", ""),
                "council": _council(),
                "signed_in": person,
                "navigation": links_for(request.path) if "ground" in g else [],
                "waiting_at": _waiting_at,
                "may": may,
                "fresh_key": fresh_key,
                "names_of": accounts.names,
            }


def _waiting_at(link: Link) -> int:
    """Return how much waits at a page of the navigation; on an error page, after the work, nothing is counted."""
    try:
        here()
    except NoUnitOfWork:
        return 0
    return link.waiting() if link.waiting else 0


def _council() -> Any:
    if g.get("ground") != "council":
        return None
    if "council" not in g:
        g.council = tenants.settings()
    return g.council


@contextmanager
def _somewhere() -> Iterator[None]:
    """Stand in the unit of work under way or, on an error page, in one that only reads."""
    standing = g.get("standing")
    try:
        here()
        under_way = True
    except NoUnitOfWork:
        under_way = False
    if under_way or standing is None:
        yield
        return
    with unit_of_work(standing.tenant_id, read_only=True):
        yield
