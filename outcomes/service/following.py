"""What questionnaires do when something happens to people."""

from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from families.events import PeopleMerged
from kernel.db import db
from kernel.journal import on
from outcomes.models import Asking, Goal
from outcomes.terms import OPEN, AskingStanding


@on(PeopleMerged)
def rename_person(happening: PeopleMerged) -> None:
    """Give what was asked of and about somebody with two records to the one that stays."""
    stays, gone = happening.subject, happening.gone
    db.flush()
    for asking in _asked_of_both(stays, gone):
        if asking.standing in OPEN:
            asking.standing = AskingStanding.WITHDRAWN
    db.flush()
    kept_apart = [asking.id for asking in _asked_of_both(stays, gone)]
    moving = update(Asking).where(Asking.respondent_id == gone, Asking.id.not_in(kept_apart))
    db.execute(moving.values(respondent_id=stays))
    db.execute(update(Asking).where(Asking.subject_id == gone).values(subject_id=stays))
    own = select(Goal.about_id).where(Goal.person_id == stays)
    db.execute(delete(Goal).where(Goal.person_id == gone, Goal.about_id.in_(own)))
    db.execute(update(Goal).where(Goal.person_id == gone).values(person_id=stays))


def _asked_of_both(stays: UUID, gone: UUID) -> list[Asking]:
    """Return what the record that goes was asked and the one that stays was asked too: it stays where it is."""
    other = aliased(Asking)
    twice = exists(
        select(other.id).where(
            other.about_id == Asking.about_id,
            other.instrument == Asking.instrument,
            other.occasion == Asking.occasion,
            other.respondent_id == stays,
        )
    )
    return list(db.scalars(select(Asking).where(Asking.respondent_id == gone, twice).order_by(Asking.id)))
