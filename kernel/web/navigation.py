"""The way around: each context says which of its pages stand in the navigation, and for whom."""

from collections.abc import Callable
from typing import NamedTuple

from flask import g, url_for

from kernel.permissions import Permission
from kernel.web.access import COUNCIL, may


class Entry(NamedTuple):
    """A page in the navigation. ``shown`` decides, when a permission alone does not.

    ``waiting`` counts what waits there: it is asked when a whole page is drawn. The page is shown while something does.
    """

    text: str
    endpoint: str
    order: int
    permission: Permission | None
    ground: str
    shown: Callable[[], bool] | None
    waiting: Callable[[], int] | None


class Link(NamedTuple):
    """A link of the navigation as this person sees it."""

    text: str
    href: str
    active: bool
    waiting: Callable[[], int] | None = None


_entries: list[Entry] = []


def in_navigation(
    text: str,
    endpoint: str,
    *,
    order: int,
    permission: Permission | None = None,
    ground: str = COUNCIL,
    shown: Callable[[], bool] | None = None,
    waiting: Callable[[], int] | None = None,
) -> None:
    """Put a page into the navigation of those who hold the permission, or of everybody."""
    entry = Entry(text, endpoint, order, permission, ground, shown, waiting)
    if entry not in _entries:
        _entries.append(entry)


def links_for(path: str) -> list[Link]:
    """Return the navigation of whoever asks, the page on which they stand marked."""
    mine = [e for e in sorted(_entries, key=lambda e: e.order) if e.ground == g.ground and _shown(e)]
    links = [(e, url_for(e.endpoint)) for e in mine]
    best = max((href for _, href in links if _below(path, href)), key=len, default=None)
    return [Link(e.text, href, href == best, e.waiting) for e, href in links]


def _shown(entry: Entry) -> bool:
    return (entry.permission is None or may(entry.permission)) and (entry.shown is None or entry.shown())


def _below(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))
