"""What answers come to on each scale. Exact."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from outcomes.rules.instrument import Instrument, Scale

PLACES = Decimal("0.0001")
"""Means are kept to four places, half upwards."""


def score(instrument: Instrument, answers: Mapping[int, int | None]) -> dict[str, Decimal | None]:
    """The value on each scale by its code; None where too few items were answered. An impossible answer is refused."""
    points = _points(instrument, answers)
    values: dict[str, Decimal | None] = {}
    for scale in sorted(instrument.scales, key=lambda scale: bool(scale.total_of)):
        values[scale.code] = _total(scale, values) if scale.total_of else _value(scale, points)
    return {scale.code: values[scale.code] for scale in instrument.scales}


def risks(instrument: Instrument, answers: Mapping[int, int | None]) -> tuple[int, ...]:
    """The numbers of the items whose answers speak of despair or harm."""
    given = {item.number: answers.get(item.number) for item in instrument.items}
    return tuple(
        item.number
        for item in instrument.items
        if item.despair_from is not None
        and (answer := given[item.number]) is not None
        and answer >= item.despair_from
    )


def whole(value: Fraction) -> int:
    """The nearest whole number, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _points(instrument: Instrument, answers: Mapping[int, int | None]) -> dict[int, int]:
    numbers = {item.number: item for item in instrument.items}
    points: dict[int, int] = {}
    for number, answer in answers.items():
        if number not in numbers:
            raise ValueError(f"{instrument.code} has no item {number}.")
        if answer is None:
            continue
        item = numbers[number]
        counts = {response.value: response.counts for response in instrument.responses[item.responses]}
        if answer not in counts:
            raise ValueError(f"{answer} is no answer to item {number} of {instrument.code}.")
        flipped = min(counts.values()) + max(counts.values()) - counts[answer]
        points[number] = flipped if item.reverse else counts[answer]
    return points


def _value(scale: Scale, points: Mapping[int, int]) -> Decimal | None:
    given = [points[number] for number in scale.items if number in points]
    if not given or len(scale.items) - len(given) > scale.most_missing:
        return None
    if scale.method == "mean":
        mean = Fraction(sum(given), len(given)) * scale.times
        return (Decimal(mean.numerator) / mean.denominator).quantize(PLACES, ROUND_HALF_UP)
    if scale.prorated:
        return Decimal(whole(Fraction(sum(given), len(given)) * len(scale.items)) * scale.times)
    return Decimal(sum(given) * scale.times)


def _total(scale: Scale, values: Mapping[str, Decimal | None]) -> Decimal | None:
    parts = [values[code] for code in scale.total_of]
    given = [part for part in parts if part is not None]
    if not given or len(parts) - len(given) > scale.most_missing:
        return None
    return sum(given, Decimal(0)) * scale.times
