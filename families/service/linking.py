"""Which carer signs in with which account."""

from uuid import UUID

from accounts import queries as accounts
from accounts import service as account_service
from accounts.models import Account
from accounts.terms import Role
from families import queries, rules
from families.errors import AccountInUse
from families.events import AccountLinked
from families.models import Household, Person
from families.service.reaching import own_contact_rules
from families.terms import PersonKind
from kernel.db import db, find
from kernel.errors import NotFound
from kernel.journal import record
from kernel.outbox import promise
from messaging import service as messaging
from messaging.terms import Recipient


@account_service.knows_language
def language_of(account_id: UUID) -> str:
    """Return the language of the carer who signs in with an account, or nothing."""
    carer = queries.carer_of(account_id)
    return carer.language if carer else ""


def link_account(carer: Person, account_id: UUID) -> None:
    """Let a carer sign in with an account that nobody else of a family uses."""
    if carer.kind != PersonKind.CARER or carer.left_at:
        raise NotFound("carer")
    if carer.account_id == account_id:
        return
    if queries.carer_of(account_id):
        raise AccountInUse

    carer.account_id = find(Account, account_id).id
    db.flush()
    own_contact_rules(carer)
    record(AccountLinked(subject=carer.id, account=account_id))


def invite(carer: Person, email: str) -> None:
    """Let a carer sign in with an e-mail address, on the word of staff who asked them, and write to it."""
    if carer.kind != PersonKind.CARER or carer.left_at:
        raise NotFound("carer")
    account = accounts.by_email(email)
    if account and (not _is_parent(account) or queries.carer_of(account.id) not in (None, carer)):
        raise AccountInUse(email=AccountInUse.message)
    if not account:
        account = account_service.open_account(carer.name, email, Role.PARENT)
    link_account(carer, account.id)
    promise("families.invitation", key=f"families.invitation:{carer.id}:{account.id}", account_id=account.id)


def send_invitation(account_id: UUID) -> str:
    """Write to a carer that they can sign in now."""
    account = find(Account, account_id)
    to = Recipient(email=account.email, language=language_of(account_id) or "en")
    return messaging.send(rules.invitation_letter(), to=to, about=account.id)


def welcome(carer_id: UUID) -> str:
    """Write to a carer who registered online; her family is hers once she signs in by a link to that address.

    An address that has a family already, or is one of staff, is written to as well, and the new household stays by
    itself: staff see it among the possible duplicates.
    """
    carer = find(Person, carer_id, lock=True)
    account = accounts.by_email(carer.email)
    if not account:
        account = account_service.open_account(carer.name, carer.email, Role.PARENT)
    if not carer.account_id and _is_parent(account) and not queries.carer_of(account.id):
        link_account(carer, account.id)

    reference = find(Household, carer.household_id).reference
    mine = carer.account_id == account.id
    letter = rules.welcome_letter(reference) if mine else rules.known_already_letter(reference)
    to = Recipient(email=account.email, language=language_of(account.id) or carer.language or "en")
    return messaging.send(letter, to=to, about=carer.id)


def _is_parent(account: Account) -> bool:
    return not account.disabled_at and accounts.roles_of(account.id) == {Role.PARENT}
