"""Sign-ins: begun, kept alive, ended."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, update

from accounts.events import SignedIn, SignedOut
from accounts.models import Account, SignIn, SignInLink
from accounts.queries import Person, hashed
from accounts.rules import LONGEST, limits_of
from accounts.terms import SignedInBy
from kernel.clock import now
from kernel.db import db
from kernel.journal import record

TRACES_KEPT = timedelta(days=30)


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
    idle, longest = limits_of(person.roles)
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


def forget_traces() -> None:
    """Remove links and sign-ins that have been over for a month."""
    month_ago = now() - TRACES_KEPT
    db.execute(delete(SignInLink).where(SignInLink.expires_at < month_ago))
    db.execute(
        delete(SignIn).where(or_(SignIn.ended_at < month_ago, SignIn.started_at < month_ago - LONGEST))
    )
