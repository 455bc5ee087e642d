"""Those who take part, where they stand, and who would like to hear of the next course."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from families.models import Household, Person
from kernel.tables import TenantTable, belongs_to, link, one_of
from kernel.vault import SealedText
from programmes.models.courses import Course
from programmes.models.offer import Programme
from programmes.terms import (
    Source,
    Standing,
)


class Participation(TenantTable):
    """Somebody on a course, from the first word of a referral to the end."""

    __tablename__ = "participations"
    __table_args__ = (
        Index(
            None,
            "tenant_id",
            "course_id",
            "person_id",
            unique=True,
            postgresql_where=text(
                "course_id IS NOT NULL AND standing IN ('referred', 'offered', 'booked', 'started', 'completed')"
            ),
        ),
        Index(None, "tenant_id", "programme_id", "standing"),
        Index(None, "tenant_id", "course_id", "standing"),
        Index(None, "tenant_id", "household_id"),
        Index(None, "tenant_id", "person_id"),
        CheckConstraint("creche_children >= 0", name="creche_not_negative"),
    )

    programme_id: Mapped[UUID] = belongs_to("programmes")
    course_id: Mapped[UUID | None] = belongs_to("courses")
    """Empty while somebody is referred to the programme and no course has been found."""
    hub_id: Mapped[UUID | None] = belongs_to("hubs")
    """Where somebody without a course would like to come."""
    household_id: Mapped[UUID] = belongs_to("households")
    person_id: Mapped[UUID] = belongs_to("people")
    """The parent or carer who takes part."""
    partner_id: Mapped[UUID | None] = belongs_to("people")
    """Who takes part with them, where the place is for a couple or a family."""
    child_id: Mapped[UUID | None] = belongs_to("people")
    """The child whom it is about."""
    standing: Mapped[Standing] = one_of(Standing, default=Standing.REFERRED)
    source: Mapped[Source] = one_of(Source, default=Source.SELF)
    referred_by: Mapped[str] = mapped_column(default="")
    """Who referred: name and organisation, when a professional did."""
    reason: Mapped[str | None] = mapped_column(SealedText)
    """Why, in the referrer's words. Encrypted; reading it is logged."""
    referred_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    booked_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    creche_children: Mapped[int] = mapped_column(default=0)
    interpreter: Mapped[str] = mapped_column(default="")
    """The language in which an interpreter is needed; empty when none is."""
    access_needs: Mapped[str | None] = mapped_column(SealedText)
    transferred_to_id: Mapped[UUID | None] = belongs_to("participations")

    programme: Mapped[Programme] = link("Programme", "Participation.programme_id")
    course: Mapped[Course | None] = link("Course", "Participation.course_id")
    household: Mapped[Household] = link("Household", "Participation.household_id")
    person: Mapped[Person] = link("Person", "Participation.person_id")


class Step(TenantTable):
    """That somebody came to stand elsewhere: who said so, when and why."""

    __tablename__ = "participation_steps"
    __table_args__ = (Index(None, "tenant_id", "participation_id", "taken_at"),)

    participation_id: Mapped[UUID] = belongs_to("participations")
    standing: Mapped[Standing] = one_of(Standing)
    taken_at: Mapped[datetime]
    taken_by: Mapped[UUID | None] = belongs_to("accounts")
    why: Mapped[str | None] = mapped_column(SealedText)


class Interest(TenantTable):
    """That somebody would like to know of the next course of a programme."""

    __tablename__ = "interests"
    __table_args__ = (
        Index(
            None,
            "tenant_id",
            "programme_id",
            "person_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    programme_id: Mapped[UUID] = belongs_to("programmes")
    person_id: Mapped[UUID] = belongs_to("people")
    household_id: Mapped[UUID] = belongs_to("households")
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When they were last told of a course that opened."""
    left_at: Mapped[datetime | None]

    person: Mapped[Person] = link("Person", "Interest.person_id")
