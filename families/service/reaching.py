"""What must never be done when somebody is reached. A rule is replaced, never changed: who set what stays readable."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, update

from accounts import service as accounts
from accounts.models import Account
from families import queries
from families.errors import AskAtTheHub
from families.events import ContactRulesChanged
from families.models import ContactRules, Person
from kernel import standing
from kernel.clock import now
from kernel.db import actor, db, find
from kernel.journal import record
from messaging import service as messaging
from messaging.terms import Never

messaging.knows_unsafe(queries.never_at)


def set_contact_rules(person: Person, never: Collection[Never], *, why: str | None = None) -> None:
    """Keep what must never be done when somebody is reached, on the word of staff who asked them.

    ``why`` stays as it was when it is None: whoever changes the rules need not be allowed to read it.
    """
    before = queries.rules_of(person.id)
    was = before.why if before else None
    _replace(person.id, before, never, was if why is None else why.strip() or None)
    if Never.EMAIL in never and person.account_id and not (before and Never.EMAIL in before.never):
        # Whoever reads the mailbox may have signed in as them by a link.
        accounts.end_sign_ins(person.account_id)
        accounts.end_links(find(Account, person.account_id).email_key)


def set_own_contact_rules(person: Person, never: Collection[Never]) -> None:
    """Keep how somebody wishes to be reached, on their own word; what staff have set is taken back at a hub alone.

    Whoever makes a mother tick a box on her telephone must not undo what she arranged with a worker.
    """
    if not set(queries.rules_of_staff(person) or ()) <= set(never):
        raise AskAtTheHub
    before = queries.rules_of(person.id)
    _replace(person.id, before, never, before.why if before else None)


def own_contact_rules(person: Person) -> None:
    """Let what somebody said when she registered, before she could sign in, be her own word, which she can change."""
    db.execute(
        update(ContactRules)
        .where(ContactRules.person_id == person.id, ContactRules.set_by.is_(None))
        .values(set_by=person.account_id)
    )


def forget_contact_rules(person: Person) -> None:
    """Erase how somebody who has left wished to be reached, all but that nobody sees where they went."""
    known = queries.rules_of(person.id)
    hides = known is not None and Never.PLACE in known.never
    db.execute(delete(ContactRules).where(ContactRules.person_id == person.id))
    if hides:
        _add(person.id, [Never.PLACE], None)


def join_contact_rules(kept: Person, gone: Person) -> None:
    """Keep what must not be done by either of two records that are one: nothing that was unsafe becomes safe."""
    ours, theirs = queries.rules_of(kept.id), queries.rules_of(gone.id)
    db.execute(
        update(ContactRules)
        .where(ContactRules.person_id == gone.id)
        .values(person_id=kept.id, replaced_at=now())
    )
    if theirs:
        both = {*(ours.never if ours else ()), *theirs.never}
        words = dict.fromkeys(rule.why for rule in (ours, theirs) if rule and rule.why)
        _replace(kept.id, ours, [Never(word) for word in both], "\n".join(words) or None)


def _replace(person_id: UUID, before: ContactRules | None, never: Collection[Never], why: str | None) -> None:
    wanted = [word for word in Never if word in never]
    if before and (list(before.never), before.why) == (wanted, why):
        return
    if not before and not wanted and not why:
        return
    if before:
        before.replaced_at = now()
        db.flush()
    _add(person_id, wanted, why)
    standing.read_anew(person_id)
    record(ContactRulesChanged(subject=person_id))


def _add(person_id: UUID, never: Collection[Never], why: str | None) -> None:
    db.add(
        ContactRules(
            person_id=person_id, never=[word.value for word in never], why=why, set_at=now(), set_by=actor()
        )
    )
    db.flush()
