"""How the change of a scale is told to machines."""

from typing import Any

from programmes.rules.changes import Change

SUMMARY = (
    "few", "mean_before", "mean_after", "mean_change", "low", "high", "improved", "unchanged", "worse",
    "clinical_before", "left_clinical",
)  # fmt: skip


def change_told(one: Change) -> dict[str, Any]:
    """Return a scale, what counts as a change on it, and a line for each hub."""
    return {
        "instrument": one.key.instrument,
        "scale": one.key.scale,
        "respondent": one.key.respondent,
        "occasion": one.occasion,
        "name": one.name,
        "better": one.better,
        "method": one.scale.change.method if one.scale.change else "",
        "lines": [
            {
                "hub_id": line.hub_id,
                "hub": line.name,
                "hidden": line.summary is None,
                "pairs": line.summary and line.summary.n,
                **{name: getattr(line.summary, name, None) for name in SUMMARY},
                "few": line.summary is None or line.summary.few,
            }
            for line in one.shown
        ],
    }
