"""Answering: one question at a time as they come, or a whole sheet of paper at once; and what it comes to."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from kernel.clock import now
from kernel.db import actor, db, find
from kernel.errors import Unacceptable
from kernel.journal import record
from outcomes import queries, rules
from outcomes.errors import QuestionnaireClosed
from outcomes.events import QuestionnaireAnswered, RiskRaised
from outcomes.models import Asking, RiskAlert, Score
from outcomes.rules import Instrument
from outcomes.terms import OPEN, AskingStanding, Way

KEYED_IN = (*OPEN, AskingStanding.LAPSED)
"""What paper may still be keyed in for: it may have been filled in while the questionnaire was open."""


def save(asking: Asking, number: int, value: int | None) -> bool:
    """Keep the answer to one item, None where somebody would rather not say. Say whether it speaks of despair."""
    asking = _locked(asking)
    instrument = queries.find_instrument(asking.instrument)
    _check(instrument, number, value)
    _keep(asking, {**queries.answers_of(asking), number: value})
    return _watch(asking, instrument, {number: value})


def finish(asking: Asking, way: Way = Way.LINK) -> None:
    """Take the answers as they are, and work out the scores. Every item is answered, or somebody would rather not."""
    if find(Asking, asking.id, lock=True).standing == AskingStanding.ANSWERED:
        return
    asking = _locked(asking)
    instrument = queries.find_instrument(asking.instrument)
    said = queries.answers_of(asking)
    if unanswered := [item.number for item in queries.items_of(asking) if item.number not in said]:
        raise Unacceptable(f"Question {unanswered[0]} is not answered yet.")
    _settle(asking, instrument, way, now())


def re_key(asking: Asking, answers: Mapping[int, int | None], *, answered_at: datetime | None = None) -> None:
    """Key in a sheet of paper, all of it at once; what was keyed in before is put right."""
    asking = find(Asking, asking.id, lock=True)
    if not can_key_in(asking):
        raise QuestionnaireClosed
    instrument = queries.find_instrument(asking.instrument)
    for number, value in answers.items():
        _check(instrument, number, value)
    asking.entered_by = actor()
    _keep(asking, {item.number: answers.get(item.number) for item in instrument.items})
    _watch(asking, instrument, answers)
    _settle(asking, instrument, Way.PAPER, answered_at or now())


def can_key_in(asking: Asking) -> bool:
    """Say whether a sheet of paper can be keyed in, for the first time or to put it right."""
    again = asking.standing == AskingStanding.ANSWERED and asking.way == Way.PAPER
    return asking.standing in KEYED_IN or again


def show_as(asking: Asking, *, language: str, large_print: bool) -> None:
    """Show a questionnaire in a language of the questions or of the page, and in large print or not, from now on."""
    asking = _locked(asking)
    if language in queries.shown_in(asking.instrument):
        asking.language = language
    asking.large_print = large_print


def _locked(asking: Asking) -> Asking:
    """Return the questionnaire for nobody else to answer at the same time, or refuse when it is not open."""
    asking = find(Asking, asking.id, lock=True)
    if not queries.is_open(asking, now=now()):
        raise QuestionnaireClosed
    return asking


def _check(instrument: Instrument, number: int, value: int | None) -> None:
    if not 1 <= number <= len(instrument.items):
        raise Unacceptable("There is no such question.")
    allowed = {response.value for response in instrument.responses[instrument.item(number).responses]}
    if value is not None and value not in allowed:
        raise Unacceptable(f"Question {number} has no such answer.")


def _keep(asking: Asking, answers: Mapping[int, int | None]) -> None:
    asking.answers = json.dumps({str(number): answers[number] for number in sorted(answers)})
    asking.started_at = asking.started_at or now()
    if asking.standing == AskingStanding.ASKED:
        asking.standing = AskingStanding.STARTED
    db.flush()


def _watch(asking: Asking, instrument: Instrument, answers: Mapping[int, int | None]) -> bool:
    """Raise an alert for each answer that speaks of despair, once for each item. Say whether any does."""
    despairing = rules.risks(instrument, answers)
    raised = (
        set(db.scalars(select(RiskAlert.item).where(RiskAlert.asking_id == asking.id)))
        if despairing
        else set()
    )
    for number in despairing:
        if number not in raised:
            alert = RiskAlert(asking_id=asking.id, about_id=asking.about_id, item=number, raised_at=now())
            db.add(alert)
            db.flush()
            record(RiskRaised(subject=asking.id, about=asking.about_id))
    return bool(despairing)


def _settle(asking: Asking, instrument: Instrument, way: Way, at: datetime) -> None:
    values = rules.score(instrument, queries.answers_of(asking))
    bands = queries.all_bands(asking.instrument, asking.respondent)
    db.execute(delete(Score).where(Score.asking_id == asking.id))
    for scale, value in values.items():
        band = rules.band_of(bands[scale], value) if value is not None else None
        db.add(
            Score(
                asking_id=asking.id,
                about_id=asking.about_id,
                scale=scale,
                value=value,
                band=band.name if band else "",
                clinical=band.clinical if band else None,
            )
        )
    asking.way, asking.answered_at, asking.standing = way, at, AskingStanding.ANSWERED
    db.flush()
    record(QuestionnaireAnswered(subject=asking.id, about=asking.about_id))
