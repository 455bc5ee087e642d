"""Registers and who came."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from attendance.terms import Mark
from families.models import Household, Person
from families.terms import PersonKind
from kernel.tables import TenantTable, belongs_to, link, one_of


class Register(TenantTable):
    """The register of one session, made when it is first opened."""

    __tablename__ = "registers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "session_id"),
        CheckConstraint("adults_counted >= 0 AND children_counted >= 0", name="counts_not_negative"),
    )

    session_id: Mapped[UUID] = belongs_to("sessions")
    adults_counted: Mapped[int] = mapped_column(default=0)
    children_counted: Mapped[int] = mapped_column(default=0)
    """Heads counted beside those who are named."""
    notes: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = belongs_to("accounts")


class Attendance(TenantTable):
    """What the register says of one person. No row: nothing has been said yet."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("tenant_id", "session_id", "person_id"),
        Index(
            None,
            "tenant_id",
            "on_date",
            postgresql_include=["hub_id", "session_id", "household_id", "person_id", "mark"],
        ),
        Index(None, "tenant_id", "person_id", "on_date"),
        Index(None, "tenant_id", "household_id", "on_date"),
    )

    session_id: Mapped[UUID] = belongs_to("sessions")
    hub_id: Mapped[UUID] = belongs_to("hubs")
    on_date: Mapped[date]
    person_id: Mapped[UUID] = belongs_to("people")
    household_id: Mapped[UUID] = belongs_to("households")
    kind: Mapped[PersonKind] = one_of(PersonKind)
    age_months: Mapped[int | None]
    """The age on the day, in whole months; empty for carers and for the unborn."""
    booking_id: Mapped[UUID | None] = belongs_to("bookings")
    """Empty for a walk-in."""
    mark: Mapped[Mark] = one_of(Mark)
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    marked_at: Mapped[datetime]
    marked_by: Mapped[UUID | None] = belongs_to("accounts")

    person: Mapped[Person] = link("Person", "Attendance.person_id")
    household: Mapped[Household] = link("Household", "Attendance.household_id")
