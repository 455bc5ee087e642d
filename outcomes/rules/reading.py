"""Instruments as they are shipped: TOML files, read once, and refused when anything in them does not fit."""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from outcomes.rules.instrument import Band, ChangeRule, Instrument, Item, Response, Scale, Words
from outcomes.rules.scoring import PLACES
from outcomes.terms import Direction, Licence, Respondent, WordsFrom

FOLDER = Path(__file__).parent / "instruments"


@cache
def shipped() -> dict[str, Instrument]:
    """Every instrument that comes with the service, by its code."""
    return {path.stem: read(path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def read(code: str, text: str) -> Instrument:
    """The instrument that a file describes; ValueError when it does not fit together."""
    told = tomllib.loads(text, parse_float=Decimal)
    words = _words(told)
    responses = {name: _responses(name, values, words) for name, values in told["responses"].items()}
    items = _items(told["items"], responses)
    instrument = Instrument(
        code=code,
        version=told["version"],
        name=told["name"],
        about=told["about"],
        respondents=tuple(Respondent(name) for name in told["respondents"]),
        age_from=told.get("age_from"),
        age_to=told.get("age_to"),
        items=items,
        responses=responses,
        scales=tuple(_scale(scale) for scale in told.get("scales", [])),
        licence=Licence(told["licence"]),
        licence_note=told["licence_note"],
        words_from=WordsFrom.SHIPPED if words else WordsFrom.NONE,
        citation=told["citation"],
        source=told["source"],
        words=words,
    )
    _check(instrument)
    return instrument


def _words(told: Mapping[str, Any]) -> Words | None:
    if "words" not in told:
        return None
    words = told["words"]
    labels = {name: tuple(labels) for name, labels in words["responses"].items()}
    return Words(intro=words["intro"], items=tuple(words["items"]), responses=labels)


def _responses(name: str, told: Mapping[str, Any], words: Words | None) -> tuple[Response, ...]:
    values: list[int] = told["values"]
    labels: Sequence[str] = words.responses[name] if words else [str(value) for value in values]
    points = told.get("points", values)
    _fits(
        len(set(values)) == len(values) == len(labels) == len(points), f"Responses {name} differ in number."
    )
    return tuple(
        Response(value, label, None if counts == value else counts)
        for value, label, counts in zip(values, labels, points, strict=True)
    )


def _items(told: Mapping[str, Any], responses: Mapping[str, Sequence[Response]]) -> tuple[Item, ...]:
    number: int = told["number"]
    usual: str = told["responses"]
    special: dict[int, str] = {n: name for name, ns in told.get("other_responses", {}).items() for n in ns}
    despair = {int(n): value for n, value in told.get("despair_from", {}).items()}
    reverse = told.get("reverse", [])
    for named in (*special, *despair, *reverse):
        _fits(1 <= named <= number, f"There is no item {named}.")
    _fits(len(set(reverse)) == len(reverse), "An item is reversed twice.")
    items = tuple(Item(n, special.get(n, usual), n in reverse, despair.get(n)) for n in range(1, number + 1))
    for item in items:
        values = [response.value for response in responses.get(item.responses, ())]
        _fits(bool(values), f"Item {item.number} has no responses.")
        _fits(item.despair_from in (None, *values), f"Item {item.number} has no such answer.")
    return items


def _scale(told: Mapping[str, Any]) -> Scale:
    change = told.get("change")
    return Scale(
        code=told["code"],
        name=told["name"],
        items=tuple(told.get("items", ())),
        method=told.get("method", "sum"),
        times=told.get("times", 1),
        lowest=Decimal(told["lowest"]),
        highest=Decimal(told["highest"]),
        direction=Direction(told["direction"]),
        most_missing=told.get("most_missing", 0),
        prorated=told.get("prorated", False),
        total_of=tuple(told.get("total_of", ())),
        change=ChangeRule(Decimal(change["amount"]), change["method"], change["source"]) if change else None,
        bands={Respondent(who): bands(rows) for who, rows in told.get("bands", {}).items()},
        bands_source=told.get("bands_source", ""),
    )


def bands(rows: Sequence[Mapping[str, Any]]) -> tuple[Band, ...]:
    """Bands as they are written in a file or kept for a council, from the lowest up."""
    made = [
        Band(Decimal(row["from"]), Decimal(row["to"]), row["name"], bool(row.get("clinical", False)))
        for row in rows
    ]
    return tuple(sorted(made, key=lambda band: band.from_))


def _check(instrument: Instrument) -> None:
    words, items = instrument.words, instrument.items
    _fits(bool(instrument.respondents), "Nobody answers it.")
    _fits(words is None or instrument.licence is not Licence.RESTRICTED, "Restricted words are not shipped.")
    _fits(words is None or len(words.items) == len(items), "There are not as many words as items.")
    _fits(words is None or all((words.intro, *words.items)), "Some words are empty.")
    _fits(words is None or set(words.responses) == set(instrument.responses), "Labels of a set are missing.")
    used = {item.responses for item in items}
    _fits(used == set(instrument.responses), "A set of responses is not used.")
    codes = [scale.code for scale in instrument.scales]
    _fits(len(set(codes)) == len(codes), "Two scales have one code.")
    for scale in instrument.scales:
        _check_scale(scale, instrument)


def _check_scale(scale: Scale, instrument: Instrument) -> None:
    named = f"Scale {scale.code}"
    _fits(bool(scale.items) != bool(scale.total_of), f"{named} is made of items or of scales.")
    _fits(scale.method in ("sum", "mean") and scale.times > 0, f"{named} is summed or averaged.")
    _fits(
        scale.prorated or scale.method == "mean" or not scale.most_missing, f"{named} hides missing answers."
    )
    _fits(
        0 <= scale.most_missing < len(scale.items or scale.total_of),
        f"{named} allows too many to be missing.",
    )
    _fits((scale.lowest, scale.highest) == _range(scale, instrument), f"{named} has another range.")
    _fits(
        scale.change is None or (scale.change.amount > 0 and bool(scale.change.source)),
        f"{named} changes oddly.",
    )
    for who, rows in scale.bands.items():
        _fits(who in instrument.respondents and bool(scale.bands_source), f"{named} has bands of nobody's.")
        check_bands(scale, rows)


def check_bands(scale: Scale, rows: Sequence[Band]) -> None:
    """ValueError unless the bands cover the scale from end to end, without gap or overlap."""
    step = scale.times if scale.method == "sum" else PLACES
    _fits(bool(rows) and rows[0].from_ == scale.lowest, f"Bands of {scale.code} begin elsewhere.")
    _fits(rows[-1].to == scale.highest, f"Bands of {scale.code} end elsewhere.")
    _fits(all(band.from_ <= band.to and band.name for band in rows), f"A band of {scale.code} is empty.")
    for lower, upper in pairwise(rows):
        _fits(lower.to < upper.from_ <= lower.to + step, f"Bands of {scale.code} leave a gap or overlap.")


def _range(scale: Scale, instrument: Instrument) -> tuple[Decimal, Decimal]:
    if scale.total_of:
        parts = [instrument.scale(code) for code in scale.total_of]
        return sum(part.lowest for part in parts) * Decimal(scale.times), sum(
            part.highest for part in parts
        ) * Decimal(scale.times)
    numbers = range(1, len(instrument.items) + 1)
    _fits(len(set(scale.items)) == len(scale.items), f"Scale {scale.code} counts an item twice.")
    _fits(set(scale.items) <= set(numbers), f"Scale {scale.code} names an item that is not there.")
    sets = [instrument.responses[instrument.item(number).responses] for number in scale.items]
    lowest = sum(min(response.counts for response in answers) for answers in sets)
    highest = sum(max(response.counts for response in answers) for answers in sets)
    share = len(sets) if scale.method == "mean" else 1
    return Decimal(lowest * scale.times) / share, Decimal(highest * scale.times) / share


def _fits(holds: bool, why: str) -> None:
    if not holds:
        raise ValueError(why)
