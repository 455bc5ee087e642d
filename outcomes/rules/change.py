"""Which band a score lies in, and whether two scores of one person differ reliably."""

from collections.abc import Sequence
from decimal import Decimal

from outcomes.rules.instrument import Band, Scale
from outcomes.terms import Changed, Direction


def band_of(bands: Sequence[Band], value: Decimal) -> Band | None:
    """The band that the value lies in; between two whole numbers, the lower one. None outside all bands."""
    reached = sorted((band for band in bands if band.from_ <= value), key=lambda band: band.from_)
    if not reached:
        return None
    last = reached[-1]
    goes_on = any(last.to < band.from_ <= last.to + 1 for band in bands)
    return last if value <= last.to or (goes_on and value < last.to + 1) else None


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
