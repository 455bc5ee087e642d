"""Asking somebody to answer a questionnaire, and asking no longer.

The private link is a token that only this house can make, found by its hash. It opens one questionnaire, while it is
asked, and tells nothing about whom or what.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from accounts.queries import hashed
from kernel.clock import now
from kernel.db import db, find, here
from kernel.ids import new_id
from kernel.journal import record
from kernel.outbox import Wanted, promise_all
from messaging import service as messaging
from outcomes import queries
from outcomes.events import QuestionnaireAsked
from outcomes.models import Asking
from outcomes.terms import OPEN, AskingStanding, Occasion, Respondent, Way

LETTER, REMINDER = LETTERS = ("questions-asked", "questions-reminder")
"""The kinds of message that carry a private link."""
PURPOSES = {Way.LINK: "questionnaire", Way.TABLET: "questionnaire-tablet"}
REMIND_AFTER = (timedelta(days=3), timedelta(days=7))
AT_ONCE = 500


class Opened(NamedTuple):
    """What a private link opens, and how it is answered there."""

    asking: Asking
    way: Way


def ask(
    *, instrument: str, occasion: Occasion, respondent: Respondent, respondent_id: UUID, subject_id: UUID,
    about_id: UUID, title: str, opens_at: datetime, closes_at: datetime, language: str = "en",
    large_print: bool = False, write_at: datetime | None = None,
) -> Asking | None:  # fmt: skip
    """Ask somebody once, and promise the letters; None while the instrument has no words to ask it in,
    or there are no goals to rate again.

    ``write_at``: when the first letter goes, if not as soon as it opens. Asking again gives what is asked already the
    new window, and asks anew what was withdrawn.
    """
    known = queries.find_instrument(instrument)
    if not queries.is_ready(instrument):
        return None
    if (
        known.code == queries.GOALS
        and occasion != Occasion.BEFORE
        and not queries.goals_of(about_id, respondent_id)
    ):
        return None
    same = {
        "about_id": about_id,
        "instrument": known.code,
        "respondent_id": respondent_id,
        "occasion": Occasion(occasion),
    }
    new_one = new_id()
    new = insert(Asking).values(
        tenant_id=here(), id=new_one, token_hash=hashed(_token(new_one)), version=known.version,
        respondent=Respondent(respondent), subject_id=subject_id, title=title, language=language,
        large_print=large_print, opens_at=opens_at,
        closes_at=closes_at, standing=AskingStanding.ASKED, **same,
    )  # fmt: skip
    made = db.scalar(new.on_conflict_do_nothing(index_elements=["tenant_id", *same]).returning(Asking.id))
    asking = db.scalars(select(Asking).filter_by(**same).with_for_update()).one()
    if made:
        record(QuestionnaireAsked(subject=asking.id, about=about_id))
    elif not _ask_again(asking, opens_at, closes_at):
        return asking
    _promise_letters(asking, write_at or asking.opens_at)
    return asking


def _ask_again(asking: Asking, opens_at: datetime, closes_at: datetime) -> bool:
    if asking.standing == AskingStanding.WITHDRAWN:
        asking.standing = AskingStanding.STARTED if asking.started_at else AskingStanding.ASKED
        record(QuestionnaireAsked(subject=asking.id, about=asking.about_id))
    elif asking.standing not in OPEN or (asking.opens_at, asking.closes_at) == (opens_at, closes_at):
        return False
    asking.opens_at, asking.closes_at = opens_at, closes_at
    db.flush()
    return True


def _promise_letters(asking: Asking, write_at: datetime) -> None:
    """Promise one letter for all that one person is asked on one occasion, and its reminders."""
    if asking.closes_at <= now():
        return
    whose = f"{asking.about_id}:{asking.respondent_id}:{asking.occasion.value}"
    ids, whom = {"asking_id": asking.id}, asking.respondent_id
    first = max(write_at, now())
    reminders = [
        Wanted("outcomes.reminder", f"outcomes.reminder:{whose}:{after.days}", first + after, ids, whom)
        for after in REMIND_AFTER
        if first + after < asking.closes_at
    ]
    invitation = Wanted("outcomes.invitation", f"outcomes.invitation:{whose}", first, ids, whom)
    promise_all([invitation, *reminders])


def path_of(asking: Asking, way: Way = Way.LINK) -> str:
    """Return the path of the private link to a questionnaire: in a letter, or on a tablet in the room."""
    return f"/q/{_token(asking.id, way)}"


def link_of(asking: Asking) -> str:
    """Return the whole private link to a questionnaire."""
    return messaging.own_address(path_of(asking))


def read_link(token: str) -> Opened | None:
    """Return the questionnaire that a private link of this council is for, whether or not it can be answered."""
    if asking := db.scalar(select(Asking).where(Asking.token_hash == hashed(token))):
        return Opened(asking, Way.LINK)
    asking_id = messaging.read_one_step(PURPOSES[Way.TABLET], token)
    return Opened(find(Asking, asking_id), Way.TABLET) if asking_id else None


def opened(asking: Asking) -> None:
    """Note that the private link of the newest letter was opened."""
    messaging.opened(asking.about_id, *LETTERS, by=asking.respondent_id)


def _token(asking_id: UUID, way: Way = Way.LINK) -> str:
    return messaging.one_step(PURPOSES[way], asking_id)


def withdraw(about_id: UUID, *occasions: Occasion) -> None:
    """Ask no longer what is not answered yet: on these occasions, or on all."""
    db.execute(
        update(Asking)
        .where(
            Asking.about_id == about_id,
            Asking.standing.in_(OPEN),
            Asking.occasion.in_(occasions or tuple(Occasion)),
        )
        .values(standing=AskingStanding.WITHDRAWN)
    )


def withdraw_from(about_id: UUID, respondent_id: UUID) -> None:
    """Ask one person no longer what they have not answered yet; others are still asked."""
    db.execute(
        update(Asking)
        .where(
            Asking.about_id == about_id,
            Asking.respondent_id == respondent_id,
            Asking.standing.in_(OPEN),
        )
        .values(standing=AskingStanding.WITHDRAWN)
    )


def lapse_due() -> int:
    """Let go what was not answered in time. Return how many."""
    over = select(Asking.id).where(Asking.standing.in_(OPEN), Asking.closes_at <= now())
    ids: Sequence[UUID] = db.scalars(over.order_by(Asking.closes_at, Asking.id).limit(AT_ONCE)).all()
    db.execute(
        update(Asking)
        .where(Asking.id.in_(ids), Asking.standing.in_(OPEN))
        .values(standing=AskingStanding.LAPSED)
    )
    return len(ids)
