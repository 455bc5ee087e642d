"""Courses: a run of an edition at a hub, with its contacts and those who run it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import Account
from hubs.models import Hub, Room, Session
from kernel.tables import TenantTable, belongs_to, link, one_of
from kernel.vault import SealedText
from programmes.models.offer import Edition, Programme
from programmes.terms import (
    ContactKind,
    CourseStanding,
    Part,
    WayIn,
)


class Course(TenantTable):
    """A run of an edition at a hub. It is booked as one thing."""

    __tablename__ = "courses"
    __table_args__ = (
        Index(None, "tenant_id", "programme_id", "first_date"),
        Index(None, "tenant_id", "hub_id", "first_date"),
        CheckConstraint("places > 0 AND creche_places >= 0", name="places_not_negative"),
    )

    programme_id: Mapped[UUID] = belongs_to("programmes")
    edition_id: Mapped[UUID] = belongs_to("editions")
    hub_id: Mapped[UUID] = belongs_to("hubs")
    room_id: Mapped[UUID | None] = belongs_to("rooms")
    title: Mapped[str]
    """What families know it by: ``Group Triple P, Tuesday mornings``."""
    about: Mapped[str] = mapped_column(default="")
    """What this run asks of those who come. Plain Markdown."""
    first_date: Mapped[date]
    last_date: Mapped[date]
    places: Mapped[int]
    """Counted in the edition's unit."""
    creche_places: Mapped[int] = mapped_column(default=0)
    age_from_years: Mapped[int]
    age_to_years: Mapped[int]
    way_in: Mapped[WayIn] = one_of(WayIn)
    late_start_until: Mapped[int]
    standing: Mapped[CourseStanding] = one_of(CourseStanding, default=CourseStanding.OPEN)
    ended_at: Mapped[datetime | None]
    called_off_because: Mapped[str] = mapped_column(default="")

    programme: Mapped[Programme] = link("Programme", "Course.programme_id")
    edition: Mapped[Edition] = link("Edition", "Course.edition_id")
    hub: Mapped[Hub] = link("Hub", "Course.hub_id")
    room: Mapped[Room | None] = link("Room", "Course.room_id")
    contacts: Mapped[list["CourseContact"]] = link(
        "Course", "CourseContact.course_id", back_populates="course", order_by="CourseContact.number"
    )
    facilitators: Mapped[list["Facilitator"]] = link(
        "Course", "Facilitator.course_id", order_by="Facilitator.part, Facilitator.id"
    )


class CourseContact(TenantTable):
    """One contact of a course, and how it went."""

    __tablename__ = "course_contacts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "course_id", "number"),
        Index(
            None,
            "tenant_id",
            "session_id",
            unique=True,
            postgresql_where=text("session_id IS NOT NULL"),
        ),
        Index(None, "tenant_id", "on_date"),
    )

    course_id: Mapped[UUID] = belongs_to("courses")
    number: Mapped[int]
    kind: Mapped[ContactKind] = one_of(ContactKind)
    title: Mapped[str]
    minutes: Mapped[int]
    must_attend: Mapped[bool] = mapped_column(default=False)
    checklist: Mapped[list[str]] = mapped_column(JSONB, default=list)
    on_date: Mapped[date]
    """The day, or the Monday of the week in which appointments are made."""
    session_id: Mapped[UUID | None] = belongs_to("sessions")
    """The session at which the group meets; empty for appointments and modules."""
    covered: Mapped[list[int] | None] = mapped_column(JSONB)
    """The lines of the checklist that were covered, from 0; empty until somebody says."""
    took_minutes: Mapped[int | None]
    notes: Mapped[str | None] = mapped_column(SealedText)
    noted_by: Mapped[UUID | None] = belongs_to("accounts")
    noted_at: Mapped[datetime | None]

    course: Mapped[Course] = link("Course", "CourseContact.course_id", back_populates="contacts")
    session: Mapped[Session | None] = link("Session", "CourseContact.session_id")


class Facilitator(TenantTable):
    """That somebody leads a course or helps at it."""

    __tablename__ = "facilitators"
    __table_args__ = (
        UniqueConstraint("tenant_id", "course_id", "account_id"),
        Index(None, "tenant_id", "account_id"),
    )

    course_id: Mapped[UUID] = belongs_to("courses")
    account_id: Mapped[UUID] = belongs_to("accounts")
    part: Mapped[Part] = one_of(Part, default=Part.LEADS)

    account: Mapped[Account] = link("Account", "Facilitator.account_id")
