"""What people have asked about messages follows them: into the record that stays, and out of the house."""

from uuid import UUID

from sqlalchemy import func, select

from families.events import PeopleMerged, PersonChanged, PersonLeft
from families.models import Person
from families.queries.reaching import recipient
from kernel.db import db
from kernel.journal import on
from messaging import queries as messages
from messaging import service
from messaging.models import Suppression
from messaging.service.answering import STOPPED
from messaging.terms import Channel, WorksAgain

_DIGITS = 9
"""So many of its last digits tell a number apart, however it was written."""


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
        _follow(happening.subject, frozenset(messages.suppression_keys(recipient(happening.subject))))


def _follow(person_id: UUID, used: frozenset[str]) -> None:
    for suppression in messages.suppressed_of(person_id):
        if suppression.address in used or suppression.because == STOPPED:
            continue  # whoever asked for no more texts has asked for that number
        if other := _also_used_by(suppression, person_id):
            service.used_by(suppression, other)
        else:
            service.lift(suppression, WorksAgain.CORRECTED)


def _also_used_by(suppression: Suppression, but: UUID) -> UUID | None:
    """Return somebody else who has an address or a number on their record, if anybody has."""
    if suppression.channel == Channel.EMAIL:
        has_it = func.lower(Person.email) == suppression.address
    else:
        written = func.right(func.regexp_replace(Person.phone, r"\D", "", "g"), _DIGITS)
        has_it = written == suppression.address[-_DIGITS:]
    wanted = select(Person.id).where(has_it, Person.id != but, Person.left_at.is_(None))
    return db.scalar(wanted.order_by(Person.id).limit(1))
