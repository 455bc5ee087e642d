"""Councils, their settings and their school calendars."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.tables import SharedTable, TenantTable, one_of
from tenants.terms import DatesKind, Ground


class Tenant(SharedTable):
    """A council, or the platform itself, which is a house like theirs without families."""

    __tablename__ = "tenants"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    ground: Mapped[Ground] = one_of(Ground, default=Ground.COUNCIL)
    closed_at: Mapped[datetime | None]


class TenantHost(SharedTable):
    """A council's own address, beside ``<slug>.<base domain>``."""

    __tablename__ = "tenant_hosts"

    host: Mapped[str] = mapped_column(unique=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))


class CouncilSettings(TenantTable):
    """How a council has set its house. A change is a new row: the newest counts, the others are the history."""

    __tablename__ = "council_settings"
    __may__ = ("SELECT", "INSERT")
    __table_args__ = (Index(None, "tenant_id", "set_at"),)

    name: Mapped[str]
    contact_email: Mapped[str]
    contact_phone: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    brand_colour: Mapped[str] = mapped_column(default="#1d70b8")
    waking_from: Mapped[time] = mapped_column(default=time(8))
    waking_until: Mapped[time] = mapped_column(default=time(21))
    age_limit: Mapped[int] = mapped_column(default=19)
    """The oldest age in years, with ``age_limit_send`` for those with special educational needs or disabilities."""
    age_limit_send: Mapped[int] = mapped_column(default=25)
    reminder_hours: Mapped[int] = mapped_column(default=24)
    offer_hours: Mapped[int] = mapped_column(default=24)
    hold_minutes: Mapped[int] = mapped_column(default=15)
    weeks_ahead: Mapped[int] = mapped_column(default=13)
    """How far ahead the timetable is laid out as sessions."""
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None]


class TermDates(TenantTable):
    """A school term, or a holiday between or inside terms; both days included."""

    __tablename__ = "term_dates"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "first_day"),
        CheckConstraint("last_day >= first_day", name="ends_after_it_starts"),
    )

    kind: Mapped[DatesKind] = one_of(DatesKind)
    name: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
