"""Passwords: kept as argon2id, checked in the same time whether or not anybody has the address."""

import secrets
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accounts import queries, rules
from accounts.events import PasswordChanged
from accounts.models import Account, SignIn
from accounts.service.links import end_links, use_link
from accounts.service.sign_ins import end_sign_ins
from accounts.terms import LinkPurpose, SignedInBy
from kernel.clock import now
from kernel.db import db
from kernel.errors import Unacceptable
from kernel.journal import record
from tenants import queries as tenants

NO_PASSWORD_ASKED = timedelta(minutes=15)
"""For so long after signing in with a link, somebody may choose a password without knowing the old one."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def use_hasher(*, time_cost: int, memory_kib: int) -> None:
    """Say how much work a password costs to check."""
    global _hasher, _NOBODY  # noqa: PLW0603
    _hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
    _NOBODY = _hasher.hash(secrets.token_urlsafe())


def check_password(email: str, password: str) -> Account | None:
    """Return the account with this address and password. An unknown address costs the same time as a known one."""
    account = queries.by_email(email)
    known = account.password_hash if account and not account.disabled_at else None
    right = _matches(known or _NOBODY, password)
    if not (account and known and right):
        return None
    if _hasher.check_needs_rehash(known):
        account.password_hash = _hasher.hash(password)
    return account


def knows_password(account: Account, password: str) -> bool:
    """Say whether this is the account's password."""
    return _matches(account.password_hash or _NOBODY, password) and account.password_hash is not None


def needs_old_password(account: Account, sign_in: SignIn) -> bool:
    """Say whether whoever is signed in must give the old password to choose a new one."""
    fresh = now() - sign_in.started_at <= NO_PASSWORD_ASKED
    return account.password_hash is not None and not (sign_in.how == SignedInBy.LINK and fresh)


def change_password(account: Account, password: str, *, keep: UUID | None = None) -> None:
    """Give the account a new password and end all its sign-ins but one."""
    council = tenants.settings()
    about = (account.name, account.email, council.name if council else "")
    if problem := rules.password_problem(password, about=about):
        raise Unacceptable(password=problem)
    set_password(account, password)
    end_sign_ins(account.id, keep=keep)
    end_links(account.email_key)
    record(PasswordChanged(subject=account.id))


def accept_invitation(token: str, password: str) -> Account:
    """Give somebody who was invited their first password. A password that is refused leaves the link as it was."""
    with db.begin_nested():
        account = use_link(token, LinkPurpose.SET_PASSWORD)
        change_password(account, password)
    return account


def set_password(account: Account, password: str) -> None:
    """Keep a password without asking how good it is."""
    account.password_hash = _hasher.hash(password)
    account.password_set_at = now()


def _matches(known: str, password: str) -> bool:
    try:
        return _hasher.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
