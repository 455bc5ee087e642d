"""Who is trained and accredited to run what."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from accounts.models import Account
from hubs.service.places import ensure_staff
from kernel.db import db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from programmes.events import AccreditationNoted
from programmes.models import Accreditation


def note(
    account_id: UUID, what: str, *, trained_on: date | None = None, accredited_on: date | None = None,
    expires_on: date | None = None, note: str = "",
) -> Accreditation:  # fmt: skip
    """Keep that somebody was trained or accredited to run something."""
    ensure_staff(find(Account, account_id))
    if not what.strip():
        raise Unacceptable(what="Choose what they are accredited in")
    there = select(Accreditation.id).where(
        Accreditation.account_id == account_id, Accreditation.what == what.strip()
    )
    if db.scalar(there):
        raise Unacceptable(what="This is on record already. Change it there")
    _ensure_possible(trained_on, accredited_on, expires_on)
    accreditation = Accreditation(account_id=account_id, what=what.strip())
    db.add(accreditation)
    return change(
        accreditation, trained_on=trained_on, accredited_on=accredited_on, expires_on=expires_on, note=note
    )


def change(
    accreditation: Accreditation, *, trained_on: date | None, accredited_on: date | None, expires_on: date | None,
    note: str = "",
) -> Accreditation:  # fmt: skip
    """Change the dates of an accreditation."""
    _ensure_possible(trained_on, accredited_on, expires_on)
    accreditation.trained_on, accreditation.accredited_on = trained_on, accredited_on
    accreditation.expires_on, accreditation.note = expires_on, note.strip()
    db.flush()
    record(AccreditationNoted(subject=accreditation.id))
    return accreditation


def rename(before: str, after: str) -> None:
    """Write an accreditation under its new name wherever it stands under the old one; nobody has one twice."""
    if not before or not after or before == after:
        return
    has_it = select(Accreditation.account_id).where(Accreditation.what == after)
    old = select(Accreditation).where(Accreditation.what == before, Accreditation.account_id.not_in(has_it))
    for accreditation in db.scalars(old.order_by(Accreditation.id)):
        accreditation.what = after
        record(AccreditationNoted(subject=accreditation.id))
    db.flush()


def remove(accreditation: Accreditation) -> None:
    """Take an accreditation off the record: it was entered by mistake."""
    db.delete(accreditation)
    db.flush()
    record(AccreditationNoted(subject=accreditation.id))


def _ensure_possible(trained_on: date | None, accredited_on: date | None, expires_on: date | None) -> None:
    if trained_on is None and accredited_on is None:
        raise Unacceptable(trained_on="Enter when they were trained, or when they were accredited")
    if trained_on and accredited_on and accredited_on < trained_on:
        raise Unacceptable(accredited_on="They can only be accredited on or after the day they were trained")
    since = accredited_on or trained_on
    if expires_on and since and expires_on <= since:
        raise Unacceptable(expires_on="The accreditation must expire after it began")
