"""Questions about programmes, how they are run, and who is accredited to run them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Account
from hubs.models import Activity, Session, Shift
from hubs.terms import SessionStanding
from kernel.db import db
from kernel.errors import NotFound
from programmes.models import Accreditation, Course, Edition, Interest, Programme
from programmes.rules.accrediting import SOON, AccreditationStanding, standing_of
from programmes.terms import CourseStanding

MANY = 500


def programmes(*, ended: bool = False) -> Sequence[Programme]:
    """Return the programmes that the council offers, by name; those that have ended too if wanted."""
    wanted = select(Programme).order_by(Programme.name, Programme.id).limit(MANY)
    return db.scalars(wanted if ended else wanted.where(Programme.ended_at.is_(None))).all()


def editions_of(programme_id: UUID) -> Sequence[Edition]:
    """Return how a programme is and was run, the newest first, with the contacts."""
    return db.scalars(
        select(Edition)
        .where(Edition.programme_id == programme_id)
        .options(selectinload(Edition.contacts))
        .order_by(Edition.retired_at.is_not(None), Edition.number.desc(), Edition.id)
        .limit(100)
    ).all()


def editions_to_run() -> Sequence[Edition]:
    """Return every way in which a course can be set up now, by programme and number."""
    return db.scalars(
        select(Edition)
        .join(Programme, Programme.id == Edition.programme_id)
        .where(Edition.retired_at.is_(None), Programme.ended_at.is_(None))
        .options(joinedload(Edition.programme), selectinload(Edition.contacts))
        .order_by(Programme.name, Programme.id, Edition.number)
        .limit(MANY)
    ).all()


def find_edition(edition_id: UUID) -> Edition:
    """Return an edition with its programme and contacts, or raise NotFound."""
    wanted = select(Edition).where(Edition.id == edition_id)
    if edition := db.scalar(wanted.options(joinedload(Edition.programme), selectinload(Edition.contacts))):
        return edition
    raise NotFound("edition")


def courses_by_edition(programme_id: UUID) -> Mapping[UUID, int]:
    """Return how many courses were run of each edition of a programme."""
    counted = (
        select(Course.edition_id, func.count(Course.id).label("number"))
        .where(Course.programme_id == programme_id, Course.standing != CourseStanding.CALLED_OFF)
        .group_by(Course.edition_id)
    )
    return {row.edition_id: row.number for row in db.execute(counted)}


def accredited(
    what: str, account_ids: Collection[UUID], *, on: date, until: date | None = None
) -> Mapping[UUID, tuple[AccreditationStanding, date | None]]:
    """Return where the accreditation of each of these people stands, and when it expires."""
    rows = db.execute(
        select(Accreditation.account_id, Accreditation.accredited_on, Accreditation.expires_on)
        .where(Accreditation.what == what, Accreditation.account_id.in_(account_ids))
        .order_by(Accreditation.account_id)
        .limit(MANY)
    )
    found = {
        account_id: (standing_of(accredited_on=since, expires_on=expires, on=on, until=until), expires)
        for account_id, since, expires in rows
    }
    nothing = (AccreditationStanding.MISSING, None)
    return {account_id: found.get(account_id, nothing) for account_id in account_ids}


def listed_accreditations(what: str = "") -> Select[Any]:
    """Return the statement that lists accreditations, the soonest to expire first."""
    listed = (
        select(Accreditation)
        .join(Account, Account.id == Accreditation.account_id)
        .options(joinedload(Accreditation.account))
        .order_by(Accreditation.expires_on.asc().nulls_last(), Account.name, Accreditation.id)
    )
    return listed.where(Accreditation.what == what) if what else listed


def kinds_of_accreditation() -> Sequence[str]:
    """Return everything that a facilitator can be accredited in here, in order."""
    needed = select(Programme.accreditation.label("what")).where(Programme.accreditation != "")
    held = select(Accreditation.what)
    both = needed.union(held).subquery()
    return db.scalars(select(both.c.what).order_by(both.c.what).limit(MANY)).all()


def shifts_of(account_ids: Collection[UUID], first: datetime, last: datetime) -> Sequence[Any]:
    """Return the sessions at which people should be between two moments."""
    return db.execute(
        select(Shift.account_id, Shift.session_id, Activity.title, Session.starts_at, Session.ends_at)
        .join(Session, Session.id == Shift.session_id)
        .join(Activity, Activity.id == Session.activity_id)
        .where(
            Shift.account_id.in_(account_ids),
            Session.standing == SessionStanding.PLANNED,
            Session.starts_at < last,
            Session.ends_at > first,
        )
        .order_by(Session.starts_at, Shift.account_id, Shift.id)
        .limit(5000)
    ).all()


def numbers_of_editions() -> Mapping[UUID, int]:
    """Return in how many ways each programme can be run now."""
    counted = (
        select(Edition.programme_id, func.count(Edition.id).label("number"))
        .where(Edition.retired_at.is_(None))
        .group_by(Edition.programme_id)
    )
    return {row.programme_id: row.number for row in db.execute(counted)}


def interested(programme_id: UUID) -> int:
    """Return how many people asked to be told of the next course of a programme."""
    waiting = select(func.count(Interest.id)).where(
        Interest.programme_id == programme_id, Interest.left_at.is_(None)
    )
    return db.scalar(waiting) or 0


def worrying(on: date) -> int:
    """Return how many accreditations have expired or expire soon."""
    soon = select(func.count(Accreditation.id)).where(Accreditation.expires_on <= on + SOON)
    return db.scalar(soon) or 0
