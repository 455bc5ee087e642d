"""Accounts: opened, named, given roles, closed."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from accounts import queries
from accounts.errors import NotYourself
from accounts.events import AccountClosed, AccountOpened, AccountRenamed, AccountReopened, RolesChanged
from accounts.models import Account, Membership
from accounts.queries import email_key
from accounts.service.links import end_links, invite_again
from accounts.service.passwords import set_password
from accounts.service.sign_ins import end_sign_ins
from accounts.terms import Role
from kernel.clock import now
from kernel.db import actor, db
from kernel.errors import Unacceptable
from kernel.journal import record
from tenants import service as tenants
from tenants.terms import Ground


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
        set_password(account, password)
    return account


def rename(account: Account, name: str) -> None:
    """Call somebody by another name."""
    if name != account.name:
        account.name = name
        record(AccountRenamed(subject=account.id))


def set_roles(account: Account, roles: set[Role]) -> None:
    """Let somebody do what these roles may, and no more."""
    db.execute(delete(Membership).where(Membership.account_id == account.id, Membership.role.not_in(roles)))
    held = set(db.scalars(select(Membership.role).where(Membership.account_id == account.id)))
    db.add_all(Membership(account_id=account.id, role=role) for role in roles - held)
    record(RolesChanged(subject=account.id, roles=", ".join(sorted(roles))))


def invite(name: str, email: str, roles: Iterable[Role]) -> Account:
    """Make somebody one of the staff and send them a link with which to choose a password."""
    account = queries.by_email(email)
    held = queries.roles_of(account.id) if account else frozenset()
    if account and held - {Role.PARENT}:
        raise Unacceptable(email="Somebody with this email address is on the list of staff already")
    if account:
        set_roles(account, {*held, *roles})
        end_sign_ins(account.id)
        account.disabled_at = None
    else:
        account = open_account(name, email, *roles)
    invite_again(account)
    return account


def change_staff(account: Account, name: str, roles: set[Role]) -> None:
    """Rename one of the staff and give them other roles. New roles begin with a new sign-in."""
    held = queries.roles_of(account.id)
    wanted = roles | (held & {Role.PARENT})
    rename(account, name)
    if wanted == held:
        return
    if account.id == actor() and Role.COUNCIL_ADMIN in held - wanted:
        raise NotYourself("You cannot take away your own role of administrator. Ask another administrator.")
    set_roles(account, wanted)
    if account.id != actor():
        end_sign_ins(account.id)


def disable(account: Account) -> None:
    """Keep somebody out from this moment on: no sign-in, no link and no key of theirs works."""
    if account.id == actor():
        raise NotYourself
    if account.disabled_at is None:
        account.disabled_at = now()
        end_sign_ins(account.id)
        end_links(account.email_key)
        record(AccountClosed(subject=account.id))


def enable(account: Account) -> None:
    """Let somebody sign in again."""
    if account.disabled_at is not None:
        account.disabled_at = None
        record(AccountReopened(subject=account.id))


@tenants.welcomes
def _welcome(name: str, email: str, ground: Ground) -> None:
    """Invite the first administrator of a council, or an operator of the platform."""
    invite(name, email, {Role.OPERATOR if ground == Ground.PLATFORM else Role.COUNCIL_ADMIN})
