"""Hubs, rooms, activities, the timetable and its sessions, the rota."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hubs.terms import (
    ActivityKind,
    BookingMode,
    CountedIn,
    HubKind,
    SessionStanding,
    ShiftPart,
    Weekday,
)
from kernel.tables import TenantTable, belongs_to, link, one_of


class Hub(TenantTable):
    """A building that opens its doors to families, or a venue that a hub borrows."""

    __tablename__ = "hubs"
    __table_args__ = (UniqueConstraint("tenant_id", "name_key"),)

    name: Mapped[str]
    name_key: Mapped[str]
    """The name as files and people repeat it: case folded, without punctuation."""
    kind: Mapped[HubKind] = one_of(HubKind, default=HubKind.FAMILY_HUB)
    area: Mapped[str] = mapped_column(default="")
    also_known_as: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    accessibility: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]

    rooms: Mapped[list["Room"]] = link("Hub", "Room.hub_id", back_populates="hub", order_by="Room.name")
    opening_times: Mapped[list["OpeningTime"]] = link(
        "Hub", "OpeningTime.hub_id", order_by="OpeningTime.starts"
    )


class OpeningTime(TenantTable):
    """A stretch of a weekday in which a hub is open."""

    __tablename__ = "opening_times"
    __table_args__ = (
        UniqueConstraint("tenant_id", "hub_id", "weekday", "starts"),
        CheckConstraint("ends > starts", name="ends_after_it_starts"),
    )

    hub_id: Mapped[UUID] = belongs_to("hubs", on_delete="CASCADE")
    weekday: Mapped[Weekday] = one_of(Weekday)
    starts: Mapped[time]
    ends: Mapped[time]


class Room(TenantTable):
    """A room of a hub. One session at a time."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("tenant_id", "hub_id", "name"),)

    hub_id: Mapped[UUID] = belongs_to("hubs")
    name: Mapped[str]
    people: Mapped[int | None]
    """How many people the room may hold, small ones included."""
    closed_at: Mapped[datetime | None]

    hub: Mapped[Hub] = link("Hub", "Room.hub_id", back_populates="rooms")


class Activity(TenantTable):
    """Something that hubs offer, and the rules of coming to it."""

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("tenant_id", "title_key"),
        CheckConstraint("age_to_months >= age_from_months", name="ages_in_order"),
        CheckConstraint("price_pence >= 0", name="price_not_negative"),
    )

    title: Mapped[str]
    title_key: Mapped[str]
    kind: Mapped[ActivityKind] = one_of(ActivityKind, default=ActivityKind.ACTIVITIES)
    description: Mapped[str] = mapped_column(default="")
    """Plain Markdown."""
    bring: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="")
    age_from_months: Mapped[int] = mapped_column(default=0)
    age_to_months: Mapped[int] = mapped_column(default=228)
    """The last month of age that still comes: a range of 0 to 3 years ends with month 47."""
    mode: Mapped[BookingMode] = one_of(BookingMode, default=BookingMode.DROP_IN)
    price_pence: Mapped[int] = mapped_column(default=0)
    """Pence for each family; 0 is free."""
    counted_in: Mapped[CountedIn] = one_of(CountedIn, default=CountedIn.FAMILIES)
    most_families: Mapped[int | None]
    most_children: Mapped[int | None]
    most_adults: Mapped[int | None]
    """The limits of a session: each that is set holds at once; ``counted_in`` says which is told to families."""
    children_per_adult: Mapped[int | None]
    """The party rule: one adult with at most so many children."""
    opens_days_before: Mapped[int | None]
    """Booking opens so many days before, at midnight; never mind when empty."""
    closes_minutes_before: Mapped[int] = mapped_column(default=0)
    one_per_day: Mapped[bool] = mapped_column(default=False)
    """Whether a family may book only one session of this activity a day."""
    ended_at: Mapped[datetime | None]


class TimetableEntry(TenantTable):
    """Stored intent, in the wall time of England: what should happen every week or two."""

    __tablename__ = "timetable_entries"
    __table_args__ = (
        Index(None, "tenant_id", "hub_id", "weekday", "starts"),
        Index(None, "tenant_id", "import_key"),
        CheckConstraint("ends > starts", name="ends_after_it_starts"),
        CheckConstraint("every_weeks IN (1, 2)", name="weekly_or_fortnightly"),
    )

    hub_id: Mapped[UUID] = belongs_to("hubs")
    room_id: Mapped[UUID | None] = belongs_to("rooms")
    activity_id: Mapped[UUID] = belongs_to("activities")
    weekday: Mapped[Weekday] = one_of(Weekday)
    starts: Mapped[time]
    ends: Mapped[time]
    every_weeks: Mapped[int] = mapped_column(default=1)
    first_date: Mapped[date]
    """The first day on which it may happen; a fortnightly entry counts from its week."""
    last_date: Mapped[date | None]
    term_time_only: Mapped[bool] = mapped_column(default=False)
    not_on_bank_holidays: Mapped[bool] = mapped_column(default=True)
    import_key: Mapped[str] = mapped_column(default="")
    """What the entry was called in the file that it came from; empty when typed."""
    replaced_by_id: Mapped[UUID | None] = belongs_to("timetable_entries")
    ended_at: Mapped[datetime | None]

    hub: Mapped[Hub] = link("Hub", "TimetableEntry.hub_id")
    room: Mapped[Room | None] = link("Room", "TimetableEntry.room_id")
    activity: Mapped[Activity] = link("Activity", "TimetableEntry.activity_id")


class Session(TenantTable):
    """One meeting of an activity at a hub. A row with a state of its own, whatever becomes of its entry."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index(None, "tenant_id", "starts_at", "id"),
        Index(None, "tenant_id", "hub_id", "starts_at"),
        Index(None, "tenant_id", "activity_id", "on_date"),
        Index(
            None,
            "tenant_id",
            "entry_id",
            "entry_date",
            unique=True,
            postgresql_where=text("entry_id IS NOT NULL"),
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    )

    entry_id: Mapped[UUID | None] = belongs_to("timetable_entries")
    entry_date: Mapped[date | None]
    """The day for which the entry meant it, even when it was moved since."""
    activity_id: Mapped[UUID] = belongs_to("activities")
    hub_id: Mapped[UUID] = belongs_to("hubs")
    room_id: Mapped[UUID | None] = belongs_to("rooms")
    on_date: Mapped[date]
    """The day in England on which it starts."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    most_families: Mapped[int | None]
    most_children: Mapped[int | None]
    most_adults: Mapped[int | None]
    standing: Mapped[SessionStanding] = one_of(SessionStanding, default=SessionStanding.PLANNED)
    called_off_at: Mapped[datetime | None]
    called_off_because: Mapped[str] = mapped_column(default="")
    """In words that families are told."""
    changed_by_hand_at: Mapped[datetime | None]
    """When this one was changed alone; the timetable then leaves it be."""

    activity: Mapped[Activity] = link("Activity", "Session.activity_id")
    hub: Mapped[Hub] = link("Hub", "Session.hub_id")
    room: Mapped[Room | None] = link("Room", "Session.room_id")
    entry: Mapped[TimetableEntry | None] = link("TimetableEntry", "Session.entry_id")


class RoomSlot(TenantTable):
    """A quarter of an hour of a room, taken by one session: what makes double use impossible."""

    __tablename__ = "room_slots"
    __table_args__ = (
        UniqueConstraint("tenant_id", "room_id", "slot_start"),
        Index(None, "tenant_id", "session_id"),
    )

    room_id: Mapped[UUID] = belongs_to("rooms")
    slot_start: Mapped[datetime]
    session_id: Mapped[UUID] = belongs_to("sessions", on_delete="CASCADE")


class TeamMember(TenantTable):
    """That somebody works at a hub. Hub workers and managers see the hubs in whose teams they are."""

    __tablename__ = "team_members"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id", "hub_id"),
        Index(None, "tenant_id", "hub_id"),
    )

    hub_id: Mapped[UUID] = belongs_to("hubs")
    account_id: Mapped[UUID] = belongs_to("accounts")


class Shift(TenantTable):
    """That somebody leads a session, or helps at it."""

    __tablename__ = "shifts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "session_id", "account_id"),
        Index(None, "tenant_id", "account_id"),
    )

    session_id: Mapped[UUID] = belongs_to("sessions", on_delete="CASCADE")
    account_id: Mapped[UUID] = belongs_to("accounts")
    part: Mapped[ShiftPart] = one_of(ShiftPart, default=ShiftPart.HELPS)

    session: Mapped[Session] = link("Session", "Shift.session_id")


class Upload(TenantTable):
    """A timetable file that was uploaded and not applied yet, with what is to be done with it."""

    __tablename__ = "uploads"
    __table_args__ = (Index(None, "tenant_id", "uploaded_at"),)

    name: Mapped[str]
    kind: Mapped[str]
    """``hubs``, ``timetable`` or ``term_dates``."""
    content: Mapped[bytes]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[UUID | None] = belongs_to("accounts")
    applied_at: Mapped[datetime | None]


class ImportRun(TenantTable):
    """That somebody agreed to import a file, how far that has come, and what it did."""

    __tablename__ = "import_runs"
    __table_args__ = (Index(None, "tenant_id", "upload_id", "asked_at"),)

    upload_id: Mapped[UUID] = belongs_to("uploads", on_delete="CASCADE")
    choices: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Which heading of the file is which column, where somebody said so."""
    venue: Mapped[str] = mapped_column(default="")
    rows: Mapped[int]
    rows_done: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    upload: Mapped[Upload] = link("Upload", "ImportRun.upload_id")
