"""Links sent by e-mail: to sign in, and to choose a first password. Each is used once, or not at all."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from accounts import queries, rules
from accounts.errors import LinkIsDead
from accounts.events import Invited
from accounts.models import Account, SignInLink
from accounts.queries import email_key, hashed
from accounts.terms import LinkPurpose, Role
from kernel.clock import now
from kernel.db import db, find, here
from kernel.journal import record
from kernel.outbox import promise
from messaging import service as messaging
from messaging.terms import Recipient

LINK_LIVES = timedelta(minutes=10)
INVITATION_LIVES = timedelta(hours=72)

_reads: list[Callable[[UUID], str]] = []


def knows_language(says: Callable[[UUID], str]) -> Callable[[UUID], str]:
    """Make a function the one that says in which language the owner of an account reads; nothing for nobody known."""
    if says not in _reads:
        _reads.append(says)
    return says


def ask_for_link(email: str, *, browser: str) -> None:
    """Promise a link that signs in once, in this browser. Does the same work when nobody has that address."""
    account = queries.by_email(email)
    known = account if account and not account.disabled_at else None
    key = email_key(email)
    end_links(key, LinkPurpose.SIGN_IN)
    link = SignInLink(
        account_id=known.id if known else None,
        email_key=key,
        purpose=LinkPurpose.SIGN_IN,
        browser_hash=hashed(browser),
        expires_at=now() + LINK_LIVES,
    )
    db.add(link)
    db.flush()
    promise("accounts.link", key=f"accounts.link:{link.id}", link=link.id)


def invite_again(account: Account) -> None:
    """Send somebody a fresh link with which to choose a password; the ones before stop working."""
    end_links(account.email_key)
    link = SignInLink(
        account_id=account.id,
        email_key=account.email_key,
        purpose=LinkPurpose.SET_PASSWORD,
        expires_at=now() + INVITATION_LIVES,
    )
    db.add(link)
    db.flush()
    record(Invited(subject=account.id))
    promise("accounts.invitation", key=f"accounts.invitation:{link.id}", link=link.id)


def send_link(link: SignInLink) -> str:
    """Send the letter with a link to sign in, or the one that says that nobody has this address."""
    if link.expires_at <= now():
        return "too late"
    account = link.account
    if account is None:
        letter = rules.nobody_letter("/sign-in")
        return messaging.send(
            letter, to=Recipient(email=link.email_key), about=link.id, key=f"sign-in:{link.id}"
        )
    address = f"/sign-in/link/{messaging.one_step(LinkPurpose.SIGN_IN, link.id)}"
    letter = rules.sign_in_letter(address, minutes=int(LINK_LIVES.total_seconds() // 60))
    to = Recipient(email=account.email, language=_language_of(account.id))
    return messaging.send(letter, to=to, about=account.id, key=f"sign-in:{link.id}")


def send_invitation(link: SignInLink) -> str:
    """Send the letter that invites somebody to choose a password."""
    account = link.account
    if account is None or link.expires_at <= now():
        return "too late"
    roles = sorted(queries.roles_of(account.id) - {Role.PARENT}, key=list(Role).index)
    address = f"/set-password/{messaging.one_step(LinkPurpose.SET_PASSWORD, link.id)}"
    letter = rules.invitation_letter(
        account.name, roles, address, hours=int(INVITATION_LIVES.total_seconds() // 3600)
    )
    return messaging.send(
        letter, to=Recipient(email=account.email), about=account.id, key=f"invitation:{link.id}"
    )


def use_link(token: str, purpose: LinkPurpose, *, browser: str | None = None) -> Account:
    """Use a link up and return whose it is, or refuse one that is used, old, another's or another browser's."""
    link_id = messaging.read_one_step(purpose, token)
    link = db.get(SignInLink, (here(), link_id), with_for_update=True) if link_id else None
    if link is None or not queries.is_live(link, purpose, now=now()) or not queries.asked_in(link, browser):
        raise LinkIsDead
    account = find(Account, link.account_id) if link.account_id else None
    if account is None or account.disabled_at:
        raise LinkIsDead
    link.used_at = now()
    end_links(account.email_key)
    return account


def end_links(key: str, *purposes: LinkPurpose) -> None:
    """Make the links that were sent to an address before stop working: those for these purposes, or all."""
    db.execute(
        update(SignInLink)
        .where(
            SignInLink.email_key == key,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now(),
            SignInLink.purpose.in_(purposes or tuple(LinkPurpose)),
        )
        .values(expires_at=now())
    )


def _language_of(account_id: UUID) -> str:
    return next((language for says in _reads if (language := says(account_id))), "en")
