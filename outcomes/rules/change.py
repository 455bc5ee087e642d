"""Which band a score lies in, and whether two scores of one person differ reliably."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from outcomes.rules.instrument import Band, ChangeRule, Scale
from outcomes.rules.scoring import PLACES
from outcomes.terms import Changed, Direction


def band_of(bands: Sequence[Band], value: Decimal) -> Band | None:
    """The band that the value lies in; between two whole numbers, the lower one. None outside all bands."""
    reached = sorted((band for band in bands if band.from_ <= value), key=lambda band: band.from_)
    if not reached:
        return None
    last = reached[-1]
    goes_on = any(last.to < band.from_ <= last.to + 1 for band in bands)
    return last if value <= last.to or (goes_on and value < last.to + 1) else None


BY_CHANCE = Decimal("2.77")
"""1.96 × √2: by how many standard errors of measurement two scores differ by chance in one of twenty people."""
METHOD = (
    "Reliable change, 2.77 × SEM, from a standard deviation of {deviation:f} and a reliability of {reliability:f} "
    "that the council entered"
)


def rule_of(deviation: Decimal, reliability: Decimal, source: str) -> ChangeRule:
    """The rule of reliable change of a scale: 2.77 × SEM, where SEM = SD × √(1 − reliability), to four places."""
    error = deviation * (1 - reliability).sqrt()
    amount = (BY_CHANCE * error).quantize(PLACES, ROUND_HALF_UP)
    told = {"deviation": deviation.normalize(), "reliability": reliability.normalize()}
    return ChangeRule(amount, METHOD.format(**told), source)


def change_of(scale: Scale, before: Decimal, after: Decimal) -> Changed | None:
    """What became of one person by the scale's rule; None when the scale has none."""
    if scale.change is None:
        return None
    difference = after - before
    if abs(difference) < scale.change.amount:
        return Changed.NO_CHANGE
    better = (difference > 0) == (scale.direction is Direction.HIGHER)
    return Changed.IMPROVED if better else Changed.WORSE


def left_clinical(bands: Sequence[Band], before: Decimal, after: Decimal) -> bool | None:
    """Whether somebody in a clinical band got out of it; None for who was in none."""
    first, last = band_of(bands, before), band_of(bands, after)
    if first is None or last is None or not first.clinical:
        return None
    return not last.clinical
