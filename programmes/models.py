"""Programmes, their editions, courses, those who take part, and how each contact went."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import Account
from families.models import Household, Person
from hubs.models import Activity, Hub, Room, Session
from kernel.tables import TenantTable, belongs_to, link, one_of
from kernel.vault import SealedText
from programmes.terms import (
    ContactKind,
    CourseStanding,
    Part,
    Presence,
    Source,
    Standing,
    TaskKind,
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
