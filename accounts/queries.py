"""Questions about accounts."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Text, bindparam, cast, func, or_, select

from accounts.models import Account, ApiKey, Membership, SignIn, SignInLink
from accounts.rules import COUNCIL_WIDE, limits_of, permissions_of
from accounts.terms import LinkPurpose, Role
from kernel.db import db, find, here, kept
from kernel.errors import NotFound
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


_ROLES = (
    select(func.array_agg(cast(Membership.role, Text)))
    .where(Membership.account_id == Account.id)
    .correlate(Account)
    .scalar_subquery()
)
_SIGNED_IN = kept(
    select(SignIn, Account, _ROLES)
    .join(Account, Account.id == SignIn.account_id)
    .where(SignIn.token_hash == bindparam("hash"), SignIn.ended_at.is_(None), Account.disabled_at.is_(None))
)
_WITH_KEY = kept(
    select(ApiKey, Account, _ROLES)
    .join(Account, Account.id == ApiKey.account_id)
    .where(ApiKey.key_hash == bindparam("hash"), ApiKey.revoked_at.is_(None), Account.disabled_at.is_(None))
)


def hashed(token: str) -> str:
    """Return what is kept of a token that is long and random: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def email_key(email: str) -> str:
    """Return an address as it is compared."""
    return email.strip().casefold()


def by_email(email: str) -> Account | None:
    """Return the account with this address."""
    return db.scalar(select(Account).where(Account.email_key == email_key(email)))


def signed_in_by(token: str) -> tuple[Person, SignIn] | None:
    """Return who is signed in with this cookie, and the sign-in, unless it has ended. One statement."""
    found = db.execute(_SIGNED_IN, {"hash": hashed(token)}).first()
    if not found:
        return None
    sign_in, account, roles = found
    return _person(account, roles, sign_in_id=sign_in.id, seen_at=sign_in.seen_at), sign_in


def by_api_key(key: str) -> Person | None:
    """Return for whom a machine acts, cut down to the scopes of its key. One statement."""
    found = db.execute(_WITH_KEY, {"hash": hashed(key)}).first()
    if not found:
        return None
    api_key, account, roles = found
    return _person(account, roles, api_key_id=api_key.id, scopes=set(api_key.scopes))


def roles_of(account_id: UUID) -> frozenset[Role]:
    """Return the roles that an account has."""
    return frozenset(db.scalars(select(Membership.role).where(Membership.account_id == account_id)))


def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return what these accounts are called, in one statement."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    found = db.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: row.name for row in found}


def staff(limit: int = 500) -> Sequence[Account]:
    """Return the accounts that hold a role other than parent, by name."""
    held = select(Membership.account_id).where(Membership.role != Role.PARENT)
    return db.scalars(
        select(Account).where(Account.id.in_(held)).order_by(Account.name, Account.id).limit(limit)
    ).all()


def staff_list(words: str = "") -> Select[Any]:
    """Return the statement that lists the staff, by name, with their roles; only those whose name has these words."""
    held = select(Membership.account_id).where(Membership.role != Role.PARENT)
    listed = select(
        Account.id, Account.name, Account.email, Account.disabled_at, Account.password_set_at
    ).where(Account.id.in_(held))
    for word in words.split()[:5]:
        listed = listed.where(
            or_(
                Account.name.icontains(word, autoescape=True),
                Account.email_key.contains(word.casefold(), autoescape=True),
            )
        )
    return listed.add_columns(_ROLES).order_by(Account.name, Account.id)


def staff_account(account_id: UUID) -> tuple[Account, frozenset[Role]]:
    """Return one of the staff and their roles; a parent is not one of them."""
    account, roles = find(Account, account_id), roles_of(account_id)
    if not roles - {Role.PARENT}:
        raise NotFound("not one of the staff")
    return account, roles


def sign_ins_of(person: Person, *, now: datetime) -> Sequence[SignIn]:
    """Return where somebody is signed in at this moment, the latest used first."""
    idle, longest = limits_of(person.roles)
    return db.scalars(
        select(SignIn)
        .where(
            SignIn.account_id == person.id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at >= now - idle,
            SignIn.started_at >= now - longest,
        )
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(100)
    ).all()


def own_sign_in(person: Person, sign_in_id: UUID) -> SignIn:
    """Return a sign-in of somebody's own."""
    sign_in = find(SignIn, sign_in_id)
    if sign_in.account_id != person.id:
        raise NotFound("somebody else's sign-in")
    return sign_in


def api_keys() -> Sequence[Row[Any]]:
    """Return the keys of the council's machines that work, with whose they are, the newest first."""
    return db.execute(
        select(
            ApiKey.id, ApiKey.name, ApiKey.hint, ApiKey.scopes, ApiKey.created_at, Account.name.label("owner")
        )
        .join(Account, Account.id == ApiKey.account_id)
        .where(ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
        .limit(200)
    ).all()


def link_by_id(link_id: UUID | None) -> SignInLink | None:
    """Return a link that was sent."""
    return db.get(SignInLink, (here(), link_id)) if link_id else None


def is_live(link: SignInLink, purpose: LinkPurpose, *, now: datetime) -> bool:
    """Say whether a link can still be used, for this."""
    return link.purpose == purpose and link.used_at is None and link.expires_at > now


def asked_in(link: SignInLink, browser: str | None) -> bool:
    """Say whether a link was asked for in this browser, when that matters."""
    return link.browser_hash is None or link.browser_hash == hashed(browser or "")


def _person(
    account: Account, roles: list[str] | None, *, scopes: set[str] | None = None, **more: object
) -> Person:
    held = frozenset(Role(role) for role in roles or [])
    may = permissions_of(set(held))
    if scopes is not None:
        may = frozenset(p for p in may if p.value in scopes)
    return Person(id=account.id, name=account.name, email=account.email, roles=held, permissions=may, **more)  # type: ignore[arg-type]
