"""Households and the people in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from families.terms import (
    ConsentKind,
    Entered,
    PersonKind,
    Relationship,
    Responsibility,
    SendStatus,
)
from kernel.tables import TenantTable, belongs_to, link, one_of
from kernel.vault import SealedText


class Household(TenantTable):
    """People who live at one address. A child lives in one household and may have carers in others."""

    __tablename__ = "households"
    __table_args__ = (
        UniqueConstraint("tenant_id", "reference"),
        Index(None, "tenant_id", "postcode_key"),
    )

    reference: Mapped[str]
    """What staff and families call it on the telephone, such as ``F4K7-2M``."""
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    postcode_key: Mapped[str] = mapped_column(default="")
    entered: Mapped[Entered] = one_of(Entered)
    completed_at: Mapped[datetime | None]
    """When registration was finished; a family that registers at the door finishes later."""

    people: Mapped[list["Person"]] = link(
        "Household", "Person.household_id", back_populates="household", order_by="Person.id"
    )
    contacts: Mapped[list["EmergencyContact"]] = link(
        "Household", "EmergencyContact.household_id", order_by="EmergencyContact.id"
    )


class Person(TenantTable):
    """A carer or a child. A child who is not born yet has a due date instead of a date of birth."""

    __tablename__ = "people"
    __table_args__ = (
        Index(None, "tenant_id", "household_id"),
        Index(None, "tenant_id", "name_key"),
        Index(None, "tenant_id", "family_name_key"),
        Index(None, "tenant_id", "date_of_birth"),
        Index(None, "tenant_id", "due_date", postgresql_where=text("due_date IS NOT NULL")),
        Index(None, "tenant_id", "account_id", unique=True, postgresql_where=text("account_id IS NOT NULL")),
        CheckConstraint("date_of_birth IS NULL OR due_date IS NULL", name="born_or_due"),
    )

    household_id: Mapped[UUID] = belongs_to("households")
    kind: Mapped[PersonKind] = one_of(PersonKind)
    given_name: Mapped[str]
    family_name: Mapped[str] = mapped_column(default="")
    known_as: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str]
    """Given and family name as they are searched: case folded, without accents."""
    family_name_key: Mapped[str] = mapped_column(default="")
    date_of_birth: Mapped[date | None]
    due_date: Mapped[date | None]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    """The language spoken at home, as an ISO 639 code; empty when not told."""
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    ethnicity: Mapped[str] = mapped_column(default="")
    """The DfE main code, such as WBRI; empty when not told."""
    send: Mapped[SendStatus] = one_of(SendStatus, default=SendStatus.NONE)
    account_id: Mapped[UUID | None] = belongs_to("accounts")
    """The account with which a carer signs in."""
    left_at: Mapped[datetime | None]
    """When the person was taken out of the household, say because the record was a duplicate."""

    household: Mapped[Household] = link("Household", "Person.household_id", back_populates="people")

    @property
    def name(self) -> str:
        """Return the full name, as written."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> str:
        """Return what the person is called day to day."""
        return self.known_as or self.given_name


class Caring(TenantTable):
    """That a carer looks after a child, whether or not they live together."""

    __tablename__ = "caring"
    __table_args__ = (
        UniqueConstraint("tenant_id", "carer_id", "child_id"),
        Index(None, "tenant_id", "child_id"),
    )

    carer_id: Mapped[UUID] = belongs_to("people")
    child_id: Mapped[UUID] = belongs_to("people")
    relationship: Mapped[Relationship] = one_of(Relationship, default=Relationship.OTHER)
    responsibility: Mapped[Responsibility] = one_of(Responsibility, default=Responsibility.NOT_KNOWN)

    carer: Mapped[Person] = link("Person", "Caring.carer_id")
    child: Mapped[Person] = link("Person", "Caring.child_id")


class ContactRules(TenantTable):
    """What must not be done when somebody is reached, because another may read it. The newest counts."""

    __tablename__ = "contact_rules"
    __table_args__ = (
        Index(None, "tenant_id", "person_id", unique=True, postgresql_where=text("replaced_at IS NULL")),
        Index(None, "tenant_id", "person_id", "set_at"),
    )

    person_id: Mapped[UUID] = belongs_to("people")
    never: Mapped[list[str]] = mapped_column(JSONB)
    """``["text", "place"]``: see ``messaging.terms.Never``."""
    why: Mapped[str | None] = mapped_column(SealedText)
    """In words that staff need, such as whom to ask for. Encrypted; opening it is logged."""
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None] = belongs_to("accounts")
    """Whoever of staff, or the person themselves."""
    replaced_at: Mapped[datetime | None]


class CareRecord(TenantTable):
    """What those who look after a person at a session must know. Encrypted; opening it is logged."""

    __tablename__ = "care_records"
    __table_args__ = (UniqueConstraint("tenant_id", "person_id"),)

    person_id: Mapped[UUID] = belongs_to("people")
    allergies: Mapped[str | None] = mapped_column(SealedText)
    medical: Mapped[str | None] = mapped_column(SealedText)
    needs: Mapped[str | None] = mapped_column(SealedText)
    """Special needs and what helps."""


class SafeguardingNote(TenantTable):
    """Something about a person that few may read. Encrypted; opening it is logged."""

    __tablename__ = "safeguarding_notes"
    __table_args__ = (Index(None, "tenant_id", "person_id", "written_at"),)

    person_id: Mapped[UUID] = belongs_to("people")
    words: Mapped[str] = mapped_column(SealedText)
    written_at: Mapped[datetime]
    written_by: Mapped[UUID] = belongs_to("accounts")


class EmergencyContact(TenantTable):
    """Somebody to ring when no carer answers."""

    __tablename__ = "emergency_contacts"
    __table_args__ = (Index(None, "tenant_id", "household_id"),)

    household_id: Mapped[UUID] = belongs_to("households")
    name: Mapped[str]
    phone: Mapped[str]
    relationship: Mapped[str] = mapped_column(default="")


class Consent(TenantTable):
    """An answer to something that a family was asked to agree to. The newest of a kind counts."""

    __tablename__ = "consents"
    __may__ = ("SELECT", "INSERT")
    __table_args__ = (Index(None, "tenant_id", "household_id", "kind", "answered_at"),)

    household_id: Mapped[UUID] = belongs_to("households")
    kind: Mapped[ConsentKind] = one_of(ConsentKind)
    agreed: Mapped[bool]
    answered_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = belongs_to("accounts")


class RecordOpening(TenantTable):
    """That somebody opened a person's record. Never updated, never deleted."""

    __tablename__ = "record_openings"
    __may__ = ("SELECT", "INSERT")
    __table_args__ = (
        Index(None, "tenant_id", "person_id", "opened_at"),
        Index(None, "tenant_id", "account_id", "opened_at"),
    )

    person_id: Mapped[UUID] = belongs_to("people")
    account_id: Mapped[UUID | None] = belongs_to("accounts")
    what: Mapped[str]
    """Which part was shown, such as ``record``, ``care`` or ``safeguarding``."""
    opened_at: Mapped[datetime]


class Registration(TenantTable):
    """The answers of somebody who is registering and has not finished. Encrypted, and gone after a day."""

    __tablename__ = "registrations"
    __table_args__ = (Index(None, "tenant_id", "expires_at"),)

    answers: Mapped[str] = mapped_column(SealedText)
    expires_at: Mapped[datetime]


class NotTheSame(TenantTable):
    """Somebody's word that two people who look alike are two people, such as twins."""

    __tablename__ = "not_the_same"
    __table_args__ = (UniqueConstraint("tenant_id", "one_id", "other_id"),)

    one_id: Mapped[UUID] = belongs_to("people")
    other_id: Mapped[UUID] = belongs_to("people")
    said_by: Mapped[UUID | None] = belongs_to("accounts")
