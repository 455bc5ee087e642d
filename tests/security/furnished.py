"""A council with one of everything, twice over, and a canary in every text of every row.

A canary is a token that stands in one place only. Wherever it turns up later it says whose text has got out.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, select, text
from sqlalchemy import inspect as inspect_mapper

import app.models as house
from accounts import service as accounts
from accounts.models import Account
from accounts.terms import Role
from attendance.models import Attendance, Register
from attendance.terms import Mark
from bookings.models import Booking, FamilyAtHub, Place, WaitingDecision
from bookings.terms import Channel, Standing, Turn
from families.models import (
    CareRecord,
    Caring,
    Consent,
    EmergencyContact,
    NotTheSame,
    Person,
    RecordOpening,
    Registration,
    SafeguardingNote,
)
from families.terms import ConsentKind, PersonKind, Relationship
from hubs.models import ImportRun, OpeningTime, Session, Shift, TeamMember, TimetableEntry, Upload
from hubs.terms import ShiftPart, Weekday
from kernel.clock import now, today
from kernel.db import db, unit_of_work
from kernel.ids import new_id
from kernel.tables import TenantTable
from kernel.vault import SealedText
from tenants.models import TermDates
from tenants.terms import DatesKind
from tests.making import Make
from tests.security.furnished_courses import furnish_course
from tests.security.furnished_messages import furnish_house_of_messages, furnish_messages
from tests.security.whose import household_of, hub_of

FORMED = {
    "accounts.email", "accounts.email_key", "accounts.password_hash", "sign_ins.token_hash", "sign_in_links.email_key", "sign_in_links.browser_hash", "sign_ins.how",
    "api_keys.key_hash", "api_keys.hint", "council_settings.brand_colour", "council_settings.contact_email",
    "council_settings.website", "people.language", "people.ethnicity", "answers.key", "answers.request_hash",
    "answers.headers", "outbox.topic", "outbox.dedup_key", "registrations.answers", "timetable_entries.import_key",
    "uploads.kind", "journal.kind", "messages.kind", "messages.key", "messages.reference",
    "text_replies.number", "text_replies.reference", "message_settings.callback_hash", "message_suppressions.address", "record_openings.what", "hubs.postcode", "households.postcode",
    "households.postcode_key", "programmes.code", "programmes.accreditation", "accreditations.what",
    "wordings.instrument", "wordings.language", "council_bands.instrument", "council_bands.scale", "council_change_rules.instrument",
    "council_change_rules.scale", "askings.instrument",
    "askings.version", "askings.language", "askings.token_hash", "askings.answers", "scores.scale",
}  # fmt: skip
"""Texts with a form of their own, which a canary would break."""


NEIGHBOURS = (
    ("paula", Role.PARENT),
    ("pete", Role.PARENT),
    ("dan", Role.PARENT),
    ("will", Role.HUB_WORKER),
    ("cora", Role.COORDINATOR),
)


@dataclass(frozen=True)
class Canary:
    """Where a token stands: whose text it is."""

    council: str
    table: str
    column: str
    row: UUID
    household: UUID | None
    hub: UUID | None
    person: UUID | None


@dataclass
class Furniture:
    """The ids of a council's things by what they are, its canaries, and the families and hubs of its people."""

    council: str
    canaries: dict[str, Canary] = field(default_factory=dict)
    ids: dict[str, list[UUID]] = field(default_factory=dict)
    households: dict[str, UUID] = field(default_factory=dict)
    hubs: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[str, UUID] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    """The private links to what the families have not answered yet."""
    mia: UUID | None = None


def furnish(council: str, tenant: UUID, cast: dict[str, UUID]) -> Furniture:
    """Furnish a council and return what stands where.

    In Leeds, Paula's family is known at Seacroft, where Asha, Beth and Cora work; Pete's at Harehills, where Will works.
    Dan is the other parent of Paula's Mia, and lives apart.
    """
    made = Furniture(council)
    with unit_of_work(tenant):
        people = dict(cast)
        for name, role in NEIGHBOURS:
            if council != "leeds" or name not in cast:
                people[name] = accounts.open_account(
                    f"{name} {council}", f"{name}@{council}.example", role
                ).id
        make = Make(people)
        team = ("asha", "beth", "cora") if council == "leeds" else ("carl",)
        _half(make, made, "paula", "Seacroft", team)
        _live_apart(make, made)
        made.sessions["free"] = _open_to_paula(make, "Seacroft", starts_in=timedelta(days=3)).id
        _half(make, made, "pete", "Harehills", ("will",))
        full = _open_to_paula(make, "Harehills", starts_in=timedelta(days=4), families=1)
        made.sessions["full"] = full.id
        _fill(full, made.households["pete"])
        made.people = people
        _once(people["paula"])
    with unit_of_work(tenant):
        _plant(made)
    return made


def _half(make: Make, made: Furniture, parent: str, hub_name: str, team: tuple[str, ...]) -> None:
    hub = make.hub(hub_name, team=team)
    made.hubs[parent] = hub.id
    room = make.room("Blue room", hub=hub)
    activity = make.activity(f"Stay and play {parent}")
    carer, child, _ = make.family(f"Mia {parent}", f"Noah {parent}", carer=f"{parent} Reyes", account=parent)
    made.households[parent] = carer.household_id
    worker = make.cast[team[0]]
    _add(
        TimetableEntry(
            hub_id=hub.id,
            room_id=room.id,
            activity_id=activity.id,
            weekday=Weekday.TUESDAY,
            starts=_at(10),
            ends=_at(11),
            first_date=today(),
        )
    )
    coming = make.session(hub=hub, activity=activity, room_id=room.id)
    over = make.session(hub=hub, activity=activity, starts_in=-timedelta(days=7))
    _add(OpeningTime(hub_id=hub.id, weekday=Weekday.MONDAY, starts=_at(9), ends=_at(17)))
    _add(Shift(session_id=coming.id, account_id=worker, part=ShiftPart.LEADS))
    _add(FamilyAtHub(hub_id=hub.id, household_id=carer.household_id))
    booking = _booking(coming, carer, [carer, child], Standing.CONFIRMED, confirmed_at=now())
    waiting = make.session(hub=hub, activity=activity, starts_in=timedelta(days=2), families=1)
    queued = _booking(waiting, carer, [carer, child], Standing.WAITING, queue_no=1)
    _add(
        WaitingDecision(
            booking_id=queued.id, turn=Turn.JOINED, reason="You joined the list.", decided_at=now()
        )
    )
    _add(Register(session_id=over.id, notes="Loud", adults_counted=1))
    _add(
        Attendance(
            session_id=over.id,
            hub_id=hub.id,
            on_date=over.on_date,
            person_id=child.id,
            household_id=child.household_id,
            kind=PersonKind.CHILD,
            age_months=24,
            mark=Mark.HERE,
            arrived_at=over.starts_at,
            marked_at=now(),
        )
    )
    _add(CareRecord(person_id=child.id, allergies="Nuts", medical="Asthma", needs="Quiet"))
    _add(SafeguardingNote(person_id=child.id, words="Worry", written_at=now(), written_by=worker))
    _add(
        EmergencyContact(
            household_id=carer.household_id, name="Gran", phone="0113 496 0001", relationship="Gran"
        )
    )
    _add(Consent(household_id=carer.household_id, kind=ConsentKind.PHOTOS, agreed=True, answered_at=now()))
    _add(RecordOpening(person_id=child.id, account_id=worker, what="record", opened_at=now()))
    furnish_messages(parent, carer, booking, hub.id, worker)
    upload = _add(
        Upload(
            name="timetable.csv", kind="timetable", content=b"venue\n", uploaded_at=now(), uploaded_by=worker
        )
    )
    _add(ImportRun(upload_id=upload.id, choices={}, rows=0, asked_at=now(), ended_at=now(), outcome={}))
    made.links[parent] = furnish_course(make, parent, hub, room, [carer, child], worker)


def _live_apart(make: Make, made: Furniture) -> None:
    dan = make.carer("Dan Reyes", household=make.household("LS8 2BB"), account="dan")
    mia = db.scalars(select(Person).where(Person.given_name == "Mia")).one()
    _add(Caring(carer_id=dan.id, child_id=mia.id, relationship=Relationship.FATHER))
    made.households["dan"] = dan.household_id
    made.mia = mia.id


def _open_to_paula(make: Make, hub: str, **parts: Any) -> Session:
    """Return a session of which Paula's family knows nothing yet."""
    return make.session(hub=make.hub(hub), activity=make.activity("Messy play"), **parts)


def _fill(session: Session, household: UUID) -> None:
    """Give a family a place."""
    family = db.scalars(
        select(Person).where(Person.household_id == household).order_by(Person.kind, Person.id)
    ).all()
    _booking(session, family[0], list(family[:2]), Standing.CONFIRMED, confirmed_at=now())


def _once(account_id: UUID) -> None:
    account = db.get_one(Account, (db.info["tenant"], account_id))
    accounts.sign_in(account, device="Chrome on Windows", how="password")
    accounts.make_api_key(account, "A machine", set())
    first, second = db.scalars(select(Booking.carer_id).distinct().limit(2)).all()
    _add(NotTheSame(one_id=first, other_id=second))
    _add(TermDates(kind=DatesKind.TERM, name="Spring term", first_day=today(), last_day=today()))
    furnish_house_of_messages(account_id)
    _add(Registration(answers="{}", expires_at=now() + timedelta(days=1)))


def _booking(session: Session, carer: Any, party: list[Any], standing: Standing, **parts: Any) -> Booking:
    booking = _add(
        Booking(
            session_id=session.id,
            household_id=carer.household_id,
            carer_id=carer.id,
            reference=new_id().hex[-8:],
            channel=Channel.WEB,
            standing=standing,
            adults=1,
            children=len(party) - 1,
            **parts,
        )
    )
    for person in party:
        _add(Place(booking_id=booking.id, session_id=session.id, person_id=person.id))
    return booking


def _plant(made: Furniture) -> None:
    """Put a canary into every text of every row, and note the ids."""
    for mapper in house.Table.registry.mappers:
        if not issubclass(mapper.class_, TenantTable):
            continue
        table = mapper.local_table.name
        rows = db.scalars(
            select(mapper.class_).order_by(text("ctid"))
        ).all()  # in the order of making: the clock stands
        made.ids[table] = [row.id for row in rows]
        if "UPDATE" not in mapper.class_.__may__:
            continue
        for row in rows:
            _plant_row(made, table, mapper, row)
    db.flush()


def _plant_row(made: Furniture, table: str, mapper: Any, row: Any) -> None:
    for attribute in inspect_mapper(mapper.class_).column_attrs:
        column = attribute.columns[0]
        plain = type(column.type) is Text or isinstance(column.type, SealedText)
        if not plain or f"{table}.{column.name}" in FORMED:
            continue
        token = f"CANARY.{secrets.token_hex(6)}."
        before = getattr(row, attribute.key)
        setattr(row, attribute.key, token if before is None else f"{before} {token}".strip())
        made.canaries[token] = Canary(
            made.council,
            table,
            column.name,
            row.id,
            household_of(row),
            hub_of(row),
            row.id if table == "people" else getattr(row, "person_id", None),
        )


def _add(row: Any) -> Any:
    db.add(row)
    db.flush()
    return row


def _at(hour: int) -> Any:
    from datetime import time

    return time(hour)


def member_hubs(account_id: UUID) -> set[UUID]:
    """Return the hubs in whose teams somebody is."""
    return set(db.scalars(select(TeamMember.hub_id).where(TeamMember.account_id == account_id)))
