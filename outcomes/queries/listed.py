"""Lists for machines: the words that a council put in, and its bands."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from outcomes.models import CouncilBands, Wording
from outcomes.rules import Band
from outcomes.rules.reading import bands


def listed_wordings(**wanted: str) -> Select[Any]:
    """Return the statement that lists all words that the council ever put in, the newest first."""
    return select(Wording).filter_by(**wanted).order_by(Wording.attested_at.desc(), Wording.id.desc())


def listed_bands(**wanted: str) -> Select[Any]:
    """Return the statement that lists all bands that the council ever entered, the newest first."""
    ever = select(CouncilBands).filter_by(**wanted)
    return ever.order_by(CouncilBands.entered_at.desc(), CouncilBands.id.desc())


def bands_in(row: CouncilBands) -> Sequence[Band]:
    """Return the bands that a council entered, from the lowest up."""
    return bands(row.bands)
