"""Announcements: what is told to many families at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import Account
from correspondence.terms import AnnouncementStanding, Audience
from hubs.models import Hub
from kernel.tables import TenantTable, belongs_to, link, one_of
from messaging.terms import Way


class Announcement(TenantTable):
    """Something that is told to a group of families. Who they are is worked out when it goes, not before."""

    __tablename__ = "announcements"
    __table_args__ = (
        Index(None, "tenant_id", "written_at"),
        CheckConstraint(
            "approved_by IS NULL OR approved_by <> asked_by OR people <= approve_above", name="second_person"
        ),
        CheckConstraint(
            "standing NOT IN ('sending', 'sent') OR approved_by IS NOT NULL OR people <= approve_above",
            name="large_ones_are_approved",
        ),
    )

    topic: Mapped[str]
    words: Mapped[str]
    """Markdown. Names nobody."""
    audience: Mapped[Audience] = one_of(Audience)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What narrows the audience: see ``terms.Wanted``. Days are text here, ``{"first": "2026-03-09"}``."""
    hub_id: Mapped[UUID | None] = belongs_to("hubs")
    """The hub that it is about; none when it is for the whole council."""
    way: Mapped[Way] = one_of(Way, default=Way.EMAIL)
    standing: Mapped[AnnouncementStanding] = one_of(AnnouncementStanding, default=AnnouncementStanding.DRAFT)
    written_at: Mapped[datetime]
    written_by: Mapped[UUID] = belongs_to("accounts")
    people: Mapped[int] = mapped_column(default=0)
    """How many people it was for when it was asked to be sent."""
    approve_above: Mapped[int] = mapped_column(default=0)
    """How many it could be for without a second person's word, then."""
    copies: Mapped[int] = mapped_column(default=0)
    """How many copies were promised so far."""
    spread_at: Mapped[datetime | None]
    """When the last of them was promised."""
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[UUID | None] = belongs_to("accounts")
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = belongs_to("accounts")
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[UUID | None] = belongs_to("accounts")
    finished_at: Mapped[datetime | None]

    hub: Mapped[Hub | None] = link("Hub", "Announcement.hub_id", viewonly=True)
    writer: Mapped[Account] = link("Account", "Announcement.written_by", viewonly=True)
