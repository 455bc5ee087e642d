"""From which change on a scale counts, where nobody published that: what the council has a source for."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import update

from kernel.clock import now
from kernel.db import actor, db
from kernel.errors import Unacceptable
from kernel.journal import record
from outcomes import queries, rules
from outcomes.events import ChangeRuleEntered
from outcomes.models import CouncilChangeRule

PLACES = 4


def enter_change_rule(
    instrument: str,
    scale: str,
    *,
    deviation: Decimal,
    reliability: Decimal,
    source: str,
    by: UUID | None = None,
) -> CouncilChangeRule:
    """Keep the rule of change of a scale that has no published one, instead of the one before.

    It holds for every result, also of what was answered before: a result is worked out when it is read.
    """
    known = queries.find_instrument(instrument)
    found = next((one for one in known.scales if one.code == scale), None)
    if found is None:
        raise Unacceptable(scale="Choose a scale of this questionnaire")
    if found.change is not None:
        raise Unacceptable(scale="A rule of change is published for this scale")
    if not 0 < deviation <= found.highest - found.lowest:
        raise Unacceptable(
            deviation="The standard deviation must be more than 0 and less than the scale is long"
        )
    if not 0 < reliability < 1:
        raise Unacceptable(reliability="The reliability must be more than 0 and less than 1")
    if max(-int(one.as_tuple().exponent) for one in (deviation, reliability)) > PLACES:
        raise Unacceptable(deviation="Give at most four decimal places")
    if not source.strip():
        raise Unacceptable(source="Say where the figures come from")
    amount = rules.rule_of(deviation, reliability, source).amount
    if not 0 < amount <= found.highest - found.lowest:
        raise Unacceptable(reliability="With these figures no two scores of this scale could differ reliably")

    db.execute(
        update(CouncilChangeRule)
        .where(
            CouncilChangeRule.instrument == known.code,
            CouncilChangeRule.scale == scale,
            CouncilChangeRule.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now())
    )
    kept = CouncilChangeRule(
        instrument=known.code, scale=scale, deviation=deviation, reliability=reliability, source=source.strip(),
        entered_by=by or actor(), entered_at=now(),
    )  # fmt: skip
    db.add(kept)
    db.flush()
    record(ChangeRuleEntered(subject=kept.id, instrument=known.code, scale=scale))
    return kept


def withdraw_change_rule(rule: CouncilChangeRule) -> None:
    """Count changes by this rule no longer."""
    rule.withdrawn_at = rule.withdrawn_at or now()
    db.flush()
