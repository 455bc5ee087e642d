"""What became of a group: means of matched pairs, their interval, and how many changed. Exact but for roots and t."""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from outcomes.rules.change import change_of, left_clinical
from outcomes.rules.instrument import Band, Scale, Summary
from outcomes.rules.scoring import PLACES
from outcomes.rules.student import t_quantile
from outcomes.terms import Changed

FEWEST = 5
"""Below this number of people nothing is shown: they could be known by their figures."""
FEW = 30
"""Below this number of pairs a mean is read with care (advice of Warwick Medical School)."""

Pairs = Sequence[tuple[Decimal, Decimal]]


def summary(pairs: Pairs, scale: Scale, bands: Sequence[Band] = ()) -> Summary:
    """What became of people with two scores each; figures are None below five people."""
    n = len(pairs)
    if n < FEWEST:
        return Summary(n=n, few=True)
    changes = [Fraction(after) - Fraction(before) for before, after in pairs]
    change, spread = decimal(mean(changes)), deviation(changes)
    margin = t_quantile(n - 1) * spread / Decimal(n).sqrt()
    became = Counter(change_of(scale, before, after) for before, after in pairs)
    left = [gone for before, after in pairs if (gone := left_clinical(bands, before, after)) is not None]
    return Summary(
        n=n,
        few=n < FEW,
        mean_before=kept(decimal(mean([Fraction(before) for before, _ in pairs]))),
        mean_after=kept(decimal(mean([Fraction(after) for _, after in pairs]))),
        mean_change=kept(change),
        sd_change=kept(spread),
        low=kept(change - margin),
        high=kept(change + margin),
        improved=became[Changed.IMPROVED] if scale.change else None,
        worse=became[Changed.WORSE] if scale.change else None,
        unchanged=became[Changed.NO_CHANGE] if scale.change else None,
        clinical_before=len(left) if bands else None,
        left_clinical=sum(left) if bands and len(left) >= FEWEST else None,
    )


def mean(values: Sequence[Fraction]) -> Fraction:
    """The mean, exact."""
    return sum(values, Fraction(0)) / len(values)


def deviation(values: Sequence[Fraction]) -> Decimal:
    """The standard deviation of a sample (over n - 1)."""
    middle = mean(values)
    squares = sum(((value - middle) ** 2 for value in values), Fraction(0))
    return decimal(squares / (len(values) - 1)).sqrt()


def decimal(value: Fraction) -> Decimal:
    """A fraction to 28 figures."""
    return Decimal(value.numerator) / value.denominator


def kept(value: Decimal) -> Decimal:
    """A figure as it is published: to four places, halves away from zero."""
    return value.quantize(PLACES, ROUND_HALF_UP)
