"""The letters that ask somebody to answer questions.

A letter says which course it is about, and nothing of the instrument, of a child or of why somebody is on the course.
One letter is for all that one person is asked on one occasion. What was answered meanwhile is not asked again.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from accounts.models import Account
from families import queries as families
from families.models import Person
from families.terms import PersonKind
from kernel import prose
from kernel.clock import now
from kernel.db import db, find
from kernel.outbox import keeps
from messaging import queries as messages
from messaging import service as messaging
from messaging.terms import At, Letter, Recipient
from outcomes import queries, service
from outcomes.models import Asking

OVERTAKEN = "overtaken"


@keeps("outcomes.invitation")
def send_invitation(asking_id: UUID) -> str:
    """Ask somebody to answer what they are asked on one occasion."""
    return _send(find(Asking, asking_id), service.LETTER)


@keeps("outcomes.reminder")
def send_reminder(asking_id: UUID) -> str:
    """Remind somebody of what they have not answered yet."""
    return _send(find(Asking, asking_id), service.REMINDER)


def _send(asked: Asking, kind: str) -> str:
    """Send the link to the first questionnaire that is open; the others follow after its last question."""
    waiting = [one for one in queries.beside(asked) if queries.is_open(one, now=now())]
    if not waiting:
        return OVERTAKEN
    asking = waiting[0]
    letter = Letter(
        kind=kind,
        says={"course": asking.title, "answer_by": At(asking.closes_at, "moment")},
        facts=[("Please answer by", At(asking.closes_at, "moment"))],
        useless_after=asking.closes_at,
        action=("Answer the questions", service.path_of(asking)),
    )
    key = f"{kind}:{asking.about_id}:{asking.respondent_id}:{asking.occasion.value}:{prose.date_only(now())}"
    return messaging.send(letter, to=_for_one_alone(asking), about=asking.about_id, key=key)


def _for_one_alone(asked: Asking) -> Recipient:
    """Return how somebody is reached, but where another parent who is asked for the same reads it with a better claim.

    The private link is for one pair of eyes: an address that two share is that of whoever signs in with it, or else of
    whoever was asked first, and so is a number. The other answers in the room.
    """
    people = {one.respondent_id: one.person for one in queries.askings_of([asked.about_id])}
    known = families.recipients(people)
    parents = [one for one in people.values() if one.kind == PersonKind.CARER and one.id in known]
    to = known.get(asked.respondent_id, Recipient(id=asked.respondent_id))

    def is_anothers(at: Recipient) -> bool:
        keys = set(messages.suppression_keys(at))
        sharing = [one for one in parents if keys & set(messages.suppression_keys(known[one.id]))]
        sharing.sort(key=lambda one: _account_of(one).casefold() not in keys)
        return bool(sharing) and sharing[0].id != asked.respondent_id

    email = "" if is_anothers(replace(to, phone="")) else to.email
    phone = "" if is_anothers(replace(to, email="")) else to.phone
    return replace(to, email=email, phone=phone)


def _account_of(person: Person) -> str:
    """Return the address with which somebody signs in, or nothing."""
    account = select(Account.email).where(Account.id == person.account_id, Account.disabled_at.is_(None))
    return (db.scalar(account) if person.account_id else None) or ""
