"""How each contact went: doses, times that are picked, and who should be rung."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import Account
from kernel.tables import TenantTable, belongs_to, link, one_of
from kernel.vault import SealedText
from programmes.models.courses import CourseContact
from programmes.models.people import Participation
from programmes.terms import (
    Presence,
    TaskKind,
)


class Dose(TenantTable):
    """What is known of one participant and one contact. No row: nothing yet."""

    __tablename__ = "doses"
    __table_args__ = (
        UniqueConstraint("tenant_id", "participation_id", "contact_id"),
        Index(None, "tenant_id", "contact_id"),
    )

    participation_id: Mapped[UUID] = belongs_to("participations")
    contact_id: Mapped[UUID] = belongs_to("course_contacts")
    presence: Mapped[Presence] = one_of(Presence)
    made_up_at_id: Mapped[UUID | None] = belongs_to("course_contacts")
    """The contact of a parallel group at which it was, or will be, made up."""
    said_at: Mapped[datetime]
    said_by: Mapped[UUID | None] = belongs_to("accounts")


class Slot(TenantTable):
    """A time at which a facilitator can ring, visit or meet one participant; picked by the parent."""

    __tablename__ = "course_slots"
    __table_args__ = (
        UniqueConstraint("tenant_id", "contact_id", "account_id", "starts_at"),
        Index(
            None,
            "tenant_id",
            "contact_id",
            "participation_id",
            unique=True,
            postgresql_where=text("participation_id IS NOT NULL"),
        ),
        Index(None, "tenant_id", "account_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    )

    contact_id: Mapped[UUID] = belongs_to("course_contacts")
    account_id: Mapped[UUID] = belongs_to("accounts")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    participation_id: Mapped[UUID | None] = belongs_to("participations")
    picked_at: Mapped[datetime | None]

    contact: Mapped[CourseContact] = link("CourseContact", "Slot.contact_id")
    account: Mapped[Account] = link("Account", "Slot.account_id")


class Task(TenantTable):
    """That somebody should be rung."""

    __tablename__ = "course_tasks"
    __table_args__ = (
        UniqueConstraint("tenant_id", "participation_id", "kind", "contact_id"),
        Index(None, "tenant_id", "course_id", postgresql_where=text("done_at IS NULL")),
    )

    course_id: Mapped[UUID] = belongs_to("courses")
    participation_id: Mapped[UUID] = belongs_to("participations")
    contact_id: Mapped[UUID] = belongs_to("course_contacts")
    """The contact that was missed."""
    kind: Mapped[TaskKind] = one_of(TaskKind)
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = belongs_to("accounts")
    what_was_said: Mapped[str | None] = mapped_column(SealedText)

    participation: Mapped[Participation] = link("Participation", "Task.participation_id")
