"""Questions about registers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, union
from sqlalchemy.orm import aliased

from accounts.queries import Person as SignedIn
from attendance.models import Attendance, Register
from attendance.terms import CAME, Mark
from bookings.models import Booking, FamilyAtHub, Place
from bookings.terms import Standing
from families.models import CareRecord, Caring, Household, Person
from families.terms import PersonKind
from hubs import queries as hubs
from hubs.models import Activity, Hub, Room, Session, TeamMember
from kernel.db import db
from kernel.errors import NotFound

MOST = 500


def find_register(session_id: UUID, *, seen_by: SignedIn | None = None) -> Any:
    """Return a session with its register, at a hub that the person sees, or raise NotFound. One statement.

    Columns: session_id, hub_id, on_date, starts_at, ends_at, standing, mode, opened, closed_at, title, hub, room,
    adults_counted, children_counted, notes. Where nobody has opened the register yet, nothing is counted.
    """
    statement = (
        select(
            *_session_columns(),
            Activity.title,
            Hub.name.label("hub"),
            Room.name.label("room"),
            func.coalesce(Register.adults_counted, 0).label("adults_counted"),
            func.coalesce(Register.children_counted, 0).label("children_counted"),
            func.coalesce(Register.notes, "").label("notes"),
        )
        .join(Activity, Activity.id == Session.activity_id)
        .join(Hub, Hub.id == Session.hub_id)
        .outerjoin(Room, Room.id == Session.room_id)
        .outerjoin(Register, Register.session_id == Session.id)
        .where(Session.id == session_id, _sees(seen_by))
    )
    if row := db.execute(statement).first():
        return row
    raise NotFound("register")


def _session_columns() -> tuple[Any, ...]:
    return (
        Session.id.label("session_id"),
        Session.hub_id,
        Session.on_date,
        Session.starts_at,
        Session.ends_at,
        Session.standing,
        Activity.mode,
        Register.id.is_not(None).label("opened"),
        Register.closed_at,
    )


def _sees(person: SignedIn | None) -> ColumnElement[bool]:
    # The same as hubs.queries.ensure_sees, inside the statement: a press must not cost one more.
    if person is None or person.sees_all_hubs:
        return true()
    return exists().where(TeamMember.hub_id == Session.hub_id, TeamMember.account_id == person.id)


def lines(session_id: UUID) -> Select[Any]:
    """Return the statement for the lines of a register: everybody who has a place, and everybody who was marked.

    Columns: person_id, kind, given_name, family_name, known_as, name_key, date_of_birth, due_date, household_id,
    reference, booking_id, booking, coming_said_at, mark, arrived_at, left_at, marked_at, marked_by, care (whether there
    is a note).
    """
    return _lines(session_id).order_by(Person.name_key, Person.id).limit(MOST)


def lines_of(session_id: UUID) -> Sequence[Any]:
    """Return the lines of a register. One statement, whatever its length."""
    return db.execute(lines(session_id)).all()


def given_up(booking_id: UUID) -> Sequence[Any]:
    """Return the people of a booking that was cancelled, as marks are made of them. One statement."""
    return db.execute(
        select(
            Place.person_id,
            Person.kind,
            Person.date_of_birth,
            Booking.household_id,
            Booking.id.label("booking_id"),
        )
        .join(Booking, Booking.id == Place.booking_id)
        .join(Person, Person.id == Place.person_id)
        .where(Place.booking_id == booking_id, Place.given_up_at == Booking.cancelled_at)
    ).all()


def tally(session_id: UUID) -> Sequence[Any]:
    """Return what is needed to count a register: kind, mark and left_at of each line. One statement."""
    return db.execute(_lines(session_id, Person.kind, Attendance.mark, Attendance.left_at).limit(MOST)).all()


def find_spot(session_id: UUID, person_id: UUID, *, seen_by: SignedIn | None = None) -> Any:
    """Return where a press lands: session, register, person and what is said of them. One statement.

    Raises NotFound where the hub is not seen, or for a person who has no place, was not marked and whose family is
    not known at the hub. Columns: those of ``lines``, and of ``find_register`` up to closed_at.
    """
    known = exists().where(
        FamilyAtHub.household_id == Person.household_id, FamilyAtHub.hub_id == Session.hub_id
    )
    spot = _spots(session_id, [person_id]).where(
        _sees(seen_by), or_(Booking.id.is_not(None), Attendance.id.is_not(None), known)
    )
    if row := db.execute(spot).first():
        return row
    raise NotFound("person")


def spots(session_id: UUID, person_ids: Collection[UUID], *, with_family: UUID) -> Sequence[Any]:
    """Return where presses for people who come with a family land, on the register or not. One statement."""
    return db.execute(_spots(session_id, person_ids, with_family).order_by(Person.id)).all()


def _spots(session_id: UUID, person_ids: Collection[UUID], with_family: UUID | None = None) -> Select[Any]:
    here = select(*_line_columns(), *_session_columns()).select_from(Person)
    return (
        _joined(
            here.join(Session, Session.id == session_id).join(Activity, Activity.id == Session.activity_id),
            session_id,
            with_family,
        )
        .outerjoin(Register, Register.session_id == Session.id)
        .where(Person.id.in_(person_ids), Person.left_at.is_(None))
    )


def _lines(session_id: UUID, *columns: Any) -> Select[Any]:
    on_it = union(
        select(Place.person_id).where(Place.session_id == session_id, Place.given_up_at.is_(None)),
        select(Attendance.person_id).where(Attendance.session_id == session_id),
    )
    found = _joined(select(*(columns or _line_columns())).select_from(Person), session_id)
    return found.where(
        Person.id.in_(on_it.scalar_subquery()), or_(Booking.id.is_not(None), Attendance.id.is_not(None))
    )


def _joined(statement: Select[Any], session_id: UUID, with_family: UUID | None = None) -> Select[Any]:
    live = and_(Place.person_id == Person.id, Place.session_id == session_id, Place.given_up_at.is_(None))
    placed = and_(Booking.id == Place.booking_id, Booking.standing == Standing.CONFIRMED)
    # Apologies were for the place that was given up: whoever has booked again since then is expected.
    still_said = or_(
        Attendance.mark != Mark.APOLOGIES,
        Booking.id.is_(None),
        Attendance.booking_id.is_not_distinct_from(Booking.id),
    )
    marked = and_(Attendance.person_id == Person.id, Attendance.session_id == session_id, still_said)
    # A child may come with a carer who lives elsewhere.
    found = [with_family] if with_family else []
    family = func.coalesce(Attendance.household_id, Booking.household_id, *found, Person.household_id)
    return (
        statement.outerjoin(Place, live)
        .outerjoin(Booking, placed)
        .outerjoin(Attendance, marked)
        .join(Household, Household.id == family)
    )


def _line_columns() -> tuple[Any, ...]:
    care = exists().where(
        CareRecord.person_id == Person.id,
        or_(CareRecord.allergies.is_not(None), CareRecord.medical.is_not(None)),
    )
    return (
        Person.id.label("person_id"),
        Person.kind,
        Person.given_name,
        Person.family_name,
        Person.known_as,
        Person.name_key,
        Person.date_of_birth,
        Person.due_date,
        Household.id.label("household_id"),
        Household.reference,
        Booking.id.label("booking_id"),
        Booking.reference.label("booking"),
        Booking.coming_said_at,
        Attendance.mark,
        Attendance.arrived_at,
        Attendance.left_at,
        Attendance.marked_at,
        Attendance.marked_by,
        care.label("care"),
    )


def registers_on(first: date, last: date, *, seen_by: SignedIn) -> tuple[Sequence[Any], dict[UUID, Any]]:
    """Return the sessions from one day to another at the person's hubs, and how each one's register stands.

    The standing has: expected, came, heads, closed_at. Four statements.
    """
    found = hubs.sessions_between(first, last, hub_ids=hubs.hub_ids_seen_by(seen_by))
    return found, standings([session.id for session in found])


def standings(session_ids: Collection[UUID]) -> dict[UUID, Any]:
    """Return how the registers of these sessions stand: expected, came, heads and closed_at. One statement."""
    expected = (
        select(func.count())
        .select_from(Place)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Place.session_id == Session.id,
            Place.given_up_at.is_(None),
            Booking.standing == Standing.CONFIRMED,
        )
    )
    came = (
        select(func.count())
        .select_from(Attendance)
        .where(Attendance.session_id == Session.id, Attendance.mark.in_(CAME))
    )
    heads = func.coalesce(Register.adults_counted + Register.children_counted, 0)
    rows = db.execute(
        select(
            Session.id,
            expected.correlate(Session).scalar_subquery().label("expected"),
            came.correlate(Session).scalar_subquery().label("came"),
            heads.label("heads"),
            Register.closed_at,
        )
        .outerjoin(Register, Register.session_id == Session.id)
        .where(Session.id.in_(session_ids))
    )
    return {row.id: row for row in rows}


def people_of_families(household_ids: Collection[UUID]) -> Sequence[Any]:
    """Return who can walk in with these families: who lives there, and the children of its carers elsewhere.

    Columns: household_id, person_id, kind, given_name, family_name, known_as, date_of_birth, due_date.
    """
    home, carer = aliased(Person), aliased(Person)
    pairs = union(
        select(home.household_id, home.id.label("person_id")).where(home.household_id.in_(household_ids)),
        select(carer.household_id, Caring.child_id)
        .join(carer, carer.id == Caring.carer_id)
        .where(carer.household_id.in_(household_ids), carer.left_at.is_(None)),
    ).subquery()
    return db.execute(
        select(
            pairs.c.household_id,
            Person.id.label("person_id"),
            Person.kind,
            Person.given_name,
            Person.family_name,
            Person.known_as,
            Person.date_of_birth,
            Person.due_date,
        )
        .join(pairs, Person.id == pairs.c.person_id)
        .where(Person.left_at.is_(None))
        .order_by(pairs.c.household_id, Person.kind != PersonKind.CARER, Person.date_of_birth, Person.id)
        .limit(MOST)
    ).all()
