"""What registers follow: apologies, sessions that move, records that turn out to be one, birthdays known later."""

from uuid import UUID

from sqlalchemy import select, update

from attendance import queries, rules
from attendance.models import Attendance
from attendance.service.marking import say_unless_said
from attendance.terms import CAME, Tap
from bookings.events import ApologyGiven
from families.events import BabyBorn, HouseholdsMerged, PeopleMerged, PersonChanged
from families.models import Person
from hubs.events import SessionMoved
from hubs.models import Session
from kernel.db import db, find
from kernel.journal import on


@on(ApologyGiven)
def follow_apology(given: ApologyGiven) -> None:
    """Let those have sent apologies who gave their places up when they were reminded."""
    people = queries.given_up(given.subject)
    if people:
        say_unless_said(queries.find_register(given.session), people, Tap.APOLOGIES)


@on(SessionMoved)
def follow_session(moved: SessionMoved) -> None:
    """Let apologies for a session stand on the day on which it is now."""
    day = select(Session.on_date).where(Session.id == moved.subject).scalar_subquery()
    early = update(Attendance).where(Attendance.session_id == moved.subject, Attendance.on_date != day)
    db.execute(early.values(on_date=day).execution_options(synchronize_session=False))


@on(PeopleMerged)
def follow_person(merged: PeopleMerged) -> None:
    """Make what was said of the record that is gone be said of the one that stays."""
    said = {row.session_id: row for row in _rows_of(merged.subject)}
    for row in _rows_of(merged.gone):
        twin = said.get(row.session_id)
        if twin and (twin.mark in CAME or row.mark not in CAME):
            db.delete(row)
            continue
        if twin:
            db.delete(twin)
            db.flush()
        row.person_id = merged.subject
    db.flush()
    _reckon_ages(merged.subject)


@on(HouseholdsMerged)
def follow_household(merged: HouseholdsMerged) -> None:
    """Let those who came with the household that is gone have come with the one that stays."""
    theirs = update(Attendance).where(Attendance.household_id == merged.gone)
    db.execute(theirs.values(household_id=merged.subject))


@on(BabyBorn)
def follow_birth(born: BabyBorn) -> None:
    """Reckon the ages of a child anew who was awaited."""
    _reckon_ages(born.subject)


@on(PersonChanged)
def follow_change(change: PersonChanged) -> None:
    """Reckon the ages of a child anew whose date of birth was not known, or wrong."""
    if "date_of_birth" in change.changed:
        _reckon_ages(change.subject)


def _reckon_ages(person_id: UUID) -> None:
    rows = _rows_of(person_id)
    if not rows:
        return
    person = find(Person, person_id)
    for row in rows:
        row.age_months = rules.age_months(person.kind, person.date_of_birth, on=row.on_date)
    db.flush()


def _rows_of(person_id: UUID) -> list[Attendance]:
    return list(db.scalars(select(Attendance).where(Attendance.person_id == person_id)))
