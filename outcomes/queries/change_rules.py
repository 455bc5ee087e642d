"""From which change on a scale counts: by the published rule, or else by the council's own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select

from kernel.db import db
from outcomes import rules
from outcomes.models import CouncilChangeRule
from outcomes.rules import ChangeRule, Instrument


def ruled() -> Mapping[str, Instrument]:
    """Return every instrument by its code, its scales with the rules of change that hold here. One statement."""
    held = select(CouncilChangeRule).where(CouncilChangeRule.withdrawn_at.is_(None))
    own = {
        (row.instrument, row.scale): rule_in(row)
        for row in db.scalars(held.order_by(CouncilChangeRule.id).limit(2000))
    }
    return {
        code: replace(
            instrument,
            scales=tuple(
                replace(scale, change=scale.change or own.get((code, scale.code)))
                for scale in instrument.scales
            ),
        )
        for code, instrument in rules.shipped().items()
    }


def rule_in(row: CouncilChangeRule) -> ChangeRule:
    """Return the rule that comes of what a council entered."""
    return rules.rule_of(row.deviation, row.reliability, row.source)


def listed_change_rules(**wanted: str) -> Select[Any]:
    """Return the statement that lists all rules of change that the council ever entered, the newest first."""
    ever = select(CouncilChangeRule).filter_by(**wanted)
    return ever.order_by(CouncilChangeRule.entered_at.desc(), CouncilChangeRule.id.desc())
