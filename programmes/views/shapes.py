"""How the change of a scale is laid out: as rows of tables, and as lines of charts."""

from fractions import Fraction
from typing import Any

from outcomes.rules import Summary
from programmes.rules.changes import Change, Line, share, signed
from programmes.rules.measures import written

SHARES = ("improved", "unchanged", "worse")


def shaped(change: Change) -> dict[str, Any]:
    """Return a scale's name, notes, tables and charts."""
    shown = [
        (line.name, one) for line in change.shown if (one := line.summary) and one.mean_change is not None
    ]
    rule, by_rule = change.scale.change, change.scale.change is not None
    return {
        "name": change.name,
        "lowest": written(change.scale.lowest, "count"),
        "highest": written(change.scale.highest, "count"),
        "better": change.better,
        "few": change.few,
        "method": rule.method if rule else "",
        "least": written(rule.amount, "points") if rule else "",
        "source": rule.source if rule else "",
        "means": [_means(line) for line in change.shown],
        "intervals": [_interval(name, one) for name, one in shown],
        "shares": [_shares(line) for line in change.shown] if by_rule else [],
        "share_bars": [_bar(name, one) for name, one in shown] if by_rule else [],
        "clinical": [_clinical(line) for line in change.shown]
        if change.bands and _has_clinical(change)
        else [],
        "bands_source": change.scale.bands_source,
    }


def _means(line: Line) -> list[str]:
    one = line.summary
    if one is None or one.mean_change is None:
        return [line.name, line.words, "–", "–", "–", "–"]
    return [
        line.name,
        f"{one.n:,}",
        written(one.mean_before, "points"),
        written(one.mean_after, "points"),
        signed(one.mean_change),
        f"{signed(one.low)} to {signed(one.high)}",
    ]


def _interval(name: str, one: Summary) -> tuple[str, float, float, float, str]:
    words = f"{signed(one.mean_change)} ({signed(one.low)} to {signed(one.high)})"
    return name, float(one.mean_change or 0), float(one.low or 0), float(one.high or 0), words


def _shares(line: Line) -> list[str]:
    one = line.summary
    if one is None or one.mean_change is None:
        return [line.name, line.words, "–", "–", "–"]
    return [line.name, f"{one.n:,}", *(written(share(getattr(one, part), one.n), "share") for part in SHARES)]


def _bar(name: str, one: Summary) -> tuple[str, list[tuple[float, str]]]:
    parts = [share(getattr(one, part), one.n) or Fraction(0) for part in SHARES]
    return name, [(float(part) * 100, written(part, "share")) for part in parts]


def _has_clinical(change: Change) -> bool:
    return any(band.clinical for band in change.bands)


def _clinical(line: Line) -> list[str]:
    one = line.summary
    if one is None or one.mean_change is None:
        return [line.name, line.words, "–"]
    if line.clinical:
        return [line.name, line.clinical.label, "–"]
    return [
        line.name,
        f"{one.clinical_before:,}",
        written(share(one.left_clinical, one.clinical_before), "share"),
    ]
