"""What a council offers: programmes, their editions, and who may run them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import Account
from hubs.models import Activity
from kernel.tables import TenantTable, belongs_to, link, one_of
from programmes.terms import (
    ContactKind,
    Unit,
    WayIn,
)


class Programme(TenantTable):
    """A parenting programme as a council offers it."""

    __tablename__ = "programmes"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name_key"),
        CheckConstraint("age_to_years >= age_from_years", name="ages_in_order"),
    )

    name: Mapped[str]
    name_key: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    """The code of the shipped template that it came from; empty for a council's own."""
    summary: Mapped[str] = mapped_column(default="")
    """What it is, for parents. Plain Markdown."""
    suits: Mapped[str] = mapped_column(default="")
    """Whom it suits, for parents: what they worry about, in plain words."""
    audience: Mapped[str] = mapped_column(default="")
    age_from_years: Mapped[int] = mapped_column(default=0)
    age_to_years: Mapped[int] = mapped_column(default=18)
    """The ages of the child, both included, as this council has them. A soft warning, never a refusal."""
    concerns: Mapped[list[str]] = mapped_column(JSONB, default=list)
    """Codes of ``rules.CONCERNS`` that it helps with."""
    way_in: Mapped[WayIn] = one_of(WayIn, default=WayIn.BOTH)
    accreditation: Mapped[str] = mapped_column(default="")
    """What its facilitators must be accredited in; empty when nothing is needed."""
    activity_id: Mapped[UUID | None] = belongs_to("activities")
    """What its sessions are called in the timetable."""
    ended_at: Mapped[datetime | None]

    activity: Mapped[Activity | None] = link("Activity", "Programme.activity_id", viewonly=True)


class Edition(TenantTable):
    """One version of how a programme is run. Never changed: a change makes the next one."""

    __tablename__ = "editions"
    __may__ = ("SELECT", "INSERT", "UPDATE")
    __table_args__ = (
        UniqueConstraint("tenant_id", "programme_id", "number"),
        CheckConstraint("most >= fewest AND fewest > 0", name="group_in_order"),
    )

    programme_id: Mapped[UUID] = belongs_to("programmes")
    number: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    """What tells editions apart where sources disagree: ``4 group sessions, 3 calls and a closing session``."""
    source: Mapped[str] = mapped_column(default="")
    """Where this shape comes from."""
    unit: Mapped[Unit] = one_of(Unit, default=Unit.PARENT)
    fewest: Mapped[int] = mapped_column(default=1)
    most: Mapped[int] = mapped_column(default=12)
    """The size of a group, counted in units."""
    facilitators: Mapped[int] = mapped_column(default=1)
    prerequisites: Mapped[str] = mapped_column(default="")
    least_contacts: Mapped[int] = mapped_column(default=1)
    """Whoever attended at least so many contacts, and all that must be attended, completed it."""
    late_start_until: Mapped[int] = mapped_column(default=2)
    """The number of the last contact at which somebody may still start."""
    measures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """``[{"instrument": "bpses", "respondent": "parent", "when": ["before", "after"], "follow_up_weeks": 12}]``."""
    made_by: Mapped[UUID | None] = belongs_to("accounts")
    retired_at: Mapped[datetime | None]

    programme: Mapped[Programme] = link("Programme", "Edition.programme_id")
    contacts: Mapped[list["EditionContact"]] = link(
        "Edition", "EditionContact.edition_id", order_by="EditionContact.number"
    )


class EditionContact(TenantTable):
    """One contact of an edition: the third evening, the second call."""

    __tablename__ = "edition_contacts"
    __may__ = ("SELECT", "INSERT")
    __table_args__ = (
        UniqueConstraint("tenant_id", "edition_id", "number"),
        CheckConstraint("minutes > 0 AND weeks_after >= 0", name="some_time"),
    )

    edition_id: Mapped[UUID] = belongs_to("editions")
    number: Mapped[int]
    """From 1, in order."""
    kind: Mapped[ContactKind] = one_of(ContactKind)
    title: Mapped[str]
    minutes: Mapped[int]
    weeks_after: Mapped[int] = mapped_column(default=1)
    """Weeks after the contact before; 0 for the first, or for the same week."""
    must_attend: Mapped[bool] = mapped_column(default=False)
    checklist: Mapped[list[str]] = mapped_column(JSONB, default=list)
    """What the facilitator covers: the fidelity checklist, in our own words."""


class Accreditation(TenantTable):
    """That somebody was trained, and accredited, to run a programme."""

    __tablename__ = "accreditations"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id", "what"),
        Index(None, "tenant_id", "what"),
    )

    account_id: Mapped[UUID] = belongs_to("accounts")
    what: Mapped[str]
    """As ``Programme.accreditation`` says it."""
    trained_on: Mapped[date | None]
    accredited_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")

    account: Mapped[Account] = link("Account", "Accreditation.account_id")
