"""Addresses and numbers that do not work, for those who may see whose they are."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from accounts.models import Account
from accounts.queries import Person as SignedIn
from bookings.models import FamilyAtHub
from families.models import Person
from hubs.queries import teams_of
from kernel.db import db
from kernel.errors import NotFound
from kernel.permissions import Permission
from messaging.models import Suppression


def broken(reader: SignedIn) -> Select[Any]:
    """Return the statement for the addresses that do not work, the newest first, with whose they are."""
    return (
        _with_whose()
        .where(Suppression.lifted_at.is_(None), _seen_by(reader))
        .order_by(Suppression.since.desc(), Suppression.id.desc())
    )


def find_broken(suppression_id: UUID, *, reader: SignedIn) -> Any:
    """Return an address that does not work, or works again since, and whose it is, or raise NotFound."""
    wanted = _with_whose().where(Suppression.id == suppression_id, _seen_by(reader))
    if found := db.execute(wanted).first():
        return found
    raise NotFound("suppression")


def _with_whose() -> Select[Any]:
    """Return the statement for addresses: of people of families, or of accounts when nobody else is known."""
    return cast("Select[Any]", (
        select(
            Suppression, Person.id.label("person_id"), Person.household_id, Person.given_name, Person.family_name,
            Account.name.label("account_name"),
        )
        .outerjoin(Account, and_(Suppression.person_id.is_(None), Account.email_key == Suppression.address))
        .outerjoin(
            Person,
            and_(
                Person.left_at.is_(None), or_(Person.id == Suppression.person_id, Person.account_id == Account.id)
            ),
        )
    ))  # fmt: skip


def _seen_by(reader: SignedIn) -> ColumnElement[bool]:
    """Return the condition for the addresses that somebody sees: of the families of their hubs, and of the staff."""
    seen: list[ColumnElement[bool]] = [false()]
    if reader.may(Permission.SEE_FAMILIES):
        known = select(FamilyAtHub.household_id)
        if not reader.sees_all_hubs:
            known = known.where(FamilyAtHub.hub_id.in_(teams_of(reader)))
        seen.append(Person.household_id.in_(known))
    if reader.may(Permission.MANAGE_ACCOUNTS):
        seen.append(Person.id.is_(None))
    return or_(*seen)
