"""Bookings, the people they are for, and what was decided about those who wait."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bookings.terms import Channel, Standing, Turn
from families.models import Household, Person
from hubs.models import Session
from hubs.terms import ActivityKind
from kernel.tables import TenantTable, belongs_to, link, one_of


class Booking(TenantTable):
    """A party's place in a session, or in the queue for one."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "reference"),
        Index(None, "tenant_id", "session_id", "standing"),
        Index(None, "tenant_id", "household_id", "created_at"),
        Index(None, "tenant_id", "expires_at", postgresql_where=text("standing IN ('held', 'offered')")),
        CheckConstraint("adults >= 0 AND children >= 0 AND adults + children > 0", name="somebody_comes"),
        CheckConstraint(
            "(standing IN ('held', 'offered')) = (expires_at IS NOT NULL)", name="only_holds_expire"
        ),
        CheckConstraint("(standing = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at_a_time"),
    )

    session_id: Mapped[UUID] = belongs_to("sessions")
    household_id: Mapped[UUID] = belongs_to("households")
    booked_by: Mapped[UUID | None] = belongs_to("accounts")
    carer_id: Mapped[UUID | None] = belongs_to("people")
    """The carer who is told about it."""
    reference: Mapped[str]
    channel: Mapped[Channel] = one_of(Channel)
    standing: Mapped[Standing] = one_of(Standing)
    adults: Mapped[int]
    children: Mapped[int]
    """The size of the party, never changed: a party takes all that it asks for, or nothing."""
    queue_no: Mapped[int | None]
    """The place in the order in which parties began to wait; kept when an offer is made."""
    times_skipped: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[UUID | None] = belongs_to("accounts")
    cancelled_because: Mapped[str] = mapped_column(default="")
    coming_said_at: Mapped[datetime | None]
    """When the family said that it is coming, in answer to a reminder."""

    session: Mapped[Session] = link("Session", "Booking.session_id")
    household: Mapped[Household] = link("Household", "Booking.household_id")
    carer: Mapped[Person | None] = link("Person", "Booking.carer_id")
    places: Mapped[list["Place"]] = link(
        "Booking", "Place.booking_id", back_populates="booking", order_by="Place.id"
    )

    @property
    def of_course(self) -> bool:
        """Say whether the place comes with a course."""
        return self.channel == Channel.COURSE


class Place(TenantTable):
    """One person of a party. A person has at most one live place in a session."""

    __tablename__ = "places"
    __table_args__ = (
        Index(
            None,
            "tenant_id",
            "session_id",
            "person_id",
            unique=True,
            postgresql_where=text("given_up_at IS NULL"),
        ),
        Index(None, "tenant_id", "booking_id"),
        Index(None, "tenant_id", "person_id"),
    )

    booking_id: Mapped[UUID] = belongs_to("bookings")
    session_id: Mapped[UUID] = belongs_to("sessions")
    person_id: Mapped[UUID] = belongs_to("people")
    given_up_at: Mapped[datetime | None]

    booking: Mapped[Booking] = link("Booking", "Place.booking_id", back_populates="places")
    person: Mapped[Person] = link("Person", "Place.person_id")


class WaitingDecision(TenantTable):
    """What was decided about a party that waits, and why, in words that the family is shown."""

    __tablename__ = "waiting_decisions"
    __may__ = ("SELECT", "INSERT")
    __table_args__ = (Index(None, "tenant_id", "booking_id", "decided_at"),)

    booking_id: Mapped[UUID] = belongs_to("bookings")
    turn: Mapped[Turn] = one_of(Turn)
    reason: Mapped[str]
    decided_at: Mapped[datetime]


class FamilyAtHub(TenantTable):
    """That a family has booked at a hub, come to it or registered there, so that its staff may open the record."""

    __tablename__ = "families_at_hubs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "hub_id", "household_id"),
        Index(None, "tenant_id", "household_id"),
    )

    hub_id: Mapped[UUID] = belongs_to("hubs")
    household_id: Mapped[UUID] = belongs_to("households")


class ReminderRule(TenantTable):
    """When families are reminded of sessions of one kind of activity, or of every kind that has no rule of its own.

    Either so many hours before the start, or at a time of day, in England, so many days before.
    """

    __tablename__ = "reminder_rules"
    __table_args__ = (
        Index(None, "tenant_id", "kind"),
        CheckConstraint(
            "(hours_before IS NULL) <> (days_before IS NULL) AND (days_before IS NULL) = (at IS NULL)",
            name="hours_or_days",
        ),
        CheckConstraint("hours_before BETWEEN 1 AND 336 OR hours_before IS NULL", name="sensible_hours"),
        CheckConstraint("days_before BETWEEN 0 AND 14 OR days_before IS NULL", name="sensible_days"),
    )

    kind: Mapped[ActivityKind | None] = one_of(ActivityKind)
    hours_before: Mapped[int | None]
    days_before: Mapped[int | None]
    at: Mapped[time | None]
