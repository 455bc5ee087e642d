"""What can be done with accounts and sign-ins. The only code that changes them."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update

from accounts import queries
from accounts.events import (
    AccountOpened,
    ApiKeyMade,
    PasswordChanged,
    RolesChanged,
    SignedIn,
    SignedOut,
)
from accounts.models import Account, ApiKey, Membership, SignIn
from accounts.queries import Person, email_key, hashed
from accounts.terms import Role, SignedInBy
from kernel.clock import now
from kernel.db import db
from kernel.errors import Unacceptable
from kernel.journal import record
from kernel.permissions import Permission

STAFF_IDLE = timedelta(minutes=30)
PARENT_IDLE = timedelta(hours=24)
LONGEST = timedelta(days=14)
LONGEST_STAFF = timedelta(hours=12)

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def use_hasher(*, time_cost: int, memory_kib: int) -> None:
    """Say how much work a password costs to check."""
    global _hasher, _NOBODY  # noqa: PLW0603
    _hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
    _NOBODY = _hasher.hash(secrets.token_urlsafe())


def open_account(name: str, email: str, *roles: Role, password: str | None = None) -> Account:
    """Let somebody sign in, in these roles."""
    if queries.by_email(email):
        raise Unacceptable(email="Somebody with this email address has an account already")
    account = Account(name=name, email=email.strip(), email_key=email_key(email))
    db.add(account)
    db.flush()
    db.add_all(Membership(account_id=account.id, role=role) for role in roles)
    record(AccountOpened(subject=account.id, role=", ".join(roles)))
    if password:
        _set_password(account, password)
    return account


def set_roles(account: Account, roles: set[Role]) -> None:
    """Let somebody do what these roles may, and no more."""
    db.execute(delete(Membership).where(Membership.account_id == account.id, Membership.role.not_in(roles)))
    held = set(db.scalars(select(Membership.role).where(Membership.account_id == account.id)))
    db.add_all(Membership(account_id=account.id, role=role) for role in roles - held)
    record(RolesChanged(subject=account.id, roles=", ".join(sorted(roles))))


def check_password(email: str, password: str) -> Account | None:
    """Return the account with this address and password. An unknown address costs the same time as a known one."""
    account = queries.by_email(email)
    known = account.password_hash if account and not account.disabled_at else None
    try:
        right = _hasher.verify(known or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return account if right and known else None


def change_password(account: Account, password: str, *, keep: UUID | None = None) -> None:
    """Give the account a new password and end all its sign-ins but one."""
    _set_password(account, password)
    end_sign_ins(account.id, keep=keep)
    record(PasswordChanged(subject=account.id))


def _set_password(account: Account, password: str) -> None:
    account.password_hash = _hasher.hash(password)
    account.password_set_at = now()


def sign_in(account: Account, *, device: str, how: SignedInBy | str) -> str:
    """Sign somebody in in one browser and return the token for its cookie, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    moment = now()
    db.add(
        SignIn(
            account_id=account.id,
            token_hash=hashed(token),
            how=SignedInBy(how),
            device=device[:120],
            started_at=moment,
            seen_at=moment,
        )
    )
    record(SignedIn(subject=account.id, how=how))
    return token


def has_lapsed(sign_in: SignIn, person: Person, *, now: datetime) -> bool:
    """Say whether a sign-in has been idle, or has lasted, for too long."""
    parent = person.roles == {Role.PARENT}
    idle, longest = (PARENT_IDLE, LONGEST) if parent else (STAFF_IDLE, LONGEST_STAFF)
    return now - sign_in.seen_at > idle or now - sign_in.started_at > longest


def touch(sign_in_id: UUID) -> None:
    """Note that the sign-in is in use."""
    db.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now()))


def end_sign_in(sign_in: SignIn) -> None:
    """End one sign-in; its cookie opens nothing any more."""
    if sign_in.ended_at is None:
        sign_in.ended_at = now()
        record(SignedOut(subject=sign_in.account_id))


def end_sign_ins(account_id: UUID, *, keep: UUID | None = None) -> None:
    """End all sign-ins of an account, or all but one."""
    ending = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    db.execute((ending.where(SignIn.id != keep) if keep else ending).values(ended_at=now()))


def make_api_key(account: Account, name: str, scopes: set[Permission]) -> str:
    """Make a key with which a machine acts for the account within the scopes; it is shown this once."""
    key = f"hubs_{secrets.token_urlsafe(32)}"
    made = ApiKey(account_id=account.id, name=name, key_hash=hashed(key), hint=key[:9], scopes=sorted(scopes))
    db.add(made)
    record(ApiKeyMade(subject=made.id, account=account.id))
    return key
