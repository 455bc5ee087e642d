"""The words of an instrument that a council is licensed to use, and the bands that it has a source for."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select, update

from kernel.clock import now
from kernel.db import actor, db
from kernel.errors import Unacceptable
from kernel.journal import record
from outcomes import queries
from outcomes.events import BandsEntered, WordingAttested
from outcomes.models import CouncilBands, Wording
from outcomes.rules import Band
from outcomes.terms import Respondent


def attest(
    instrument: str, *, language: str, intro: str, items: Sequence[str], responses: Mapping[str, Sequence[str]],
    evidence: str, not_said: str = "", go_on: str = "", by: UUID | None = None,
) -> Wording:  # fmt: skip
    """Keep the words of an instrument in a language, instead of those before, and on whose word they may be used.

    ``not_said`` and ``go_on``: what stands beside every question, where the words of the page are not to.
    """
    known = queries.find_instrument(instrument)
    if len(items) != len(known.items):
        raise Unacceptable(
            items=f"There must be {len(known.items)} items, one on each line. There are {len(items)}"
        )
    for name, labels in responses.items():
        if name not in known.responses or len(labels) != len(known.responses[name]):
            raise Unacceptable(
                responses=f"There must be {len(known.responses.get(name, ()))} answers, one on each line"
            )
    if set(responses) != set(known.responses):
        raise Unacceptable(responses="Enter the words of every set of answers")
    if not evidence.strip():
        raise Unacceptable(evidence="Say which licence you hold")
    _end_wording(known.code, language)
    words = {
        "intro": intro.strip(),
        "items": list(items),
        "responses": {name: list(labels) for name, labels in responses.items()},
        "page": {"not_said": not_said.strip(), "go_on": go_on.strip()},
    }
    wording = Wording(
        instrument=known.code, language=language, words=words, attested_by=by or actor(), attested_at=now(),
        evidence=evidence.strip(),
    )  # fmt: skip
    db.add(wording)
    db.flush()
    record(WordingAttested(subject=wording.id, instrument=known.code, language=language))
    return wording


def withdraw_words(wording: Wording) -> None:
    """Ask in these words no longer; they are kept, with who said that they may be used."""
    wording.withdrawn_at = wording.withdrawn_at or now()
    db.flush()


def enter_bands(
    instrument: str,
    scale: str,
    respondent: Respondent,
    bands: Sequence[Band],
    *,
    source: str,
    by: UUID | None = None,
) -> CouncilBands:
    """Keep the bands of a scale with their source, instead of those before. They hold for scores from now on."""
    known = queries.find_instrument(instrument)
    if scale not in {one.code for one in known.scales}:
        raise Unacceptable(scale="Choose a scale of this questionnaire")
    ordered = sorted(bands, key=lambda band: band.from_)
    if not ordered:
        raise Unacceptable(bands="Enter at least one band")
    for band in ordered:
        if band.from_ > band.to:
            raise Unacceptable(bands=f"“{band.name}” must begin before it ends")
    for one, other in pairwise(ordered):
        if other.from_ <= one.to:
            raise Unacceptable(bands=f"“{one.name}” and “{other.name}” overlap")
    if not source.strip():
        raise Unacceptable(source="Say where the bands come from")
    db.execute(
        update(CouncilBands)
        .where(
            CouncilBands.instrument == known.code,
            CouncilBands.scale == scale,
            CouncilBands.respondent == respondent,
            CouncilBands.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now())
    )
    kept = CouncilBands(
        instrument=known.code, scale=scale, respondent=Respondent(respondent), source=source.strip(),
        bands=[{"from": str(b.from_), "to": str(b.to), "name": b.name, "clinical": b.clinical} for b in ordered],
        entered_by=by or actor(), entered_at=now(),
    )  # fmt: skip
    db.add(kept)
    db.flush()
    record(BandsEntered(subject=kept.id, instrument=known.code, scale=scale))
    return kept


def withdraw_bands(bands: CouncilBands) -> None:
    """Use these bands no longer for scores to come."""
    bands.withdrawn_at = bands.withdrawn_at or now()
    db.flush()


def _end_wording(instrument: str, language: str) -> None:
    held = select(Wording).where(
        Wording.instrument == instrument, Wording.language == language, Wording.withdrawn_at.is_(None)
    )
    for wording in db.scalars(held.with_for_update()):
        wording.withdrawn_at = now()
    db.flush()
