"""Setting courses up, changing them, calling them off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from programmes.models import Course, Edition
from programmes.terms import Part, WayIn


@dataclass(frozen=True)
class CoursePlan:
    """What setting a course up would do."""


def preview(
    edition: Edition, *, hub_id: UUID, room_id: UUID | None, first_date: date, starts: time,
    places: int = 1, facilitators: Mapping[UUID, Part] | None = None, ages: tuple[int, int] | None = None,
    term_time_only: bool = True,
) -> CoursePlan:  # fmt: skip
    """Return when the contacts of a course would be, what is skipped and why, and what clashes."""
    raise NotImplementedError


def set_up(
    edition: Edition, *, hub_id: UUID, room_id: UUID | None, title: str, first_date: date, starts: time, places: int,
    creche_places: int = 0, facilitators: Mapping[UUID, Part] | None = None, way_in: WayIn | None = None,
    ages: tuple[int, int] | None = None, about: str = "", term_time_only: bool = True, history: bool = False,
) -> Course:  # fmt: skip
    """Set a course up with its dates, sessions and shifts; RoomTaken when the room is not free on one of them."""
    raise NotImplementedError


def change(course: Course, **changes: Any) -> Course:
    """Change ``title``, ``about``, ``places``, ``creche_places``, ``way_in``, ``ages``; what is not named stays."""
    raise NotImplementedError


def staff(course: Course, facilitators: Mapping[UUID, Part]) -> None:
    """Say who leads a course and who helps; they get the shifts of its sessions to come."""
    raise NotImplementedError


def call_off(course: Course, because: str) -> None:
    """Call a course off, with its sessions to come; those who take part are told why."""
    raise NotImplementedError
