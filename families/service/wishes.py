"""What people have asked about messages follows them: into the record that stays, and out of the house."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from accounts.models import Account
from families.events import AccountLinked, ConsentAnswered, PeopleMerged, PersonChanged, PersonLeft
from families.models import Person
from families.queries import carer_of, has_number, recipient
from families.terms import ConsentKind
from kernel.db import actor, db
from kernel.journal import on
from messaging import queries as messages
from messaging import service
from messaging.models import Suppression
from messaging.service.answering import STOPPED
from messaging.terms import Channel, Group, Way, WorksAgain


@on(PeopleMerged)
def join(happening: PeopleMerged) -> None:
    """Let the record that stays have the other's wishes, messages, and addresses that do not work."""
    service.join_wishes(kept=happening.subject, gone=happening.gone)
    service.join_messages(kept=happening.subject, gone=happening.gone)
    for suppression in messages.suppressed_of(happening.gone):
        service.used_by(suppression, happening.subject)


@on(PersonLeft)
def forget(happening: PersonLeft) -> None:
    """Forget the wishes of somebody who has left, and what does not work that nobody else uses."""
    service.forget_wishes(happening.subject)
    _follow(happening.subject, frozenset())


@on(PersonChanged)
def follow(happening: PersonChanged) -> None:
    """Warn no more of an address that is not on somebody's record any more."""
    if {"email", "phone"} & set(happening.changed.split(", ")):
        _follow(happening.subject, _used(happening.subject))


@on(AccountLinked)
def follow_account(happening: AccountLinked) -> None:
    """Warn no more of an address with which somebody does not sign in any more."""
    _follow(happening.subject, _used(happening.subject))


@on(ConsentAnswered)
def send_news(happening: ConsentAnswered) -> None:
    """Send news again to a carer who had switched it off and now says herself that her family wants it."""
    account_id = actor()
    if happening.what != ConsentKind.NEWS or not happening.agreed or account_id is None:
        return
    carer = carer_of(account_id)
    if carer is None or carer.household_id != happening.subject:
        return
    if messages.wishes_of(carer.id).get(Group.NEWS) == Way.NEITHER:
        service.choose(carer.id, {Group.NEWS: None})


def _used(person_id: UUID) -> frozenset[str]:
    """Return where somebody is written to and texted, and the address with which they sign in."""
    signs_in = db.scalar(
        select(Account.email_key).join(Person, Person.account_id == Account.id).where(Person.id == person_id)
    )
    return frozenset([*messages.suppression_keys(recipient(person_id)), *([signs_in] if signs_in else [])])


def _follow(person_id: UUID, used: frozenset[str]) -> None:
    for suppression in messages.suppressed_of(person_id):
        if suppression.address in used or suppression.because == STOPPED:
            continue  # whoever asked for no more texts has asked for that number
        other = _also_used_by(suppression, person_id)
        if other or _signs_somebody_in(suppression):
            service.used_by(suppression, other)
        else:
            service.lift(suppression, WorksAgain.CORRECTED)


def _signs_somebody_in(suppression: Suppression) -> bool:
    wanted = select(Account.id).where(Account.email_key == suppression.address, Account.disabled_at.is_(None))
    return db.scalar(wanted) is not None


def _also_used_by(suppression: Suppression, but: UUID) -> UUID | None:
    """Return somebody else who has an address or a number on their record, or signs in with it, if anybody does."""
    has_it: ColumnElement[bool]
    if suppression.channel == Channel.EMAIL:
        signs_in = select(Account.id).where(Account.email_key == suppression.address)
        has_it = or_(func.lower(Person.email) == suppression.address, Person.account_id.in_(signs_in))
    else:
        has_it = has_number(suppression.address)
    wanted = select(Person.id).where(has_it, Person.id != but, Person.left_at.is_(None))
    return db.scalar(wanted.order_by(Person.id).limit(1))
