"""Programmes and how they are run: taken from the shipped templates, or a council's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from programmes.models import Edition, Programme


def adopt(code: str) -> Programme:
    """Offer a shipped programme, with all its editions; the one there is when it is offered already."""
    raise NotImplementedError


def add_programme(name: str, **parts: Any) -> Programme:
    """Offer a programme of the council's own, with the activity that its sessions are."""
    raise NotImplementedError


def change_programme(programme: Programme, **changes: Any) -> Programme:
    """Change what is said of a programme; what is not named stays."""
    raise NotImplementedError


def make_edition(programme: Programme, *, contacts: Sequence[Mapping[str, Any]], **parts: Any) -> Edition:
    """Add another way of running a programme. It is never changed: a change makes the next one."""
    raise NotImplementedError


def retire(edition: Edition) -> None:
    """Set up no more courses of an edition."""
    raise NotImplementedError


def end_programme(programme: Programme) -> None:
    """Offer a programme no longer."""
    raise NotImplementedError
