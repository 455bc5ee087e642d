"""Questions about accounts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select

from accounts.models import Account, ApiKey, Membership, SignIn
from accounts.rules import COUNCIL_WIDE, permissions_of
from accounts.terms import Role
from kernel.db import db, here
from kernel.permissions import Permission


@dataclass(frozen=True)
class Person:
    """Whoever is signed in: the one on whose word a request acts. What flask-login calls the user."""

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    sign_in_id: UUID | None = None
    seen_at: datetime | None = None
    api_key_id: UUID | None = None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return the id, as text."""
        return str(self.id)

    def may(self, permission: Permission) -> bool:
        """Say whether they hold the permission."""
        return permission in self.permissions

    @property
    def sees_all_hubs(self) -> bool:
        """Say whether a role of theirs is council wide."""
        return bool(self.roles & COUNCIL_WIDE)


def hashed(token: str) -> str:
    """Return what is kept of a token that is long and random: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def email_key(email: str) -> str:
    """Return an address as it is compared."""
    return email.strip().casefold()


def by_email(email: str) -> Account | None:
    """Return the account with this address."""
    return db.scalar(select(Account).where(Account.email_key == email_key(email)))


def signed_in_by(token: str, *, now: datetime) -> tuple[Person, SignIn] | None:
    """Return who is signed in with this cookie, and the sign-in, unless it has ended. One statement."""
    found = db.execute(
        _with_roles(
            select(SignIn, Account)
            .join(Account, Account.id == SignIn.account_id)
            .where(
                SignIn.token_hash == hashed(token), SignIn.ended_at.is_(None), Account.disabled_at.is_(None)
            )
        )
    ).first()
    if not found:
        return None
    sign_in, account, roles = found
    return _person(account, roles, sign_in_id=sign_in.id, seen_at=sign_in.seen_at), sign_in


def by_api_key(key: str) -> Person | None:
    """Return for whom a machine acts, cut down to the scopes of its key. One statement."""
    found = db.execute(
        _with_roles(
            select(ApiKey, Account)
            .join(Account, Account.id == ApiKey.account_id)
            .where(ApiKey.key_hash == hashed(key), ApiKey.revoked_at.is_(None), Account.disabled_at.is_(None))
        )
    ).first()
    if not found:
        return None
    api_key, account, roles = found
    return _person(account, roles, api_key_id=api_key.id, scopes=set(api_key.scopes))


def staff(limit: int = 500) -> Sequence[Account]:
    """Return the accounts that hold a role other than parent, by name."""
    held = select(Membership.account_id).where(Membership.role != Role.PARENT)
    return db.scalars(
        select(Account).where(Account.id.in_(held)).order_by(Account.name, Account.id).limit(limit)
    ).all()


def _with_roles(statement: Select) -> Select:  # type: ignore[type-arg]
    roles = (
        select(func.array_agg(cast(Membership.role, Text)))
        .where(Membership.account_id == Account.id, Membership.tenant_id == here())
        .correlate(Account)
        .scalar_subquery()
    )
    return statement.add_columns(roles)


def _person(
    account: Account, roles: list[str] | None, *, scopes: set[str] | None = None, **more: object
) -> Person:
    held = frozenset(Role(role) for role in roles or [])
    may = permissions_of(set(held))
    if scopes is not None:
        may = frozenset(p for p in may if p.value in scopes)
    return Person(id=account.id, name=account.name, email=account.email, roles=held, permissions=may, **more)  # type: ignore[arg-type]
