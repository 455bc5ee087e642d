"""Whose a row is: of which household, and at which hub."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from bookings.models import Booking
from families.models import Household, Person
from kernel.db import db
from outcomes.models import Asking
from programmes.models import Course, CourseContact, Participation


def household_of(row: Any) -> UUID | None:
    """Return the household that a row is about."""
    if household := getattr(row, "household_id", None):
        return household
    if isinstance(row, Household):
        return row.id
    person = row.respondent_id if isinstance(row, Asking) else getattr(row, "person_id", None)
    if person:
        return db.scalar(select(Person.household_id).where(Person.id == person))
    if booking := getattr(row, "booking_id", None):
        return db.scalar(select(Booking.household_id).where(Booking.id == booking))
    about = getattr(row, "participation_id", None) or getattr(row, "about_id", None)
    return db.scalar(select(Participation.household_id).where(Participation.id == about)) if about else None


def hub_of(row: Any) -> UUID | None:
    """Return the hub that a row is of."""
    if isinstance(row, CourseContact):
        return db.scalar(select(Course.hub_id).where(Course.id == row.course_id))
    return getattr(row, "hub_id", None)
